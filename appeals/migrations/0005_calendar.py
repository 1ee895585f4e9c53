"""The calendar and the terms that every site starts with. They are data: the administration edits them afterwards."""

import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models
from psycopg.types.range import DateRange

CHECKED_ON = datetime.date(2026, 11, 26)
YEARS = range(2024, 2036)
"""The holidays have stood as they are since 2024: the laws 3107-IX of 29.05.2023 (8 May) and 3258-IX of 14.07.2023
(15 July, 1 October, 25 December alone) changed article 73 of the Labour Code."""
SAME_DAY_EVERY_YEAR = (
    (1, 1, "Новий рік", "New Year's Day"),
    (3, 8, "Міжнародний жіночий день", "International Women's Day"),
    (5, 1, "День праці", "Labour Day"),
    (
        5, 8,
        "День пам’яті та перемоги над нацизмом у Другій світовій війні 1939–1945 років",
        "Day of Remembrance and Victory over Nazism in the Second World War",
    ),
    (6, 28, "День Конституції України", "Constitution Day"),
    (7, 15, "День Української Державності", "Statehood Day"),
    (8, 24, "День незалежності України", "Independence Day"),
    (10, 1, "День захисників і захисниць України", "Day of Defenders of Ukraine"),
    (12, 25, "Різдво Христове", "Christmas Day"),
)
EASTERS = (
    (2024, 5, 5), (2025, 4, 20), (2026, 4, 12), (2027, 5, 2), (2028, 4, 16), (2029, 4, 8),
    (2030, 4, 28), (2031, 4, 13), (2032, 5, 2), (2033, 4, 24), (2034, 4, 9), (2035, 4, 29),
)
AFTER_EASTER = ((0, "Пасха (Великдень)", "Easter"), (49, "Трійця", "Trinity Sunday"))
TERMS = (
    ("message", 2, "working_day", "Обіцянка сервісу: два робочі дні"),
    ("formal", 15, "day", "393/96-ВР, ст. 20"),
    ("study", 1, "month", "393/96-ВР, ст. 20; ЦКУ, ст. 254, ч. 3"),
    ("extension", 45, "day", "393/96-ВР, ст. 20"),
    ("forwarding", 5, "day", "393/96-ВР, ст. 7"),
    ("returning", 10, "day", "393/96-ВР, ст. 5"),
)


def holidays():
    for year in YEARS:
        for month, day, name_uk, name_en in SAME_DAY_EVERY_YEAR:
            yield datetime.date(year, month, day), name_uk, name_en
    for easter in EASTERS:
        for days, name_uk, name_en in AFTER_EASTER:
            yield datetime.date(*easter) + datetime.timedelta(days=days), name_uk, name_en


def seed(apps, schema_editor):
    def add(model, rows):
        model = apps.get_model("appeals", model)
        missing = model.objects.using(schema_editor.connection.alias)
        missing.bulk_create([model(**row) for row in rows], ignore_conflicts=True)

    add(
        "Holiday",
        [
            {"day": day, "name_uk": name_uk, "name_en": name_en, "source": "КЗпП, ст. 73"}
            for day, name_uk, name_en in holidays()
        ],
    )
    add(
        "MartialLaw",
        [
            {
                "during": DateRange(datetime.date(2022, 2, 24), None),
                "source": "Указ Президента України № 64/2022 від 24.02.2022, затверджений Законом 2102-IX, з продовженнями",
            }
        ],
    )
    add(
        "LegalTerm",
        [
            {"key": key, "number": number, "unit": unit, "source": source, "checked_on": CHECKED_ON}
            for key, number, unit, source in TERMS
        ],
    )


class Migration(migrations.Migration):

    dependencies = [
        ('appeals', '0004_letters_without_an_edition'),
        ('geo', '0011_territory_corrections'),
        ('people', '0004_sign_in_tries'),
    ]

    operations = [
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('name_uk', models.CharField(max_length=160, verbose_name='name in Ukrainian')),
                ('name_en', models.CharField(blank=True, max_length=160, verbose_name='name in English')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
            ],
            options={
                'verbose_name': 'holiday',
                'verbose_name_plural': 'holidays',
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='LegalTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(choices=[('message', 'answer to a message'), ('formal', 'answer to a formal appeal that needs no study'), ('study', 'answer to a formal appeal that needs study'), ('extension', 'longest answer with a notice of extension'), ('forwarding', 'forwarding to another body'), ('returning', 'return of a badly formed appeal')], max_length=10, verbose_name='what for')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('unit', models.CharField(choices=[('working_day', 'working days'), ('day', 'calendar days'), ('month', 'calendar months')], max_length=11, verbose_name='counted in')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('checked_on', models.DateField(verbose_name='checked on')),
            ],
            options={
                'verbose_name': 'term',
                'verbose_name_plural': 'terms',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='MartialLaw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('during', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='days')),
                ('source', models.CharField(help_text='The decision: who, when, number.', max_length=200, verbose_name='source')),
            ],
            options={
                'verbose_name': 'martial law',
                'verbose_name_plural': 'martial law',
                'ordering': ['during'],
            },
        ),
        migrations.CreateModel(
            name='MovedDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('kind', models.CharField(choices=[('day_off', 'day off'), ('working', 'working day')], max_length=7, verbose_name='kind')),
                ('source', models.CharField(help_text='The decision: who, when, number.', max_length=200, verbose_name='source')),
            ],
            options={
                'verbose_name': 'moved day',
                'verbose_name_plural': 'moved days',
                'ordering': ['day'],
            },
        ),
        migrations.AddField(
            model_name='holiday',
            name='city',
            field=models.ForeignKey(blank=True, help_text='Empty: all of Ukraine.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='geo.city', verbose_name='city'),
        ),
        migrations.AddField(
            model_name='legalterm',
            name='city',
            field=models.ForeignKey(blank=True, help_text='Empty: all of Ukraine.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='geo.city', verbose_name='city'),
        ),
        migrations.AddConstraint(
            model_name='martiallaw',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('during', '&&')], name='martial_law_spans_do_not_overlap'),
        ),
        migrations.AddConstraint(
            model_name='martiallaw',
            constraint=models.CheckConstraint(condition=models.Q(('during__isempty', False), ('during__startswith__isnull', False)), name='martial_law_has_days'),
        ),
        migrations.AddField(
            model_name='movedday',
            name='city',
            field=models.ForeignKey(blank=True, help_text='Empty: all of Ukraine.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='geo.city', verbose_name='city'),
        ),
        migrations.AddConstraint(
            model_name='holiday',
            constraint=models.UniqueConstraint(fields=('day', 'city'), name='holiday_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='legalterm',
            constraint=models.UniqueConstraint(fields=('key', 'city'), name='term_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='legalterm',
            constraint=models.CheckConstraint(condition=models.Q(('key__in', ['message', 'formal', 'study', 'extension', 'forwarding', 'returning']), ('unit__in', ['working_day', 'day', 'month'])), name='term_known'),
        ),
        migrations.AddConstraint(
            model_name='legalterm',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1), ('number__lte', 100)), name='term_of_1_to_100'),
        ),
        migrations.AddConstraint(
            model_name='legalterm',
            constraint=models.CheckConstraint(condition=models.Q(('city', None), ('key', 'message'), _connector='OR'), name='city_promises_for_messages_alone', violation_error_message="A city has a term of its own for messages alone: the others are the law's."),
        ),
        migrations.AddConstraint(
            model_name='movedday',
            constraint=models.UniqueConstraint(fields=('day', 'city'), name='moved_day_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='movedday',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['day_off', 'working'])), name='moved_day_kind_known'),
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
