"""A writer asks what is kept about a letter, and has name and contacts erased."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from appeals.models import Appeal
from tests.appeals.conftest import Office, build_office
from tests.appeals.letters import new_letter
from tests.journeys.conftest import Watch, axe_violations
from tests.journeys.letter_pages import PHONE, browser_context, open_letter


@pytest.fixture
def office(transactional_db: None, settings: Any) -> Office:
    """A training city, committed."""
    settings.LETTERS_MIN_FILL_S = 0
    return build_office()


def test_a_writer_sees_what_is_kept_and_erases_name_and_contacts(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    sent = new_letter(office.world, answer_by="email", name="Olena", email="olena@example.org")
    page = browser_context(browser, live_server, watch, PHONE).new_page()
    open_letter(page, sent.receipt)
    page.get_by_text("What is kept about this letter").click()
    expect(page.get_by_text("until 1 year after the last answer")).to_be_visible()
    page.locator("summary", has_text="Erase my name and contacts").click()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Erase my name and contacts").click()
    expect(page.locator("p[role=status]")).to_contain_text("Your name and contacts are erased.")
    page.get_by_text("What is kept about this letter").click()
    expect(page.get_by_text("by the writer")).to_be_visible()
    expect(page.locator("summary", has_text="Erase my name and contacts")).to_have_count(0)
    assert axe_violations(page) == []
    assert Appeal.objects.get().writer_sealed == b""
