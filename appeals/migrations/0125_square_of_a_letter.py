"""Letters near one another are found by the numbers of their squares (`appeals.squares`).

The index of places goes: under row security PostgreSQL never used it, and each letter paid for it. The table is
written anew: half a minute for a million letters, during which it is locked.
"""

import django.contrib.gis.db.models.fields
from django.db import migrations, models
from django.db.models import BigIntegerField, F, FloatField, Func
from django.db.models.functions import Cast, Floor


def part(function: str) -> Cast:
    """Return the row or the column of a place among squares of 1/200 of a degree."""
    return Cast(Floor(Func(F("location"), function=function, output_field=FloatField()) * 200), BigIntegerField())


class Migration(migrations.Migration):
    dependencies = [("appeals", "0124_reports_have_terms")]

    operations = [
        migrations.AlterField(
            model_name="appeal",
            name="location",
            field=django.contrib.gis.db.models.fields.PointField(
                blank=True, null=True, spatial_index=False, srid=4326, verbose_name="place"
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="square",
            field=models.GeneratedField(
                db_persist=True,
                expression=part("ST_Y") * 100_000 + part("ST_X"),
                output_field=BigIntegerField(null=True),
            ),
        ),
        migrations.AddIndex(
            model_name="appeal",
            index=models.Index(fields=["city", "square", "received_at"], name="appeal_square_received"),
        ),
    ]
