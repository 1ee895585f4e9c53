"""The administration: everything opens, each member of staff sees their own cities, days are said in words."""

import datetime
import io
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin, ForeignKeyRawIdWidget
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import ModelChoiceField
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import translation
from PIL import Image

from geo.models import BoundaryEdition, City, District, Settlement, Street, StreetName
from people.models import Leave, Membership, Officer, Posting, Station, User
from tests.appeals.pictures import tagged
from tests.world import TODAY, World, build_world

MODELS = (
    City, District, Settlement, Street, BoundaryEdition, Station, Officer, Posting, Leave, Membership, User,
)  # fmt: skip
OWN = ("geo_city", "geo_district", "geo_boundaryedition", "people_station", "people_officer", "people_posting")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def page(model, what: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


@pytest.fixture
def superuser(world: World, client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root@example.org"))
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def staff(world: World, client: Client):
    """Sign a member of staff of the world's city in, by role."""

    def sign_in(role: str, is_staff: bool = True) -> Client:
        user = User.objects.create_user(f"{role}@example.org", is_staff=is_staff)
        Membership.objects.create(user=user, city=world.city, role=role)
        client.force_login(user)
        client.cookies["language"] = "en"
        return client

    return sign_in


def officer_form(officer: Officer, **changes) -> dict[str, object]:
    """What the officer's page posts."""
    data = {
        "city": officer.city_id, "kind": officer.kind, "name_uk": officer.name_uk, "name_en": officer.name_en,
        "key": officer.key, "phone": str(officer.phone), "email": officer.email, "languages": "uk",
        "checked_on": "2026-06-01", "station": officer.station_id or "",
    }  # fmt: skip
    for name in ("postings", "leaves"):
        data |= {f"{name}-{key}": value for key, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))}
    return data | changes


@pytest.mark.parametrize("model", MODELS)
def test_every_page_opens_without_inline_style_script_or_foreign_host(superuser: Client, model):
    pages = [page(model, "changelist")]
    if model._default_manager.exists():
        pages.append(page(model, "change", model._default_manager.first().pk))
    if superuser.get(page(model, "changelist")).context["has_add_permission"]:
        pages.append(page(model, "add"))
    for address in pages:
        response = superuser.get(address)
        assert response.status_code == HTTPStatus.OK, address
        text = response.content.decode()
        assert not re.search(r'<script(?![^>]*\bsrc=)(?![^>]*type="application/json")[^>]*>', text), address
        assert " style=" not in text, address
        assert not re.search(r'(?:src|href)="https?://', text), address
        assert "openlayers" not in text.lower(), address


def test_every_model_of_the_task_is_there():
    assert all(admin.site.is_registered(model) for model in MODELS)


def test_visitor_signs_in_where_everybody_does(world: World, client: Client):
    response = client.get(reverse("admin:login"), follow=False)
    assert reverse("account_login") in response["Location"]


# --- whose rows -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["coordinator", "supervisor", "moderator"])
def test_staff_see_the_officers_of_their_city_alone(staff, world: World, role: str):
    elsewhere = build_world("inshe", west=26.0)
    client = staff(role)
    listed = client.get(page(Officer, "changelist")).context["cl"].queryset
    assert {officer.city_id for officer in listed} == {world.city.pk}
    response = client.get(page(Officer, "change", elsewhere.officer.pk))
    assert response.status_code == HTTPStatus.FOUND  # "does not exist", back to the index


@pytest.mark.parametrize("role", ["officer", "analyst"])
def test_other_roles_find_nothing(staff, world: World, role: str):
    client = staff(role)
    for model in MODELS:
        assert client.get(page(model, "changelist")).status_code == HTTPStatus.FORBIDDEN


def test_coordinator_without_staff_status_stays_out(staff):
    assert staff("coordinator", is_staff=False).get(page(Officer, "changelist")).status_code == HTTPStatus.FOUND


@pytest.mark.parametrize("model", [User, Membership])
def test_accounts_and_roles_are_for_superusers(staff, model):
    assert staff("coordinator").get(page(model, "changelist")).status_code == HTTPStatus.FORBIDDEN


