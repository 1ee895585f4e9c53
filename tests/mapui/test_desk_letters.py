"""Letters that come on paper or by phone, written down at the desk: a receipt once, and nobody given away."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.appeals.conftest import build_office
from tests.mapui.office_pages import CITY, reading


@pytest.mark.django_db(transaction=True)
def test_a_paper_letter_gets_a_receipt_once_however_often_it_is_sent(client: Client) -> None:
    office = build_office()
    desk = reverse("staff_appeal_enter", args=[CITY])
    reader = reading(client, office.officer)
    entered = {
        "key": reader.get(desk).context["form"]["key"].value(), "source": "paper", "lane": "message",
        "stance": "myself", "category": "elderly", "district": "1", "text": "A man sells filters.",
        "answer_by": "receipt", "keep_from": "nobody",
    }  # fmt: skip
    first, second = (reader.post(desk, entered) for _ in range(2))
    assert 'class="receipt__qr"' in first.text
    assert first.context["sent"].receipt == second.context["sent"].receipt
    assert first.context["sent"].receipt in first.text
    refused = reader.post(desk, entered | {"key": "another-key-of-16-chars", "lane": "formal"})
    assert "A formal appeal needs" in refused.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("category", "is_bare"), [("noise", False), ("domestic-violence", True)])
def test_a_receipt_from_the_desk_gives_nobody_away(client: Client, category: str, is_bare: bool) -> None:
    office = build_office()
    desk = reverse("staff_appeal_enter", args=[CITY])
    reader = reading(client, office.officer)
    entered = {
        "key": reader.get(desk).context["form"]["key"].value(), "source": "paper", "lane": "message",
        "stance": "myself", "category": category, "district": "1", "text": "He shouts at night.",
        "answer_by": "receipt", "keep_from": "nobody",
    }  # fmt: skip
    page = reader.post(desk, entered).text
    paper = page.partition('class="surface receipt')[2].partition("</section>")[0]
    assert ("receipt--bare" in page) is is_bare
    assert ("testserver/letters/" in paper) is not is_bare
    assert "testserver/letters/" in page, "the officer says it aloud"


@pytest.mark.django_db(transaction=True)
def test_a_phoned_letter_is_kept_from_the_officer_where_the_caller_asks_so(client: Client) -> None:
    office = build_office()
    desk = reverse("staff_appeal_enter", args=[CITY])
    above = reading(client, office.supervisor)
    told = {
        "key": above.get(desk).context["form"]["key"].value(), "source": "phone", "lane": "message",
        "stance": "myself", "category": "other", "district": "1", "text": "It is about the officer.",
        "answer_by": "receipt", "residence": "Typed before the lane was changed", "keep_from": "officer",
    }  # fmt: skip
    page = above.post(desk, told)
    assert "the head of the sector, North" in page.text
    letter = page.context["sent"].appeal
    assert (letter.addressee, letter.recused_officer, letter.writer.residence) == (
        "supervisor", office.world.officer, "",
    )  # fmt: skip
    refused = above.post(desk, told | {"key": "another-key-of-16-chars", "keep_from": "supervisor"})
    assert "Nobody else here could answer" in refused.text
    assert len(refused.context["form"].non_field_errors()) > 1
