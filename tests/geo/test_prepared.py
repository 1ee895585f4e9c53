"""Statements and inserts: prepared once a connection, and right in whatever state it is."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError
from psycopg.pq import TransactionStatus

from geo.models import DoorCount
from geo.prepared import PreparedInsert, PreparedStatement, insert, rows_of


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


@pytest.mark.django_db(transaction=True)
def test_questions_put_together_are_each_answered(divided: PreparedStatement) -> None:
    halves, thirds = rows_of(divided.asked(text="a", by=3), divided.asked(text="b", by=2))
    assert [(row["text"], row["sixth"]) for row in halves + thirds] == [("a", 2), ("b", 3)]


@pytest.mark.django_db(transaction=True)
def test_one_bad_question_among_others_is_an_error_and_leaves_the_connection_usable(
    divided: PreparedStatement,
) -> None:
    with pytest.raises(DataError, match="division by zero"), transaction.atomic():
        rows_of(divided.asked(text="a", by=3), divided.asked(text="b", by=0), divided.asked(text="c", by=1))
    assert divided.rows(text="a", by=6)[0]["sixth"] == 1


# --- rows ---------------------------------------------------------------------------------------------------------

COUNT = PreparedInsert(DoorCount)


def door(name: str) -> DoorCount:
    return DoorCount(door=name, caller_hash="c", window=1, uses=2)


@pytest.mark.django_db(transaction=True)
def test_rows_are_inserted_together_and_a_column_can_be_worked_out(tmp_path: Path) -> None:
    file = tmp_path / "uses.sql"
    file.write_text("SELECT %(window)s::int + 41 -- a sum")
    worked_out = door("second")
    with transaction.atomic():
        insert((COUNT, door("first")), (PreparedInsert(DoorCount, uses=file), worked_out))
    assert worked_out.uses == 42
    assert list(DoorCount.objects.order_by("pk").values_list("door", "uses")) == [("first", 2), ("second", 42)]


@pytest.mark.django_db(transaction=True)
def test_the_first_statement_begins_the_transaction_that_takes_it_back() -> None:
    with pytest.raises(LookupError), transaction.atomic():
        insert((COUNT, door("first")))
        raise LookupError
    assert not DoorCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_row_that_is_refused_takes_the_others_along() -> None:
    with pytest.raises(IntegrityError, match="door_counts_a_caller_once"), transaction.atomic():
        insert((COUNT, door("first")), (COUNT, door("second")), (COUNT, door("first")))
    assert not DoorCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_rows_are_inserted_even_after_all_statements_were_dropped() -> None:
    with transaction.atomic():
        insert((COUNT, door("first")))
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with transaction.atomic():
        insert((COUNT, door("second")))
    assert DoorCount.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_rows_are_inserted_within_a_transaction_alone() -> None:
    with pytest.raises(TransactionManagementError):
        insert((COUNT, door("first")))
    assert not DoorCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_rows_that_wait_for_another_thread_let_it_go_on() -> None:
    """Else both wait for ever: this one for the row, the other one for Python."""

    def same_door() -> str:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '5s'")
                insert((COUNT, door("second")), (COUNT, door("first")))
        except IntegrityError:
            return "it was there"
        except OperationalError:
            return "it waited in vain"
        finally:
            connection.close()
        return "inserted"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            insert((COUNT, door("first")))
            waiting = pool.submit(same_door)
            time.sleep(0.5)
        assert waiting.result() == "it was there"


@pytest.mark.django_db(transaction=True)
def test_rows_with_a_transaction_of_their_own_are_committed_together_or_not_at_all() -> None:
    for _connection_knows_it in (False, True):
        insert((COUNT, door("first")), (COUNT, door("second")), commits=True)
        assert connection.connection.pgconn.transaction_status == TransactionStatus.IDLE
        assert DoorCount.objects.count() == 2
        with pytest.raises(IntegrityError):
            insert((COUNT, door("third")), (COUNT, door("first")), commits=True)
        assert DoorCount.objects.count() == 2, "and the connection goes on"
        DoorCount.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")


@pytest.mark.django_db(transaction=True)
def test_a_transaction_of_their_own_is_not_inside_another() -> None:
    with pytest.raises(TransactionManagementError), transaction.atomic():
        insert((COUNT, door("first")), commits=True)
    assert not DoorCount.objects.exists()
