"""Pages of published questions: what everybody reads, and the desks of moderator and writer where it is prepared."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appeals import services
from appeals.access import as_staff
from appeals.models import Opening, PublicQuestion
from geo.models import City
from mapui.words_changed import words_changed
from tests.appeals.letters import later, new_letter
from tests.appeals.towns import ANSWER, QUESTION, Town, allowed, answered, build_town, offered, published
from tests.world import NOON

LIST, DESK = "/misto/questions/", "/staff/misto/moderation/"


@pytest.fixture
def town(db: None) -> Town:
    """A pilot city whose moderator and officer of the north can sign in."""
    return build_town()


def opened(client: Client, receipt: str, to: str = "") -> HttpResponse:
    """Open the letter's own page as its writer, and press a button there."""
    client.get("/letters/")
    visit = client.cookies["visit"].value
    return client.post("/letters/", {"receipt": receipt, "visit": visit} | ({"to": to} if to else {}))


# --- Everybody ----------------------------------------------------------------------------------------------


def test_a_visitor_reads_question_and_answer_with_the_day_and_no_time(client: Client, town: Town) -> None:
    sent = allowed(town)
    answered(town, sent)
    version = offered(town, sent, answer=ANSWER)
    shown = services.agree_to_version(receipt=sent.receipt, number=version.number, at=later(days=2))
    page = client.get(f"{LIST}{shown.pk}/")
    assert page.status_code == 200
    for words in (QUESTION, ANSWER, "01.06.2026", "02.06.2026", "Північна"):
        assert words in page.text
    for words in ("12:00", sent.appeal.public_number, "Тестовий Офіцер 1", sent.appeal.text):
        assert words not in page.text


def test_no_cache_and_no_search_engine_keeps_a_page(client: Client, town: Town) -> None:
    published(town)
    for path in (LIST, f"{LIST}{PublicQuestion.objects.get().pk}/"):
        page = client.get(path)
        assert "no-store" in page["Cache-Control"]
        assert page["X-Robots-Tag"] == "noindex, noarchive"


def test_the_list_is_filtered_by_standing_topic_and_square(client: Client, town: Town) -> None:
    published(town)
    sent = published(town, category="street-trade", point=None)
    answered(town, sent)
    cell = PublicQuestion.objects.exclude(cell=None).get().cell
    for query, n in (("", 2), ("?state=open", 1), ("?state=answered", 1), ("?category=noise", 1), (f"?cell={cell}", 1),
                     ("?category=noise&state=answered", 0), ("?state=nonsense", 2), ("?cell=-1", 2)):  # fmt: skip
        assert client.get(f"{LIST}{query}").context["page"].paginator.count == n, query


def test_the_list_comes_in_pages(client: Client, town: Town) -> None:
    for _number in range(21):
        published(town)
    assert len(client.get(LIST).context["page"]) == 20
    assert len(client.get(f"{LIST}?page=2").context["page"]) == 1


def test_a_city_that_is_not_served_shows_nothing(client: Client, town: Town) -> None:
    published(town)
    pk = PublicQuestion.objects.get().pk
    for stage in ("draft", "training", "closed"):
        City.objects.filter(pk=town.world.city.pk).update(stage=stage)
        assert {client.get(path).status_code for path in (LIST, f"{LIST}{pk}/")} == {404}


def test_another_citys_question_is_not_shown_here(client: Client, town: Town) -> None:
    build_town("inshe", west=26.0)
    published(town)
    assert client.get(f"/inshe/questions/{PublicQuestion.objects.get().pk}/").status_code == 404


def test_what_was_written_as_markup_stays_text(client: Client, town: Town) -> None:
    sent = allowed(town)
    version = offered(town, sent, "<script>alert(1)</script>")
    services.agree_to_version(receipt=sent.receipt, number=version.number, at=NOON)
    assert "<script>alert" not in client.get(LIST).text


