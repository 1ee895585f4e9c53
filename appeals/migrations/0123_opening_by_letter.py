"""Who opened a letter last is read from the end of an index, which finds all openings of a letter too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appeals", "0121_policies_keep_their_plans")]

    operations = [
        migrations.AddIndex(
            model_name="opening",
            index=models.Index(fields=["appeal", "opened_at"], name="opening_by_letter"),
        ),
        migrations.AlterField(
            model_name="opening",
            name="appeal",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="openings",
                to="appeals.appeal",
                verbose_name="appeal",
            ),
        ),
    ]
