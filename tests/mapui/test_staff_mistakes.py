"""A reader reports a mistake, those who keep the cards mend and answer, and the reader comes back for the answer."""

import datetime
import re

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from appeals.access import as_task
from appeals.card_reports import REPORTS_PER_ADDRESS, forget
from appeals.delivery import deliver
from appeals.models import Notice
from people.corrections import AlreadySettled, AnswerMissing, NotYourReport, dismiss, settle, take_up
from people.models import CardReport, Officer, Proposal, User
from people.subjects import fingerprint
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.mapui.test_staff_changes import page_of, typed
from tests.world import NOON

PUBLIC, ANSWER, QUEUE = "/navchannia/1/mistake/", "/answer/", "/staff/navchannia/mistakes/"
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@pytest.fixture
def moderator(office: Office) -> User:
    return user_with_role(office.world, "moderator", "moderator@example.org")


def sent(client: Client, **more: str) -> tuple[CardReport, str]:
    """Report a mistake as a reader; return the report and the code that was shown."""
    page = client.post(PUBLIC, {"text": "Телефон не відповідає"} | more)
    found = CODE.search(page.text)
    assert found, page.text
    return CardReport.objects.latest("pk"), found[0]


def test_report_is_mended_and_its_reader_comes_back_for_the_answer(
    english: Client, office: Office, moderator: User
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
    assert (report.state, report.by, report.proposal) == ("taken", moderator, Proposal.objects.get())
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


def test_card_that_stays_as_it_is_needs_a_reason(english: Client, office: Office, moderator: User) -> None:
    report, _code = sent(english)
    english.force_login(moderator)
    page = english.post(f"{QUEUE}{report.pk}/", {"to": "declined", "answer": " "})
    assert page.status_code == 422
    assert "Say why the card stays as it is" in page.text
    with pytest.raises(AnswerMissing):
        settle(by=moderator, report=report, is_mended=False, answer="", at=NOON)


def test_spam_is_set_aside_together_and_comes_back(english: Client, office: Office, moderator: User) -> None:
    elsewhere = build_office("inshe", west=26.0)
    foreign = elsewhere.world.city.card_reports.create(district_code="1", text="Чуже", reported_at=NOON)
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
    report = office.world.city.card_reports.create(district_code="1", text="Ні", reported_at=NOON)
    settle(by=moderator, report=report, is_mended=True, answer="", at=NOON)
    with pytest.raises(AlreadySettled):
        settle(by=moderator, report=report, is_mended=True, answer="", at=NOON)
    with pytest.raises(AlreadySettled):
        take_up(by=moderator, report=report)
    stranger = user_with_role(build_office("inshe", west=26.0).world, "moderator", "foreign@example.org")
    for deed in (
        lambda: take_up(by=stranger, report=report),
        lambda: settle(by=office.officer, report=report, is_mended=True, answer="", at=NOON),
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


def test_report_named_by_somebody_elses_card_page_is_left_alone(english: Client, office: Office) -> None:
    report, _code = sent(english)
    english.force_login(office.officer)
    card = Officer.objects.get(pk=office.world.officer.pk)
    english.post(page_of(card), typed(card, name_en="X", report=report.pk, shown=fingerprint(card)))
    report.refresh_from_db()
    assert report.state == "new"
