"""What may not be written about a measure is found; ordinary words pass."""

import pytest

from analysis.prevention.words import personal_part


@pytest.mark.parametrize(
    "text",
    [
        "Поговорили з ivan@example.org",
        "дзвонити 067 123 45 67",
        "+38 (067) 123-45-67",
        "кв. 12, другий поверх",
        "двір біля буд. 7",
        "вул. Шевченка, 12",
        "flat 4",
    ],
)
def test_contacts_and_homes_are_found(text):
    assert personal_part(text)


@pytest.mark.parametrize(
    "text",
    [
        "Патруль щовечора з 20:00 до 22:00",
        "Запит до міськради № 1234 від 12.11.2026",
        "Обхід 2026-11-12 та 2026-11-13",
        "Поговорили з мешканцями двору, 15 осіб",
        "Будинок культури просить світла",
        "Перекрито вул. Шевченка на час ремонту",
        "",
    ],
)
def test_what_was_done_passes(text):
    assert personal_part(text) == ""
