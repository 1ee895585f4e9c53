"""How long things are kept becomes rows. They begin with what the operator had set in the environment."""

import os

import django.core.validators
import pgtrigger.compiler
import pgtrigger.migrations
from django.core.management.base import CommandError
from django.db import migrations, models

YEARS_MAX, SOURCE_MAX = 75, 300
COMPLAINTS = (
    "скаргу на рішення можна подати протягом року, але не пізніше місяця від дня, коли про нього дізналися "
    "(393/96-ВР, ст. 17)"
)
PRIVATE_LETTERS = (
    "наказ Мін’юсту 578/5 від 12.04.2012, перелік, ст. 82: звернення особистого та другорядного характеру, 5 років"
)
RULES = (
    # what, its setting, years, the setting of its source, source; the least, and whose that is
    ("contacts", "CONTACTS_KEPT_YEARS", 1, "", f"строк визначив оператор; {COMPLAINTS}",
     1, f"рішення сервісу; {COMPLAINTS}"),
    ("letters", "LETTERS_KEPT_YEARS", 5, "LETTERS_KEPT_BY", PRIVATE_LETTERS, 5, PRIVATE_LETTERS),
    ("openings", "READING_LOG_KEPT_YEARS", 5, "", "обіцянка сервісу", 1, "обіцянка сервісу"),
)  # fmt: skip
OPERATORS_OWN = "рішення оператора"


def rows(environ):
    """Return the rows by what an environment says; a shorter term that an operator had decided on stays theirs.

    Raises CommandError where a term in the environment is none, with the variable and what to do about it.
    """
    found = []
    for what, setting, default, source_setting, source, least, least_source in RULES:
        years = _years(setting, environ.get(setting, "").strip() or str(default))
        told = environ.get(source_setting, "").strip()[:SOURCE_MAX] if source_setting else ""
        found.append({
            "what": what,
            "years": years,
            "source": told or (source if years == default else ""),
            "least_years": min(least, years),
            "least_source": least_source if years >= least else told or OPERATORS_OWN,
        })  # fmt: skip
    contacts, letters = (row["years"] for row in found[:2])
    if contacts > letters:
        raise CommandError(
            f"CONTACTS_KEPT_YEARS is {contacts} and LETTERS_KEPT_YEARS is {letters}, but name and contacts are kept no "
            f"longer than their letter. Set CONTACTS_KEPT_YEARS to {letters} at most, and migrate again."
        )
    return found


def _years(setting, told):
    if not (told.isascii() and told.isdecimal()) or not 1 <= int(told) <= YEARS_MAX:
        raise CommandError(
            f"{setting} is {told}, but a term of keeping is a whole number of years from 1 to {YEARS_MAX}. "
            f"Set {setting} to one, or take it out for the default, and migrate again."
        )
    return int(told)


def look(apps, schema_editor):
    """Refuse before anything is made what would not fit into it."""
    rows(os.environ)


def seed(apps, schema_editor):
    """Take over what the operator had set."""
    rules = apps.get_model("appeals", "RetentionRule").objects.using(schema_editor.connection.alias)
    for row in rows(os.environ):
        rules.create(**row)


class Migration(migrations.Migration):

    dependencies = [
        ('appeals', '0092_answers_have_their_day'),
    ]

    operations = [
        migrations.RunPython(look, migrations.RunPython.noop),
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