# --- The writer ---------------------------------------------------------------------------------------------


def test_a_writer_allows_sees_agrees_and_takes_it_back(client: Client, town: Town) -> None:
    sent = new_letter(town.world)
    assert 'value="publish"' in opened(client, sent.receipt).text
    opened(client, sent.receipt, "publish")
    assert "unpublish" in opened(client, sent.receipt).text
    offered(town, sent)
    page = opened(client, sent.receipt)
    assert QUESTION in page.text
    assert 'value="agree:1"' in page.text
    opened(client, sent.receipt, "agree:1")
    assert QUESTION in client.get(LIST).text
    opened(client, sent.receipt, "unpublish")
    assert QUESTION not in client.get(LIST).text


def test_a_writer_declines_a_text(client: Client, town: Town) -> None:
    sent = allowed(town)
    offered(town, sent)
    opened(client, sent.receipt, "decline:1")
    assert QUESTION not in client.get(LIST).text
    assert "agree:1" not in opened(client, sent.receipt).text


def test_a_protected_letter_is_not_even_asked_about(client: Client, town: Town) -> None:
    assert "publish" not in opened(client, new_letter(town.world, category="domestic-violence").receipt).text


# --- The moderator ------------------------------------------------------------------------------------------


def test_a_moderator_prepares_looks_and_puts_it_before_the_writer(client: Client, town: Town) -> None:
    told = "Я Олена Петренко, 067 123 45 67. Шумно."
    sent = allowed(town, text=told, name="Олена Петренко", answer_by="email", email="olena@example.org")
    client.force_login(town.moderator)
    assert sent.appeal.public_number in client.get(DESK).text
    address = f"{DESK}{sent.appeal.public_number}/"
    page = client.get(address)
    assert "<mark>067 123 45 67</mark>" in page.text
    assert "067" not in page.context["form"].initial["question"]
    assert "olena@example.org" not in page.text
    assert Opening.objects.filter(user=town.moderator).count() == 1
    preview = client.post(address, {"to": "look", "question": "Шумно. Олена.", "answer": ""})
    assert "<del>" in preview.text
    assert preview.context["still"] == ["Олена"]
    assert client.post(address, {"to": "edit", "question": "Шумно.", "answer": ""}).context["form"].is_bound
    assert client.post(address, {"to": "offer", "question": "Шумно.", "answer": ""}).status_code == 302
    assert "Шумно." in opened(Client(), sent.receipt).text


@pytest.mark.parametrize(
    ("text", "still"),
    [
        ("Шумно щоночі.", []),
        ("Шумно щоночі, я не сплю. Марина.", []),
        ("Мене, олену, не чують.", ["Олена", "Оленою"]),
    ],
)
def test_trying_names_tells_a_moderator_none_that_the_letter_does_not(
    client: Client, town: Town, text: str, still: list[str]
) -> None:
    sent = allowed(town, text=text, name="Олена Петренко", answer_by="email", email="olena@example.org")
    client.force_login(town.moderator)
    tried = {"to": "look", "question": "Марія. Олена. Оленою. Іван. Петренко.", "answer": "Петренку."}
    preview = client.post(f"{DESK}{sent.appeal.public_number}/", tried)
    assert preview.context["still"] == still


@pytest.mark.parametrize("to", ["", "look", "edit", "offer", "refuse"])
def test_whoever_is_shown_a_letter_by_a_button_is_written_down_too(client: Client, town: Town, to: str) -> None:
    sent = allowed(town)
    client.force_login(town.moderator)
    text = "" if to == "offer" else QUESTION
    page = client.post(f"{DESK}{sent.appeal.public_number}/", {"to": to, "question": text, "answer": "", "reason": ""})
    assert page.status_code == 200
    assert Opening.objects.get().user == town.moderator


