"""A view of some days, places and topics is read from one index, and no more of it than is asked for (docs/adr/0015)."""

from django.db import migrations, models
from django.db.models.functions import ExtractMonth, ExtractYear

class Migration(migrations.Migration):
    dependencies = [("analysis", "0012_totals")]

    operations = [
        migrations.RemoveIndex("cellcount", "cell_count_by_day"),
        migrations.AddField(
            "cellcount",
            "month",
            models.GeneratedField(
                db_persist=True,
                expression=ExtractYear("day") * 12 + ExtractMonth("day"),
                output_field=models.IntegerField(),
            ),
        ),
        migrations.AddIndex(
            "cellcount",
            models.Index(
                fields=["city", "month", "category", "cell", "day", "district", "kept"],
                include=("n",),
                name="cell_count_by_month",
            ),
        ),
    ]
