"""Reading a file: every dialect offices use, and a reason for what cannot be read."""

import datetime
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from people.importing import FileRefused, read_officers_file


def workbook(*lines: list[object]) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_csv_is_read_in_every_dialect_offices_use(separator: str, encoding: str):
    lines = [["ПІБ", "Телефон", "Дільниця"], ["Їжакевич Ґаля", "044 300 02 99", '"1;2"']]
    content = "\r\n".join(separator.join(line) for line in lines).encode(encoding, errors="replace")
    table = read_officers_file(content, name="o.csv")
    assert table.columns == ("name_uk", "phone", "districts")
    assert table.rows[0]["name_uk"] == "Їжакевич Ґаля"
    assert table.rows[0]["districts"] == "1;2"


def test_xlsx_numbers_and_dates_are_read_as_people_typed_them():
    content = workbook(
        ["ПІБ", "телефон", "дільниці", "з"], ["Нова Людина", 380443000299, 3.0, datetime.datetime(2026, 5, 1)]
    )
    cells = read_officers_file(content, name="o.xlsx").rows[0].cells
    assert cells == {"name_uk": "Нова Людина", "phone": "380443000299", "districts": "3", "from": "2026-05-01"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"\x00\x01\x02\x98", "not a table"),
        (b"PK\x03\x04nonsense", "cannot be opened|can be opened"),
        (b"x" * 5_000_001, "at most 5 MB"),
        (b"name,districts\n" + b"a,1\n" * 5_001, "more than 5000 rows"),
        (b"name,districts\n" + b'"' + b"a" * 1_001 + b'",1\n', "longer than 1000"),
        ("ПІБ,name_uk\nа,б\n".encode(), "two columns"),
    ],
)
def test_unreadable_file_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(FileRefused, match=reason):
        read_officers_file(content, name="o.csv")


def test_xlsx_that_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 61_000_000)
    with pytest.raises(FileRefused, match="too much data"):
        read_officers_file(file.getvalue(), name="bomb.xlsx")


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts rewritten."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return file.getvalue()


def with_damaged_stream(content: bytes) -> bytes:
    """The workbook with the compressed bytes of every part spoilt."""
    spoilt = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            start = part.header_offset + 30 + len(part.filename)
            spoilt[start : start + part.compress_size] = b"\xff" * part.compress_size
    return bytes(spoilt)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: with_part(content, "xl/styles.xml", lambda xml: re.sub(rb"<fill>.*?</fill>", b"<fill/>", xml)),
        with_damaged_stream,
        lambda content: content[: len(content) // 2],
    ],
    ids=["empty fill", "spoilt stream", "half of the file"],
)
def test_damaged_workbook_is_refused_with_advice(damage: Callable[[bytes], bytes]):
    content = damage(workbook(["ПІБ", "телефон", "дільниці"], ["Нова Людина", "0443000299", "3"]))
    with pytest.raises(FileRefused, match="Save it again"):
        read_officers_file(content, name="o.xlsx")


def test_separator_is_found_from_the_header_however_long_the_rows_are():
    row = ["Нова Людина", "0443000299", "3", *["довго " * 30] * 8]
    header = ["ПІБ", "телефон", "дільниці", *(f"нотатка {number}" for number in range(8))]
    table = read_officers_file("\n".join(",".join(line) for line in (header, row)).encode(), name="o.csv")
    assert (table.columns, table.rows[0]["districts"]) == (("name_uk", "phone", "districts"), "3")
