"""Houses count up a version of their own: an index of names needs nothing anew when a house comes."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('geo', '0024_texts_read'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='house',
            name='new_dictionary_on_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='house',
            name='new_dictionary_on_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='house',
            name='new_dictionary_on_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='settlement',
            name='new_dictionary_on_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='street',
            name='new_dictionary_on_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='streetname',
            name='new_dictionary_on_update',
        ),
        migrations.AddField(
            model_name='city',
            name='houses_version',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='house',
            trigger=pgtrigger.compiler.Trigger(name='new_houses_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE geo_city SET houses_version = houses_version + 1 WHERE id IN (SELECT city_id FROM geo_street WHERE id IN (SELECT street_id FROM changed)); RETURN NULL;', hash='5e34635f96ebf465516f40b219e3c13232aefef0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_new_houses_on_insert_633a9', referencing='REFERENCING NEW TABLE AS changed ', table='geo_house', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='house',
            trigger=pgtrigger.compiler.Trigger(name='new_houses_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE geo_city SET houses_version = houses_version + 1 WHERE id IN (SELECT city_id FROM geo_street WHERE id IN (SELECT street_id FROM changed) UNION SELECT city_id FROM geo_street WHERE id IN (SELECT street_id FROM before)); RETURN NULL;', hash='fc0825403fb2262e21577f9052ccc08b5dfd3a22', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_new_houses_on_update_9d3ab', referencing='REFERENCING OLD TABLE AS before  NEW TABLE AS changed ', table='geo_house', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='house',
            trigger=pgtrigger.compiler.Trigger(name='new_houses_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE geo_city SET houses_version = houses_version + 1 WHERE id IN (SELECT city_id FROM geo_street WHERE id IN (SELECT street_id FROM changed)); RETURN NULL;', hash='efc504c0eadcf26a5bd7cf0a7c29aac8194d3cff', level='STATEMENT', operation='DELETE', pgid='pgtrigger_new_houses_on_delete_e4108', referencing='REFERENCING OLD TABLE AS changed ', table='geo_house', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlement',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT city_id FROM changed UNION SELECT city_id FROM before); RETURN NULL;', hash='d502f5de81c3f9ccd921da7c4bfebfac0e873ec1', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_new_dictionary_on_update_ac65b', referencing='REFERENCING OLD TABLE AS before  NEW TABLE AS changed ', table='geo_settlement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='street',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT city_id FROM changed UNION SELECT city_id FROM before); RETURN NULL;', hash='3ee1a6aa0fd4d65d351033b05e7cd398bebcd561', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_new_dictionary_on_update_f6af8', referencing='REFERENCING OLD TABLE AS before  NEW TABLE AS changed ', table='geo_street', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='streetname',
            trigger=pgtrigger.compiler.Trigger(name='new_dictionary_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE geo_city SET gazetteer_version = gazetteer_version + 1 WHERE id IN (SELECT street.city_id FROM changed JOIN geo_street AS street ON street.id = changed.street_id UNION SELECT street.city_id FROM before JOIN geo_street AS street ON street.id = before.street_id); RETURN NULL;', hash='77f26fe8822007b08a0bb4a948118cd2c02d637d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_new_dictionary_on_update_c49d7', referencing='REFERENCING OLD TABLE AS before  NEW TABLE AS changed ', table='geo_streetname', when='AFTER')),
        ),
    ]
