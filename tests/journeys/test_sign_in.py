"""From an invitation to the office: link, password, second factor. On a tablet, by keyboard, with a passkey."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from people.inviting import invite
from people.models import Membership, User
from people.second_factor import code_at, give_authenticator_app, totp
from tests.journeys.conftest import Watch, axe_violations
from tests.signing_in import time_of_a_fresh_code
from tests.world import World

PASSWORD = "correct horse battery"


@pytest.fixture
def invited(served: World) -> str:
    """The address of an invitation to be the officer of the north."""
    by = User.objects.create_user("coordinator@example.org")
    Membership.objects.create(user=by, city=served.city, role="coordinator")
    _invitation, key = invite(
        by=by, city=served.city, email="new@example.org", name="Нова Людина", roles=["officer"],
        officer=served.officer, at=timezone.now(),
    )  # fmt: skip
    return f"/account/invitation/?key={key}"


@pytest.fixture
def officer(served: World) -> User:
    """An officer with an authenticator app."""
    user = User.objects.create_user("officer@example.org", PASSWORD)
    Membership.objects.create(user=user, city=served.city, role="officer")
    give_authenticator_app(user)
    return user


def secret_on(page: Page) -> str:
    """Read the secret as a person without a camera does."""
    page.get_by_text("Відкрили сторінку на самому телефоні").click()
    return page.locator(".set-up__secret").inner_text()


def fresh_code(secret: str) -> str:
    return totp(secret, time_of_a_fresh_code())


def choose_password(page: Page, invitation: str) -> None:
    page.goto(invitation)
    assert "key" not in page.url
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_label("Той самий пароль ще раз").fill(PASSWORD)
    page.get_by_role("button", name="Далі: другий фактор").click()


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.goto("/account/login/?next=/staff/%3Ffrom%3Dhere")
    page.get_by_label("Електронна пошта").fill("officer@example.org")
    page.get_by_label("Пароль").fill(password)
    page.get_by_role("button", name="Увійти").click()


def test_an_invited_officer_comes_from_the_link_to_the_office(page: Page, invited: str) -> None:
    page.set_viewport_size({"width": 820, "height": 1180})
    page.goto(invited)
    assert axe_violations(page) == []
    choose_password(page, invited)
    expect(page.get_by_role("heading", name="Налаштуйте другий фактор")).to_be_visible()
    assert axe_violations(page) == []
    page.goto("/staff/")
    expect(page.get_by_role("heading", name="Налаштуйте другий фактор")).to_be_visible()
    secret = secret_on(page)
    page.get_by_label("Код", exact=True).fill("000000")
    page.get_by_role("button", name="Увімкнути").click()
    expect(page.get_by_text("Цей код неправильний")).to_be_visible()
    page.get_by_label("Код", exact=True).fill(fresh_code(secret))
    page.get_by_role("button", name="Увімкнути").click()
    expect(page.get_by_role("heading", name="Резервні коди")).to_be_visible()
    expect(page.locator(".recovery code")).to_have_count(10)
    assert axe_violations(page) == []
    page.get_by_role("link", name="Записано").click()
    expect(page.get_by_role("heading", name="Кабінет")).to_be_visible()


def test_the_whole_way_goes_by_keyboard_alone(page: Page, invited: str) -> None:
    page.goto(invited)
    page.get_by_label("Пароль", exact=True).focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Налаштуйте другий фактор")).to_be_visible()
    secret = page.locator(".set-up__secret").text_content() or ""
    expect(page.get_by_label("Код", exact=True)).to_be_focused()
    page.keyboard.type(fresh_code(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Резервні коди")).to_be_visible()
    page.keyboard.press("Tab")
    for _ in range(30):
        if page.locator(":focus").inner_text().startswith("Записано"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Кабінет")).to_be_visible()


def test_wrong_codes_are_limited_and_the_right_one_leads_where_one_was(page: Page, officer: User) -> None:
    sign_in(page)
    assert axe_violations(page) == []
    page.get_by_label("Код", exact=True).fill(code_at(officer, time_of_a_fresh_code()))
    page.get_by_role("button", name="Увійти", exact=True).click()
    page.wait_for_url("**/staff/?from=here")
    page.context.clear_cookies()
    sign_in(page)
    for _ in range(6):
        page.get_by_label("Код", exact=True).fill("000000")
        page.get_by_role("button", name="Увійти", exact=True).click()
    expect(page.get_by_text("Забагато невдалих спроб")).to_be_visible()


def test_a_passkey_is_made_and_opens(page: Page, context: BrowserContext, invited: str) -> None:
    devtools: Any = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True,
                "hasResidentKey": True, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
    choose_password(page, invited)
    page.get_by_role("link", name=re.compile("Використати натомість ключ")).click()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Створити ключ доступу").click()
    expect(page.get_by_role("heading", name="Резервні коди")).to_be_visible()
    page.get_by_role("link", name="Записано").click()
    page.goto("/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Вийти").click()
    page.goto("/account/login/")
    page.get_by_label("Електронна пошта").fill("new@example.org")
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Увійти").click()
    page.get_by_role("button", name="Увійти ключем доступу").click()
    expect(page.get_by_role("heading", name="Кабінет")).to_be_visible()


def test_a_coordinator_invites_and_sees_the_link_once(coordinator: Page) -> None:
    page = coordinator
    page.set_viewport_size({"width": 820, "height": 1180})
    page.goto("/staff/kvadraty/people/")
    assert axe_violations(page) == []
    page.get_by_label("Ім’я").fill("Нова Людина")
    page.get_by_label("Електронна пошта").fill("new@example.org")
    page.get_by_role("checkbox", name="Аналітик").check()
    page.get_by_role("button", name="Створити посилання").click()
    link = page.locator("#link").inner_text()
    assert re.fullmatch(r"http://\S+/account/invitation/\?key=[\w-]{43}", link)
    assert axe_violations(page) == []
    page.get_by_role("link", name="Назад до персоналу").click()
    expect(page.get_by_text("Нова Людина").first).to_be_visible()
    assert link not in page.content()
    assert axe_violations(page) == []


def test_what_is_typed_outlives_the_sign_in(coordinator: Page, context: BrowserContext, watch: Watch) -> None:
    page = coordinator
    page.clock.install()
    page.goto("/staff/kvadraty/people/")
    page.get_by_label("Ім’я").fill("Нова Людина")
    page.get_by_label("Електронна пошта").fill("new@example.org")
    page.get_by_role("checkbox", name="Аналітик").check()
    page.clock.fast_forward("28:00")
    expect(page.get_by_text("За три хвилини ви вийдете")).to_be_visible()
    cookies = context.cookies()
    context.clear_cookies(name="session")
    page.get_by_role("button", name="Я ще тут").click()
    expect(page.get_by_text("Сеанс завершено. Те, що ви ввели, залишилося тут.")).to_be_visible()
    assert axe_violations(page) == []
    context.add_cookies([each for each in cookies if each["name"] == "session"])
    context.clear_cookies(name="csrftoken")  # as a new sign-in in another tab would
    page.clock.fast_forward("00:10")
    expect(page.get_by_text("Сеанс завершено. Те, що")).to_be_hidden()
    page.get_by_role("button", name="Створити посилання").click()
    expect(page.get_by_role("heading", name="Посилання створено")).to_be_visible()
    watch.errors.clear()  # the redirect that told of the end
