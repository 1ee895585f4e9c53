"""Every outline that a city had."""

import django.contrib.gis.db.models.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('geo', '0022_houses_count_as_the_gazetteer'),
    ]

    operations = [
        migrations.CreateModel(
            name='CityOutline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='Counts up within the city.', verbose_name='number')),
                ('outline', django.contrib.gis.db.models.fields.MultiPolygonField(null=True, spatial_index=False, srid=4326, verbose_name='outline')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('recorded_by', models.CharField(blank=True, max_length=200, verbose_name='recorded by')),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outlines', to='geo.city', verbose_name='city')),
            ],
            options={
                'verbose_name': 'outline of a city',
                'verbose_name_plural': 'outlines of cities',
                'ordering': ['city', '-number'],
                'constraints': [models.UniqueConstraint(fields=('city', 'number'), name='outline_number_once_in_city')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cityoutline',
            trigger=pgtrigger.compiler.Trigger(name='outline_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c97fd5663bfe7be579a1954eddf60c3400175860', operation='UPDATE OR DELETE', pgid='pgtrigger_outline_stays_c5560', table='geo_cityoutline', when='BEFORE')),
        ),
    ]
