"""A receipt survives being copied by hand, said over the phone and typed on a Ukrainian keyboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals import receipts

SECRET = b"a secret of the test"
keys = st.text(alphabet=[chr(code) for code in range(0x21, 0x7F)], min_size=16, max_size=128)


@given(keys)
def test_the_same_key_gives_the_same_receipt_and_another_secret_another(key: str) -> None:
    receipt = receipts.receipt_for(key, SECRET)
    assert receipt == receipts.receipt_for(key, SECRET)
    assert receipt != receipts.receipt_for(key, b"another secret")
    assert receipts.grouped(receipts.normalise(receipt)) == receipt


@given(keys, st.data())
def test_every_way_to_write_a_receipt_opens_the_same_letter(key: str, data: st.DataObject) -> None:
    receipt = receipts.receipt_for(key, SECRET)
    ways = {
        "0": "0Oo Оо", "1": "1IiLl Іі", "A": "AaАа", "B": "BbВ", "C": "CcСс", "E": "EeЕе", "H": "HhН", "K": "KkКк",
        "M": "MmМ", "P": "PpРр", "T": "TtТт", "X": "XxХх", "Y": "YyУу", "3": "3Зз",
    }  # fmt: skip
    typed = ""
    for character in receipt.replace("-", ""):
        typed += data.draw(st.sampled_from([way for way in ways.get(character, character) if way != " "]))
        typed += data.draw(st.sampled_from(["", "", "-", " ", "—", " - "]))
    assert receipts.receipt_hash(typed, SECRET) == receipts.receipt_hash(receipt, SECRET)


def test_a_receipt_carries_eighty_bits() -> None:
    assert receipts.BITS >= 80
    assert len({receipts.receipt_for(f"key number {n:06}", SECRET) for n in range(2_000)}) == 2_000


@pytest.mark.parametrize(
    "typed", ["", "7K2M", "7K2M-Q8RD-4VXT-9HB", "7K2M-Q8RD-4VXT-9HBA2", "7K2M-Q8RD-4VXT-9HBU", "ю" * 16]
)
def test_what_cannot_be_a_receipt_is_told_apart(typed: str) -> None:
    with pytest.raises(receipts.NotAReceipt):
        receipts.normalise(typed)


def test_hashes_for_two_purposes_differ() -> None:
    assert receipts.keyed_hash("content", "x", SECRET) != receipts.keyed_hash("receipt-at-rest", "x", SECRET)
