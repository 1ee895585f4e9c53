"""Signing in with a second factor: setting it up, showing it, losing it."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from people.models import User
from people.second_factor import code_at, give_authenticator_app, has_second_factor, totp
from tests.signing_in import by_password_alone, time_of_a_fresh_code

PASSWORD = "correct horse battery"
SET_UP = "/account/second-factor/app/"


@pytest.fixture
def officer(db: None) -> User:
    return User.objects.create_user("officer@example.org", password=PASSWORD)


@pytest.fixture
def with_app(officer: User) -> User:
    give_authenticator_app(officer)
    return officer


def give_password(client: Client, user: User, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, **more})


@pytest.mark.django_db(transaction=True)
def test_whoever_has_none_is_led_from_the_password_to_setting_one_up(client: Client, officer: User) -> None:
    give_password(client, officer)
    assert client.get("/staff/")["Location"] == SET_UP
    page = client.get(SET_UP)
    secret = page.context["form"].secret
    assert secret in page.text
    answer = client.post(SET_UP, {"code": totp(secret, time_of_a_fresh_code())})
    assert answer["Location"] == "/account/second-factor/recovery-codes/"
    codes = client.get(answer["Location"])
    assert len(re.findall(r"<code>(\d{8})</code>", codes.text)) == 10
    assert client.get("/staff/").status_code == 200


def test_a_wrong_code_sets_nothing_up_and_keeps_the_secret(client: Client, officer: User) -> None:
    give_password(client, officer)
    secret = client.get(SET_UP).context["form"].secret
    answer = client.post(SET_UP, {"code": "000000"})
    assert "Цей код неправильний" in answer.text
    assert answer.context["form"].secret == secret
    assert not has_second_factor(officer)


def test_the_code_opens_the_page_that_was_wanted(client: Client, with_app: User) -> None:
    answer = give_password(client, with_app, next="/staff/?from=here")
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get("/staff/").status_code == 302
    answer = client.post(reverse("mfa_authenticate"), {"code": code_at(with_app, time_of_a_fresh_code())})
    assert answer["Location"] == "/staff/?from=here"
    assert client.get("/staff/").status_code == 200


def test_a_code_works_once(client: Client, with_app: User) -> None:
    code = code_at(with_app, time_of_a_fresh_code())
    for page in ("/staff/", reverse("mfa_authenticate")):
        other = Client()
        give_password(other, with_app)
        answer = other.post(reverse("mfa_authenticate"), {"code": code})
        assert (answer.status_code == 302) == (page == "/staff/")


def test_wrong_codes_are_limited(client: Client, with_app: User) -> None:
    give_password(client, with_app)
    for _try in range(5):
        assert "Цей код неправильний" in client.post(reverse("mfa_authenticate"), {"code": "000000"}).text
    right = {"code": code_at(with_app, time_of_a_fresh_code())}
    assert "Забагато невдалих спроб" in client.post(reverse("mfa_authenticate"), right).text
    assert client.get("/staff/").status_code == 302


def test_a_recovery_code_opens_once(client: Client, with_app: User) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    code = RecoveryCodes.activate(with_app).get_unused_codes()[0]
    for works in (True, False):
        other = Client()
        give_password(other, with_app)
        other.post(reverse("mfa_authenticate"), {"code": code})
        assert (other.get("/staff/").status_code == 200) is works


def test_an_older_session_does_not_pass_because_another_set_a_factor_up(officer: User) -> None:
    older = Client()
    by_password_alone(older, officer)
    give_authenticator_app(officer)
    assert older.get("/staff/")["Location"] == SET_UP
    assert older.get(SET_UP).status_code == 302  # nothing to set up any more


def test_whoever_removes_the_last_factor_sets_up_the_next(client: Client, with_app: User) -> None:
    client.force_login(with_app)
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert answer.status_code == 302
    assert not Authenticator.objects.filter(user=with_app).exists()
    assert client.get("/staff/")["Location"] == SET_UP


@pytest.mark.parametrize("name", ["mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn"])
def test_a_factor_is_changed_only_by_whoever_has_just_confirmed(client: Client, with_app: User, name: str) -> None:
    client.force_login(with_app)
    assert client.get(reverse(name)).status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 16 * 60
    session.save()
    page = reverse(name)
    assert client.get(page)["Location"] == f"{reverse('account_reauthenticate')}?next={page.replace('/', '%2F')}"
    answer = client.post(f"{reverse('account_reauthenticate')}?next={page}", {"password": PASSWORD, "next": page})
    assert answer["Location"] == page
    assert client.get(page).status_code == 200


def test_a_changed_password_ends_every_other_session(client: Client, with_app: User) -> None:
    other = Client()
    for each in (client, other):
        each.force_login(with_app)
    words = {"oldpassword": PASSWORD, "password1": "staple battery horse", "password2": "staple battery horse"}
    client.post(reverse("account_change_password"), words)
    assert client.get("/staff/").status_code == 200
    assert other.get("/staff/").status_code == 302


def test_whoever_has_no_password_sets_one(db: None, client: Client) -> None:
    user = User.objects.create_user("passkey@example.org")
    client.force_login(user)
    page = client.get(reverse("account_change_password"), follow=True)
    assert page.redirect_chain == [("/account/password/set/", 302)]
    assert page.status_code == 200
    assert "placeholder" not in page.text
    answer = client.post("/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    assert answer["Location"] == "/staff/"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
