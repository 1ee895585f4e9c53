"""A letter becomes public only between its writer and a moderator, and is gone when its writer says so."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from appeals.models import PublicQuestion
from tests.appeals.letters import new_letter
from tests.appeals.towns import Town, build_town
from tests.journeys.conftest import Watch, axe_violations
from tests.journeys.letter_pages import PHONE, TABLET, browser_context, open_letter
from tests.journeys.test_office import signed_in

TOLD = "My name is Olena Petrenko, 067 123 45 67. Music every night after eleven."
SHOWN = "My name is hidden. Music every night after eleven."


@pytest.fixture
def town(transactional_db: None, settings: Any) -> Town:
    """A pilot city, committed, whose moderator can sign in."""
    settings.LETTERS_MIN_FILL_S = 0
    return build_town()


def press(page: Page, name: str) -> None:
    """Press a button by the keyboard alone."""
    button = page.get_by_role("button", name=name)
    button.focus()
    page.keyboard.press("Enter")


def prepare(page: Page, number: str) -> None:
    """Find the letter on the desk, mend the suggested text, look it over, put it before the writer."""
    page.goto("/staff/")
    page.get_by_role("link", name="Moderation").click()
    assert axe_violations(page) == []
    page.get_by_role("link", name=f"Letter № {number}").click()
    expect(page.locator("mark")).to_have_count(2)
    question = page.get_by_label("Question, as everybody will read it")
    assert "067" not in question.input_value()
    assert axe_violations(page) == []
    question.fill(SHOWN)
    press(page, "Look it over")
    expect(page.locator("del").first).to_be_visible()
    assert axe_violations(page) == []
    press(page, "Put it before the writer")
    expect(page.get_by_text("it is published once they agree")).to_be_visible()


def read_in_public(page: Page) -> None:
    """Come from the city's page to the list, its map, and the question."""
    page.goto("/misto/")
    page.get_by_role("link", name="Questions and answers").click()
    page.wait_for_selector("question-map[data-ready]")
    expect(page.locator("path.question-square")).to_have_count(1)
    assert axe_violations(page) == []
    page.get_by_role("link", name="Square 1: 1 question").press("Enter")
    expect(page.get_by_text("in the chosen square")).to_be_visible()
    page.get_by_role("link", name=SHOWN).click()
    expect(page.get_by_text("waiting for an answer")).to_be_visible()
    assert axe_violations(page) == []


def test_consent_preview_agreement_and_taking_it_back(
    browser: Browser, live_server: LiveServer, watch: Watch, town: Town
) -> None:
    sent = new_letter(town.world, text=TOLD)
    writer = browser_context(browser, live_server, watch, PHONE).new_page()
    reader = browser_context(browser, live_server, watch, TABLET).new_page()
    desk = signed_in(browser, live_server, watch, town.moderator)
    open_letter(writer, sent.receipt)
    writer.get_by_text("Let others read the question and the answer").press("Enter")
    assert axe_violations(writer) == []
    press(writer, "Let a moderator prepare it")
    expect(writer.get_by_role("status").first).to_contain_text("A moderator prepares the text")
    assert not PublicQuestion.objects.exists()

    prepare(desk, sent.appeal.public_number)
    assert not PublicQuestion.objects.exists()

    open_letter(writer, sent.receipt)
    expect(writer.get_by_role("heading", name="This would be published")).to_be_visible()
    expect(writer.get_by_text(SHOWN)).to_be_visible()
    assert axe_violations(writer) == []
    press(writer, "I agree: publish exactly this")
    expect(writer.get_by_text("exactly as you have seen it")).to_be_visible()

    read_in_public(reader)
    where = reader.url
    writer.get_by_text("The letter is published").press("Enter")
    press(writer, "Take it off the site")
    expect(writer.get_by_text("Nothing of the letter is published any more.")).to_be_visible()
    reader.goto("/misto/questions/")
    expect(reader.get_by_text("Nothing is published yet.")).to_be_visible()
    assert reader.request.get(where).status == 404