def test_officer_cannot_be_moved_to_a_city_of_others(staff, world: World):
    elsewhere = build_world("inshe", west=26.0)
    client = staff("coordinator")
    data = officer_form(world.officer, city=elsewhere.city.pk)
    response = client.post(page(Officer, "change", world.officer.pk), data)
    assert response.status_code == HTTPStatus.OK
    assert "city" in response.context["adminform"].form.errors


def test_autocomplete_offers_districts_of_the_own_city(staff, world: World):
    build_world("inshe", west=26.0)
    query = {"app_label": "people", "model_name": "posting", "field_name": "district"}
    found = staff("coordinator").get(reverse("admin:autocomplete"), query).json()["results"]
    assert len(found) == 3


def test_only_a_coordinator_changes_the_city_and_only_a_superuser_adds_one(staff, world: World):
    client = staff("supervisor")
    assert not client.get(page(City, "change", world.city.pk)).context["has_change_permission"]
    assert client.get(page(City, "add")).status_code == HTTPStatus.FORBIDDEN


def test_moderator_gives_a_street_of_the_own_city_another_name(staff, world: World):
    own = Street.objects.create(city=world.city, name_uk="вул. Перша")
    other = Street.objects.create(city=build_world("inshi", west=26.0).city, name_uk="вул. Чужа")
    client = staff("moderator")
    forms = {f"houses-{key}": 0 for key in ("TOTAL_FORMS", "INITIAL_FORMS")}
    forms |= {"other_names-TOTAL_FORMS": 1, "other_names-INITIAL_FORMS": 0, "other_names-0-kind": "former"}
    forms |= {"city": world.city.pk, "name_uk": "вул. Перша", "other_names-0-name": "вул. Піонерська"}
    assert client.post(page(Street, "change", own.pk), forms).status_code == HTTPStatus.FOUND
    assert str(StreetName.objects.get(street=own)) == "вул. Піонерська"
    assert client.post(page(Street, "change", other.pk), forms).status_code == HTTPStatus.FOUND
    assert not StreetName.objects.filter(street=other).exists()
    assert "вул. Чужа" not in client.get(page(Street, "changelist")).content.decode()


def test_edition_is_read_only_even_for_a_superuser(superuser: Client, world: World):
    response = superuser.get(page(BoundaryEdition, "change", world.edition.pk))
    assert not response.context["has_change_permission"]
    assert superuser.post(page(BoundaryEdition, "delete", world.edition.pk)).status_code == HTTPStatus.FORBIDDEN


# --- days, places, photos -------------------------------------------------------------------------------------


def test_last_day_of_a_posting_is_included(superuser: Client, world: World):
    data = {
        "officer": world.officer.pk, "district": world.south.pk, "role": "main",
        "first_day": "2026-06-01", "last_day": "2026-06-30",
    }  # fmt: skip
    assert superuser.post(page(Posting, "add"), data).status_code == HTTPStatus.FOUND
    during = Posting.objects.get(district=world.south).during
    assert (during.lower, during.upper) == (datetime.date(2026, 6, 1), datetime.date(2026, 7, 1))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"district": "north"}, "has an officer in this role"),
        ({"last_day": "2026-05-01"}, "last day is before the first"),
        ({"last_day": "9999-12-31"}, "less than or equal to 2100-12-31"),
        ({"first_day": "0001-01-01"}, "greater than or equal to 1991-01-01"),
        ({"district": "elsewhere"}, "belongs to another city"),
    ],
)
def test_posting_that_cannot_be_is_told_in_words(superuser: Client, world: World, changes, says: str):
    places = {"north": world.north.pk, "south": world.south.pk, "elsewhere": build_world("inshe", west=26.0).south.pk}
    data = {"officer": world.acting.pk, "district": "south", "role": "main", "first_day": "2026-06-01"} | changes
    response = superuser.post(page(Posting, "add"), data | {"district": places[data["district"]]})
    assert response.status_code == HTTPStatus.OK
    assert says in str(response.context["adminform"].form.errors)


def test_overlapping_leaves_are_told_in_words(superuser: Client, world: World):
    data = {"officer": world.officer_on_leave.pk, "first_day": "2026-06-01"}
    response = superuser.post(page(Leave, "add"), data)
    assert "away on some of these days" in str(response.context["adminform"].form.errors)


