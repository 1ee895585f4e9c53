"""A recorded polygon is never changed: what is made of it is kept by its edition."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('geo', '0025_houses_have_a_version'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='districtboundary',
            trigger=pgtrigger.compiler.Trigger(name='boundary_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='00f1b3c52dd17c2bff58259ee67d3bbb35ec6788', operation='UPDATE', pgid='pgtrigger_boundary_stays_9e652', table='geo_districtboundary', when='BEFORE')),
        ),
    ]
