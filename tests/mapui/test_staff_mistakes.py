"""A reader reports a mistake, those who keep the cards mend and answer, and the reader comes back for the answer."""

import datetime
import re
from typing import Any, cast

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from appeals.access import as_task
from appeals.card_reports import (
    REPORTS_PER_ADDRESS,
    AlreadySettled,
    AnswerMissing,
    NotMended,
    NotYourReport,
    answer_report,
    dismiss,
    forget,
    take_report,
    take_up,
)
from appeals.delivery import deliver
from appeals.models import CardReport, Notice
from people.models import Officer, Proposal, User
from people.proposing import approve, decline
from people.subjects import fingerprint
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import new_report
from tests.connections import Begin
from tests.mapui.test_staff_changes import page_of, typed
from tests.world import NOON

PUBLIC, ANSWER, QUEUE = "/navchannia/1/mistake/", "/answer/", "/staff/navchannia/mistakes/"
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@pytest.fixture
def moderator(office: Office) -> User:
    return user_with_role(office.world, "moderator", "moderator@example.org")


@pytest.fixture
def coordinator(office: Office) -> User:
    return user_with_role(office.world, "coordinator", "coordinator@example.org")


def sent(client: Client, **more: str) -> tuple[CardReport, str]:
    """Report a mistake as a reader; return the report and the code that was shown."""
    page = client.post(PUBLIC, {"text": "Телефон не відповідає"} | more)
    found = CODE.search(page.text)
    assert found, page.text
    return CardReport.objects.latest("pk"), found[0]


def test_report_is_mended_and_its_reader_comes_back_for_the_answer(
    english: Client, office: Office, moderator: User, coordinator: User
) -> None:
    report, code = sent(english)
    assert code not in report.code_hash
    assert "Nobody has looked at it yet." in english.post(ANSWER, {"code": code.lower().replace("-", " ")}).text
    english.force_login(moderator)
    assert english.get("/staff/").text.count('tag--notice">1<span') == 1
    page = english.get(f"{QUEUE}{report.pk}/").text
    assert "Телефон не відповідає" in page
    assert "+380 44 300 0201" in page
    card = f"{page_of(office.world.officer)}?report={report.pk}"
    assert "A reader reported:" in english.get(card).text
    english.post(card, typed(office.world.officer, phone="0443000222", report=report.pk))
    report.refresh_from_db()
    waiting = Proposal.objects.get()
    assert (report.state, report.by, report.proposal) == ("taken", moderator, waiting)
    shown = fingerprint(Officer.objects.get(pk=office.world.officer.pk))
    approve(by=coordinator, proposal=waiting, shown=shown, at=NOON)
    english.post(f"{QUEUE}{report.pk}/", {"to": "mended", "answer": "Номер новий"})
    english.logout()
    english.cookies["language"] = "en"
    page = english.post(ANSWER, {"code": code}).text
    assert "The card is mended. Thank you." in page
    assert "Номер новий" in page
    assert not Notice.objects.exists()


def test_reader_with_an_email_gets_a_mail_that_tells_nothing(
    english: Client, office: Office, moderator: User, mailoutbox: list[EmailMessage]
) -> None:
    report, code = sent(english, email="reader@example.org")
    english.force_login(moderator)
    english.post(f"{QUEUE}{report.pk}/", {"to": "declined", "answer": "Телефон правильний, ми дзвонили"})
    with as_task("test"):
        notice = Notice.objects.get(report=report)
    deliver(notice.pk, clock=timezone.now)
    [mail] = mailoutbox
    assert mail.to == ["reader@example.org"]
    assert mail.subject == "Ви маєте відповідь"
    for word in ("дільнич", "поліц", "картк", "помилк", "Телефон", code):
        assert word not in (mail.subject + mail.body).replace("Дільничний", "")
    assert f"{ANSWER}\n" in mail.body
    assert report.city.slug not in mail.body


