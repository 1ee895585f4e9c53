"""Statements that answer in JSON: prepared once a connection, and right in whatever state it is."""

from pathlib import Path

import pytest
from django.db import DataError, connection, transaction

from geo.prepared import PreparedStatement


def statement(folder: Path, sql: str) -> PreparedStatement:
    file = folder / "statement.sql"
    file.write_text(sql)
    return PreparedStatement(file)


@pytest.fixture
def divided(tmp_path: Path) -> PreparedStatement:
    return statement(
        tmp_path,
        "-- a division\nSELECT %(text)s::text AS text, 6 / %(by)s::int AS sixth, %(text)s::text AS again",
    )


def prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'dilnychnyi_%'")
        [count] = cursor.fetchone()
    return int(count)


@pytest.mark.django_db(transaction=True)
def test_statement_is_prepared_once_a_connection(divided: PreparedStatement) -> None:
    connection.close()
    for by in (1, 2, 3):
        assert divided.rows(text='п\'ять; "%s" $1', by=by) == [
            {"text": 'п\'ять; "%s" $1', "sixth": 6 // by, "again": 'п\'ять; "%s" $1'}
        ]
    assert prepared() == 1


@pytest.mark.django_db(transaction=True)
def test_statement_is_prepared_anew_after_all_were_dropped(divided: PreparedStatement) -> None:
    assert divided.rows(text="a", by=1)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert divided.rows(text="a", by=2)[0]["sixth"] == 3
    assert prepared() == 1


@pytest.mark.django_db(transaction=True)
def test_statement_asked_first_within_a_transaction_does_not_end_it(divided: PreparedStatement) -> None:
    connection.close()
    with transaction.atomic():
        assert prepared() == 0
        assert divided.rows(text="a", by=3)[0]["sixth"] == 2
        assert divided.rows(text="b", by=6)[0]["sixth"] == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("within", [False, True])
def test_error_of_the_database_is_django_s_and_leaves_the_connection_usable(
    divided: PreparedStatement, within: bool
) -> None:
    with pytest.raises(DataError, match="division by zero"):
        if within:
            with transaction.atomic():
                divided.rows(text="a", by=0)
        else:
            divided.rows(text="a", by=0)
    assert divided.rows(text="a", by=6)[0]["sixth"] == 1


def test_text_with_a_zero_byte_is_refused_rather_than_cut(divided: PreparedStatement) -> None:
    with pytest.raises(ValueError, match="zero byte"):
        divided.rows(text="a\0b", by=1)
