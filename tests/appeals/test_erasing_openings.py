"""The log of openings: a day whose term is over keeps its digest, and the log still fits."""

import pytest
from django.db.utils import ProgrammingError

from appeals import services
from appeals.access import as_task
from appeals.models import Opening, OpeningDigest
from appeals.services import reading_log
from appeals.services.erasing import ERASE, erase_openings, expired_days
from geo.moments import local_day
from tests.appeals.conftest import Office
from tests.appeals.letters import later, new_letter
from tests.appeals.over import DAY, YEAR, keep, noon
from tests.world import NOON, TODAY


@pytest.fixture(autouse=True)
def kept_for_a_year(db: None) -> None:
    """Keep the log for one year: every day of its term is sealed."""
    keep("openings", 1)


def test_an_expired_day_keeps_its_digest_and_the_log_still_fits(office: Office) -> None:
    letter = new_letter(office.world).appeal
    for days in (0, 0, 1):
        services.open_letter(appeal=letter, user=office.officer, at=later(days=days))
    now = noon(YEAR)
    reading_log.seal_days_until(local_day(now) - DAY, now=now)
    assert expired_days(on=YEAR - DAY) == []
    assert expired_days(on=YEAR) == [TODAY]
    assert erase_openings(TODAY) == 2
    assert Opening.objects.count() == 1
    assert OpeningDigest.objects.filter(openings__gt=0).count() == 2
    assert reading_log.verify(now=now) == []
    assert expired_days(on=YEAR) == []
    [misfit] = reading_log.verify(now=now - DAY)
    assert misfit.day == TODAY, "a day too early it is found out"


def test_a_day_that_lost_some_of_its_openings_is_found_out_even_after_its_term(office: Office) -> None:
    letter = new_letter(office.world).appeal
    for _ in range(2):
        services.open_letter(appeal=letter, user=office.officer, at=NOON)
    now = noon(YEAR)
    reading_log.seal_days_until(local_day(now) - DAY, now=now)
    with as_task(ERASE):
        first = Opening.objects.order_by("pk").first()
        assert first
        Opening.objects.filter(pk=first.pk).delete()
    [misfit] = reading_log.verify(now=now)
    assert misfit.trouble == reading_log.Trouble.REMOVED


def test_openings_of_a_day_without_a_digest_stay(office: Office) -> None:
    services.open_letter(appeal=new_letter(office.world).appeal, user=office.officer, at=NOON)
    assert expired_days(on=YEAR) == []
    with pytest.raises(ProgrammingError, match="leaves a digest"):
        erase_openings(TODAY)
