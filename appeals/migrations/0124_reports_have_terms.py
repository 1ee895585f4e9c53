"""Terms of reports of mistakes become rows beside the others; they begin with what stood in the code."""

import django.core.validators
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

WHAT = {
    "contacts": "name and contacts of the writer",
    "letters": "the letter, with answers and photos",
    "openings": "who opened which letter",
    "reports": "a report of a mistake on a card",
    "emails": "e-mail of a report that is settled",
    "open_emails": "e-mail of a report that nobody settles",
}
OWN = "рішення сервісу"
ROWS = (
    # what, number, unit; the least, and whose that is
    ("reports", 1, "year", 1, f"{OWN}: відповідь за кодом має бути де прочитати"),
    ("emails", 14, "day", 3, f"{OWN}: лист про відповідь намагаються надіслати протягом двох діб"),
    ("open_emails", 90, "day", 30, f"{OWN}: на відповідь ще чекають"),
)


def seed(apps, schema_editor):
    """Add the terms that stood in the code."""
    rules = apps.get_model("appeals", "RetentionRule").objects.using(schema_editor.connection.alias)
    for what, number, unit, least, whose in ROWS:
        rules.create(what=what, number=number, unit=unit, least=least, least_source=whose)


def unseed(apps, schema_editor):
    """Take them away again."""
    rules = apps.get_model("appeals", "RetentionRule").objects.using(schema_editor.connection.alias)
    rules.filter(what__in=[row[0] for row in ROWS]).delete()


class Migration(migrations.Migration):
    dependencies = [("appeals", "0123_opening_by_letter")]

    operations = [
        pgtrigger.migrations.RemoveTrigger("retentionrule", "retention_rule_stays"),
        pgtrigger.migrations.RemoveTrigger("retentionrule", "contacts_go_first"),
        migrations.RemoveConstraint("retentionrule", "retention_what_known"),
        migrations.RemoveConstraint("retentionrule", "retention_not_under_the_least"),
        migrations.RenameField("retentionrule", "years", "number"),
        migrations.RenameField("retentionrule", "least_years", "least"),
        migrations.AlterField(
            "retentionrule",
            "what",
            models.CharField(
                choices=list(WHAT.items()), editable=False, max_length=11, unique=True, verbose_name="what"
            ),
        ),
        migrations.AlterField(
            "retentionrule",
            "number",
            models.PositiveSmallIntegerField(
                help_text="Since the letter was over, or was opened; since the report was settled, or came where "
                "nobody settles it. Made shorter, what is over by it is erased the next night and does not come back.",
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="how many",
            ),
        ),
        migrations.AlterField(
            "retentionrule", "least", models.PositiveSmallIntegerField(editable=False, verbose_name="at least")
        ),
        migrations.AddField(
            "retentionrule",
            "unit",
            models.CharField(
                choices=[("day", "days"), ("year", "whole years")],
                default="year",
                editable=False,
                max_length=4,
                verbose_name="counted in",
            ),
            preserve_default=False,
        ),
        pgtrigger.migrations.AddTrigger(
            "retentionrule",
            pgtrigger.compiler.Trigger(
                name="contacts_go_first",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF (SELECT number FROM appeals_retentionrule WHERE what = 'contacts')\n                        > (SELECT number FROM appeals_retentionrule WHERE what = 'letters')\n                    THEN\n                        RAISE EXCEPTION 'contacts are kept no longer than their letter'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="4bcffd540f1a2b885aa54138e637462302a6406d",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_contacts_go_first_45402",
                    table="appeals_retentionrule",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            "retentionrule",
            models.CheckConstraint(
                condition=models.Q(what__in=["contacts", "letters", "openings", "reports"], unit="year")
                | models.Q(what__in=["emails", "open_emails"], unit="day"),
                name="retention_what_known",
            ),
        ),
        migrations.AddConstraint(
            "retentionrule",
            models.CheckConstraint(
                condition=models.Q(number__gte=models.F("least"), least__gte=1),
                name="retention_not_under_the_least",
            ),
        ),
        migrations.AddConstraint(
            "retentionrule",
            models.CheckConstraint(
                condition=models.Q(unit="year", number__lte=75) | models.Q(unit="day", number__lte=365),
                name="retention_not_for_ever",
            ),
        ),
        migrations.RunPython(seed, unseed),
        pgtrigger.migrations.AddTrigger(
            model_name='retentionrule',
            trigger=pgtrigger.compiler.Trigger(name='retention_rule_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='d167ca46b5fb235ab48dd2a4b4c86d78d52eb03b', operation='DELETE', pgid='pgtrigger_retention_rule_stays_85051', table='appeals_retentionrule', when='BEFORE')),
        ),
    ]
