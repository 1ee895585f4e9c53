import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    """Corrections of lists of streets: each makes a new list, none is rewritten."""

    dependencies = [
        ('geo', '0010_houses_come_by_the_million'),
    ]

    operations = [
        migrations.AddField(
            model_name='territorylist',
            name='basis',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='geo.territorylist', verbose_name='made from list'),
        ),
        migrations.AddField(
            model_name='territorylist',
            name='reason',
            field=models.CharField(blank=True, max_length=500, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='territoryrule',
            name='corrected_in',
            field=models.PositiveIntegerField(default=0, help_text='0: as the document says.', verbose_name='corrected in list'),
        ),
        migrations.AlterField(
            model_name='territoryrule',
            name='text',
            field=models.TextField(blank=True, verbose_name='text of the source'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='territorylist',
            trigger=pgtrigger.compiler.Trigger(name='recorded_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'period' = to_jsonb(OLD) - 'period' THEN RETURN NEW; END IF;\n            RAISE EXCEPTION 'a list of streets is not rewritten' USING ERRCODE = 'restrict_violation';\n        ", hash='0a00fe96d4719c6fb26e1f5848873c03811e300c', operation='UPDATE OR DELETE', pgid='pgtrigger_recorded_stays_6eca6', table='geo_territorylist', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='territoryrule',
            trigger=pgtrigger.compiler.Trigger(name='recorded_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'street_id' - 'settlement_id' = to_jsonb(OLD) - 'street_id' - 'settlement_id' THEN RETURN NEW; END IF;\n            RAISE EXCEPTION 'a list of streets is not rewritten' USING ERRCODE = 'restrict_violation';\n        ", hash='0f02a45019d0b01bb18a1a95c005aae79e34d5c5', operation='UPDATE OR DELETE', pgid='pgtrigger_recorded_stays_bff74', table='geo_territoryrule', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='territoryrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), ('corrected_in__gt', 0), _connector='OR'), name='territory_rule_of_a_document_or_a_person'),
        ),
    ]
