"""System checks: a database or library that would answer wrongly, silently, is refused before it can."""

import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.gis.gdal import gdal_version
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import Error as DriverError
from django.db import connections

MIN_GDAL = (3, 9)
"""Older ones read local files through SpatialReference (CVE-2026-114582)."""
MIN_POSTGRESQL = 150000
HOST = re.compile(r"(\*\.)?([a-z0-9-]+\.)+[a-z0-9-]+(:[0-9]+)?")
"""A host of a domain; with * one of several servers of a domain, and never of a whole top-level domain."""


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


@register(Tags.security)
def check_basemap_hosts(**_options: Any) -> list[CheckMessage]:
    """Refuse what is no host: it would let every page load pictures from more of the web than was meant."""
    wrong = [host for host in settings.BASEMAP_HOSTS if not HOST.fullmatch(host)]
    return [
        Error(f"BASEMAP_HOSTS: {host} is no host.", hint="tiles.example.org, or *.tiles.example.org", id="geo.E006")
        for host in wrong
    ]


@register(Tags.database)
def check_database(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Refuse a database that is too old, has no PostGIS 3, or whose locale breaks Cyrillic."""
    return [message for alias in databases or [] for message in database_faults(alias)]


def database_faults(alias: str) -> list[CheckMessage]:
    """Return what is wrong with one database; `/readyz` tells everybody the messages, and nobody the hints."""
    connection = connections[alias]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int, postgis_lib_version()")
            server, postgis = cursor.fetchone()
            cursor.execute("SELECT similarity('вулиця', 'Вулиця') > 0.9")
            [reads_cyrillic] = cursor.fetchone()
    except DriverError as error:
        return [Error("The database does not answer, or lacks PostGIS or pg_trgm.", hint=str(error), id="geo.E002")]
    faults: list[CheckMessage] = []
    if server < MIN_POSTGRESQL or int(postgis.split(".")[0]) < 3:
        faults.append(
            Error("PostgreSQL 15 and PostGIS 3 are needed.", hint=f"not {server} and {postgis}", id="geo.E003")
        )
    if not reads_cyrillic:
        faults.append(
            Error(
                "This database's locale breaks Cyrillic: searching an address would find nothing.",
                hint="initdb --locale=C.UTF-8 --locale-provider=icu --icu-locale=uk-UA",
                id="geo.E004",
            )
        )
    return faults


@register(Tags.database, deploy=True)
def check_server_log(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Warn where the server's log would keep the text or the row of a statement that failed."""
    warnings: list[CheckMessage] = []
    for alias in [alias for alias in databases or [] if not database_faults(alias)]:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_setting('log_min_error_statement'), current_setting('log_error_verbosity')")
            if cursor.fetchone() != ("panic", "terse"):
                message = "When a statement fails, the log of the database server keeps what people wrote."
                hint = "ALTER ROLE … SET log_min_error_statement = 'panic'; … SET log_error_verbosity = 'terse'"
                warnings.append(Warning(message, hint=hint, id="geo.W005"))
    return warnings
