"""The sign-in: nobody signs up, and nothing here needs a mail that the site cannot send."""

from typing import Any

import pytest
from allauth.account import urls as allauth_urls
from django.test import Client
from django.urls import NoReverseMatch, reverse

from people.models import User

OPEN = {
    "account_login", "account_logout", "account_inactive", "account_change_password", "account_set_password",
    "account_reauthenticate",
}  # fmt: skip
PASSWORD, NEW_PASSWORD = "correct horse battery", "staple battery horse"


@pytest.fixture
def officer(db: None) -> User:
    return User.objects.create_user("officer@example.org", password=PASSWORD)


def test_no_page_that_creates_an_account_or_sends_mail_is_there(client: Client, db: None) -> None:
    for name in {pattern.name for pattern in allauth_urls.urlpatterns} - OPEN:
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for path in ("signup/", "password/reset/", "email/", "confirm-email/", "login/code/"):
        assert client.post(f"/account/{path}", {"email": "officer@example.org"}).status_code in {403, 404, 405}


def test_forgotten_password_is_a_matter_for_the_coordinator(client: Client, db: None) -> None:
    page = client.get(reverse("account_login")).text
    assert "забули пароль? Зверніться до координатора" in page
    assert "/password/" not in page


def test_password_is_changed_by_its_owner_without_any_mail(
    client: Client, officer: User, mailoutbox: list[Any]
) -> None:
    client.force_login(officer)
    assert reverse("account_change_password") in client.get(reverse("staff_home")).text
    page = reverse("account_change_password")
    assert client.get(page).status_code == 200
    client.post(page, {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    officer.refresh_from_db()
    assert officer.check_password(NEW_PASSWORD)
    assert mailoutbox == []
