"""What a period asks for is read from an index alone; without it the closing of a month read every day there ever was."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analysis", "0010_prevention")]

    operations = [
        migrations.AddIndex(
            "cellcount",
            models.Index(
                fields=["city", "day", "cell", "category", "district", "kept"], include=("n",), name="cell_count_by_day"
            ),
        ),
        migrations.AlterField(
            "cellcount",
            "category",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="appeals.category"
            ),
        ),
    ]
