"""The staff's page of officers: who answers, and an import that is shown before it is done."""

import datetime
import io
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from mapui.views import staff_officers
from people.importing import plan_import, read_officers_file, read_stations_file
from people.models import Leave, Membership, Officer, Posting, User
from tests.world import TODAY, World, build_world

LIST, PREVIEW, COMMIT = "staff_officers", "staff_officers_preview", "staff_officers_commit"
GOOD = "name,phone,district\nНова Людина,044 300 02 99,3\n"


def member(city, role: str, email: str = "member@example.org") -> User:
    user = User.objects.create_user(email)
    Membership.objects.create(user=user, city=city, role=role)
    return user


@pytest.fixture
def coordinator(world: World, client: Client) -> Client:
    client.force_login(member(world.city, "coordinator"))
    client.cookies["language"] = "en"
    return client


def upload(client: Client, text: str, name: str = "officers.csv", city: str = "kvadraty"):
    return client.post(reverse(PREVIEW, args=[city]), {"officers": SimpleUploadedFile(name, text.encode())})


def commit(client: Client, draft: str, city: str = "kvadraty"):
    return client.post(reverse(COMMIT, args=[city]), {"draft": draft}, follow=True)


# --- who may --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["coordinator", "supervisor"])
def test_coordinator_and_supervisor_of_the_city_may_open_it(world: World, client: Client, role: str):
    client.force_login(member(world.city, role))
    assert client.get(reverse(LIST, args=["kvadraty"])).status_code == HTTPStatus.OK


def test_superuser_may_open_every_city(world: World, client: Client):
    client.force_login(User.objects.create_superuser("root@example.org"))
    assert client.get(reverse(LIST, args=["kvadraty"])).status_code == HTTPStatus.OK


@pytest.mark.parametrize("role", ["officer", "moderator", "analyst"])
def test_other_roles_are_forbidden_every_step(world: World, client: Client, role: str):
    client.force_login(member(world.city, role))
    assert client.get(reverse(LIST, args=["kvadraty"])).status_code == HTTPStatus.FORBIDDEN
    assert upload(client, GOOD).status_code == HTTPStatus.FORBIDDEN
    assert commit(client, "x").status_code == HTTPStatus.FORBIDDEN
    for name in staff_officers.WORKBOOKS:
        response = client.get(reverse("staff_officers_workbook", args=["kvadraty", name]))
        assert response.status_code == HTTPStatus.FORBIDDEN


def test_coordinator_of_another_city_is_forbidden(world: World, client: Client):
    elsewhere = build_world("inshe", west=26.0)
    client.force_login(member(elsewhere.city, "coordinator"))
    assert client.get(reverse(LIST, args=["kvadraty"])).status_code == HTTPStatus.FORBIDDEN


def test_visitor_is_sent_to_sign_in(world: World, client: Client):
    response = client.get(reverse(LIST, args=["kvadraty"]))
    assert (response.status_code, "/account/login/" in response["Location"]) == (HTTPStatus.FOUND, True)


# --- the list -------------------------------------------------------------------------------------------------


def test_vacancies_come_first_and_are_named(coordinator: Client):
    page = coordinator.get(reverse(LIST, args=["kvadraty"])).content.decode()
    assert page.index("South") < page.index("North")
    assert "Nobody: the duty station is shown" in page
    assert '<span class="tag tag--notice">away</span>' in page


def test_districts_are_found_by_their_name_and_by_their_officer(coordinator: Client, world: World):
    for sought, found in (("north", ["1"]), ("OFFICER 3", ["2"]), ("3", ["3", "2"]), ("nobody", [])):
        page = coordinator.get(reverse(LIST, args=["kvadraty"]), {"q": sought})
        assert [row.district.code for row in page.context["staffing"]] == found, sought
    assert "No district and no officer is called like this." in page.text


def test_only_vacancies_or_only_old_cards_are_shown(coordinator: Client, world: World):
    shown = {
        only: [
            row.district.code
            for row in coordinator.get(reverse(LIST, args=["kvadraty"]), {"only": only}).context["staffing"]
        ]
        for only in ("vacant", "stale", "else")
    }
    everything = [row.district.code for row in coordinator.get(reverse(LIST, args=["kvadraty"])).context["staffing"]]
    assert shown["else"] == everything
    page = coordinator.get(reverse(LIST, args=["kvadraty"]))
    assert shown["vacant"] == [row.district.code for row in page.context["staffing"] if row.vacancy]
    assert shown["stale"] == [row.district.code for row in page.context["staffing"] if row.stale]
    assert (page.context["districts"], page.context["vacancies"]) == (len(everything), len(shown["vacant"]))


def test_number_of_old_cards_is_that_of_the_list_it_opens(coordinator: Client, world: World):
    Officer.objects.update(checked_on=datetime.date(2020, 1, 1))
    Posting.objects.exclude(officer=world.officer).delete()
    Posting.objects.create(officer=world.officer, district=world.south, during=(datetime.date(2025, 1, 1), None))
    page = coordinator.get(reverse(LIST, args=["kvadraty"]), {"only": "stale"})
    assert page.context["stale"] == page.context["page"].paginator.count == 2


def test_page_holds_no_inline_style_or_script(coordinator: Client):
    for page in (coordinator.get(reverse(LIST, args=["kvadraty"])), upload(coordinator, GOOD)):
        text = page.content.decode()
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick=" not in text


