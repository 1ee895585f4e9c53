"""System checks: releases are read through a role that must be there and be the site's to take."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import Error as DriverError
from django.db import connections

from analysis.access import ROLE


@register(Tags.database)
def check_analyst_role(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Refuse a database in which the site cannot become the analyst; what else is wrong with it `geo.checks` tells."""
    if "default" not in (databases or []):
        return []
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, 'MEMBER'))", [ROLE]
            )
            [is_member] = cursor.fetchone()
    except DriverError:
        return []
    if is_member:
        return []
    hint = f"As superuser: CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO the site's role. See docs/operations.md."
    return [Error("The site cannot read releases: the role of analysts is missing.", hint=hint, id="analysis.E001")]