def test_an_answer_that_came_while_the_letter_lay_open_is_not_passed_over(client: Client, town: Town) -> None:
    sent = allowed(town)
    client.force_login(town.moderator)
    address = f"{DESK}{sent.appeal.public_number}/"
    seen = client.get(address).context["form"]["answers"].value()
    answered(town, sent)
    typed = {"question": QUESTION, "answer": ""}
    page = client.post(address, {"to": "offer", "answers": seen, **typed})
    assert page.context["form"].non_field_errors()
    assert ANSWER in page.text
    assert client.post(address, {"to": "offer", **typed}).status_code == 200
    again = client.post(address, {"to": "look", "answers": page.context["form"]["answers"].value(), **typed})
    assert 'name="answers" value="1"' in again.text
    assert client.post(address, {"to": "offer", "answers": 1, **typed}).status_code == 302


def test_a_moderator_refuses_for_a_reason(client: Client, town: Town) -> None:
    sent = published(town)
    client.force_login(town.moderator)
    address = f"{DESK}{sent.appeal.public_number}/"
    assert client.post(address, {"to": "refuse", "reason": ""}).context["refusal"].errors
    client.post(address, {"to": "refuse", "reason": "Ім’я сусіда."})
    assert QUESTION not in client.get(LIST).text
    assert "Ім’я сусіда." in opened(Client(), sent.receipt).text


def test_what_waits_for_the_moderator_stands_first(client: Client, town: Town) -> None:
    out = published(town)
    new, waits = allowed(town), allowed(town)
    offered(town, waits)
    client.force_login(town.moderator)
    page = client.get(DESK)
    assert page.context["queue"].waiting == 1
    assert page.context["queue"].page[0] == new.appeal
    answered(town, out)
    assert client.get(DESK).context["queue"].waiting == 2
    assert "Модерація" in client.get("/staff/").text


def consent_given_again(town: Town, sent: services.Submitted) -> None:
    """The writer takes the consent back and gives it again."""
    services.forbid_publishing(receipt=sent.receipt, at=later(hours=3))
    services.allow_publishing(receipt=sent.receipt, at=later(hours=4))


def no_spam_after_all(town: Town, sent: services.Submitted) -> None:
    """The officer takes it for spam, and then not."""
    with as_staff(town.officer, on=NOON.date()):
        services.mark_spam(appeal=sent.appeal, by=town.officer, at=later(hours=3))
        services.not_spam(appeal=sent.appeal, by=town.officer, at=later(hours=4))


@pytest.mark.parametrize("gone", [consent_given_again, no_spam_after_all])
def test_a_letter_whose_agreed_text_is_gone_waits_for_the_moderator_again(
    client: Client, town: Town, gone: Callable[[Town, services.Submitted], None]
) -> None:
    sent = published(town)
    client.force_login(town.moderator)
    assert client.get(DESK).context["queue"].waiting == 0
    gone(town, sent)
    page = client.get(DESK)
    assert page.context["queue"].waiting == 1
    assert "прибрано із сайту" in page.text
    version = offered(town, sent)
    services.agree_to_version(receipt=sent.receipt, number=version.number, at=later(hours=5))
    page = client.get(DESK)
    assert page.context["queue"].waiting == 0
    assert "прибрано із сайту" not in page.text


def test_the_desk_asks_the_database_as_often_for_many_letters_as_for_few(client: Client, town: Town) -> None:
    client.force_login(town.moderator)
    asked = []
    for _round in range(2):
        for _number in range(3):
            allowed(town)
        with CaptureQueriesContext(connection) as queries:
            client.get(DESK)
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("one two", "one two", "one two"),
        ("one two", "one", "one<del> two</del>"),
        ("a <b>", "a <i>", "a &lt;<del>b</del><ins>i</ins>&gt;"),
        ("", "x", "<ins>x</ins>"),
    ],
)
def test_changes_are_told_word_by_word_and_escaped(before: str, after: str, marked: str) -> None:
    assert words_changed(before, after) == marked