def test_nobody_is_told_that_a_card_is_mended_while_it_is_not(
    english: Client, office: Office, moderator: User, coordinator: User
) -> None:
    report, _code = sent(english)
    english.force_login(moderator)
    english.post(page_of(office.world.officer), typed(office.world.officer, phone="0443000222", report=report.pk))
    page = english.post(f"{QUEUE}{report.pk}/", {"to": "mended", "answer": ""})
    assert page.status_code == 422
    assert "The change still waits for a decision: the card is not mended yet." in page.text
    assert 'value="mended"' not in page.text
    decline(by=coordinator, proposal=Proposal.objects.get(), reason="Номер правильний", at=NOON)
    with pytest.raises(NotMended):
        answer_report(by=moderator, report=report, is_mended=True, answer="", at=NOON)
    assert "The change was not made." in english.get(f"{QUEUE}{report.pk}/").text
    english.post(f"{QUEUE}{report.pk}/", {"to": "declined", "answer": "Номер правильний"})
    report.refresh_from_db()
    assert report.state == "declined"


def test_card_that_stays_as_it_is_needs_a_reason(english: Client, office: Office, moderator: User) -> None:
    report, _code = sent(english)
    english.force_login(moderator)
    page = english.post(f"{QUEUE}{report.pk}/", {"to": "declined", "answer": " "})
    assert page.status_code == 422
    assert "Say why the card stays as it is" in page.text
    with pytest.raises(AnswerMissing):
        answer_report(by=moderator, report=report, is_mended=False, answer="", at=NOON)


def test_spam_is_set_aside_together_and_comes_back(english: Client, office: Office, moderator: User) -> None:
    elsewhere = build_office("inshe", west=26.0)
    foreign = new_report(elsewhere.world.city)
    reports = [sent(english, email="spam@example.org")[0] for _ in range(2)]
    english.force_login(moderator)
    keys = [str(each.pk) for each in (*reports, foreign)]
    page = english.post(f"{QUEUE}dismiss/", {"report": [*keys, "x", "9" * 30]}, follow=True)
    assert "2 reports set aside as spam." in page.text
    foreign.refresh_from_db()
    assert foreign.state == "new"
    reports[0].refresh_from_db()
    assert (reports[0].state, reports[0].email) == ("dismissed", "")
    english.post(f"{QUEUE}{reports[0].pk}/", {"to": "take"})
    reports[0].refresh_from_db()
    assert reports[0].state == "taken"


def test_what_is_settled_is_settled_once(office: Office, moderator: User) -> None:
    report = new_report(office.world.city)
    answer_report(by=moderator, report=report, is_mended=True, answer="", at=NOON)
    with pytest.raises(AlreadySettled):
        answer_report(by=moderator, report=report, is_mended=True, answer="", at=NOON)
    with pytest.raises(AlreadySettled):
        take_up(by=moderator, report=report)
    stranger = user_with_role(build_office("inshe", west=26.0).world, "moderator", "foreign@example.org")
    for deed in (
        lambda: take_up(by=stranger, report=report),
        lambda: answer_report(by=office.officer, report=report, is_mended=True, answer="", at=NOON),
        lambda: dismiss(by=stranger, city=office.world.city, keys=[report.pk], at=NOON),
    ):
        with pytest.raises(NotYourReport):
            deed()


def test_codes_are_not_tried_for_long(english: Client, office: Office, settings: pytest.FixtureRequest) -> None:
    settings.RECEIPT_TRIES_PER_ADDRESS = 2  # type: ignore[attr-defined]
    _report, code = sent(english)
    for wrong in ("0000-0000", "щось"):
        assert "No report has this code." in english.post(ANSWER, {"code": wrong}).text
    page = english.post(ANSWER, {"code": code})
    assert page.status_code == 429
    assert "Телефон" not in page.text


def test_same_form_sent_twice_is_one_report(english: Client, office: Office) -> None:
    key = english.get(PUBLIC).context["form"]["key"].value()
    assert sent(english, key=key)[1] == sent(english, key=key)[1]
    assert CardReport.objects.count() == 1


