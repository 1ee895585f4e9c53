"""Letters by day and by month in large squares: a wide view of some days reads these (docs/adr/0024).

The triggers keep them last, in the order of their unique key. Counting them from 11.6 million counts by day took
100 s on a machine in use; letters wait meanwhile to be sent and accepted, and maps are drawn.
"""

import importlib

import django.db.models.deletion
from django.db import migrations, models

key = importlib.import_module("analysis.migrations.0015_one_key_of_days")
totals = importlib.import_module("analysis.migrations.0012_totals")
days = totals.before

# A day is numbered 20261127 and its month 202611. 13 is `analysis.models.spans.COARSE`.
SPANS = """
    SELECT r.city_id, r.district_id, span.span, analysis_cell(r.location) >> 2 * (18 - 13), r.category_id,
        r.recused_officer_id IS NOT NULL, sum({sign})
    FROM ({rows}) AS r
    CROSS JOIN LATERAL (SELECT to_char(analysis_day(r.received_at), 'YYYYMMDD')::integer AS day) AS received
    CROSS JOIN LATERAL (VALUES (received.day), (received.day / 100)) AS span (span)
    WHERE analysis_counts(r.accepted_at, r.state, r.recused_supervisor_id) AND r.location IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5, 6
"""
COLUMNS = "city_id, district_id, span, cell, category_id, kept"
RECOUNT = days.recount(
    "analysis_recount_spans",
    "city_id bigint, district_id bigint, span integer, cell bigint, category_id bigint, kept boolean",
    SPANS,
)


def keep(operation: str, rows: str) -> str:
    """The function of migration 0015's trigger, which keeps the spans as well."""
    function = str(totals.keep(operation, rows)).replace(key.OLD, key.NEW)
    return function.replace(
        totals.DONE,
        f"""    WITH changed AS (
        INSERT INTO analysis_spancount AS kept ({COLUMNS}, n)
        {SPANS.format(sign="r.sign", rows=rows)} HAVING sum(r.sign) <> 0 ORDER BY 1, 3, 5, 4, 2, 6
        ON CONFLICT ({COLUMNS}) DO UPDATE SET n = kept.n + EXCLUDED.n
        RETURNING kept.id, kept.n
    )
    SELECT array_agg(id) INTO gone FROM changed WHERE n = 0;
    IF gone IS NOT NULL THEN
        DELETE FROM analysis_spancount WHERE id = ANY (gone);
    END IF;
{totals.DONE}""",
    )


KEEP = (
    keep("INSERT", days.ONE) + keep("UPDATE", f"{days.OLD} UNION ALL {days.NEW}") + keep("DELETE", days.OLD)
)
# No letter may change between the counting and the new functions, which see the next.
FILL = f"""
LOCK TABLE appeals_appeal IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO analysis_spancount ({COLUMNS}, n)
SELECT city_id, district_id, span.span, cell >> 2 * (18 - 13), category_id, kept, sum(n)
FROM analysis_cellcount
CROSS JOIN LATERAL (SELECT to_char(day, 'YYYYMMDD')::integer AS day) AS received
CROSS JOIN LATERAL (VALUES (received.day), (received.day / 100)) AS span (span)
WHERE cell IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 3, 5, 4, 2, 6
"""


class Migration(migrations.Migration):
    dependencies = [("analysis", "0015_one_key_of_days")]

    operations = [
        migrations.CreateModel(
            "SpanCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("span", models.IntegerField(verbose_name="day or month")),
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
            options={"verbose_name": "span", "verbose_name_plural": "spans"},
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "spancount",
            models.UniqueConstraint(
                fields=["city", "span", "category", "cell", "district", "kept"], include=["n"], name="span_counted_once"
            ),
        ),
        migrations.RunSQL(
            RECOUNT + KEEP, key.BEFORE.replace(key.OLD, key.NEW) + "DROP FUNCTION analysis_recount_spans();"
        ),
    ]
