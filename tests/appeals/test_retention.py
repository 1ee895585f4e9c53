"""Terms of keeping: what an upgrade takes over, what a restore does with them, how a superuser changes one."""

import datetime
import importlib
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appeals import card_reports
from appeals.management.commands.restore import RULES_CAME_WITH, Command
from appeals.models import Appeal, CardReport, RetentionRule, terms
from people.models import User
from tests.appeals.conftest import Office
from tests.appeals.letters import new_report
from tests.appeals.over import FIVE, YEAR, keep, noon, whole_letter

rows = importlib.import_module("appeals.migrations.0093_retention_rules").rows


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"LETTERS_KEPT_YEARS": "100"}, r"LETTERS_KEPT_YEARS is 100.* from 1 to 75\. Set LETTERS_KEPT_YEARS to one"),
        ({"READING_LOG_KEPT_YEARS": "0"}, "READING_LOG_KEPT_YEARS is 0"),
        ({"CONTACTS_KEPT_YEARS": "two"}, "CONTACTS_KEPT_YEARS is two"),
        ({"CONTACTS_KEPT_YEARS": "6"}, "Set CONTACTS_KEPT_YEARS to 5 at most, and migrate again"),
    ],
)
def test_an_upgrade_names_the_variable_that_is_no_term(environ: dict[str, str], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        rows(environ)


def test_an_upgrade_cuts_a_source_that_is_too_long() -> None:
    letters = rows({"LETTERS_KEPT_YEARS": " 7 ", "LETTERS_KEPT_BY": "Наказ " * 60})[1]
    assert (letters["years"], len(letters["source"])) == (7, 300)


@pytest.mark.parametrize(("by", "whose"), [("Наказ 7", "Наказ 7"), ("", "рішення оператора")])
def test_a_shorter_term_of_an_operator_is_their_own_least(by: str, whose: str) -> None:
    letters = rows({"LETTERS_KEPT_YEARS": "3", "LETTERS_KEPT_BY": by})[1]
    assert (letters["years"], letters["least_years"], letters["least_source"]) == (3, 3, whose)
    assert "578/5" in rows({"LETTERS_KEPT_YEARS": "7"})[1]["least_source"]


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """The facts of a backup from before the terms of keeping."""
    (tmp_path / "facts.json").write_text(json.dumps({"migrations": {"appeals.0092_answers_have_their_day": ""}}))
    return tmp_path


def restored(backup: Path, **environ: str) -> str:
    """What a restore says of erasing by rule."""
    Command(stdout=(told := StringIO())).erase_by_rule(backup, environ)
    return told.getvalue()


def test_a_restore_erases_nothing_by_terms_that_nobody_set(
    office: Office, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: noon(FIVE))
    whole_letter(office)
    told = restored(backup)
    assert not Appeal.objects.get().is_erased
    for words in ("nothing was erased", "term of letters: 5 years", "letters due: 1", "erase_expired --dry-run"):
        assert words in told
    assert "letters erased: 1" in restored(backup, LETTERS_KEPT_YEARS="5")
    assert Appeal.objects.get().is_erased


def test_a_restore_erases_by_the_terms_in_the_backup(
    office: Office, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: noon(FIVE))
    whole_letter(office)
    (backup / "facts.json").write_text(json.dumps({"migrations": {RULES_CAME_WITH: ""}}))
    assert "letters erased: 1" in restored(backup)


def changed(client: Client, what: str, **form: Any) -> Any:
    """Post the page of a term; 302 where it was kept."""
    rule = RetentionRule.objects.get(what=what)
    address = reverse("admin:appeals_retentionrule_change", args=[rule.pk])
    return client.post(address, {"number": rule.number, "source": rule.source} | form)


@pytest.fixture
def superuser(client: Client) -> Client:
    """A client of a superuser who reads English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(User.objects.create_superuser("root@example.org"))
    return client


def test_other_years_want_their_source_looked_at(db: None, superuser: Client) -> None:
    page = changed(superuser, "letters", number=7)
    assert "Change it, or say that it stands." in page.content.decode()
    assert changed(superuser, "letters", number=7, source_stands="on").status_code == 302
    assert changed(superuser, "letters", number=8, source="Order 8").status_code == 302
    assert RetentionRule.objects.get(what="letters").number == 8
    *_, said = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
    assert "7 → 8" in said
    assert said.endswith(" → Order 8")


def test_a_shorter_term_is_kept_once_its_price_was_seen(
    office: Office, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep("contacts", 3, "Order 3")
    whole_letter(office)
    monkeypatch.setattr(timezone, "now", lambda: noon(YEAR))
    superuser.force_login(User.objects.get(email="root@example.org"))
    page = changed(superuser, "contacts", number=1, source="Order 1")
    assert page.status_code == 200
    assert (
        "letters: 0; names and contacts: 1; days of the log of openings: 0; reports of mistakes: 0; their e-mails: 0"
        in page.content.decode()
    )
    assert 'type="checkbox" name="seen" value="1 0 1 0 0 0"' in " ".join(page.content.decode().split())
    again = changed(superuser, "contacts", number=2, source="Order 1", seen="1 0 1 0 0 0")
    assert "names and contacts: 0" in again.content.decode(), "another term has another price"
    assert RetentionRule.objects.get(what="contacts").number == 3
    assert changed(superuser, "contacts", number=1, source="Order 1", seen="1 0 1 0 0 0").status_code == 302
    assert RetentionRule.objects.get(what="contacts").number == 1


def test_a_report_is_forgotten_by_its_rules(office: Office) -> None:
    now = timezone.now()
    for days in (20, 50, 400, 800):
        came = now - datetime.timedelta(days=days)
        new_report(office.world.city, email="reader@example.org", reported_at=came)
        new_report(
            office.world.city, email="reader@example.org", reported_at=came, settled_at=came, by=office.supervisor,
            state="mended",
        )  # fmt: skip
    assert card_reports.counts_due(at=now) == (6, 4)
    keep("emails", 30)
    keep("open_emails", 100)
    keep("reports", 2)
    assert card_reports.counts_due(at=now) == (5, 2)
    told = dry_run()
    for words in ("term of reports: 2 years", "term of emails: 30 days", "e-mails due: 5; reports due: 2"):
        assert words in told
    assert card_reports.forget(at=now) == (5, 2)
    assert CardReport.objects.count() == 6


def dry_run() -> str:
    """What `erase_expired` tells before it erases."""
    call_command("erase_expired", dry_run=True, stdout=(told := StringIO()))
    return told.getvalue()


def test_a_shorter_term_of_reports_tells_what_it_erases(office: Office, superuser: Client) -> None:
    came = timezone.now() - datetime.timedelta(days=50)
    new_report(office.world.city, email="reader@example.org", reported_at=came)
    page = changed(superuser, "open_emails", number=40, source="Order 40").content.decode()
    assert "reports of mistakes: 0; their e-mails: 1" in page
    assert changed(superuser, "open_emails", number=40, source="Order 40", seen="40 0 0 0 0 1").status_code == 302
    assert terms().open_emails_days == 40


@pytest.mark.parametrize(("what", "number"), [("letters", 4), ("emails", 2), ("emails", 366), ("reports", 76)])
def test_a_term_that_may_not_be_is_told_on_its_page(db: None, superuser: Client, what: str, number: int) -> None:
    page = changed(superuser, what, number=number, source="Order")
    assert page.status_code == 200
    assert page.context["adminform"].form.errors.keys() == {"number"}


def test_whoever_reports_a_mistake_and_the_page_about_data_read_the_rules(office: Office, client: Client) -> None:
    keep("emails", 30, "Наказ 30")
    keep("open_emails", 40)
    keep("reports", 2)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    form = {"text": "Не той телефон", "email": "reader@example.org"}
    address = f"/{office.world.city.slug}/1/mistake/"
    asked, sent = client.get(address).text, client.post(address, form).text
    for page in (asked, sent, client.get("/privacy/").text):
        told = page.replace("\N{NO-BREAK SPACE}", " ")
        assert "30 days after the answer" in told
        assert "after 40 days" in told
        assert "after 2 years" in told
        assert "Наказ 30" in told