def test_who_goes_back_and_writes_more_is_heard_again(english: Client, office: Office) -> None:
    key = english.get(PUBLIC).context["form"]["key"].value()
    _first, code = sent(english, key=key)
    more, other = sent(english, key=key, email="reader@example.org")
    assert code != other
    assert more.email == "reader@example.org"
    assert sent(english, key=key, email="reader@example.org") == (more, other)
    assert CardReport.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_same_form_sent_twice_at_once_is_one_report(begin: Begin) -> None:
    city = build_office().world.city
    words = {"text": "Ні", "email": "", "key": "0123456789abcdef"}
    form: dict[str, Any] = {"city": city, "district_code": "1", "at": NOON} | words
    with transaction.atomic():
        first = take_report(caller="192.0.2.1", **form)
        second = begin(lambda: take_report(caller="192.0.2.2", **form))
    assert second.result() == first
    assert CardReport.objects.count() == 1


def test_one_address_does_not_use_up_the_day_of_a_city(english: Client, office: Office) -> None:
    for _ in range(REPORTS_PER_ADDRESS):
        sent(english)
    assert "Too many reports came from your address." in english.post(PUBLIC, {"text": "ще"}).text
    assert CardReport.objects.count() == REPORTS_PER_ADDRESS


def test_emails_and_old_reports_are_forgotten_with_their_notices(
    english: Client, office: Office, moderator: User
) -> None:
    report, _code = sent(english, email="reader@example.org")
    english.force_login(moderator)
    english.post(f"{QUEUE}{report.pk}/", {"to": "mended", "answer": ""})
    now = timezone.now()
    for days, email in ((13, "reader@example.org"), (15, "")):
        forget(at=now + datetime.timedelta(days=days))
        report.refresh_from_db()
        assert report.email == email
    forget(at=now + datetime.timedelta(days=366))
    with as_task("test"):
        assert not Notice.objects.exists()
    assert not CardReport.objects.exists()


def test_report_that_nobody_settles_is_forgotten_too(english: Client, office: Office, moderator: User) -> None:
    reports = [sent(english, text=text, email="reader@example.org")[0] for text in ("Перше", "Друге")]
    take_up(by=moderator, report=reports[0])
    now = timezone.now()
    for days, emails in ((89, {"reader@example.org"}), (91, {""})):
        forget(at=now + datetime.timedelta(days=days))
        assert {report.email for report in CardReport.objects.all()} == emails
    for days, left in ((364, 2), (366, 0)):
        forget(at=now + datetime.timedelta(days=days))
        assert CardReport.objects.count() == left


@pytest.mark.django_db(transaction=True)
def test_card_stays_as_it_was_where_somebody_settles_its_report_meanwhile(english: Client, begin: Begin) -> None:
    office = build_office()
    coordinator, moderator = (
        user_with_role(office.world, role, f"{role}@example.org") for role in ("coordinator", "moderator")
    )
    card = office.world.officer
    report = new_report(office.world.city)
    english.force_login(coordinator)
    with transaction.atomic():
        answer_report(by=moderator, report=report, is_mended=True, answer="", at=NOON)
        changing = begin(lambda: english.post(page_of(card), typed(card, name_en="X", report=report.pk)))
    page = cast("HttpResponse", changing.result())
    assert page.status_code == 422
    assert "This report is settled already." in page.text
    assert Officer.objects.get(pk=card.pk).name_en == card.name_en
    assert not Proposal.objects.exists()


def test_report_named_by_somebody_elses_card_page_is_left_alone(english: Client, office: Office) -> None:
    report, _code = sent(english)
    english.force_login(office.officer)
    card = Officer.objects.get(pk=office.world.officer.pk)
    english.post(page_of(card), typed(card, name_en="X", report=report.pk, shown=fingerprint(card)))
    report.refresh_from_db()
    assert report.state == "new"


def test_what_is_settled_is_listed_without_a_form(english: Client, office: Office, moderator: User) -> None:
    report, _code = sent(english)
    english.force_login(moderator)
    waiting, done = (english.get(QUEUE, query).text.partition("<main")[2] for query in ({}, {"show": "done"}))
    assert f'name="report" value="{report.pk}"' in waiting
    assert "dismiss" not in done.partition("</main>")[0]
    assert "<form" not in done.partition("</main>")[0]
