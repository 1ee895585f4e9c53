"""Phones as the staff checks them, and the help lines as the coordinator keeps them."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from people.models import HelpLine, Membership, Officer, StaffDeed, Station, User
from tests.world import World

PHONES = "/staff/kvadraty/phones/"
LINE = {
    "phone": "0 800 111", "name_uk": "Притулок", "name_en": "Shelter", "purpose": "violence", "position": "9",
    "to": "save",
}  # fmt: skip


def signed_in(client: Client, world: World, role: str) -> Client:
    user = User.objects.create_user(f"{role}@example.org")
    Membership.objects.create(user=user, city=world.city, role=role)
    client.force_login(user)
    return client


def check_all() -> None:
    """Everything was checked today."""
    for rows in (Officer.objects.all(), Station.objects.all(), HelpLine.objects.all()):
        rows.update(checked_on=timezone.localdate())


@pytest.mark.parametrize("role", ["coordinator", "supervisor", "moderator"])
def test_what_was_not_checked_for_long_is_told_at_the_first_page_and_goes_with_one_press(
    client: Client, world: World, role: str
) -> None:
    check_all()
    HelpLine.objects.filter(phone="102").update(checked_on=timezone.localdate() - datetime.timedelta(days=91))
    signed_in(client, world, role)
    assert "1 на перевірку" in client.get("/staff/").text
    page = client.get(PHONES).text
    assert "1 телефон не перевіряли понад 90 днів" in page.replace("\N{NO-BREAK SPACE}", " ")
    key = f"line:{HelpLine.objects.get(phone='102').pk}"
    assert page.index(key) < page.index("card:")
    assert client.post(f"{PHONES}checked/", {"phone": key, "number": "102"})["Location"] == PHONES
    assert "на перевірку" not in client.get("/staff/").text
    assert HelpLine.objects.get(phone="102").checked_on == timezone.localdate()


def test_the_page_posts_the_number_that_it_shows(client: Client, world: World) -> None:
    signed_in(client, world, "moderator")
    page, card = client.get(PHONES), f"card:{world.officer.pk}"
    [shown] = [phone.number for phone in page.context["page"] if phone.key == card]
    assert f'name="number" value="{shown}"' in page.text
    Officer.objects.filter(pk=world.officer.pk).update(phone="+380443000777")
    said = client.post(f"{PHONES}checked/", {"phone": card, "number": shown}, follow=True)
    assert "Тут тепер інший номер" in said.text


def test_a_coordinator_adds_changes_and_takes_a_line_away(client: Client, world: World) -> None:
    signed_in(client, world, "coordinator")
    assert client.post(f"{PHONES}lines/new/", LINE)["Location"] == PHONES
    line = HelpLine.objects.get(city=world.city)
    assert (line.phone, line.checked_on) == ("0 800 111", timezone.localdate())
    assert "Притулок" in Client().get("/kvadraty/help/").text
    assert client.post(f"{PHONES}lines/{line.pk}/", LINE | {"name_uk": "Дім"})["Location"] == PHONES
    assert client.post(f"{PHONES}lines/{line.pk}/", {"to": "remove"})["Location"] == PHONES
    assert not HelpLine.objects.filter(city=world.city).exists()
    assert StaffDeed.objects.filter(deed="line").count() == 3


@pytest.mark.parametrize("phone", ["", "call me", "<b>1</b>", "tel:1", "1-", "1;phone-context=x"])
def test_what_nobody_can_dial_is_refused(client: Client, world: World, phone: str) -> None:
    signed_in(client, world, "coordinator")
    assert client.post(f"{PHONES}lines/new/", LINE | {"phone": phone}).status_code == 422
    assert not HelpLine.objects.filter(city=world.city).exists()


def test_the_same_phone_twice_is_told(client: Client, world: World) -> None:
    signed_in(client, world, "coordinator")
    client.post(f"{PHONES}lines/new/", LINE)
    page = client.post(f"{PHONES}lines/new/", LINE)
    assert page.status_code == 422
    assert "Цей телефон уже є серед телефонів допомоги." in page.text


def test_moderators_check_and_do_not_change(client: Client, world: World) -> None:
    signed_in(client, world, "moderator")
    line = HelpLine.objects.create(
        city=world.city, phone="1", name_uk="Лінія", purpose="government", checked_on=timezone.localdate()
    )
    assert "Додати телефон" not in client.get(PHONES).text
    for path in ("lines/new/", f"lines/{line.pk}/"):
        assert client.post(f"{PHONES}{path}", LINE).status_code == 403


def test_lines_of_the_site_are_changed_by_the_administrator_alone(client: Client, world: World) -> None:
    site = HelpLine.objects.get(phone="102")
    signed_in(client, world, "coordinator")
    assert client.get(f"{PHONES}lines/{site.pk}/").status_code == 404
    assert client.post(f"/staff/site/phones/lines/{site.pk}/", {"to": "remove"}).status_code == 403
    client.force_login(User.objects.create_superuser("root@example.org"))
    assert client.get("/staff/site/phones/").status_code == 200
    assert client.post(f"/staff/site/phones/lines/{site.pk}/", LINE)["Location"] == "/staff/site/phones/"
    assert "Притулок" in Client().get("/help/").text
