"""Plain words leave the reports of mistakes, and row-level security shows them to nobody who is not named.

Those who keep the cards of a city see and settle its reports, administrators those of all; whoever holds a code sends
and sees one; the task that erases alone deletes them.
"""

from django.db import migrations, models

KEPT_BY_ME = """
    (SELECT letters_task())
    OR city_id = ANY ((
        SELECT letters_cities('coordinator') || letters_cities('supervisor') || letters_cities('moderator')
    )::bigint[])
    OR (SELECT EXISTS (SELECT FROM people_user WHERE id = letters_user() AND is_superuser))
"""
OF_MY_CODE = "code_hash = (SELECT letters_receipt())"
GUARDED = f"""
ALTER TABLE appeals_cardreport ENABLE ROW LEVEL SECURITY;
ALTER TABLE appeals_cardreport FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON appeals_cardreport FOR SELECT USING ({OF_MY_CODE} OR {KEPT_BY_ME});
CREATE POLICY sent ON appeals_cardreport FOR INSERT WITH CHECK ({OF_MY_CODE} OR (SELECT letters_task()));
CREATE POLICY changed ON appeals_cardreport FOR UPDATE USING ({KEPT_BY_ME});
CREATE POLICY erased ON appeals_cardreport FOR DELETE USING (current_setting('letters.task', true) = 'erase');
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0097_seal_card_reports")]

    operations = [
        migrations.RemoveField(model_name="cardreport", name="text"),
        migrations.RemoveField(model_name="cardreport", name="email"),
        migrations.RemoveConstraint(model_name="cardreport", name="card_report_code_once"),
        migrations.AlterField(
            model_name="cardreport",
            name="code_hash",
            field=models.CharField(editable=False, max_length=64, unique=True),
        ),
        migrations.AlterField(model_name="cardreport", name="text_sealed", field=models.BinaryField()),
        migrations.AlterField(model_name="cardreport", name="wrapped", field=models.BinaryField()),
        migrations.AlterField(
            model_name="cardreport",
            name="wrapped_by",
            field=models.CharField(max_length=40, verbose_name="key of the server"),
        ),
        migrations.RunSQL(GUARDED),
    ]
