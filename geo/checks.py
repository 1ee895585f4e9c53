"""System checks: a database or library that would answer wrongly, silently, is refused before it can."""

from collections.abc import Sequence
from typing import Any

from django.contrib.gis.gdal import gdal_version
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connections

MIN_GDAL = (3, 9)
"""Older ones read local files through SpatialReference (CVE-2026-114582)."""
MIN_POSTGRESQL = 150000


@register(Tags.security)
def check_gdal(**_options: Any) -> list[CheckMessage]:
    """Refuse a GDAL that cannot be protected from a hostile file."""
    version = gdal_version().decode() if isinstance(gdal_version(), bytes) else str(gdal_version())
    if tuple(int(part) for part in version.split(".")[:2]) >= MIN_GDAL:
        return []
    return [
        Error(
            f"GDAL {version} is older than 3.9 and can be made to read local files.",
            hint="Leave GDAL_LIBRARY_PATH empty: pyogrio's wheel brings a newer one.",
            id="geo.E001",
        )
    ]


@register(Tags.database)
def check_database(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Refuse a database that is too old, has no PostGIS 3, or whose locale breaks Cyrillic."""
    return [message for alias in databases or [] for message in database_faults(alias)]


def database_faults(alias: str) -> list[CheckMessage]:
    """Return what is wrong with one database; `/readyz` asks the same."""
    connection = connections[alias]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int, postgis_lib_version()")
            server, postgis = cursor.fetchone()
            cursor.execute("SELECT similarity('вулиця', 'Вулиця') > 0.9")
            [reads_cyrillic] = cursor.fetchone()
    except OperationalError as error:
        return [Error(f"The database does not answer: {error}", hint="./dev doctor", id="geo.E002")]
    faults: list[CheckMessage] = []
    if server < MIN_POSTGRESQL or int(postgis.split(".")[0]) < 3:
        faults.append(Error(f"PostgreSQL 15 and PostGIS 3 are needed, not {server} and {postgis}.", id="geo.E003"))
    if not reads_cyrillic:
        faults.append(
            Error(
                "This database's locale breaks Cyrillic: searching an address would find nothing.",
                hint="initdb --locale=C.UTF-8 --locale-provider=icu --icu-locale=uk-UA",
                id="geo.E004",
            )
        )
    return faults
