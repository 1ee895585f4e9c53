"""The streets of a district on a page of its own: by the list first, by the polygon second."""

from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from geo.models import District, House, Street
from geo.territories.reading import read_text
from geo.territories.recording import compile_reading, record_territories
from mapui.views.streets import houses_in_words
from tests.world import LONG_AGO, World


def street(world: World, name: str, numbers: range) -> None:
    """Houses in the northern district."""
    made = Street.objects.create(city=world.city, name_uk=name)
    for number in numbers:
        House.objects.create(street=made, number=str(number), location=world.in_north)


def put_in_force(world: World, text: str) -> None:
    record_territories(
        city=world.city, compiled=compile_reading(world.city, read_text(text)), source="перелік", sha256="",
        recorded_at=LONG_AGO, recorded_by="tests",
    )  # fmt: skip


def page(client: Client, code: str = "1") -> str:
    response = client.get(reverse("district_streets", args=["kvadraty", code]))
    assert response.status_code == HTTPStatus.OK
    return " ".join(response.content.decode().split())


def test_without_a_list_the_polygon_says_the_streets(world: World, client: Client) -> None:
    street(world, "вулиця Перша", range(1, 9))
    shown = page(client)
    assert "вулиця Перша</dt> <dd>усі будинки</dd>" in shown
    assert "Складено за межею дільниці, накресленою на карті." in shown
    assert "Тестовий Офіцер 1" in shown and "tel:+380443000201" in shown and "вул. Перша, 1" in shown


def test_a_list_decides_before_the_polygon_and_the_page_says_so(world: World, client: Client) -> None:
    street(world, "вулиця Перша", range(1, 9))
    street(world, "вулиця Друга", range(1, 4))
    put_in_force(world, "Дільниця № 2\nвул. Перша: 5–8\n")
    first, second = page(client, "1"), page(client, "2")
    assert "<dd>1, 3, 2, 4</dd>" in first and "вулиця Друга" in first
    assert "<dd>5–8</dd>" in second and "вулиця Друга" not in second
    assert "За переліком вулиць № 1, чинним від 01.01.2025." in second
    assert "Де перелік не називає" not in second
    assert "Складено за межею дільниці, накресленою на карті." in first


def test_a_district_without_known_houses_says_so_and_who_answers(world: World, client: Client) -> None:
    shown = page(client, "3")
    assert "Жодного будинку цієї дільниці ще не відомо" in shown
    assert "дільниці зараз немає" in shown or "Станція" in shown


def test_the_card_leads_there_and_a_code_with_a_slash_does_too(world: World, client: Client) -> None:
    card = client.get(reverse("district", args=["kvadraty", "1"])).content.decode()
    assert 'href="/kvadraty/1/streets/"' in card
    District.objects.filter(pk=world.north.pk).update(code="12/1")
    assert "Північна" in page(client, "12/1")
    assert client.get("/kvadraty/99/streets/").status_code == HTTPStatus.NOT_FOUND


def test_more_streets_ask_no_more_questions_of_the_database(world: World, client: Client) -> None:
    counts = []
    for names in (("вулиця Перша",), ("вулиця Друга", "вулиця Третя", "вулиця Четверта")):
        for name in names:
            street(world, name, range(1, 6))
        page(client)
        with CaptureQueriesContext(connection) as asked:
            page(client)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


@pytest.mark.parametrize(
    ("printed", "told"), [("всі", "all houses"), ("1–7 (непарні), 2, 4А", "1–7 (odd), 2, 4А"), ("парні, 3", "even, 3")]
)
def test_sides_are_told_in_the_readers_language(printed: str, told: str) -> None:
    with override("en"):
        assert houses_in_words(printed) == told
