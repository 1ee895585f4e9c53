"""What becomes of a letter, seen by its writer on a phone and by the staff on a tablet.

Upgraded, kept from the officer, handed to a neighbour, forwarded, overdue.
"""

import datetime
import re
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from appeals.access import as_task
from appeals.delivery import deliver
from appeals.due import announce_due
from appeals.models import Appeal, Body, Notice
from appeals.services import Submitted, accept
from geo.moments import KYIV, local_day
from people.models import User
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import new_letter
from tests.journeys.conftest import Watch, axe_violations
from tests.journeys.letter_pages import PHONE, browser_context, go_on, open_letter
from tests.journeys.test_office import LETTERS, signed_in
from tests.world import TODAY

Tablet = Any
"""Opens a tablet on which somebody is signed in: `tablet(user) -> Page`."""


@pytest.fixture
def office(transactional_db: None, settings: Any) -> Office:
    """A training city, committed, whose officers of north and middle and supervisor can sign in."""
    settings.LETTERS_MIN_FILL_S = 0
    return build_office()


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, watch: Watch, office: Office) -> Page:
    """The writer's phone."""
    return browser_context(browser, live_server, watch, PHONE).new_page()


@pytest.fixture
def tablet(browser: Browser, live_server: LiveServer, watch: Watch, office: Office) -> Tablet:
    """Tablets of the staff."""
    return partial(signed_in, browser, live_server, watch)


@pytest.fixture
def neighbour(office: Office) -> User:
    """The acting officer of the middle."""
    user = user_with_role(office.world, "officer", "neighbour@example.org")
    office.world.acting.user = user
    office.world.acting.save()
    return user


def sent_now(office: Office, **changes: Any) -> Submitted:
    """Send a letter of this moment to the north."""
    return new_letter(office.world, **({"received_at": timezone.now()} | changes))


def address_of(letter: Appeal) -> str:
    """Return the address of a letter in the office."""
    return f"{LETTERS}{letter.public_number}/"


def do(page: Page, name: str, **filled: str) -> None:
    """Open one of the deeds of a letter, fill it in and send it; `to` is chosen, `reason` written."""
    deed = page.locator(f"#deed-{name}")
    deed.locator("summary").click()
    if "to" in filled:
        deed.locator("[name=to]").select_option(label=filled["to"])
    deed.locator("[name=reason]").fill(filled["reason"])
    assert axe_violations(page) == []
    deed.locator("button").click()


def test_a_message_becomes_a_formal_appeal_where_it_stands(phone: Page, tablet: Tablet, office: Office) -> None:
    sent = sent_now(office)
    open_letter(phone, sent.receipt)
    phone.get_by_text("Make it a formal appeal", exact=True).first.click()
    upgrade = phone.locator("form", has=phone.locator("[name=residence]"))
    upgrade.get_by_label("Surname, first name, patronymic").fill("Petrenko Olena Ivanivna")
    upgrade.get_by_label("Place of residence").fill("1 First St")
    upgrade.get_by_role("button", name="Make it a formal appeal").click()
    expect(phone.locator("#problems, [role=alert]").first).to_be_visible()  # neither e-mail nor phone yet
    assert axe_violations(phone) == []
    upgrade.get_by_label("E-mail").fill("olena@example.org")
    upgrade.get_by_role("button", name="Make it a formal appeal").click()
    expect(phone.get_by_text("It is a formal appeal now, as the writer asked")).to_be_visible()
    due = local_day(timezone.now()) + datetime.timedelta(days=15)
    expect(phone.get_by_text(f"The answer is due by the end of {due:%d.%m.%Y}.")).to_be_visible()
    expect(phone.get_by_text("Make it a formal appeal", exact=True)).to_have_count(0)
    assert axe_violations(phone) == []

    page = tablet(office.officer)
    page.goto(address_of(sent.appeal))
    expect(page.get_by_text("Petrenko Olena Ivanivna")).to_be_visible()
    expect(page.locator(".tag", has_text="formal")).to_be_visible()


