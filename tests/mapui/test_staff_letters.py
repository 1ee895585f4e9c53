"""The office's pages: who gets in, what they show, and how often they ask the database."""

import datetime
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from appeals import services
from appeals.models import Appeal, Body, KeepFrom, Opening, Writer
from geo.models import City
from people.models import User
from tests.appeals.conftest import Office
from tests.appeals.letters import new_letter
from tests.mapui.office_pages import CITY, reading


@pytest.fixture
def officer(client: Client, office: Office) -> Client:
    """The officer of the north, who reads English."""
    return reading(client, office.officer)


def now_letter(office: Office, **changes: Any) -> Appeal:
    """A letter of today."""
    return new_letter(office.world, **({"received_at": timezone.now()} | changes)).appeal


def deed(client: Client, letter: Appeal, name: str, **data: Any) -> Any:
    """Send the form of a deed."""
    return client.post(reverse("staff_appeal_move", args=[CITY, letter.public_number, name]), data)


def page_of(client: Client, letter: Appeal, query: str = "") -> str:
    """Open a letter."""
    return client.get(reverse("staff_appeal", args=[CITY, letter.public_number]) + query).text


def test_a_letter_that_is_asked_again_after_its_city_closed_is_read_and_answered(
    office: Office, officer: Client
) -> None:
    letter = now_letter(office)
    City.objects.filter(pk=office.world.city.pk).update(stage=City.Stage.CLOSED)
    assert officer.get("/navchannia/").status_code == 404
    assert letter.public_number in officer.get(reverse("staff_appeals", args=[CITY])).text
    assert letter.text in page_of(officer, letter)
    assert officer.get(f"/api/v1/staff/appeals/?city={CITY}").status_code == 200


def test_overdue_letters_come_first_then_those_of_today(office: Office, officer: Client) -> None:
    numbers = {}
    for name, days in (("later", 1), ("today", 0), ("overdue", -3)):
        letter = now_letter(office)
        day = timezone.localdate() + datetime.timedelta(days=days)
        Appeal.objects.filter(pk=letter.pk).update(answer_due_on=day)
        numbers[name] = letter.public_number
    page = officer.get(reverse("staff_appeals", args=[CITY]))
    assert [row["due"] for row in page.context["rows"]] == ["overdue", "today", "later"]
    assert "overdue by 3 days" in page.text
    assert "due tomorrow" in page.text
    today = officer.get(reverse("staff_appeals", args=[CITY]), {"due": "today"})
    assert [row["appeal"].public_number for row in today.context["rows"]] == [numbers["today"]]


def test_of_letters_due_on_one_day_the_oldest_comes_first_and_of_the_answered_the_newest(
    office: Office, officer: Client
) -> None:
    now, numbers = timezone.now(), []
    for minutes in (1, 3, 2):
        received = now - datetime.timedelta(minutes=minutes)
        numbers.append(now_letter(office, received_at=received).public_number)
    Appeal.objects.update(answer_due_on=timezone.localdate())
    one, three, two = numbers
    shown = officer.get(reverse("staff_appeals", args=[CITY])).context["rows"]
    assert [row["appeal"].public_number for row in shown] == [three, two, one]
    Appeal.objects.update(state="answered", accepted_at=now, first_word_on=timezone.localdate())
    shown = officer.get(reverse("staff_appeals", args=[CITY]), {"state": "answered"}).context["rows"]
    assert [row["appeal"].public_number for row in shown] == [one, two, three]


def test_a_filter_that_cannot_be_read_is_told_and_the_list_still_stands(office: Office, officer: Client) -> None:
    now_letter(office)
    page = officer.get(reverse("staff_appeals", args=[CITY]), {"due": "eventually"})
    assert "must be one of" in page.text
    assert len(page.context["rows"]) == 1


def test_no_letter_is_listed_for_the_building_of_one_that_is_not_there(office: Office, officer: Client) -> None:
    now_letter(office)
    page = officer.get(reverse("staff_appeals", args=[CITY]), {"building": "2020-00001"})
    assert (page.context["rows"], page.context["page"].paginator.count) == ([], 0)


def test_what_waits_is_listed_as_the_filters_would_list_it(office: Office, officer: Client) -> None:
    for district in ("1", "2", "1"):
        now_letter(office, district=district, point=None)
    services.mark_spam(appeal=now_letter(office), by=office.officer, at=timezone.now())
    supervisor = Client()
    supervisor.force_login(office.supervisor)
    for reader, n in ((officer, 2), (supervisor, 3)):
        whole, sifted = (
            [row["appeal"].pk for row in reader.get(reverse("staff_appeals", args=[CITY]), query).context["rows"]]
            for query in ({}, {"from": "2020-01-01"})
        )
        assert whole == sifted
        assert len(whole) == n


