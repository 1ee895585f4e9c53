"""A formal appeal with a photo, written on a phone, until the officer sees the picture; the same without script."""

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from appeals.models import Photo
from tests.appeals.conftest import Office, build_office
from tests.appeals.letters import new_letter
from tests.appeals.pictures import small_photo
from tests.journeys.conftest import Watch, axe_violations, sign_in
from tests.journeys.letter_pages import PHONE, TABLET, browser_context, go_on, open_letter

TARGET_PX = 44


@pytest.fixture
def office(transactional_db: None, settings: Any) -> Office:
    """A training city, committed, whose officer of the north can sign in."""
    settings.LETTERS_MIN_FILL_S = 0
    return build_office()


def file(name: str, content: bytes, kind: str = "image/jpeg") -> Any:
    """A file as it is chosen on the phone."""
    return {"name": name, "mimeType": kind, "buffer": content}


def drawn(picture: Locator) -> bool:
    """Whether a picture came and was decoded."""
    expect(picture).to_be_visible()
    return bool(picture.evaluate("img => img.complete && img.naturalWidth > 0"))


def write_formal_appeal(page: Page) -> None:
    """Come to the last page of a formal appeal."""
    page.goto("/navchannia/1/write/")
    go_on(page)
    page.get_by_label("Street trade").check()
    page.get_by_label("What happened?").fill("Stalls block the crossing.")
    go_on(page)
    page.get_by_label("A formal appeal").check()
    page.get_by_label("The officer may also write to my e-mail.").check()
    page.get_by_label("E-mail", exact=True).fill("olena@example.org")
    page.get_by_label("Name", exact=True).fill("Олена Петренко")
    page.get_by_role("textbox", name="Place of residence").fill("вулиця Перша, 5")
    go_on(page)
    expect(page.get_by_role("heading", name="Check and send")).to_be_visible()


def officers_tablet(browser: Browser, live_server: LiveServer, watch: Watch, office: Office) -> BrowserContext:
    """A tablet on which the officer of the north is signed in."""
    context = browser_context(browser, live_server, watch, TABLET)
    sign_in(context, office.officer, live_server)
    return context


def attach_and_send(page: Page) -> str:
    """Choose a photo and something else on the last page, take that out, look back at a step, send."""
    photos = page.get_by_label("Photos (if you like)")
    photos.set_input_files([file("IMG_1.jpg", small_photo(size=(900, 600)))])
    photos.set_input_files([file("list.pdf", b"%PDF-1.7", "application/pdf")])
    expect(page.locator(".chosen__one")).to_have_count(2)
    expect(page.get_by_text("“list.pdf” is not a photo. Take it out.")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Send the letter").click()
    expect(photos).to_be_focused()
    assert not Photo.objects.exists(), "it was stopped before it was sent"
    page.get_by_role("button", name="Take out list.pdf").click()
    expect(page.get_by_text("is not a photo")).to_be_hidden()
    page.get_by_role("button", name="Change what it is about").click()
    expect(page.get_by_role("heading", name="What is it about?")).to_be_visible()
    expect(page.locator("[data-lost]")).to_have_count(0)
    go_on(page)
    expect(page.locator(".chosen__one")).to_contain_text("IMG_1.jpg")
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_role("heading", name="The letter is sent")).to_be_focused()
    expect(page.locator(".receipt__facts")).to_contain_text("Photos1")
    receipt = page.locator("[data-receipt]").inner_text()
    page.get_by_label("Type its last four characters").fill(receipt[-4:])
    page.get_by_role("button", name="I have kept it").click()
    return receipt


def see_and_answer(tablet: BrowserContext) -> None:
    """Open the letter, see the picture whole by the keyboard, answer with another."""
    page = tablet.new_page()
    page.goto("/staff/navchannia/letters/")
    page.get_by_role("link", name="Letter № 20").click()
    small = page.get_by_role("link", name="Photo 1 of 1, from the writer")
    assert drawn(small.get_by_role("img"))
    box = small.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= TARGET_PX
    assert axe_violations(page) == []
    small.focus()
    with tablet.expect_page() as opened:
        page.keyboard.press("Enter")
    whole = opened.value
    assert drawn(whole.locator("img"))
    assert whole.locator("img").evaluate("img => [img.naturalWidth, img.naturalHeight]") == [900, 600]
    page.get_by_label("Your answer").fill("The stalls are gone.")
    page.get_by_role("button", name="Look it over").click()
    page.get_by_label("Photos (if you like)").set_input_files([file("IMG_9.jpg", small_photo("green"))])
    assert axe_violations(page) == []
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("The answer is sent.")).to_be_visible()