def test_a_letter_past_the_officer_is_seen_by_the_supervisor_alone(phone: Page, tablet: Tablet, office: Office) -> None:
    phone.goto("/navchannia/1/write/")
    phone.wait_for_selector("place-mark[data-ready]")
    phone.locator("place-mark .map__canvas").click()
    go_on(phone)
    phone.get_by_label("Noise and quarrels").check()
    phone.get_by_label("What happened?").fill("The officer himself is loud.")
    go_on(phone)
    phone.get_by_label("Do not send it to my district officer").check()
    go_on(phone)
    assert axe_violations(phone) == []
    phone.get_by_role("button", name="Send the letter").click()
    expect(phone.get_by_text("The letter went past whom you named")).to_be_visible()
    with as_task("test"):
        kept = Appeal.objects.get()
    beside = sent_now(office, point=kept.location).appeal  # the officer's own letter, at the same place
    with as_task("test"):
        Appeal.objects.update(building_hash="the same house")
        accept(appeal=kept, by=office.supervisor, at=timezone.now())
        accept(appeal=beside, by=office.officer, at=timezone.now())

    page = tablet(office.officer)
    page.goto("/staff/")
    expect(page.get_by_role("link", name="1 waits for you")).to_be_visible()
    page.goto(f"{LETTERS}?state=")
    page.wait_for_selector("letter-map[data-ready]")
    expect(page.locator(".inbox__row")).to_have_count(1)
    expect(page.locator(".letter-pin")).to_have_count(1)
    assert kept.public_number not in page.content()
    page.goto(address_of(beside))
    page.wait_for_selector("letter-map[data-ready]")
    expect(page.get_by_text("Repeat address")).to_have_count(0)
    expect(page.get_by_text("Nearby letters")).to_have_count(0)
    assert page.request.get(address_of(kept)).status == 404
    answer = page.request.get("/api/v1/staff/appeals/?city=navchannia&state=").json()
    assert [one["properties"]["number"] for one in answer["features"]] == [beside.public_number]
    page.goto("/staff/navchannia/heatmap/")
    page.wait_for_selector("heat-map[data-ready]")
    expect(page.locator(".heat-total")).to_have_text("1 letter")

    above = tablet(office.supervisor)
    above.goto(address_of(kept))
    above.wait_for_selector("letter-map[data-ready]")
    expect(above.get_by_text("The officer himself is loud.")).to_be_visible()
    expect(above.get_by_text("Repeat address")).to_be_visible()
    assert axe_violations(above) == []


def test_a_letter_handed_to_a_neighbour_tells_its_writer_the_new_addressee(
    phone: Page, tablet: Tablet, office: Office, neighbour: User
) -> None:
    sent = sent_now(office)
    page = tablet(office.officer)
    page.goto(address_of(sent.appeal))
    offered = page.locator("#deed-transfer optgroup")
    assert [one.get_attribute("label") for one in offered.all()] == ["Neighbouring districts", "Further away"]
    do(page, "transfer", to="Middle", reason="It is across the street.")
    expect(page.get_by_text("The letter is handed over.")).to_be_visible()

    open_letter(phone, sent.receipt)
    notice = phone.locator(".talk__turn--notice")
    expect(notice).to_contain_text("Handed to the officer Test Officer 3, Middle")
    expect(notice).to_contain_text("It is across the street.")
    assert axe_violations(phone) == []

    new = tablet(neighbour)
    new.goto(LETTERS)
    new.get_by_role("link", name=f"Letter № {sent.appeal.public_number}").click()
    expect(new.get_by_text("Music every night after eleven.")).to_be_visible()


def test_a_forwarded_letter_tells_its_writer_who_answers_now(phone: Page, tablet: Tablet, office: Office) -> None:
    Body.objects.create(
        city=office.world.city, purpose="municipal", name_uk="Міська рада", name_en="City council", contact_uk="1551",
        checked_on=TODAY,
    )  # fmt: skip
    sent = sent_now(office)
    page = tablet(office.officer)
    page.goto(address_of(sent.appeal))
    do(page, "forward", to="City council", reason="Street lamps are theirs.")
    expect(page.get_by_text("The letter is forwarded.")).to_be_visible()

    open_letter(phone, sent.receipt)
    notice = phone.locator(".talk__turn--notice")
    expect(notice).to_contain_text("Forwarded to another body, which will answer: City council (1551)")
    expect(notice).to_contain_text("Street lamps are theirs.")
    expect(phone.get_by_text("This conversation is closed.")).to_be_visible()
    assert axe_violations(phone) == []


def test_what_is_overdue_comes_to_the_supervisor(tablet: Tablet, office: Office) -> None:
    now = timezone.now()
    letter = sent_now(office, received_at=now - datetime.timedelta(days=9)).appeal
    morning = now.astimezone(KYIV).replace(hour=7, minute=0)
    assert announce_due(now=morning) == 2
    for notice in Notice.objects.filter(kind="due"):
        deliver(notice.pk, clock=lambda: morning)
    told = {message.to[0]: message.body for message in mail.outbox}
    assert set(told) == {office.officer.email, office.supervisor.email}
    assert letter.public_number not in told[office.supervisor.email]

    page = tablet(office.supervisor)
    page.goto(re.findall(r"http\S+(/staff/)", told[office.supervisor.email])[0])
    page.get_by_role("link", name="1 overdue").click()
    page.wait_for_selector("letter-map[data-ready]")
    expect(page.locator(".inbox__row--overdue")).to_have_count(1)
    assert axe_violations(page) == []
    page.get_by_role("link", name=f"Letter № {letter.public_number}").click()
    page.wait_for_selector("letter-map[data-ready]")
    expect(page.locator(".due--overdue").first).to_contain_text("overdue by")
    page.get_by_label("Your answer").fill("I see to it myself.")
    page.get_by_role("button", name="Look it over").click()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("The answer is sent.")).to_be_visible()
    page.goto("/staff/")
    expect(page.get_by_role("link", name="0 overdue")).to_be_visible()
