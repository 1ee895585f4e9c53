"""Reading a file: every dialect offices use, and a reason for what cannot be read."""

import datetime
import io
import zipfile

import pytest
from openpyxl import Workbook

from people.importing import FileRefused, read_officers_file


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
    book = Workbook()
    book.active.append(["ПІБ", "телефон", "дільниці", "з"])
    book.active.append(["Нова Людина", 380443000299, 3.0, datetime.datetime(2026, 5, 1)])
    file = io.BytesIO()
    book.save(file)
    cells = read_officers_file(file.getvalue(), name="o.xlsx").rows[0].cells
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