def read_and_add(page: Page, receipt: str) -> None:
    """See the officer's photo without losing what is being typed, and add one more."""
    open_letter(page, receipt)
    page.get_by_label("Your message").fill("Thank you")
    theirs = page.get_by_role("button", name="Photo 1 of 1, from the officer")
    assert drawn(theirs.get_by_role("img"))
    theirs.press("Enter")
    assert drawn(page.get_by_role("img", name="Photo 1", exact=True))
    assert axe_violations(page) == []
    page.get_by_role("button", name="Back to the letter").click()
    expect(theirs).to_be_focused()
    expect(page.get_by_label("Your message")).to_have_value("Thank you")
    page.get_by_label("Photos (if you like)").set_input_files([file("IMG_2.jpg", small_photo("blue"))])
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_text("Your message is added.")).to_be_visible()
    expect(page.get_by_role("button", name="from you")).to_have_count(2)
    expect(page.locator(".chosen__one")).to_have_count(0)


def test_formal_appeal_with_a_photo_reaches_the_officer_as_a_picture(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    phone = browser_context(browser, live_server, watch, PHONE).new_page()
    write_formal_appeal(phone)
    receipt = attach_and_send(phone)
    see_and_answer(officers_tablet(browser, live_server, watch, office))
    read_and_add(phone, receipt)
    assert not [url for url in watch.addresses if receipt in url], "the receipt got into an address"
    assert not [url for url in watch.addresses if "/photos/" in url and "/staff/" not in url]


def test_what_the_server_refuses_is_told_and_stays_chosen(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    phone = browser_context(browser, live_server, watch, PHONE).new_page()
    write_formal_appeal(phone)
    photos = phone.get_by_label("Photos (if you like)")
    photos.set_input_files([file("IMG_1.jpg", small_photo()), file("IMG_2.jpg", b"not a photo at all")])
    phone.get_by_role("button", name="Send the letter").click()
    expect(phone.locator("photo-field .field__error")).to_contain_text("IMG_2.jpg")
    expect(phone.locator(".chosen__one")).to_have_count(2)
    expect(phone.get_by_text("Choose them again")).to_be_hidden()
    phone.get_by_role("button", name="Take out IMG_2.jpg").click()
    phone.get_by_role("button", name="Send the letter").click()
    expect(phone.get_by_role("heading", name="The letter is sent")).to_be_focused()
    assert Photo.objects.count() == 1


def test_photos_are_sent_and_seen_without_script(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    context = browser.new_context(base_url=live_server.url, viewport=PHONE, java_script_enabled=False)
    context.add_cookies([{"name": "language", "value": "en", "url": live_server.url}])
    watch.over(context)
    page = context.new_page()
    write_formal_appeal(page)
    photos = page.get_by_label("Photos (if you like)")
    photos.set_input_files([file("IMG_1.jpg", small_photo()), file("IMG_2.jpg", b"not a photo at all")])
    page.get_by_role("button", name="Send the letter").click()
    expect(page.locator("photo-field")).to_contain_text("“IMG_2.jpg”: The file is not a picture")
    expect(page.get_by_text("Choose them again")).to_be_visible()
    photos.set_input_files([file("IMG_1.jpg", small_photo())])
    page.get_by_role("button", name="Send the letter").click()
    receipt = page.locator("[data-receipt]").inner_text()

    open_letter_plainly(page, receipt)
    page.get_by_role("button", name="Photo 1 of 1, from you").click()
    expect(page.get_by_role("img", name="Photo 1", exact=True)).to_be_visible()
    page.get_by_role("button", name="Back to the letter").click()
    page.get_by_label("Your message").fill("One more.")
    page.get_by_label("Photos (if you like)").set_input_files([file("IMG_3.jpg", small_photo("blue"))])
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("button", name="Photo 1 of 1, from you")).to_have_count(2)
    assert not [url for url in watch.addresses if receipt in url], "the receipt got into an address"


def open_letter_plainly(page: Page, receipt: str) -> None:
    """Come back with the receipt."""
    page.goto("/letters/")
    page.get_by_label("Receipt").fill(receipt)
    page.get_by_role("button", name="Open the letter").click()


def test_protected_letter_leaves_no_photo_on_the_device(
    browser: Browser, live_server: LiveServer, watch: Watch, office: Office
) -> None:
    context = browser_context(browser, live_server, watch, PHONE)
    page = context.new_page()
    sent = new_letter(office.world, category="domestic-violence", photos=[small_photo()])
    open_letter(page, sent.receipt)
    page.get_by_label("Photos (if you like)").set_input_files([file("IMG_1.jpg", small_photo())])
    page.get_by_role("button", name="Photo 1 of 1, from you").click()
    expect(page.get_by_role("img", name="Photo 1", exact=True)).to_be_visible()
    kept = "async () => [localStorage.length, sessionStorage.length, (await caches.keys()).length, location.pathname]"
    assert page.evaluate(kept) == [0, 0, 0, "/letters/"]
    page.reload()
    expect(page.get_by_role("heading", name="My letter")).to_be_visible()
    assert page.locator("img[src^='data:']").count() == 0
