"""Letters that are kept from an officer are left out of the cells: whoever reads cells of a district reads them all.

A recount sees every letter: row-level security is told so for as long as it runs.
"""

import importlib

from django.db import migrations

before = importlib.import_module("analysis.migrations.0002_live_cells")

COUNTS = """
CREATE FUNCTION analysis_counts(accepted_at timestamptz, place geometry, state text, addressee text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT accepted_at IS NOT NULL AND place IS NOT NULL AND state <> 'spam' AND addressee = 'officer'
$$;
"""

RECOUNT = """
DROP FUNCTION analysis_recount();
CREATE FUNCTION analysis_recount()
RETURNS TABLE (city_id bigint, district_id bigint, cell bigint, category_id bigint, day date, n bigint)
LANGUAGE plpgsql AS $$
DECLARE
    task text := coalesce(current_setting('letters.task', true), '');
BEGIN
    PERFORM set_config('letters.task', 'recount', true);
    RETURN QUERY
        SELECT a.city_id, a.district_id, analysis_cell(a.location), a.category_id, analysis_day(a.received_at), count(*)
        FROM appeals_appeal AS a
        WHERE analysis_counts(a.accepted_at, a.location, a.state, a.addressee)
        GROUP BY 1, 2, 3, 4, 5;
    PERFORM set_config('letters.task', task, true);
END $$;
"""


def keep_cells() -> str:
    """The trigger's function of migration 0002, which asks for the addressee too."""
    start = before.FORWARDS.index("CREATE FUNCTION analysis_keep_cells")
    function = before.FORWARDS[start : before.FORWARDS.index("END $$;", start) + len("END $$;")]
    for row in ("OLD", "NEW"):
        function = function.replace(f"{row}.state)", f"{row}.state, {row}.addressee)")
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


class Migration(migrations.Migration):
    dependencies = [("analysis", "0002_live_cells"), ("appeals", "0008_row_level_security")]

    operations = [
        migrations.RunSQL(
            COUNTS + RECOUNT + keep_cells() + "DROP FUNCTION analysis_counts(timestamptz, geometry, text);"
        )
    ]
