"""Letters of a whole city by day, by hour of the week and by square: its first picture reads these (docs/adr/0024).

The triggers keep them last, in the order of their unique key. They are summed from the counts there are, which takes
about a second for a million; letters wait meanwhile to be sent and accepted.
"""

import importlib

import django.db.models.deletion
from django.db import migrations, models

months = importlib.import_module("analysis.migrations.0017_months")
days, DONE = months.days, months.totals.DONE

# `analysis.models.sums.SumCount.Kind`; a day is numbered as `date.toordinal` does, a square is of zoom 17.
DAY, HOUR, SQUARE = (f"{kind}::smallint" for kind in (1, 2, 3))
ORDINAL = "({day} - DATE '0001-01-01' + 1)::bigint"
COLUMNS = "city_id, kind, number, kept"
SUMS = f"""
    SELECT r.city_id, told.kind, told.number, r.recused_officer_id IS NOT NULL, sum({{sign}})
    FROM ({{rows}}) AS r CROSS JOIN LATERAL (VALUES
        ({DAY}, {ORDINAL.format(day="analysis_day(r.received_at)")}),
        ({HOUR}, CASE WHEN r.source IN ('web', 'api') THEN analysis_hour(r.received_at)::bigint END),
        ({SQUARE}, CASE WHEN r.location IS NOT NULL THEN analysis_cell(r.location) >> 2 END)
    ) AS told (kind, number)
    WHERE analysis_counts(r.accepted_at, r.state, r.recused_supervisor_id) AND told.number IS NOT NULL
    GROUP BY 1, 2, 3, 4
"""
RECOUNT = days.recount(
    "analysis_recount_sums", "city_id bigint, kind smallint, number bigint, kept boolean", SUMS
)
FROM_COUNTS = f"""
    SELECT city_id, {DAY}, {ORDINAL.format(day="day")}, kept, sum(n) FROM analysis_cellcount GROUP BY 1, 2, 3, 4
    UNION ALL SELECT city_id, {HOUR}, hour, kept, sum(n) FROM analysis_hourcount GROUP BY 1, 2, 3, 4
    UNION ALL SELECT city_id, {SQUARE}, cell >> 2, kept, sum(n) FROM analysis_totalcount WHERE zoom = 18
    GROUP BY 1, 2, 3, 4
"""


def keep(operation: str, rows: str) -> str:
    """The function of migration 0017's trigger, which keeps the sums as well."""
    return str(months.keep(operation, rows)).replace(
        DONE,
        f"""    WITH changed AS (
        INSERT INTO analysis_sumcount AS kept ({COLUMNS}, n)
        {SUMS.format(sign="r.sign", rows=rows)} HAVING sum(r.sign) <> 0 ORDER BY 1, 2, 3, 4
        ON CONFLICT ({COLUMNS}) DO UPDATE SET n = kept.n + EXCLUDED.n
        RETURNING kept.id, kept.n
    )
    SELECT array_agg(id) INTO gone FROM changed WHERE n = 0;
    IF gone IS NOT NULL THEN
        DELETE FROM analysis_sumcount WHERE id = ANY (gone);
    END IF;
{DONE}""",
    )


KEEP = (
    keep("INSERT", days.ONE) + keep("UPDATE", f"{days.OLD} UNION ALL {days.NEW}") + keep("DELETE", days.OLD)
)
# No letter may change between the counting and the new functions, which see the next.
FILL = f"""
LOCK TABLE appeals_appeal IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO analysis_sumcount ({COLUMNS}, n) {FROM_COUNTS}
"""


class Migration(migrations.Migration):
    dependencies = [("analysis", "0018_no_spans")]

    operations = [
        migrations.CreateModel(
            "SumCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "day"), (2, "hour of the week"), (3, "square")], verbose_name="kind"
                    ),
                ),
                ("number", models.BigIntegerField(verbose_name="number")),
                ("kept", models.BooleanField(default=False, verbose_name="kept from an officer")),
                ("n", models.IntegerField(verbose_name="letters")),
                (
                    "city",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="geo.city"
                    ),
                ),
            ],
            options={
                "verbose_name": "sum of a city",
                "verbose_name_plural": "sums of cities",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["city", "kind", "number", "kept"], include=["n"], name="sum_counted_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(FILL + ";" + RECOUNT + KEEP, months.KEEP + "DROP FUNCTION analysis_recount_sums();"),
    ]
