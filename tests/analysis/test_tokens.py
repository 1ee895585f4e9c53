"""Tokens of scripts: shown once, narrow, mortal, and never worth more than their owner is today."""

import base64
import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analysis.models import Export, Token, token_hash
from analysis.tokens import LastsTooLong, NotForTokens, NotYourToken, make_token, revoke_token
from people.managing import disable, reset_second_factor
from people.models import Membership, User
from tests.analysis.letters import Sent, accepted
from tests.analysis.test_releases_api import HERE, analyst
from tests.appeals.conftest import Office, build_office, user_with_role

__all__ = ["analyst"]
MONTH = datetime.timedelta(days=30)
RELEASES, LIVE = Token.Kind.RELEASES, Token.Kind.LIVE


def token_of(owner: User, office: Office, *kinds: str, **changes: Any) -> tuple[Token, str]:
    """Make a token."""
    given = {"name": "script", "lasts": MONTH, "at": timezone.now()} | changes
    return make_token(owner=owner, city=office.world.city, kinds=kinds or (RELEASES,), **given)


def show(text: str, name: str = "api-export", **query: Any) -> Any:
    """Ask as a script does: no cookies, only the token."""
    query = {"city": "navchannia", "what": "areas", "format": "geojson"} | query
    return Client().get(reverse(name), query, headers={"Authorization": f"Bearer {text}"})


def test_a_token_takes_files_away_without_a_sign_in(analyst: User, office: Office) -> None:
    token, text = token_of(analyst, office)
    answer = show(text, category="noise", **HERE)
    assert answer.status_code == 200
    assert b'"at_least":6' in b"".join(answer.streaming_content)
    one = Export.objects.get()
    assert (one.by, one.token, one.what, one.rows is None) == (analyst, token, "areas", False)
    token.refresh_from_db()
    assert token.last_used_on == timezone.localdate()


def basic(text: str) -> int:
    """Ask by a name and a password."""
    shown = base64.b64encode(f"anybody:{text}".encode()).decode()
    asked = {"city": "navchannia", "what": "areas", "format": "geojson"}
    return Client().get(reverse("api-export"), asked, headers={"Authorization": f"Basic {shown}"}).status_code


def test_a_token_may_be_a_password_and_no_other_password_is_asked_about(analyst: User, office: Office) -> None:
    """QGIS 3.22 has no other way; a site behind a password of its own is asked with that one."""
    token, text = token_of(analyst, office)
    assert basic(text) == 200
    assert Export.objects.get().token == token
    assert basic("dil_wrong") == 401
    signed_in = Client()
    signed_in.force_login(analyst)
    header = "Basic " + base64.b64encode(b"staging:secret").decode()
    for shown in (header, "Basic \u0457", "Basic ####"):
        asked = signed_in.get(reverse("api-heatmap"), {"city": "navchannia"}, headers={"Authorization": shown})
        assert asked.status_code == 200


@pytest.mark.parametrize("name", ["api-heatmap", "api-hours", "api-hotspots"])
def test_a_token_opens_the_analysis_and_every_use_is_in_the_log(analyst: User, office: Office, name: str) -> None:
    token, text = token_of(analyst, office)
    answer = show(text, name, **HERE)
    assert answer.status_code == 200
    b"".join(answer) if answer.streaming else answer.content
    [use] = Export.objects.all()
    assert (use.token, use.asked["from"]) == (token, [HERE["from"]])
    assert use.rows is not None


def test_only_a_keyed_hash_of_a_token_is_kept(analyst: User, office: Office) -> None:
    token, text = token_of(analyst, office)
    assert len(text) > 40
    assert text not in str(Token.objects.filter(pk=token.pk).values().get())
    assert token.key_hash == token_hash(text)
    assert show(token.key_hash).status_code == 401


@pytest.mark.parametrize("text", ["", "dil_", "dil_nothing", "ї", "a b"])
def test_a_wrong_token_opens_nothing_and_says_what_is_wanted(office: Office, text: str) -> None:
    answer = show(text)
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:dilnychnyi:token-refused")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert Client().get(reverse("api-heatmap"), {"city": "navchannia"}).status_code == 401


def ends(what: str) -> Callable[[Office, User, Token], None]:
    """What may happen to a token or its owner."""
    coordinator = "coordinator@navchannia.example.org"

    def do(office: Office, owner: User, token: Token) -> None:
        now, city = timezone.now(), office.world.city
        if what == "revoked":
            revoke_token(token=token, by=owner, at=now)
        elif what == "too old":
            Token.objects.update(made_at=now - MONTH, expires_at=now)
        elif what == "disabled":
            disable(by=user_with_role(office.world, "coordinator", coordinator), whom=owner, city=city, at=now)
        elif what == "second factor reset":
            by = user_with_role(office.world, "coordinator", coordinator)
            reset_second_factor(by=by, whom=owner, city=city, at=now)
        elif what == "left":
            Membership.objects.filter(user=owner).delete()
        elif what == "another role":
            Membership.objects.filter(user=owner).update(role="moderator")
        elif what == "officer alone":
            Membership.objects.filter(user=owner).update(role="officer")

    return do


