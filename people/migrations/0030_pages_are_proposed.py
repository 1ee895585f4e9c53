"""Pages of text are proposed and decided about as cards are."""

from django.db import migrations, models

KINDS = {
    "officer": "officer's card",
    "station": "station",
    "district": "district",
    "category": "category",
    "page": "page of text",
}


class Migration(migrations.Migration):
    dependencies = [("people", "0020_card_reports_are_written")]

    operations = [
        migrations.CreateModel(
            name="Page",
            fields=[],
            options={
                "verbose_name": "page of text",
                "verbose_name_plural": "pages of text",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("people.pageversion",),
        ),
        migrations.RemoveConstraint("proposal", "proposal_kind_known"),
        migrations.AlterField(
            "proposal", "kind", models.CharField(choices=list(KINDS.items()), max_length=8, verbose_name="kind")
        ),
        migrations.AddConstraint(
            "proposal",
            models.CheckConstraint(condition=models.Q(kind__in=list(KINDS)), name="proposal_kind_known"),
        ),
    ]
