import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Territories given as lists of streets and houses."""

    dependencies = [
        ('geo', '0007_gazetteer'),
    ]

    operations = [
        migrations.CreateModel(
            name='TerritoryList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='Counts up within the city.', verbose_name='number')),
                ('source', models.CharField(help_text='File, decision or person it comes from.', max_length=300, verbose_name='source')),
                ('source_sha256', models.CharField(max_length=64, verbose_name='fingerprint of the file')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('recorded_by', models.CharField(max_length=200, verbose_name='recorded by')),
                ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='in force')),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='territory_lists', to='geo.city', verbose_name='city')),
            ],
            options={
                'verbose_name': 'territory list',
                'verbose_name_plural': 'territory lists',
                'ordering': ['city', '-number'],
            },
        ),
        migrations.CreateModel(
            name='TerritoryRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('named', models.TextField(blank=True, verbose_name='street as written')),
                ('named_settlement', models.TextField(blank=True, verbose_name='settlement as written')),
                ('houses', models.TextField(blank=True, verbose_name='houses')),
                ('notes', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None, verbose_name='remarks in brackets')),
                ('text', models.TextField(verbose_name='text of the source')),
                ('row', models.PositiveIntegerField(help_text='0 in a text.', verbose_name='row')),
                ('start', models.PositiveIntegerField(verbose_name='first character')),
                ('end', models.PositiveIntegerField(verbose_name='after the last character')),
                ('unread', models.CharField(blank=True, max_length=20, verbose_name='why it was not read')),
                ('district', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='territory_rules', to='geo.district', verbose_name='district')),
                ('settlement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='territory_rules', to='geo.settlement', verbose_name='settlement')),
                ('street', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='territory_rules', to='geo.street', verbose_name='street')),
                ('territory_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='geo.territorylist')),
            ],
            options={
                'verbose_name': 'territory rule',
                'verbose_name_plural': 'territory rules',
                'ordering': ['territory_list', 'row', 'start', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='territorylist',
            constraint=models.UniqueConstraint(fields=('city', 'number'), name='territory_list_number_once_in_city'),
        ),
        migrations.AddConstraint(
            model_name='territorylist',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('city', '='), ('period', '&&')], name='one_territory_list_in_force_per_city'),
        ),
        migrations.AddConstraint(
            model_name='territoryrule',
            constraint=models.CheckConstraint(condition=models.Q(('street__isnull', True), ('settlement__isnull', True), _connector='OR'), name='territory_rule_of_one_place'),
        ),
        migrations.AddConstraint(
            model_name='territoryrule',
            constraint=models.CheckConstraint(condition=models.Q(('district__isnull', False), models.Q(('unread', ''), _negated=True), _connector='OR'), name='territory_rule_has_a_district'),
        ),
    ]
