"""The calendar and the terms in the administration: to look at, and a city's own promise to change."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from appeals import access
from appeals.calendar import Calendar
from appeals.models import Appeal, Category, Holiday, LegalTerm, MartialLaw, MovedDay, clock_of
from appeals.services import open_letter
from geo.models import City, District
from people.models import Membership, Officer, User
from tests.appeals.conftest import Office
from tests.appeals.deadline_table import day
from tests.appeals.letters import new_letter
from tests.world import World, build_world

OF_CITIES = (Holiday, MovedDay, LegalTerm)
SignIn = Callable[[str], Client]


def page(model: type[Model], what: str, *args: object) -> str:
    """Return the address of a page of the administration."""
    return reverse(f"admin:appeals_{model._meta.model_name}_{what}", args=args)


@pytest.fixture
def superuser(world: World, client: Client) -> Client:
    """A client of a superuser."""
    client.force_login(User.objects.create_superuser("root@example.org"))
    return client


@pytest.fixture
def staff(world: World, client: Client) -> SignIn:
    """Sign a member of staff of the world's city in, by role."""

    def sign_in(role: str) -> Client:
        user = User.objects.create_user(f"{role}@example.org", is_staff=True)
        Membership.objects.create(user=user, city=world.city, role=role)
        client.force_login(user)
        return client

    return sign_in


def holiday_form(**changes: object) -> dict[str, Any]:
    """What the page of a holiday posts."""
    return {"city": "", "day": "2026-09-15", "name_uk": "День міста", "source": "рішення ради"} | changes


@pytest.mark.parametrize("model", [*OF_CITIES, MartialLaw])
def test_every_page_opens_without_inline_style_or_script(superuser: Client, model: type[Model]) -> None:
    MovedDay.objects.create(day=day("2026-01-02"), kind="day_off", source="розпорядження")
    row = model._default_manager.first()
    assert row is not None
    for address in (page(model, "changelist"), page(model, "add"), page(model, "change", row.pk)):
        response = superuser.get(address)
        assert response.status_code == HTTPStatus.OK, address
        text = response.content.decode()
        assert not re.search(r'<script(?![^>]*\bsrc=)(?![^>]*type="application/json")[^>]*>', text), address
        assert " style=" not in text, address


@pytest.mark.parametrize("role", ["officer", "analyst"])
def test_other_roles_find_nothing(staff: SignIn, role: str) -> None:
    client = staff(role)
    for model in (*OF_CITIES, MartialLaw):
        assert client.get(page(model, "changelist")).status_code == HTTPStatus.FORBIDDEN


def test_martial_law_is_the_superuser_s(staff: SignIn) -> None:
    assert staff("coordinator").get(page(MartialLaw, "changelist")).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("role", ["coordinator", "supervisor", "moderator"])
def test_staff_look_at_all_of_ukraine_and_their_city_and_not_at_another(staff: SignIn, world: World, role: str) -> None:
    days = {"name_uk": "День міста", "source": "рішення ради"}
    own = Holiday.objects.create(city=world.city, day=day("2026-09-15"), **days)
    foreign = Holiday.objects.create(city=build_world("inshe", west=26.0).city, day=day("2026-09-16"), **days)
    client = staff(role)
    listed = set(client.get(page(Holiday, "changelist"), {"all": ""}).context["cl"].queryset)
    assert own in listed
    assert Holiday.objects.filter(city=None)[0] in listed
    assert foreign not in listed
    assert client.get(page(Holiday, "change", foreign.pk)).status_code == HTTPStatus.FOUND


def test_days_of_a_city_are_changed_on_its_own_page_and_not_here(staff: SignIn, world: World) -> None:
    client = staff("coordinator")
    own = Holiday.objects.create(city=world.city, day=day("2026-09-15"), name_uk="День міста", source="рішення ради")
    assert client.post(page(Holiday, "add"), holiday_form(city=world.city.pk)).status_code == HTTPStatus.FORBIDDEN
    assert client.post(page(Holiday, "change", own.pk), holiday_form()).status_code == HTTPStatus.FORBIDDEN
    assert client.post(page(Holiday, "delete", own.pk), {"post": "yes"}).status_code == HTTPStatus.FORBIDDEN
    assert Holiday.objects.get(city=world.city) == own


def test_coordinator_neither_changes_nor_deletes_what_holds_for_all_of_ukraine(staff: SignIn) -> None:
    client = staff("coordinator")
    new_year = Holiday.objects.get(day=day("2026-01-01"))
    law = LegalTerm.objects.get(key="formal")
    for row, form in ((new_year, holiday_form()), (law, {"key": "formal", "number": 1})):
        model = type(row)
        assert client.get(page(model, "change", row.pk)).context["has_change_permission"] is False
        assert client.post(page(model, "change", row.pk), form).status_code == HTTPStatus.FORBIDDEN
        assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == HTTPStatus.FORBIDDEN
        chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        client.post(page(model, "changelist"), chosen)
    assert Holiday.objects.filter(pk=new_year.pk, name_uk="Новий рік").exists()
    assert LegalTerm.objects.filter(pk=law.pk, number=law.number).exists()


