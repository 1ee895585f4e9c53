"""Reports of mistakes move to the room of what is written, and get columns for their sealed words.

The table is the same one under another name; people 0020 takes it off that room's list.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RENAMED = (
    "ALTER TABLE people_cardreport RENAME TO appeals_cardreport;"
    "ALTER SEQUENCE people_cardreport_id_seq RENAME TO appeals_cardreport_id_seq;"
)
BACK = (
    "ALTER TABLE appeals_cardreport RENAME TO people_cardreport;"
    "ALTER SEQUENCE appeals_cardreport_id_seq RENAME TO people_cardreport_id_seq;"
)


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0093_retention_rules"),
        ("geo", "0018_questions_is_no_code"),
        ("people", "0014_new_phones_are_unchecked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(RENAMED, BACK)],
            state_operations=[
                migrations.CreateModel(
                    name="CardReport",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("district_code", models.CharField(max_length=40, verbose_name="district code")),
                        ("text", models.CharField(max_length=1000, verbose_name="what is wrong")),
                        ("reported_at", models.DateTimeField(verbose_name="reported at")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                        ("code_hash", models.CharField(blank=True, editable=False, max_length=64)),
                        ("state", models.CharField(choices=[("new", "new"), ("taken", "being looked at"), ("mended", "mended"), ("declined", "nothing to mend"), ("dismissed", "spam")], default="new", max_length=9, verbose_name="state")),
                        ("answer", models.CharField(blank=True, max_length=600, verbose_name="answer")),
                        ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                        ("by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="in the hands of")),
                        ("city", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="card_reports", to="geo.city", verbose_name="city")),
                        ("proposal", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="people.proposal", verbose_name="change")),
                    ],
                    options={
                        "verbose_name": "report of a mistake",
                        "verbose_name_plural": "reports of mistakes",
                        "ordering": ["-reported_at"],
                        "indexes": [
                            models.Index(fields=["city", "reported_at"], name="card_report_city_time"),
                            models.Index(condition=models.Q(("state__in", ["new", "taken"])), fields=["city", "reported_at"], name="card_report_open"),
                        ],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(models.Q(("by", None), ("settled_at", None), ("state", "new")), models.Q(("by__isnull", False), ("settled_at", None), ("state", "taken")), models.Q(("settled_at__isnull", False), ("state__in", ["mended", "declined", "dismissed"])), _connector="OR"), name="card_report_state_fits"),
                            models.UniqueConstraint(condition=models.Q(("code_hash", ""), _negated=True), fields=("code_hash",), name="card_report_code_once"),
                        ],
                    },
                ),
                migrations.AlterField(
                    model_name="notice",
                    name="report",
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="appeals.cardreport", verbose_name="report of a mistake"),
                ),
            ],
        ),
        migrations.AddField(model_name="cardreport", name="text_sealed", field=models.BinaryField(null=True)),
        migrations.AddField(model_name="cardreport", name="email_sealed", field=models.BinaryField(null=True)),
        migrations.AddField(model_name="cardreport", name="wrapped", field=models.BinaryField(null=True)),
        migrations.AddField(
            model_name="cardreport",
            name="wrapped_by",
            field=models.CharField(max_length=40, null=True, verbose_name="key of the server"),
        ),
    ]
