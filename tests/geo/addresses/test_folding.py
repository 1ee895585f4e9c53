"""Spellings of one name meet; different names stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.addresses.folding import fold, from_wrong_layout, sound, to_latin


@given(st.text())
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэёъ' -abcxyz19"))
def test_sounding_is_idempotent(text: str) -> None:
    assert sound(sound(text)) == sound(text)


@pytest.mark.parametrize(
    "spelling",
    ["Солом'янська", "Солом’янська", "Соломʼянська", "СОЛОМ`ЯНСЬКА", "Соломянська", "Coлoм'янcька", "Соло́м'янська"],
)
def test_apostrophes_accents_case_and_look_alikes_do_not_matter(spelling: str) -> None:
    assert fold(spelling) == "соломянська"


def test_latin_words_keep_their_letters() -> None:
    assert fold("Riverpool Café") == "riverpool cafe"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Володимирська", "Владимирская"),
        ("Шевченківський", "Шевченковский"),
        ("Київська", "Киевская"),
    ],
)
def test_russian_spellings_sound_almost_alike(one: str, other: str) -> None:
    import difflib

    assert difflib.SequenceMatcher(None, sound(one), sound(other)).ratio() >= 0.85


@pytest.mark.parametrize(
    "name", ["Хрещатик", "Руська", "Згурського", "Щорса", "Гоголя", "Єнакіївська", "Ґалаґанівська"]
)
def test_transliterated_names_sound_like_themselves(name: str) -> None:
    assert sound(to_latin(name)) == sound(name)


@pytest.mark.parametrize(
    ("name", "latin"),
    # the examples of the resolution's own table
    [
        ("Алушта", "Alushta"), ("Згурський", "Zghurskyi"), ("Єнакієве", "Yenakiieve"), ("Гаєвич", "Haievych"),
        ("Короп'є", "Koropie"), ("Їжакевич", "Yizhakevych"), ("Кадиївка", "Kadyivka"), ("Мар'їне", "Marine"),
        ("Йосипівка", "Yosypivka"), ("Стрий", "Stryi"), ("Щербухи", "Shcherbukhy"), ("Гоща", "Hoshcha"),
        ("Юрій", "Yurii"), ("Корюківка", "Koriukivka"), ("Яготин", "Yahotyn"), ("Ярошенко", "Yaroshenko"),
        ("Костянтин", "Kostiantyn"), ("Знам'янка", "Znamianka"), ("Русь", "Rus"), ("ЩОРС", "SHCHORS"),
    ],
)  # fmt: skip
def test_transliteration_follows_resolution_55(name: str, latin: str) -> None:
    assert to_latin(name) == latin


def test_the_wrong_keyboard_layout_is_read() -> None:
    assert from_wrong_layout("Rfhgtyrf, 12") == "Карпенка, 12"
    assert from_wrong_layout("rb]dcmrf") == "київська"