def test_two_new_leaves_on_one_page_that_overlap_are_told_in_words(superuser: Client, world: World):
    data = officer_form(world.officer) | {
        "leaves-TOTAL_FORMS": 2,
        "leaves-0-first_day": "2026-07-01", "leaves-0-last_day": "2026-07-10",
        "leaves-1-first_day": "2026-07-10", "leaves-1-last_day": "2026-07-20",
    }  # fmt: skip
    response = superuser.post(page(Officer, "change", world.officer.pk), data)
    assert response.status_code == HTTPStatus.OK
    assert "away on some of these days" in response.content.decode()
    data["leaves-1-first_day"] = "2026-07-11"
    assert superuser.post(page(Officer, "change", world.officer.pk), data).status_code == HTTPStatus.FOUND
    assert Leave.objects.filter(officer=world.officer).count() == 2


def test_officer_whom_nobody_can_reach_is_refused(superuser: Client, world: World):
    data = officer_form(world.officer, phone="", email="")
    response = superuser.post(page(Officer, "change", world.officer.pk), data)
    assert "phone" in response.context["adminform"].form.errors


def test_station_takes_its_place_as_two_numbers(superuser: Client, world: World):
    data = {
        "city": world.city.pk, "name_uk": "Станція", "key": "main", "address_uk": "вул.", "is_duty": "on",
        "lat": "49.5", "lon": "25.5", "phone": "+380443000101",
    }  # fmt: skip
    address = page(Station, "change", world.station.pk)
    assert superuser.post(address, data).status_code == HTTPStatus.FOUND
    world.station.refresh_from_db()
    assert world.station.location.coords == (25.5, 49.5)
    assert superuser.post(address, data | {"lat": ""}).status_code == HTTPStatus.OK


def test_uploaded_photo_is_drawn_anew(superuser: Client, world: World, tmp_path):
    file = io.BytesIO()
    Image.new("RGB", (900, 700), "green").save(file, "PNG")
    with override_settings(MEDIA_ROOT=tmp_path):
        data = officer_form(world.officer, photo=SimpleUploadedFile("me.png", file.getvalue(), "image/png"))
        assert superuser.post(page(Officer, "change", world.officer.pk), data).status_code == HTTPStatus.FOUND
        world.officer.refresh_from_db()
        assert re.fullmatch(r"officers/[0-9a-f]{24}\.jpg", world.officer.photo.name)
        assert world.officer.photo.width == 480


def test_photo_of_a_telephone_is_taken_before_anything_has_loaded_its_kind(
    superuser: Client, world: World, tmp_path, no_picture_read_yet: None
):
    with override_settings(MEDIA_ROOT=tmp_path):
        data = officer_form(world.officer, photo=SimpleUploadedFile("me.heic", tagged("HEIF")))
        assert superuser.post(page(Officer, "change", world.officer.pk), data).status_code == HTTPStatus.FOUND
        world.officer.refresh_from_db()
        assert world.officer.photo.width == 480


def test_what_is_no_photo_is_refused_in_our_words(superuser: Client, world: World):
    data = officer_form(world.officer, photo=SimpleUploadedFile("me.jpg", b"no picture"))
    response = superuser.post(page(Officer, "change", world.officer.pk), data)
    assert "Give a JPEG, PNG, WebP or HEIC file" in str(response.context["adminform"].form.errors)


def test_cards_are_confirmed_by_one_action(superuser: Client, world: World):
    data = {"action": "confirm_today", "_selected_action": [world.officer.pk]}
    superuser.post(page(Officer, "changelist"), data)
    world.officer.refresh_from_db()
    assert world.officer.checked_on > TODAY


def test_cards_that_were_searched_for_are_confirmed_too(superuser: Client, world: World):
    data = {"action": "confirm_today", "_selected_action": [world.officer.pk]}
    superuser.post(f"{page(Officer, 'changelist')}?q={world.officer.key}", data)
    world.officer.refresh_from_db()
    assert world.officer.checked_on > TODAY


