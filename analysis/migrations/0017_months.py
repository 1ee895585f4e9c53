"""Letters by month in squares of two sizes, each month with its days: any period reads few rows (docs/adr/0024).

The triggers keep them last, in the order of their unique key, in place of migration 0016's spans. Counting them from 11.6
million counts by day took three minutes on a machine in use; letters wait meanwhile to be sent and accepted.
"""

import importlib

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

spans = importlib.import_module("analysis.migrations.0016_spans")
key, totals = spans.key, spans.totals
days = totals.before

DAYS = range(1, 32)
LEVELS = "(VALUES (13::smallint), (16::smallint)) AS level (zoom)"  # `analysis.models.months.MONTH_LEVELS`
COLUMNS = "city_id, district_id, month, zoom, cell, category_id, kept"
KEY = "city_id, month, zoom, category_id, cell, district_id, kept"
# `analysis.models.live.month_of`; OFFSET 0: a day is taken apart once, not for each of the 31.
PARTS = """(
    SELECT extract(year FROM day)::integer * 12 + extract(month FROM day)::integer AS month,
        extract(day FROM day)::integer AS day
    OFFSET 0
) AS received"""


def until(summed: str) -> str:
    """The letters until each day of the month, as an array."""
    each = (f"coalesce(sum({summed}) FILTER (WHERE received.day <= {day}), 0)" for day in DAYS)
    return f"ARRAY[{', '.join(each)}]::integer[]"


MONTHS = f"""
    SELECT r.city_id, r.district_id, received.month, level.zoom, analysis_cell(r.location) >> 2 * (18 - level.zoom),
        r.category_id, r.recused_officer_id IS NOT NULL, {until("{sign}")}, sum({{sign}})
    FROM ({{rows}}) AS r CROSS JOIN {LEVELS}
    CROSS JOIN LATERAL (SELECT analysis_day(r.received_at) AS day) AS local CROSS JOIN LATERAL {PARTS}
    WHERE analysis_counts(r.accepted_at, r.state, r.recused_supervisor_id) AND r.location IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
FROM_DAYS = f"""
    SELECT city_id, district_id, received.month, level.zoom, cell >> 2 * (18 - level.zoom), category_id, kept,
        {until("n")}, sum(n)
    FROM (SELECT city_id, district_id, cell, category_id, kept, day, n FROM analysis_cellcount) AS counted
    CROSS JOIN {LEVELS} CROSS JOIN LATERAL {PARTS}
    WHERE cell IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
RECOUNT = days.recount(
    "analysis_recount_months",
    "city_id bigint, district_id bigint, month integer, zoom smallint, cell bigint, category_id bigint, kept boolean,"
    " until integer[]",
    MONTHS,
)


def keep(operation: str, rows: str) -> str:
    """The function of migration 0015's trigger, which keeps the months as well."""
    function = str(totals.keep(operation, rows)).replace(key.OLD, key.NEW)
    added = ", ".join(f"kept.until[{day}] + EXCLUDED.until[{day}]" for day in DAYS)
    return function.replace(
        totals.DONE,
        f"""    WITH changed AS (
        INSERT INTO analysis_monthcount AS kept ({COLUMNS}, until, n)
        SELECT * FROM ({MONTHS.format(sign="r.sign", rows=rows)}) AS change ({COLUMNS}, until, n)
        WHERE until <> array_fill(0, ARRAY[{len(DAYS)}]) ORDER BY {KEY}
        ON CONFLICT ({KEY}) DO UPDATE SET until = ARRAY[{added}], n = kept.n + EXCLUDED.n
        RETURNING kept.id, kept.n
    )
    SELECT array_agg(id) INTO gone FROM changed WHERE n = 0;
    IF gone IS NOT NULL THEN
        DELETE FROM analysis_monthcount WHERE id = ANY (gone);
    END IF;
{totals.DONE}""",
    )


KEEP = (
    keep("INSERT", days.ONE) + keep("UPDATE", f"{days.OLD} UNION ALL {days.NEW}") + keep("DELETE", days.OLD)
)
# No letter may change between the counting and the new functions, which see the next.
FILL = f"""
LOCK TABLE appeals_appeal IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO analysis_monthcount ({COLUMNS}, until, n) {FROM_DAYS}
"""


class Migration(migrations.Migration):
    dependencies = [("analysis", "0016_spans")]

    operations = [
        migrations.CreateModel(
            "MonthCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.IntegerField(verbose_name="month")),
                ("zoom", models.PositiveSmallIntegerField(verbose_name="size of the cell")),
                ("cell", models.BigIntegerField(verbose_name="cell")),
                ("kept", models.BooleanField(default=False, verbose_name="kept from an officer")),
                (
                    "until",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=31, verbose_name="letters until each day"
                    ),
                ),
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
            options={"verbose_name": "count by month", "verbose_name_plural": "counts by month"},
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "monthcount",
            models.UniqueConstraint(
                fields=["city", "month", "zoom", "category", "cell", "district", "kept"],
                include=["until"],
                name="month_counted_once",
            ),
        ),
        migrations.AddConstraint(
            "monthcount",
            models.CheckConstraint(
                condition=models.Q(until__len=31, n=models.F("until__30")), name="month_count_is_that_until_its_end"
            ),
        ),
        migrations.RunSQL(RECOUNT + KEEP, spans.KEEP + "DROP FUNCTION analysis_recount_months();"),
        migrations.RunSQL("DROP FUNCTION analysis_recount_spans();", spans.RECOUNT),
        migrations.RunSQL(migrations.RunSQL.noop, spans.FILL),
        migrations.DeleteModel("SpanCount"),
    ]
