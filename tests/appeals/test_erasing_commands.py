"""The command and the job that erase what is due."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from appeals import jobs
from appeals.models import Appeal, CardReport
from appeals.services import reading_log
from tests.appeals.conftest import Office
from tests.appeals.letters import new_report
from tests.appeals.over import FIVE, keep, noon, whole_letter
from tests.world import TODAY


def told_by(command: str, *args: str, **options: Any) -> str:
    """What a command says, without the terms that a dry run names first."""
    told = StringIO()
    call_command(command, *args, stdout=told, **options)
    return "".join(line for line in told.getvalue().splitlines(keepends=True) if not line.startswith("term of "))


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run commands and jobs on the day a letter of NOON is erased."""
    monkeypatch.setattr(timezone, "now", lambda: noon(FIVE))


@pytest.mark.usefixtures("now")
def test_a_dry_run_counts_and_changes_nothing(office: Office) -> None:
    whole_letter(office)
    reading_log.seal_days_until(TODAY, now=noon(FIVE))
    counted = "navchannia: letters due: 1; names and contacts due: 0\nreading log: days due: 1\n"
    assert told_by("erase_expired", dry_run=True) == counted
    assert told_by("erase_expired", dry_run=True) == counted
    assert told_by("erase_expired", city="navchannia") == (
        "navchannia: letters erased: 1; names and contacts erased: 0\n"
    )
    assert told_by("erase_expired") == "reading log: days erased: 1, 1 openings\n"
    assert told_by("erase_expired") == "Nothing is due.\n"


@pytest.mark.usefixtures("now")
def test_the_job_erases_at_night(office: Office) -> None:
    whole_letter(office)
    jobs.erase_expired(timestamp=0)
    assert Appeal.objects.get().is_erased


@pytest.mark.usefixtures("now")
def test_reports_of_mistakes_are_forgotten_by_hand_too(office: Office) -> None:
    new_report(office.world.city, email="reader@example.org")
    assert told_by("erase_expired", dry_run=True) == "reports of mistakes: e-mails due: 1; reports due: 1\n"
    assert told_by("erase_expired", city="navchannia") == "Nothing is due.\n"
    assert told_by("erase_expired") == "reports of mistakes: e-mails erased: 1; reports erased: 1\n"
    assert not CardReport.objects.exists()


def test_a_dry_run_names_each_term_and_its_source(office: Office) -> None:
    keep("letters", 7, "Наказ 7")
    call_command("erase_expired", dry_run=True, stdout=(told := StringIO()))
    assert told.getvalue().splitlines()[:3] == [
        "term of contacts: 1 year, строк визначив оператор; скаргу на рішення можна подати протягом року, "
        "але не пізніше місяця від дня, коли про нього дізналися (393/96-ВР, ст. 17)",
        "term of letters: 7 years, Наказ 7",
        "term of openings: 5 years, обіцянка сервісу",
    ]
