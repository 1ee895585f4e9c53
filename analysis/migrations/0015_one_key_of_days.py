"""The key of a day's counts begins as a question does, so one index is key and answer (docs/adr/0024).

Of migration 0013's two large indexes one is left. Letters without a cell have a small one of their own: a picture of
everything tells how many they are.

Building both took 23 s for 11.6 million counts; counts cannot change meanwhile, and are read until the end.
"""

import importlib

from django.db import migrations, models

totals = importlib.import_module("analysis.migrations.0012_totals")
days = totals.before
shapes = importlib.import_module("analysis.migrations.0008_cell_shapes").FORWARDS
# A file's own SELECT draws the squares now, three times as fast as a function that is called for each.
SQUARE = shapes[shapes.index("-- The web-map tile") :]

KEY = "city_id, month, category_id, cell, day, district_id, kept"
# A trigger's rows are city, district, cell, category, day, kept; the month follows from the day.
OLD = "ORDER BY 1, 3, 4, 5, 2, 6\n        ON CONFLICT ON CONSTRAINT cell_counted_once"
NEW = f"ORDER BY 1, 5, 4, 3, 2, 6\n        ON CONFLICT ({KEY})"
BEFORE = "".join(
    totals.keep(operation, rows)
    for operation, rows in [
        ("INSERT", days.ONE),
        ("UPDATE", f"{days.OLD} UNION ALL {days.NEW}"),
        ("DELETE", days.OLD),
    ]
)
assert BEFORE.count(OLD) == 3  # noqa: S101 - one in each trigger's function


class Migration(migrations.Migration):
    dependencies = [("analysis", "0014_reports")]

    operations = [
        migrations.AddConstraint(
            "cellcount",
            models.UniqueConstraint(
                fields=["city", "month", "category", "cell", "day", "district", "kept"],
                include=["n"],
                nulls_distinct=False,
                name="day_counted_once",
            ),
        ),
        migrations.AddIndex(
            "cellcount",
            models.Index(
                fields=["city", "day", "category", "district", "kept"],
                include=["n"],
                condition=models.Q(cell=None),
                name="cell_count_without_cell",
            ),
        ),
        migrations.RunSQL(BEFORE.replace(OLD, NEW), BEFORE),
        migrations.RemoveConstraint("cellcount", "cell_counted_once"),
        migrations.RemoveIndex("cellcount", "cell_count_by_month"),
        migrations.RunSQL("DROP FUNCTION analysis_cell_shape(bigint, integer)", SQUARE),
    ]
