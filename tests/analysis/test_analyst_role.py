"""The analyst's role of the database reads releases and the territory, and nothing else."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, connections, transaction

from analysis.access import ROLE, answers_to_analyst, as_analyst
from analysis.checks import check_analyst_role
from analysis.models import CellCount, Release
from appeals.access import as_task
from geo.prepared_queries import PreparedQuery

READS = {
    "analysis_areaplan", "analysis_releasearea", "analysis_release", "analysis_areafigure", "analysis_hourfigure",
    "analysis_partfigure", "geo_city", "geo_district", "geo_boundaryedition", "geo_editionperiod",
    "geo_districtboundary", "geo_borderpiece", "geo_simplifiedboundary", "geo_settlement", "geo_street",
    "geo_streetname", "geo_house", "geo_landmark", "geo_territorylist", "geo_territoryrule",
}  # fmt: skip


def tables() -> Iterator[str]:
    """Every table of the schema, ours and the libraries', but for PostGIS's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p')"
            " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e') ORDER BY 1"
        )
        for (name,) in cursor.fetchall():
            yield name


@pytest.mark.django_db
def test_the_role_reads_what_it_is_meant_to_and_no_other_table() -> None:
    read = set()
    for table in tables():
        try:
            with as_analyst(), connection.cursor() as cursor:
                cursor.execute(f'SELECT FROM "{table}" LIMIT 1')
        except ProgrammingError as refused:
            assert "permission denied" in str(refused)
        else:
            read.add(table)
    assert read == READS
    assert {model._meta.db_table for model in apps.get_app_config("appeals").get_models()}.isdisjoint(read)


@pytest.mark.django_db
def test_the_role_changes_nothing() -> None:
    for table in sorted(READS):
        for deed in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id", f"INSERT INTO {table} DEFAULT VALUES"):  # noqa: S608
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                as_analyst(),
                connection.cursor() as cursor,
            ):
                cursor.execute(deed)


@pytest.mark.django_db
def test_no_task_opens_letters_to_the_role() -> None:
    with as_task("test"), pytest.raises(ProgrammingError, match="permission denied"), as_analyst():
        list(CellCount.objects.all())
    with pytest.raises(ProgrammingError, match="permission denied"), as_analyst(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM analysis_recount()")


@pytest.mark.django_db
def test_the_role_ends_with_its_block_whatever_happens() -> None:
    with as_analyst():
        assert list(Release.objects.all()) == []
        assert role() == ROLE
    assert role() != ROLE
    with pytest.raises(ZeroDivisionError), transaction.atomic(), as_analyst():
        raise ZeroDivisionError
    assert role() != ROLE
    assert not CellCount.objects.exists()


@pytest.mark.django_db
def test_the_role_asks_what_it_reads_in_one_trip_and_ends_with_it() -> None:
    releases = PreparedQuery(Release.objects.all)
    counts = PreparedQuery(CellCount.objects.all)
    assert answers_to_analyst(releases.asked(), releases.asked()) == [[], []]
    assert role() != ROLE
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        answers_to_analyst(releases.asked(), counts.asked())
    assert role() != ROLE
    assert counts.rows() == []


@pytest.mark.django_db
def test_the_role_asks_within_a_transaction_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections["default"], "in_atomic_block", False)
    with pytest.raises(transaction.TransactionManagementError):
        answers_to_analyst(PreparedQuery(Release.objects.all).asked())


@pytest.mark.django_db
def test_nobody_signs_in_as_the_role_and_it_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb,"
            " EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid),"
            " EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid)"
            " FROM pg_roles WHERE rolname = %s",
            [ROLE],
        )
        assert cursor.fetchone() == (False, False, False)


def role() -> str:
    """Return as whom the database is asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_no_function_lends_the_role_its_owners_rights() -> None:
    """Triggers run as the owner, but nobody can call them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(proname) FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
            " AND prorettype <> 'trigger'::regtype"
            " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')"
        )
        assert cursor.fetchone() == (None,)


@pytest.mark.django_db
def test_a_database_without_the_role_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_analyst_role(databases=["default"]) == []
    monkeypatch.setattr("analysis.checks.ROLE", "nobody_has_this_role")
    assert [message.id for message in check_analyst_role(databases=["default"])] == ["analysis.E001"]