def test_list_and_letter_ask_as_often_for_one_letter_as_for_many(office: Office, officer: Client) -> None:
    letter, counts = now_letter(office), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as listed:
            officer.get(reverse("staff_appeals", args=[CITY]))
        with CaptureQueriesContext(connection) as opened:
            page_of(officer, letter)
        counts.append((len(listed), len(opened)))
        for _n in range(3):
            now_letter(office)
        services.accept(appeal=now_letter(office), by=office.officer, at=timezone.now())
    assert counts[0][0] == counts[1][0] < 20
    assert abs(counts[0][1] - counts[1][1]) <= 2, counts
    assert counts[1][1] < 50, counts


def test_an_answer_is_looked_over_changed_and_sent(office: Office, officer: Client) -> None:
    letter = now_letter(office)
    reply = reverse("staff_appeal_reply", args=[CITY, letter.public_number])
    words = {"key": "0b8f2a4c-95a1-4b7e-8f5e-2f1f3f0d9c11", "body": "First line.\nSecond <b>line</b>."}
    preview = officer.post(reply, words | {"step": "preview"})
    assert "Second &lt;b&gt;line&lt;/b&gt;." in preview.text
    assert letter.messages.count() == 0
    assert "Second &lt;b&gt;line" in officer.post(reply, words | {"step": "edit"}).text
    officer.post(reply, words | {"step": "send"})
    assert letter.messages.get().body == words["body"]


def test_what_a_template_left_to_be_filled_in_is_told_before_it_is_sent(office: Office, officer: Client) -> None:
    letter = now_letter(office)
    address = reverse("staff_appeal_reply", args=[CITY, letter.public_number])
    typed = {"key": str(uuid.uuid4()), "step": "preview"}
    page = officer.post(address, typed | {"body": "Come [day and hour] to [address], or [day and hour]."})
    assert page.context["form"].blanks == ["[day and hour]", "[address]"]
    assert "A template left something to be filled in" in page.text
    assert "A template left" not in officer.post(address, typed | {"body": "Come on Tuesday."}).text


def test_an_address_of_a_form_opened_as_a_page_says_so_and_leads_on(office: Office, officer: Client) -> None:
    page = officer.get(reverse("staff_appeal_reply", args=[CITY, now_letter(office).public_number]))
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "This address takes what a form sends" in page.text
    assert 'href="/staff/"' in page.text
    assert "no-store" in page["Cache-Control"]


def test_a_template_comes_after_what_was_typed(office: Office, officer: Client) -> None:
    letter = now_letter(office)
    template = officer.get(reverse("staff_appeal", args=[CITY, letter.public_number])).context["templates"][0]
    page = officer.post(
        reverse("staff_appeal_reply", args=[CITY, letter.public_number]),
        {"step": "template", "template": template.pk, "body": "Good day.", "key": ""},
    )
    assert page.context["form"]["body"].value() == f"Good day.\n\n{template.body_en}"


def test_whoever_is_shown_the_letter_is_written_down_mistakes_in_a_form_too(office: Office, officer: Client) -> None:
    letter = now_letter(office)
    reply = reverse("staff_appeal_reply", args=[CITY, letter.public_number])
    shown = [
        officer.post(reply, {"body": "", "step": "send"}),
        officer.post(reply, {"body": "Good day.", "step": "template"}),
        deed(officer, letter, "close", reason=""),
    ]
    assert all("Music every night" in page.text for page in shown)
    assert Opening.objects.filter(appeal=letter, user=office.officer).count() == len(shown)


def test_a_letter_handed_over_leaves_and_the_list_is_shown(office: Office, officer: Client) -> None:
    letter = now_letter(office)
    answer = deed(officer, letter, "transfer", to="2", reason="Across the street.")
    assert answer.url == reverse("staff_appeals", args=[CITY])
    assert officer.get(reverse("staff_appeal", args=[CITY, letter.public_number])).status_code == 404


def test_what_is_refused_is_told_beside_what_was_filled_in(office: Office, officer: Client) -> None:
    letter = now_letter(office)
    page = deed(officer, letter, "forward", to=Body.objects.values_list("pk", flat=True)[0], reason="")
    assert "Say why" in page.text
    assert 'id="deed-forward" open' in page.text
    assert "between the day of receipt" in deed(officer, letter, "register", number="1", on="2000-01-01").text
    assert officer.post(reverse("staff_appeal_move", args=[CITY, letter.public_number, "erase"])).status_code == 404


