"""Letters of all time, in squares of three sizes: what shows everything reads these, not every day (docs/adr/0015).

The triggers of migration 0005 keep them too, last, and in the order of their unique key.
"""

import importlib

import django.db.models.deletion
from django.db import migrations, models

before = importlib.import_module("analysis.migrations.0005_counts_by_statement")

# The sizes of `analysis.models.live.LEVELS`.
TOTALS = """
    SELECT r.city_id, r.district_id, level.zoom, analysis_cell(r.location) >> 2 * (18 - level.zoom), r.category_id,
        r.recused_officer_id IS NOT NULL, sum({sign})
    FROM ({rows}) AS r CROSS JOIN (VALUES (13::smallint), (16::smallint), (18::smallint)) AS level (zoom)
    WHERE analysis_counts(r.accepted_at, r.state, r.recused_supervisor_id) AND r.location IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5, 6
"""
COLUMNS = "city_id, district_id, zoom, cell, category_id, kept"
RECOUNT = before.recount(
    "analysis_recount_totals",
    "city_id bigint, district_id bigint, zoom smallint, cell bigint, category_id bigint, kept boolean",
    TOTALS,
)
DONE = "    RETURN NULL;\nEND $$;"


def keep(operation: str, rows: str) -> str:
    """The function of migration 0005's trigger, which keeps the totals as well."""
    totals = TOTALS.format(sign="r.sign", rows=rows)
    function, _, _ = before.keep(operation, rows, "").partition("CREATE TRIGGER")
    return str(function).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(
        DONE,
        f"""    WITH changed AS (
        INSERT INTO analysis_totalcount AS kept ({COLUMNS}, n)
        {totals} HAVING sum(r.sign) <> 0 ORDER BY 1, 3, 4, 5, 2, 6
        ON CONFLICT ({COLUMNS}) DO UPDATE SET n = kept.n + EXCLUDED.n
        RETURNING kept.id, kept.n
    )
    SELECT array_agg(id) INTO gone FROM changed WHERE n = 0;
    IF gone IS NOT NULL THEN
        DELETE FROM analysis_totalcount WHERE id = ANY (gone);
    END IF;
{DONE}""",
    )


FORWARDS = (
    RECOUNT
    + keep("INSERT", before.ONE)
    + keep("UPDATE", f"{before.OLD} UNION ALL {before.NEW}")
    + keep("DELETE", before.OLD)
    + f"""
INSERT INTO analysis_totalcount ({COLUMNS}, n)
SELECT city_id, district_id, level.zoom, cell >> 2 * (18 - level.zoom), category_id, kept, sum(n)
FROM analysis_cellcount CROSS JOIN (VALUES (13::smallint), (16::smallint), (18::smallint)) AS level (zoom)
WHERE cell IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 3, 4, 5, 2, 6;
"""
)


class Migration(migrations.Migration):
    dependencies = [("analysis", "0011_counts_by_day")]

    operations = [
        migrations.CreateModel(
            "TotalCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("zoom", models.PositiveSmallIntegerField(verbose_name="size of the cell")),
                ("cell", models.BigIntegerField(verbose_name="cell")),
                ("kept", models.BooleanField(default=False, verbose_name="kept from an officer")),
                ("n", models.IntegerField(verbose_name="letters")),
                (
                    "category",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="appeals.category",
                    ),
                ),
                (
                    "city",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="geo.city"
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="geo.district"),
                ),
            ],
            options={
                "verbose_name": "total",
                "verbose_name_plural": "totals",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["city", "zoom", "cell", "category", "district", "kept"],
                        include=["n"],
                        name="total_counted_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARDS),
    ]
