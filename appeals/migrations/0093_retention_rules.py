"""How long things are kept becomes rows. They begin with what the operator had set in the environment."""

import os

import django.core.validators
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

RULES = (
    ("contacts", "CONTACTS_KEPT_YEARS", 1, "", 1, "393/96-ВР, ст. 17: скаргу подають протягом року"),
    ("letters", "LETTERS_KEPT_YEARS", 5, "LETTERS_KEPT_BY", 5, "наказ Мін’юсту 578/5 від 12.04.2012, перелік, ст. 82"),
    ("openings", "READING_LOG_KEPT_YEARS", 5, "", 1, "обіцянка сервісу"),
)


def seed(apps, schema_editor):
    """A shorter term that an operator had decided on stays theirs: the least is no more than it."""
    rules = apps.get_model("appeals", "RetentionRule").objects.using(schema_editor.connection.alias)
    for what, setting, default, source, least, least_source in RULES:
        years = int(os.environ.get(setting) or default)
        told = os.environ.get(source, "") if source else ""
        rules.create(
            what=what,
            years=years,
            source=told or (least_source if years == default else ""),
            least_years=min(least, years),
            least_source=least_source,
        )


class Migration(migrations.Migration):

    dependencies = [
        ('appeals', '0092_answers_have_their_day'),
    ]

    operations = [
        migrations.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('contacts', 'name and contacts of the writer'), ('letters', 'the letter, with answers and photos'), ('openings', 'who opened which letter')], editable=False, max_length=8, unique=True, verbose_name='what')),
                ('years', models.PositiveSmallIntegerField(help_text='Since the letter was over, or was opened. Made shorter, what is over by it is erased the next night and does not come back.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(75)], verbose_name='whole years')),
                ('source', models.CharField(blank=True, help_text='The rule or decision: who, when, number. Everybody reads it on the page about data.', max_length=300, verbose_name='source')),
                ('least_years', models.PositiveSmallIntegerField(editable=False, verbose_name='at least, years')),
                ('least_source', models.CharField(blank=True, editable=False, max_length=300, verbose_name='who asks for the least')),
            ],
            options={
                'verbose_name': 'term of keeping',
                'verbose_name_plural': 'terms of keeping',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('what__in', ['contacts', 'letters', 'openings'])), name='retention_what_known'), models.CheckConstraint(condition=models.Q(('least_years__gte', 1), ('years__gte', models.F('least_years')), ('years__lte', 75)), name='retention_not_under_the_least', violation_error_message='That is shorter than the least that may be kept.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentionrule',
            trigger=pgtrigger.compiler.Trigger(name='retention_rule_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='d167ca46b5fb235ab48dd2a4b4c86d78d52eb03b', operation='DELETE', pgid='pgtrigger_retention_rule_stays_85051', table='appeals_retentionrule', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentionrule',
            trigger=pgtrigger.compiler.Trigger(name='contacts_go_first', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF (SELECT years FROM appeals_retentionrule WHERE what = 'contacts')\n                        > (SELECT years FROM appeals_retentionrule WHERE what = 'letters')\n                    THEN\n                        RAISE EXCEPTION 'contacts are kept no longer than their letter'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NULL;\n                ", hash='1701c120b4ade501af7641a20d4f5ef7cc538a80', operation='INSERT OR UPDATE', pgid='pgtrigger_contacts_go_first_45402', table='appeals_retentionrule', when='AFTER')),
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
