"""Nothing of the staff opens without a second factor, or after a sign-in has ended."""

import datetime
import itertools
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from mapui.staff_gate import API, OPEN_WITHOUT_SECOND_FACTOR, PAGES, StaffGate
from people.models import User
from tests.appeals.conftest import Office, user_with_role
from tests.signing_in import by_password_alone

SAMPLES = {
    "slug": "navchannia", "pk": "1", "number": "1", "object_id": "1", "app_label": "geo", "url": "x",
    "photo": "00000000-0000-4000-8000-000000000000",
}  # fmt: skip
"""What stands in for a part of an address; anything that reaches a view will do."""


def addresses(patterns: list[Any], before: str = "/") -> Iterator[tuple[str, str]]:
    """Yield every address of the site with a word for each of its parts, and the name of its view."""
    for pattern in patterns:
        route = str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, before + filled(pattern))
        elif not route.startswith("^"):
            yield before + filled(pattern), pattern.name or ""


def filled(pattern: URLPattern | URLResolver) -> str:
    route = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        value = SAMPLES.get(name, "1" if "Int" in type(converter).__name__ else "x")
        head, _, tail = route.partition("<")
        route = head + value + tail.partition(">")[2]
    return route


STAFF_ADDRESSES = sorted(
    {
        (path, name)
        for path, name in addresses(get_resolver().url_patterns)
        if path.startswith(PAGES + API) and name not in OPEN_WITHOUT_SECOND_FACTOR
    }
)


def test_the_walk_finds_the_staff_addresses() -> None:
    named = {name for _path, name in STAFF_ADDRESSES}
    assert {"staff_home", "staff_heatmap", "staff_appeal_reply", "api-export", "mfa_index", "index"} <= named
    assert len(STAFF_ADDRESSES) > 60


@pytest.mark.parametrize("is_superuser", [False, True])
def test_with_the_password_alone_no_address_of_the_staff_opens(
    client: Client, office: Office, is_superuser: bool
) -> None:
    user = User.objects.create_superuser("root@example.org") if is_superuser else office.supervisor
    by_password_alone(client, user)
    for (path, _name), method in itertools.product(STAFF_ADDRESSES, ("get", "post")):
        answer = getattr(client, method)(path)
        if path.startswith(API):
            assert (answer.status_code, answer.json()["type"]) == (403, "urn:dilnychnyi:second-factor-needed"), path
        else:
            assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_activate_totp")), path


def test_elsewhere_a_sign_in_by_password_alone_is_nobodys(client: Client, office: Office) -> None:
    by_password_alone(client, office.supervisor)
    assert not client.get("/").context["user"].is_authenticated
    assert client.get("/account/second-factor/app/").status_code == 200


def test_a_public_answer_is_the_same_for_caches_without_a_session(client: Client, office: Office) -> None:
    answer = client.get("/api/v1/cities/")
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize(
    ("passed", "is_in"), [({"minutes": 29}, True), ({"minutes": 31}, False), ({"hours": 13}, False)]
)
def test_a_sign_in_ends_by_the_clock_and_leads_back_to_where_it_was(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch, passed: dict[str, int], is_in: bool
) -> None:
    client.force_login(office.supervisor)
    later = timezone.now() + datetime.timedelta(**passed)
    monkeypatch.setattr(StaffGate, "clock", staticmethod(lambda: later))
    page = "/staff/navchannia/letters/?show=all"
    answer = client.get(page)
    assert answer.status_code == (200 if is_in else 302)
    if not is_in:
        assert answer["Location"] == f"/account/login/?next={page.replace('?', '%3F').replace('=', '%3D')}"
        assert "_auth_user_id" not in client.session


def test_a_session_dies_with_the_account_and_does_not_come_back_with_it(client: Client, office: Office) -> None:
    client.force_login(office.supervisor)
    User.objects.update(sign_outs=1)
    assert client.get("/staff/").status_code == 302


@pytest.mark.parametrize("page", ["phones/", "cards/", "changes/"])
def test_a_page_of_the_staff_asks_for_roles_once(client: Client, office: Office, page: str) -> None:
    client.force_login(user_with_role(office.world, "moderator", "moderator@example.org"))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/staff/navchannia/{page}").status_code == 200
    assert sum('FROM "people_membership"' in query["sql"] for query in asked) == 1


def test_a_role_that_is_taken_away_opens_nothing_from_the_next_page_on(client: Client, office: Office) -> None:
    moderator = user_with_role(office.world, "moderator", "moderator@example.org")
    client.force_login(moderator)
    assert client.get("/staff/navchannia/cards/").status_code == 200
    moderator.memberships.all().delete()
    assert client.get("/staff/navchannia/cards/").status_code == 403


def test_roles_are_kept_for_a_page_and_asked_anew_by_a_deed(client: Client, office: Office) -> None:
    client.force_login(user_with_role(office.world, "moderator", "moderator@example.org"))
    for ask, keeps in ((client.get, True), (client.post, False)):
        user: Any = ask("/staff/navchannia/cards/").wsgi_request.user
        assert ("memberships" in getattr(user, "_prefetched_objects_cache", {})) is keeps


def test_what_is_sent_after_the_end_is_given_back_to_copy(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    client.force_login(office.supervisor)
    later = timezone.now() + datetime.timedelta(minutes=31)
    monkeypatch.setattr(StaffGate, "clock", staticmethod(lambda: later))
    body, page = "Патруль буде у дворі щовечора.", "/staff/navchannia/letters/2026-00001/"
    settings.FILE_UPLOAD_TEMP_DIR = "/absent"  # writing there fails: no photo that comes along touches a disk
    photo = SimpleUploadedFile("IMG_1.jpg", b"\xff" * (settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1))
    answer = client.post(
        f"{page}reply/",
        {"key": str(uuid.uuid4()), "body": body, "photos": photo},
        headers={"referer": f"http://testserver{page}"},
    )
    assert answer.status_code == 403
    assert answer.context["typed"] == [body]
    assert body in answer.text
    assert f"/account/login/?next={page.replace('/', '%2F')}" in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert "_auth_user_id" not in client.session


def test_a_page_that_is_typed_on_keeps_the_sign_in_and_learns_its_end(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(office.supervisor)
    begun = timezone.now()
    for minutes in (25, 50, 75):
        later = begun + datetime.timedelta(minutes=minutes)
        monkeypatch.setattr(StaffGate, "clock", staticmethod(lambda later=later: later))
        told = client.get("/account/here/").json()
    assert 11.9 * 3600 < told["ends_s"] <= 12 * 3600
    assert told["token"]
    assert client.get("/staff/").status_code == 200
