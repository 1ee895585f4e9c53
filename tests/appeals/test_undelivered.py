"""Mail that did not arrive: the prepared questions answer as `NoticeQuerySet.shown_to`."""

import pytest

from appeals.access import as_task
from appeals.models import Appeal, Notice, cities_read_by
from appeals.undelivered import mail_of, undelivered_by_city
from geo.models import City
from people.models import User
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import new_letter
from tests.world import NOON


@pytest.fixture
def notices(office: Office) -> list[Notice]:
    """About a plain letter, a kept one, one of another city; to somebody of the staff; some are on their way."""
    elsewhere = build_office("inshe", west=26.0)
    letters = [new_letter(world).appeal for world in (office.world, office.world, elsewhere.world)]
    Appeal.objects.filter(pk=letters[1].pk).update(
        addressee="supervisor", officer=None, why="kept", recused_supervisor=office.supervisor
    )
    for number, letter in enumerate(letters):
        for state in ("failed", "unknown", "waiting"):
            Notice.objects.create(
                event=f"{number} {state}", appeal=letter, city=letter.city, side="writer", kind="answered", state=state,
                announced_at=NOON, settled_at=None if state == "waiting" else NOON,
            )  # fmt: skip
    for reader in (office.officer, elsewhere.officer):
        Notice.objects.create(
            event=f"due {reader.pk}", reader=reader, side="officer", kind="due", state="failed",
            announced_at=NOON, settled_at=NOON,
        )  # fmt: skip
    return list(Notice.objects.all())


def test_mail_is_what_is_shown_to_the_person(office: Office, notices: list[Notice]) -> None:
    both = user_with_role(office.world, "coordinator", "both@example.org")
    both.memberships.create(city=office.world.city, role="supervisor")
    coordinator = user_with_role(office.world, "coordinator", "coordinator@example.org")
    found: dict[User, int] = {}
    for user in (office.supervisor, both, coordinator):
        with as_task("test"):  # the policies let each pass: the question alone answers
            shown = Notice.objects.shown_to(user, office.world.city)
            mail = mail_of(office.world.city, shown_to=user)
            assert mail.undelivered[0:99] == list(shown.undelivered())
            assert mail.undelivered[1:3] == list(shown.undelivered()[1:3])
            counted = {state: shown.filter(state=state).count() for state in ("failed", "unknown", "waiting")}
            assert mail.by_state == counted
            readable = Appeal.objects.visible_to(user).filter(pk__in=[each.appeal_id for each in shown])
            assert mail.is_of_readable is (readable.count() == len({each.appeal_id for each in shown} - {None}))
            found[user] = len(mail.undelivered[0:99])
    assert found == {office.supervisor: 3, both: 5, coordinator: 5}
    assert mail.undelivered[0:0] == []


def test_counts_of_cities_are_those_of_the_mail_of_each(office: Office, notices: list[Notice]) -> None:
    here, elsewhere = City.objects.order_by("-slug")
    coordinator = user_with_role(office.world, "coordinator", "coordinator@example.org")
    coordinator.memberships.create(city=elsewhere, role="supervisor")
    office.supervisor.memberships.create(city=elsewhere, role="coordinator")
    administrator = User.objects.create_superuser("root@example.org")
    administrator.memberships.create(city=here, role="supervisor")
    for user, expected in ((coordinator, (5, 3)), (office.supervisor, (3, 3)), (administrator, (5, 3))):
        with as_task("test"):
            counted = undelivered_by_city(user, {here.pk, elsewhere.pk}, reads=cities_read_by(user))
            listed = [mail_of(city, shown_to=user).undelivered[0:99] for city in (here, elsewhere)]
            assert (counted[here.pk], counted[elsewhere.pk]) == tuple(map(len, listed)) == expected
            assert undelivered_by_city(user, set(), reads=set()) == {}