def test_only_what_the_table_allows_is_offered(office: Office, officer: Client, client: Client) -> None:
    letter = now_letter(office)
    page = page_of(officer, letter)
    assert 'id="deed-forward"' in page
    assert 'id="deed-return"' not in page
    assert 'id="deed-extend"' not in page
    formal = now_letter(office, lane="formal", name="Name", residence="Town", email="a@example.org", answer_by="email")
    services.accept(appeal=formal, by=office.officer, at=timezone.now())
    assert 'id="deed-extend"' not in page_of(officer, formal)
    assert 'id="deed-extend"' in page_of(reading(client, office.supervisor), formal)


FORMAL = {
    "lane": "formal", "name": "Тестова Особа", "residence": "вулиця Перша, 1", "answer_by": "email",
    "email": "me@example.org",
}  # fmt: skip


@pytest.mark.parametrize(("deed", "days"), [("forward", 5), ("return", 10)])
@pytest.mark.parametrize("late", [0, 1])
def test_forwarding_and_returning_an_appeal_tell_the_last_day_of_the_law(
    office: Office, officer: Client, deed: str, days: int, late: int
) -> None:
    received = timezone.now() - datetime.timedelta(days=days + late)
    letter = now_letter(office, received_at=received, **FORMAL)
    asked = page_of(officer, letter).split(f'id="deed-{deed}"')[1].split("</details>")[0]
    last = f"{localdate(received) + datetime.timedelta(days=days):%d.%m.%Y}"
    assert f"The law want{'ed' if late else 's'} this done by the end of {last}." in asked


def test_a_message_has_no_term_to_be_forwarded(office: Office, officer: Client) -> None:
    assert "The law want" not in page_of(officer, now_letter(office))


@pytest.mark.parametrize(("category", "warned"), [("noise", False), ("domestic-violence", True)])
def test_the_office_is_warned_of_a_contact_that_is_there_for_the_law_alone(
    office: Office, officer: Client, category: str, warned: bool
) -> None:
    sent = new_letter(office.world, category=category, received_at=timezone.now())
    writer = Writer(name="Тестова Особа", residence="вулиця Перша, 1", email="me@example.org")
    services.upgrade(receipt=sent.receipt, writer=writer, at=timezone.now())
    assert ("Do not write to them or call them" in page_of(officer, sent.appeal)) is warned


@pytest.mark.parametrize(("chosen", "other"), [("email", "phone"), ("phone", "email")])
@pytest.mark.parametrize(("category", "is_open"), [("noise", True), ("domestic-violence", False)])
def test_of_a_protected_letter_only_the_contact_that_was_chosen_is_a_link(
    office: Office, officer: Client, chosen: str, other: str, category: str, is_open: bool
) -> None:
    """The phone of a formal appeal may stand there for the law alone, and whoever the letter is about answers it."""
    contacts = {"email": "me@example.org", "phone": "+380671234567"}
    sent = new_letter(
        office.world, category=category, received_at=timezone.now(), answer_by=chosen, **{chosen: contacts[chosen]}
    )
    writer = Writer(name="Тестова Особа", residence="вулиця Перша, 1", **{other: contacts[other]})
    services.upgrade(receipt=sent.receipt, writer=writer, at=timezone.now())
    page, links = page_of(officer, sent.appeal), {"email": "mailto:me@", "phone": "tel:+380671234567"}
    assert all(contact in page for contact in contacts.values())
    assert links[chosen] in page and (links[other] in page) is is_open
    warnings = {"email": "Do not write there", "phone": "Do not call it"}
    assert warnings[chosen] not in page and (warnings[other] in page) is not is_open


def test_a_repeat_address_is_told_to_who_may_read_and_leads_to_its_letters(office: Office, officer: Client) -> None:
    letter = now_letter(office)
    for changes in ({}, {"category": "domestic-violence"}, {"keep_from": KeepFrom.OFFICER}):
        now_letter(office, **changes)
    assert "Repeat address" not in page_of(officer, letter)
    Appeal.objects.update(building_hash="the same house")
    assert "3 letters about this building in 12 months" in page_of(officer, letter)
    listed = officer.get(reverse("staff_appeals", args=[CITY]), {"state": "", "building": letter.public_number})
    assert len(listed.context["rows"]) == 3
    foreign = officer.get(reverse("staff_appeals", args=[CITY]), {"building": "2026-99999"})
    assert not foreign.context["rows"]


def test_why_a_letter_came_is_told_and_asked_again(office: Office, officer: Client) -> None:
    letter = now_letter(office)
    assert "The place lies in the district (edition 1): North." in page_of(officer, letter)
    assert "the same answer" in page_of(officer, letter, "?replay=1")


