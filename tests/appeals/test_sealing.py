"""What is sealed opens only under its key and in its place."""

import base64

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from appeals.sealing import BadKeys, CannotUnseal, KeyRing, new_key, seal, unseal

KEY = bytes(range(32))
OLD, NEW = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))
names = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
places = st.fixed_dictionaries({"table": names, "row": names, "column": names})


@given(st.binary(max_size=300), places)
def test_what_was_sealed_opens_in_its_place(plain: bytes, place: dict[str, str]) -> None:
    assert unseal(KEY, seal(KEY, plain, **place), **place) == plain


@given(places, places)
def test_what_was_moved_to_another_place_does_not_open(place: dict[str, str], other: dict[str, str]) -> None:
    assume(place != other)
    with pytest.raises(CannotUnseal):
        unseal(KEY, seal(KEY, b"word", **place), **other)


@given(st.binary(min_size=1, max_size=60), st.data())
def test_a_changed_bit_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(KEY, plain, table="t", row="r", column="c"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CannotUnseal):
        unseal(KEY, bytes(sealed), table="t", row="r", column="c")


@given(st.binary(max_size=40))
def test_no_bytes_at_all_open(sealed: bytes) -> None:
    with pytest.raises(CannotUnseal):
        unseal(KEY, sealed, table="t", row="r", column="c")


def test_the_same_words_are_sealed_differently_each_time() -> None:
    assert len({seal(KEY, b"word", table="t", row="r", column="c") for _ in range(50)}) == 50


def test_a_ring_wraps_under_its_first_key_and_unwraps_under_all() -> None:
    old = KeyRing.read(f"2025:{OLD}")
    both = KeyRing.read(f"2026:{NEW}, 2025:{OLD}")
    key = new_key()
    assert both.current == "2026"
    assert both.unwrap(old.wrap(key, row="7"), by="2025", row="7") == key
    with pytest.raises(CannotUnseal):
        old.unwrap(both.wrap(key, row="7"), by="2026", row="7")
    with pytest.raises(CannotUnseal):
        both.unwrap(both.wrap(key, row="7"), by="2026", row="8")


@pytest.mark.parametrize(
    "setting", ["", " , ", "name", "name:", f":{OLD}", "name:AAAA", f"a:{OLD},a:{NEW}", f"a:{OLD}!", "a:не ключ"]
)
def test_a_bad_setting_is_refused_without_telling_a_key(setting: str) -> None:
    with pytest.raises(BadKeys) as refused:
        KeyRing.read(setting)
    assert OLD not in str(refused.value)
