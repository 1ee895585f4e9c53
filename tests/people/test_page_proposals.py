"""Pages of text change by proposal and approval too: each approval publishes another version."""

import datetime

import pytest

from people.models import Page, PageVersion, Proposal, User
from people.page_proposals import KINDS, PAGE, pages_now
from people.pages import page_of, publish, shipped
from people.proposal_rules import ChangedMeanwhile, NotYoursToDecide, NotYoursToPropose
from people.proposing import approve, propose, undo
from people.subjects import fingerprint
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.world import NOON

LATER = NOON + datetime.timedelta(hours=1)
ABOUT = PageVersion.Kind.ABOUT


@pytest.fixture
def office(db: None) -> Office:
    return build_office()


@pytest.fixture
def moderator(office: Office) -> User:
    return user_with_role(office.world, "moderator", "moderator@example.org")


@pytest.fixture
def coordinator(office: Office) -> User:
    return user_with_role(office.world, "coordinator", "coordinator@example.org")


def about(office: Office) -> Page:
    return pages_now(office.world.city, [ABOUT])[0]


def proposed(office: Office, by: User, uk: str = "Наше місто.") -> Proposal:
    page = about(office)
    return propose(
        by=by, city=office.world.city, row=page, changes={"text_uk": uk}, why="Так коротше", shown=fingerprint(page),
        at=NOON,
    )  # fmt: skip


def test_a_page_stays_as_it_is_until_the_proposal_is_approved(
    office: Office, moderator: User, coordinator: User
) -> None:
    waiting = proposed(office, moderator)
    assert waiting.was == {"text_uk": shipped(ABOUT).uk}
    assert page_of(ABOUT, office.world.city) == shipped(ABOUT)
    with pytest.raises(NotYoursToDecide):
        approve(by=moderator, proposal=waiting, shown=fingerprint(about(office)), at=LATER)
    done = approve(by=coordinator, proposal=waiting, shown=fingerprint(about(office)), at=LATER)
    version = PageVersion.objects.get(city=office.world.city)
    assert (version.text_uk, version.text_en, version.by, version.at) == (
        "Наше місто.", shipped(ABOUT).en, coordinator, LATER
    )  # fmt: skip
    assert done.became == {"text_uk": "Наше місто."}


def test_undoing_the_first_change_lets_the_page_follow_the_sites_text_again(
    office: Office, moderator: User, coordinator: User
) -> None:
    done = approve(
        by=coordinator, proposal=proposed(office, moderator), shown=fingerprint(about(office)), at=LATER
    )  # fmt: skip
    undo(by=coordinator, city=office.world.city, done=done, at=LATER)
    assert PageVersion.objects.of(office.world.city, ABOUT)[0].follows
    assert page_of(ABOUT, office.world.city) == shipped(ABOUT)


def test_undoing_lets_the_page_follow_a_site_that_says_something_else_by_now(
    office: Office, moderator: User, coordinator: User
) -> None:
    administrator = User.objects.create_superuser("admin@example.org", "long enough to be one")
    publish(by=administrator, city=None, kind=ABOUT, uk="Сайт.", en="Site.", after=0, at=NOON)
    done = approve(
        by=coordinator, proposal=proposed(office, moderator), shown=fingerprint(about(office)), at=LATER
    )  # fmt: skip
    publish(by=administrator, city=None, kind=ABOUT, uk="Сайт нині.", en="Site now.", after=1, at=LATER)
    undo(by=coordinator, city=office.world.city, done=done, at=LATER)
    assert page_of(ABOUT, office.world.city).uk == "Сайт нині."


def test_a_page_that_was_published_since_is_not_written_over_unseen(
    office: Office, moderator: User, coordinator: User
) -> None:
    waiting, seen = proposed(office, moderator), fingerprint(about(office))
    publish(by=coordinator, city=office.world.city, kind=ABOUT, uk="Інше.", en="", after=0, at=NOON)
    with pytest.raises(ChangedMeanwhile):
        approve(by=coordinator, proposal=waiting, shown=seen, at=LATER)
    assert page_of(ABOUT, office.world.city).uk == "Інше."


def test_of_two_who_publish_at_one_time_the_second_is_refused(office: Office, coordinator: User) -> None:
    page = about(office)  # as both have read it
    publish(by=coordinator, city=office.world.city, kind=ABOUT, uk="Інше.", en="", after=0, at=NOON)
    page.text_uk = "Своє."
    with pytest.raises(ChangedMeanwhile):
        PAGE.save(page, ["text_uk"], by=coordinator, at=LATER)


def test_an_officer_and_a_stranger_propose_no_page(office: Office) -> None:
    for stranger in (office.officer, User.objects.create_user("nobody@example.org")):
        with pytest.raises(NotYoursToPropose):
            proposed(office, stranger)


def test_every_page_has_its_place_and_other_numbers_none(office: Office) -> None:
    city = office.world.city
    assert [PAGE.row(page.pk, city) for page in pages_now(city)] == pages_now(city)
    assert [page.kind for page in pages_now(city)] == list(KINDS)
    assert PAGE.row(0, city) is PAGE.row(len(KINDS) + 1, city) is PAGE.row(1, None) is None