# --- preview and commit ---------------------------------------------------------------------------------------


def test_preview_changes_nothing_and_commit_does(coordinator: Client):
    response = upload(coordinator, GOOD)
    assert "Нова Людина" in response.content.decode()
    assert not Officer.objects.filter(key="nova-liudyna").exists()
    page = commit(coordinator, response.context["draft"])
    assert "Done: 2 steps" in page.content.decode()
    assert Officer.objects.filter(key="nova-liudyna").exists()


def test_errors_are_listed_by_row_and_cannot_be_committed(coordinator: Client):
    response = upload(coordinator, GOOD + "Друга,044,99\n")
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert {(error.row, error.column) for error in response.context["plan"].errors} == {(3, "phone"), (3, "district")}
    assert response.context["draft"] == ""
    assert "nearest codes" in response.content.decode()


def test_file_that_is_not_a_table_is_told_on_the_page(coordinator: Client):
    response = coordinator.post(
        reverse(PREVIEW, args=["kvadraty"]), {"officers": SimpleUploadedFile("o.xls", b"\xd0\xcf\x11\xe0")}
    )
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "old Excel format" in response.content.decode()


def test_no_file_is_told_on_the_page(coordinator: Client):
    assert "Choose a file" in coordinator.post(reverse(PREVIEW, args=["kvadraty"])).content.decode()


def test_names_from_the_file_are_escaped(coordinator: Client):
    text = upload(coordinator, GOOD.replace("Нова Людина", "<script>alert(1)</script>")).content.decode()
    assert "<script>alert" not in text


def test_second_upload_of_the_same_file_has_nothing_to_do(coordinator: Client):
    commit(coordinator, upload(coordinator, GOOD).context["draft"])
    response = upload(coordinator, GOOD)
    assert response.context["plan"].steps == ()
    assert "Nothing to change" in response.content.decode()


def test_draft_that_was_touched_is_not_carried_out(coordinator: Client):
    draft = upload(coordinator, GOOD).context["draft"]
    assert "too old" in commit(coordinator, draft[:-3] + "abc").content.decode()
    assert not Officer.objects.filter(key="nova-liudyna").exists()


def test_draft_of_one_city_is_not_carried_out_in_another(coordinator: Client, world: World):
    elsewhere = build_world("inshe", west=26.0)
    Membership.objects.create(user=User.objects.get(), city=elsewhere.city, role="coordinator")
    draft = upload(coordinator, GOOD).context["draft"]
    assert "another city or person" in commit(coordinator, draft, city="inshe").content.decode()
    assert not Officer.objects.filter(key="nova-liudyna").exists()


def test_draft_of_one_person_is_not_carried_out_by_another(coordinator: Client, world: World):
    draft = upload(coordinator, GOOD).context["draft"]
    coordinator.force_login(member(world.city, "supervisor", "other@example.org"))
    assert "another city or person" in commit(coordinator, draft).content.decode()


def test_old_draft_is_not_carried_out(coordinator: Client, monkeypatch: pytest.MonkeyPatch):
    draft = upload(coordinator, GOOD).context["draft"]
    monkeypatch.setattr(staff_officers, "DRAFT_SECONDS", -1)
    assert "too old" in commit(coordinator, draft).content.decode()


def test_change_since_the_preview_is_shown_instead_of_done(coordinator: Client, world: World):
    draft = upload(coordinator, GOOD).context["draft"]
    Posting.objects.create(officer=world.officer, district=world.south, during=(datetime.date(2025, 1, 1), None))
    page = commit(coordinator, draft)
    assert "here is a new preview" in page.content.decode()
    assert not Officer.objects.filter(key="nova-liudyna").exists()


# --- copies ---------------------------------------------------------------------------------------------------


def test_copy_of_what_there_is_changes_nothing_when_imported(coordinator: Client, world: World):
    Leave.objects.create(officer=world.officer, during=(datetime.date(2030, 1, 1), datetime.date(2030, 1, 15)))
    Leave.objects.create(officer=world.officer, during=(datetime.date(2031, 1, 1), datetime.date(2031, 1, 15)))
    Officer.objects.filter(pk=world.officer.pk).update(name_en="=1+1")
    officers = coordinator.get(reverse("staff_officers_workbook", args=["kvadraty", "officers"])).content
    stations = coordinator.get(reverse("staff_officers_workbook", args=["kvadraty", "stations"])).content
    cells = [cell for row in load_workbook(io.BytesIO(officers)).active for cell in row]
    assert "f" not in {cell.data_type for cell in cells}  # a formula would run at whoever opens the copy
    plan = plan_import(
        city=world.city,
        today=TODAY,
        officers=read_officers_file(officers, name="o.xlsx"),
        stations=read_stations_file(stations, name="s.xlsx"),
    )
    assert (plan.steps, plan.errors, len(plan.unchanged)) == ((), (), 4)


def test_template_has_every_column_and_a_row_for_each_district(coordinator: Client):
    content = coordinator.get(reverse("staff_officers_workbook", args=["kvadraty", "template"])).content
    rows = list(load_workbook(io.BytesIO(content)).active.values)
    assert {"name_uk", "phone", "districts"} <= set(rows[0])
    assert [row[rows[0].index("districts")] for row in rows[1:]] == ["1", "2", "3"]