@pytest.mark.parametrize(
    "what", ["revoked", "too old", "disabled", "second factor reset", "left", "another role", "officer alone"]
)
def test_a_token_dies_with_its_owners_right(analyst: User, office: Office, what: str) -> None:
    token, text = token_of(analyst, office)
    assert show(text).status_code == 200
    ends(what)(office, analyst, token)
    assert show(text).status_code == 401


def test_a_token_of_somebody_let_in_again_stays_dead(analyst: User, office: Office) -> None:
    _token, text = token_of(analyst, office)
    ends("disabled")(office, analyst, _token)
    User.objects.update(is_active=True)
    assert show(text).status_code == 401


def test_a_token_opens_its_city_and_its_kinds_alone(analyst: User, office: Office) -> None:
    other = build_office("druhe", west=26.0)
    Membership.objects.create(user=analyst, city=other.world.city, role="analyst")
    _token, text = token_of(analyst, office)
    assert show(text, city="druhe").status_code == 403
    accepted(office, [Sent()])
    _released, releases = token_of(office.supervisor, office, RELEASES)
    _live, live = token_of(office.supervisor, office, LIVE)
    assert show(releases, what="cells").status_code == 403
    assert show(releases, "api-heatmap", of="live").status_code == 403
    assert show(live, what="cells").status_code == 200
    assert show(live, "api-changes", **HERE).status_code == 200
    assert show(live, what="areas").status_code == 403
    assert show(live, what="districts").status_code == 403
    assert show(live, "api-heatmap", of="releases").status_code == 403


def test_a_token_falls_with_its_owners_role(office: Office) -> None:
    _token, text = token_of(office.supervisor, office, RELEASES, LIVE)
    assert show(text, what="cells").status_code == 200
    Membership.objects.filter(user=office.supervisor).update(role="analyst")
    assert show(text, what="cells").status_code == 403
    assert show(text, "api-hours", of="live").status_code == 403
    assert show(text).status_code == 200


def test_a_token_opens_nothing_but_the_analysis(analyst: User, office: Office) -> None:
    _token, text = token_of(office.supervisor, office, RELEASES, LIVE)
    for address in ("/staff/", "/staff/navchannia/heatmap/", "/staff/navchannia/exports/", "/api/v1/staff/appeals/"):
        answer = Client().get(address, {"city": "navchannia"}, headers={"Authorization": f"Bearer {text}"})
        assert answer.status_code in {302, 401, 403}, address


@pytest.mark.parametrize(
    ("role", "kinds", "allowed"),
    [
        ("analyst", (RELEASES,), True), ("analyst", (LIVE,), False), ("analyst", (), False),
        ("supervisor", (RELEASES, LIVE), True), ("officer", (RELEASES,), False), ("coordinator", (RELEASES,), False),
        ("moderator", (RELEASES,), False), ("supervisor", ("letters",), False),
    ],
)  # fmt: skip
def test_tokens_are_for_analysts_and_supervisors(office: Office, role: str, kinds: Any, allowed: bool) -> None:
    owner = user_with_role(office.world, role, "one@example.org")
    given: Any = {"owner": owner, "city": office.world.city, "name": "x", "lasts": MONTH, "at": timezone.now()}
    if allowed:
        assert make_token(kinds=kinds, **given)[0].kinds == list(kinds)
    else:
        with pytest.raises(NotForTokens):
            make_token(kinds=kinds, **given)


def test_a_token_lives_for_a_year_at_most(analyst: User, office: Office) -> None:
    token, _text = token_of(analyst, office, lasts=datetime.timedelta(days=365))
    with pytest.raises(LastsTooLong):
        token_of(analyst, office, lasts=datetime.timedelta(days=366))
    with pytest.raises(IntegrityError), transaction.atomic():
        Token.objects.filter(pk=token.pk).update(expires_at=token.expires_at + MONTH)


def test_a_token_is_revoked_by_its_owner_or_a_supervisor(analyst: User, office: Office) -> None:
    token, text = token_of(office.supervisor, office)
    with pytest.raises(NotYourToken):
        revoke_token(token=token, by=analyst, at=timezone.now())
    mine, _text = token_of(analyst, office)
    revoke_token(token=mine, by=office.supervisor, at=timezone.now())
    mine.refresh_from_db()
    assert mine.revoked_by == office.supervisor
    assert show(text).status_code == 200