def test_a_letter_is_handed_to_a_neighbour_before_anybody_further_away(office: Office, officer: Client) -> None:
    def offered(client: Client, letter: Appeal) -> list[tuple[str, str]]:
        form = page_of(client, letter).split('id="deed-transfer"')[1].split("</select>")[0]
        return re.findall(r'<optgroup label="([^"]+)"|<option value="([^"]*)"', form)

    letter = now_letter(office)
    near, far = ("Neighbouring districts", ""), ("Further away", "")
    assert offered(officer, letter) == [("", ""), ("", "."), near, ("", "2"), far, ("", "3")]
    services.hand_up(appeal=letter, by=office.officer, at=timezone.now(), reason="Not mine.")
    above = reading(Client(), office.supervisor)
    near = ("Here and next to it", "")
    assert offered(above, letter) == [("", ""), near, ("", "1"), ("", "2"), far, ("", "3")]


def test_the_supervisor_sees_who_opened_and_the_officer_does_not(office: Office, officer: Client) -> None:
    letter = now_letter(office)
    assert "Who opened it" not in page_of(officer, letter)
    assert officer.get(reverse("staff_openings", args=[CITY])).status_code == 403
    above = reading(Client(), office.supervisor)
    assert "Who opened it" in page_of(above, letter)
    assert str(office.officer) in above.get(reverse("staff_openings", args=[CITY])).text


def test_an_administrator_reads_one_letter_for_a_reason_and_does_nothing_with_it(office: Office) -> None:
    letter, other = now_letter(office), now_letter(office)
    admin = reading(Client(), User.objects.create_superuser("admin@example.org"))
    url = reverse("staff_appeal", args=[CITY, letter.public_number])
    assert admin.get(url).status_code == 403
    door = reverse("staff_open_for_reason", args=[CITY])
    assert "without a reason" in admin.post(door, {"number": letter.public_number}).text
    assert "There is no letter" in admin.post(door, {"number": "2026-99999", "reason": "The writer asks."}).text
    assert admin.post(door, {"number": letter.public_number, "reason": "The writer asks."}).url == url
    page = admin.get(url)
    assert "Music every night" in page.text
    assert "What can be done" not in page.text
    assert "Your answer" not in page.text
    assert admin.get(reverse("staff_appeal", args=[CITY, other.public_number])).status_code == 403
    assert deed(admin, letter, "accept").status_code == 403
    assert [each.reason for each in Opening.objects.filter(appeal=letter)].count("The writer asks.") == 1


def test_the_door_of_administrators_is_closed_to_everybody_else(office: Office, officer: Client) -> None:
    assert officer.get(reverse("staff_open_for_reason", args=[CITY])).status_code == 403


def test_page_and_filters_of_the_list_go_along_to_the_letter_and_back(office: Office, officer: Client) -> None:
    letter = now_letter(office)
    listed, asked = reverse("staff_appeals", args=[CITY]), "?state=waiting&page=1"
    one = reverse("staff_appeal", args=[CITY, letter.public_number])
    as_text = asked.replace("&", "&amp;")
    assert f'href="{one}{as_text}"' in officer.get(listed + asked).text
    page = page_of(officer, letter, f"{asked}&replay=1")
    assert f'href="{listed}{as_text}"' in page
    actions = re.findall(rf'action="({one}[^"#]*)', page)
    assert actions
    assert all(action.endswith(as_text) for action in actions)
    accept = reverse("staff_appeal_move", args=[CITY, letter.public_number, "accept"])
    assert officer.post(accept + asked).headers["Location"] == one + asked
    reply = reverse("staff_appeal_reply", args=[CITY, letter.public_number]) + asked
    looked = officer.post(reply, {"key": uuid.uuid4(), "body": "Done.", "step": "preview"}).text
    assert f'action="{reply.replace("&", "&amp;")}"' in looked
    assert officer.post(reply, {"key": uuid.uuid4(), "body": "Done."}).headers["Location"] == one + asked


def test_letter_that_no_list_led_to_has_no_way_back_to_one(office: Office, officer: Client) -> None:
    assert "Back to the list" not in page_of(officer, now_letter(office))


def test_log_of_openings_is_read_back_from_a_day(office: Office, officer: Client) -> None:
    letter = now_letter(office)
    page_of(officer, letter)
    above, log = reading(Client(), office.supervisor), reverse("staff_openings", args=[CITY])
    yesterday = localdate() - datetime.timedelta(days=1)
    assert len(above.get(log, {"until": localdate()}).context["page"]) == 1
    before = above.get(log, {"until": yesterday})
    assert len(before.context["page"]) == 0
    assert "There is nothing older." in before.text