def test_action_confirms_no_card_of_a_city_that_its_person_only_looks_at(staff, world: World):
    elsewhere, client = build_world("inshe", west=26.0), staff("coordinator")
    user = User.objects.get(email="coordinator@example.org")
    Membership.objects.create(user=user, city=elsewhere.city, role="moderator")
    chosen = [world.officer.pk, elsewhere.officer.pk]
    said = client.post(
        page(Officer, "changelist"), {"action": "confirm_today", "_selected_action": chosen}, follow=True
    )  # fmt: skip
    assert "1 card confirmed." in said.text
    days = dict(Officer.objects.filter(pk__in=chosen).values_list("pk", "checked_on"))
    assert days[world.officer.pk] > TODAY > days[elsewhere.officer.pk]


def test_action_deletes_no_posting_of_such_a_city(staff, world: World):
    elsewhere, client = build_world("inshe", west=26.0), staff("coordinator")
    user = User.objects.get(email="coordinator@example.org")
    Membership.objects.create(user=user, city=elsewhere.city, role="moderator")
    theirs, own = (Posting.objects.filter(officer=each.officer).first() for each in (elsewhere, world))
    data = {"action": "delete_selected", "_selected_action": [own.pk, theirs.pk], "post": "yes"}
    assert client.post(page(Posting, "changelist"), data).status_code == HTTPStatus.FORBIDDEN
    assert Posting.objects.filter(pk__in=[own.pk, theirs.pk]).count() == 2


def test_secrets_of_second_factors_are_on_no_page(superuser: Client, world: World):
    listed = superuser.get(reverse("admin:index")).text
    assert "/admin/people/user/" in listed
    for model in ("mfa/authenticator", "account/emailaddress"):
        assert model not in listed
        assert superuser.get(f"/admin/{model}/").status_code == HTTPStatus.NOT_FOUND


def test_coordinator_opens_letters_once_the_city_has_a_supervisor(staff, world: World):
    client, change = staff("coordinator"), page(City, "change", world.city.pk)
    data = {"name_uk": "Квадрати", "stage": "open", "takes_letters": "on", "data_licence": "CC-BY-4.0"}
    assert "Invite a supervisor first" in client.post(change, data).text
    Membership.objects.create(user=User.objects.create_user("s@example.org"), city=world.city, role="supervisor")
    assert client.post(change, data).status_code == HTTPStatus.FOUND
    world.city.refresh_from_db()
    assert world.city.takes_letters


# --- what is unbounded ------------------------------------------------------------------------------------------

FEW = {"geo.City", "appeals.Category", "auth.Group", "auth.Permission"}
"""Rows that one reads through: fifty cities, a dozen categories. Of anything else a city has hundreds."""


def choices_of(form: Any) -> Iterator[tuple[str, Any]]:
    """Yield each choice among rows of the database, with what it is drawn by."""
    for name, field in form.base_fields.items():
        if isinstance(field, ModelChoiceField):
            yield f"{name} of {field.queryset.model._meta.label}", getattr(field.widget, "widget", field.widget)


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_no_form_of_the_administration_holds_a_choice_of_every_row(rf: RequestFactory, db: None, model: Any) -> None:
    request = rf.get("/admin/")
    request.user = User.objects.create_superuser("root@example.org")
    page = admin.site._registry[model]
    # What nobody adds is asked for its form of change; the link of a row to its page is drawn as a number.
    choices = []
    if page.has_add_permission(request):
        choices += choices_of(page.get_form(request))
    if page.has_change_permission(request):
        choices += choices_of(page.get_form(request, model(), change=True))
    for inline in page.get_inline_instances(request):
        rows = inline.get_formset(request)
        choices += [each for each in choices_of(rows.form) if each[0].split()[0] != rows.fk.name]
    long = [
        told
        for told, widget in choices
        if told.split(" of ")[1] not in FEW and not isinstance(widget, AutocompleteMixin | ForeignKeyRawIdWidget)
    ]
    assert not long


def test_officers_are_listed_with_the_districts_of_today(superuser: Client, world: World) -> None:
    Posting.objects.filter(officer=world.acting).update(during=(TODAY - datetime.timedelta(days=9), TODAY))
    for district in (world.south, world.north):
        Posting.objects.create(officer=world.acting, district=district, role="acting", during=(TODAY, None))
    listed = superuser.get(page(Officer, "changelist")).content.decode()
    assert f'class="field-posted_to">{world.north.code}, {world.south.code}<' in listed
