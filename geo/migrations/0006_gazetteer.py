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
        ('geo', '0005_edition_withdrawals'),
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
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT city_id FROM changed);\n            RETURN NULL;\n        ', hash='8f5d591f8f86e0666c89e421f63c2c3d44421834', level='STATEMENT', operation='INSERT', pgid='pgtrigger_new_dictionary_on_insert_549ae', referencing='REFERENCING NEW TABLE AS changed ', table='geo_street', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='street',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT city_id FROM changed);\n            RETURN NULL;\n        ', hash='ce635961e42343c39411bfc9af96d09e371e6f5b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_new_dictionary_on_update_f6af8', referencing='REFERENCING NEW TABLE AS changed ', table='geo_street', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='street',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT city_id FROM changed);\n            RETURN NULL;\n        ', hash='6b32d68f08e909f2af93c391633e7bf5d15f9047', level='STATEMENT', operation='DELETE', pgid='pgtrigger_new_dictionary_on_delete_e2bbe', referencing='REFERENCING OLD TABLE AS changed ', table='geo_street', when='AFTER')),
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
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT city_id FROM changed);\n            RETURN NULL;\n        ', hash='1eaffad32bfc2328268774caee4bd4d80c3cb02f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_new_dictionary_on_insert_e7eaf', referencing='REFERENCING NEW TABLE AS changed ', table='geo_settlement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlement',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT city_id FROM changed);\n            RETURN NULL;\n        ', hash='ba33bb98e27cd66cee4d7a3a84b86a762c8b637b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_new_dictionary_on_update_ac65b', referencing='REFERENCING NEW TABLE AS changed ', table='geo_settlement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlement',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT city_id FROM changed);\n            RETURN NULL;\n        ', hash='218904f615e0d85747a5c38dd9281d4a75c29e7f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_new_dictionary_on_delete_95523', referencing='REFERENCING OLD TABLE AS changed ', table='geo_settlement', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='streetname',
            constraint=models.UniqueConstraint(fields=('street', 'kind', 'key'), name='other_name_once_on_street'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='streetname',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT street.city_id FROM changed JOIN geo_street AS street ON street.id = changed.street_id);\n            RETURN NULL;\n        ', hash='c26b1783ac571cb07be6db6d57744798ca0f2217', level='STATEMENT', operation='INSERT', pgid='pgtrigger_new_dictionary_on_insert_eb91a', referencing='REFERENCING NEW TABLE AS changed ', table='geo_streetname', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='streetname',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT street.city_id FROM changed JOIN geo_street AS street ON street.id = changed.street_id);\n            RETURN NULL;\n        ', hash='167e755d3b415b95ece60cc9cd6f8c8652b5ce00', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_new_dictionary_on_update_c49d7', referencing='REFERENCING NEW TABLE AS changed ', table='geo_streetname', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='streetname',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT street.city_id FROM changed JOIN geo_street AS street ON street.id = changed.street_id);\n            RETURN NULL;\n        ', hash='4a6d85b535e9a021754d9454400daf79dd6f24e4', level='STATEMENT', operation='DELETE', pgid='pgtrigger_new_dictionary_on_delete_57c82', referencing='REFERENCING OLD TABLE AS changed ', table='geo_streetname', when='AFTER')),
        ),
    ]
