import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from geo.models.addresses import house_key, street_key


def fill_keys(apps, schema_editor):
    """Give streets and houses their keys; one whose key is taken keeps its own number in it, so that nothing is lost."""
    for model, of, within, key in (
        (apps.get_model("geo", "Street"), "name_uk", "city_id", street_key),
        (apps.get_model("geo", "House"), "number", "street_id", house_key),
    ):
        taken = set()
        for row in model.objects.using(schema_editor.connection.alias).order_by("pk").only("pk", of, within).iterator():
            row.key = key(getattr(row, of))
            place = getattr(row, within)
            if (place, row.key) in taken:
                row.key = f"{row.key} #{row.pk}"
            taken.add((place, row.key))
            row.save(update_fields=["key"])


class Migration(migrations.Migration):
    """Settlements, streets under all their names, keys that are the same for every spelling."""

    dependencies = [
        ('geo', '0006_nearest_by_metres'),
    ]

    operations = [
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('town', 'town'), ('village', 'village'), ('hamlet', 'hamlet'), ('quarter', 'microdistrict')], default='village', max_length=10, verbose_name='kind')),
                ('name_uk', models.CharField(max_length=120, verbose_name='name in Ukrainian')),
                ('name_en', models.CharField(blank=True, max_length=120, verbose_name='name in English')),
            ],
            options={
                'verbose_name': 'settlement',
                'verbose_name_plural': 'settlements',
                'ordering': ['city', 'name_uk'],
            },
        ),
        migrations.CreateModel(
            name='StreetName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('former', 'former'), ('russian', 'Russian'), ('english', 'English'), ('colloquial', 'colloquial')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('key', models.CharField(default='', editable=False, max_length=200)),
                ('houses', models.CharField(blank=True, help_text='Which houses had it; empty: all.', max_length=300, verbose_name='houses')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
            ],
            options={
                'verbose_name': 'other name of a street',
                'verbose_name_plural': 'other names of streets',
                'ordering': ['street', 'kind', 'name'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='house',
            name='house_once_on_street',
        ),
        migrations.RemoveConstraint(
            model_name='street',
            name='street_once_in_city',
        ),
        migrations.AddField(
            model_name='city',
            name='gazetteer_version',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='house',
            name='key',
            field=models.CharField(default='', editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name='street',
            name='key',
            field=models.CharField(default='', editable=False, max_length=200),
        ),
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='street',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT city_id FROM changed); RETURN NULL;', hash='cfcb75e1312989f30fb5d0046f7838889aaa1d7e', level='STATEMENT', operation='INSERT', pgid='pgtrigger_new_dictionary_on_insert_549ae', referencing='REFERENCING NEW TABLE AS changed ', table='geo_street', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='street',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT city_id FROM changed); RETURN NULL;', hash='423fcc7eb73f81ab259b2a3dde52a5fe26db4b67', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_new_dictionary_on_update_f6af8', referencing='REFERENCING NEW TABLE AS changed ', table='geo_street', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='street',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT city_id FROM changed); RETURN NULL;', hash='1a236bc4eb978e07728ad2dff2f3930ede3b134b', level='STATEMENT', operation='DELETE', pgid='pgtrigger_new_dictionary_on_delete_e2bbe', referencing='REFERENCING OLD TABLE AS changed ', table='geo_street', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='house',
            constraint=models.UniqueConstraint(fields=('street', 'key'), name='house_once_on_street'),
        ),
        migrations.AddField(
            model_name='settlement',
            name='city',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='settlements', to='geo.city', verbose_name='city'),
        ),
        migrations.AddField(
            model_name='street',
            name='settlement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='streets', to='geo.settlement', verbose_name='settlement'),
        ),
        migrations.AddConstraint(
            model_name='street',
            constraint=models.UniqueConstraint(fields=('city', 'settlement', 'key'), name='street_once_in_settlement', nulls_distinct=False),
        ),
        migrations.AddField(
            model_name='streetname',
            name='street',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='other_names', to='geo.street', verbose_name='street'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.UniqueConstraint(fields=('city', 'name_uk'), name='settlement_once_in_city'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlement',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT city_id FROM changed); RETURN NULL;', hash='c45dbd2b8f7188bc0396c9aa23751b6f2f04bc2c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_new_dictionary_on_insert_e7eaf', referencing='REFERENCING NEW TABLE AS changed ', table='geo_settlement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlement',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT city_id FROM changed); RETURN NULL;', hash='2a13636a78a9668c4fef13666625979cff359eb3', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_new_dictionary_on_update_ac65b', referencing='REFERENCING NEW TABLE AS changed ', table='geo_settlement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlement',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT city_id FROM changed); RETURN NULL;', hash='26ffcaa6d822af17599dabc053c15ad1d0ffd5cc', level='STATEMENT', operation='DELETE', pgid='pgtrigger_new_dictionary_on_delete_95523', referencing='REFERENCING OLD TABLE AS changed ', table='geo_settlement', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='streetname',
            constraint=models.UniqueConstraint(fields=('street', 'kind', 'key'), name='other_name_once_on_street'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='streetname',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT street.city_id FROM changed JOIN geo_street AS street ON street.id = changed.street_id); RETURN NULL;', hash='12afc71c8246a852cb118c70cff8ac362808b223', level='STATEMENT', operation='INSERT', pgid='pgtrigger_new_dictionary_on_insert_eb91a', referencing='REFERENCING NEW TABLE AS changed ', table='geo_streetname', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='streetname',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT street.city_id FROM changed JOIN geo_street AS street ON street.id = changed.street_id); RETURN NULL;', hash='e93a291b671071b93cf841f95a9d4f66a2c1211a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_new_dictionary_on_update_c49d7', referencing='REFERENCING NEW TABLE AS changed ', table='geo_streetname', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='streetname',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT street.city_id FROM changed JOIN geo_street AS street ON street.id = changed.street_id); RETURN NULL;', hash='ff3667155fe117c43580ed63300f82a8eea2137a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_new_dictionary_on_delete_57c82', referencing='REFERENCING OLD TABLE AS changed ', table='geo_streetname', when='AFTER')),
        ),
    ]