@pytest.mark.parametrize("role", ["supervisor", "moderator"])
def test_the_clock_of_a_city_is_its_coordinator_s(staff: SignIn, world: World, role: str) -> None:
    client = staff(role)
    term = {"city": world.city.pk, "key": "message", "number": 1, "unit": "working_day", "source": "наказ"}
    refused = client.post(page(LegalTerm, "add"), term | {"checked_on": "2026-06-01"})
    assert refused.status_code == HTTPStatus.FORBIDDEN


def test_coordinator_promises_for_messages_and_never_for_the_law(staff: SignIn, world: World) -> None:
    client = staff("coordinator")
    term = {"city": world.city.pk, "number": 1, "unit": "working_day", "source": "наказ", "checked_on": "2026-06-01"}
    for city in ("", build_world("inshe", west=26.0).city.pk):
        foreign = client.post(page(LegalTerm, "add"), term | {"key": "message", "city": city})
        assert foreign.context["adminform"].form.errors.keys() == {"city"}
    refused = client.post(page(LegalTerm, "add"), term | {"key": "formal"})
    assert refused.context["adminform"].form.non_field_errors()
    assert client.post(page(LegalTerm, "add"), term | {"key": "message"}).status_code == HTTPStatus.FOUND
    assert LegalTerm.objects.get(city=world.city).number == 1


def test_superuser_ends_martial_law_and_holidays_are_days_off_again(superuser: Client, world: World) -> None:
    def works() -> bool:
        calendar: Calendar = clock_of(world.city).calendar
        return calendar.is_working_day(day("2026-12-25"))

    assert works()
    span = MartialLaw.objects.get()
    end = {"first_day": "2022-02-24", "last_day": "2026-12-24", "source": "указ"}
    assert superuser.post(page(MartialLaw, "change", span.pk), end).status_code == HTTPStatus.FOUND
    assert not works()
    again = superuser.post(page(MartialLaw, "add"), end | {"first_day": "2026-12-24", "last_day": ""})
    assert again.context["adminform"].form.errors.keys() == {"first_day"}


@pytest.mark.parametrize("model", [District, Officer, User, Category])
def test_what_a_letter_names_stays_and_the_page_says_why(client: Client, office: Office, model: type[Model]) -> None:
    letter = new_letter(office.world).appeal
    open_letter(appeal=letter, user=office.officer, at=letter.received_at)
    bare = City.objects.create(slug="hole", name_uk="Голе", stage="training")
    emptied = District.objects.create(city=bare, code="1", name_uk="Перша")  # its boundaries and officers are gone
    Appeal.objects.filter(pk=new_letter(office.world).appeal.pk).update(city=bare, district=emptied)
    rows = {
        District: emptied, Officer: letter.officer, User: office.officer, Category: letter.category,
    }  # fmt: skip
    client.force_login(User.objects.create_superuser("root@example.org"))
    client.cookies["language"] = "en"
    name, pk = f"admin:{model._meta.label_lower.replace('.', '_')}", rows[model].pk
    chosen = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
    by_itself, by_list = reverse(f"{name}_delete", args=[pk]), reverse(f"{name}_changelist")
    for address, data in ((by_itself, {"post": "yes"}), (by_list, chosen)):
        with access._seeing(access._NOBODY):  # as on the site: a page of the administration sees no letter
            told = client.post(address, data, follow=True)
        assert told.status_code == HTTPStatus.OK
        assert [str(message) for message in told.context["messages"]] == [
            "Nothing was deleted: letters name what you chose, and they stay."
        ]
    assert model._default_manager.filter(pk=pk).exists()
    assert not LogEntry.objects.filter(action_flag=DELETION).exists()


def test_a_city_with_letters_stays_for_its_districts(client: Client, office: Office) -> None:
    city = new_letter(office.world).appeal.city
    client.force_login(User.objects.create_superuser("root@example.org"))
    with access._seeing(access._NOBODY):
        told = client.post(reverse("admin:geo_city_delete", args=[city.pk]), {"post": "yes"})
    assert told.context["protected"]
    assert City.objects.filter(pk=city.pk).exists()


def test_what_no_letter_names_is_deleted(client: Client, office: Office) -> None:
    client.force_login(User.objects.create_superuser("root@example.org"))
    district = District.objects.create(city=office.world.city, code="99", name_uk="Зайва")
    with access._seeing(access._NOBODY):
        client.post(reverse("admin:geo_district_delete", args=[district.pk]), {"post": "yes"})
    assert not District.objects.filter(pk=district.pk).exists()
