import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('analysis', '0011_counts_by_day'),
        ('geo', '0014_data_licence'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.DateField(verbose_name='first day')),
                ('last', models.DateField(verbose_name='last day')),
                ('begun_at', models.DateTimeField(verbose_name='begun at')),
                ('signed_at', models.DateTimeField(null=True, verbose_name='signed at')),
                ('content', models.JSONField(null=True, verbose_name='what was signed')),
                ('pdf', models.BinaryField(null=True)),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='begun by')),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='geo.city', verbose_name='city')),
                ('district', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='geo.district', verbose_name='district')),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by')),
            ],
            options={
                'verbose_name': 'half-year report',
                'verbose_name_plural': 'half-year reports',
                'ordering': ['-first', 'district', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReportVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('words', models.JSONField(help_text='Text of each block.', verbose_name='words')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='analysis.report', verbose_name='report')),
            ],
            options={
                'verbose_name': 'version of a report',
                'verbose_name_plural': 'versions of reports',
                'ordering': ['report', 'number'],
            },
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('signed_at__isnull', True)), fields=('city', 'district', 'first', 'last'), name='one_report_in_the_making', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('first__lte', models.F('last'))), name='report_has_days'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', True), ('pdf__isnull', True), ('signed_at__isnull', True), ('signed_by__isnull', True)), models.Q(('content__isnull', False), ('pdf__isnull', False), ('signed_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='report_signed_whole'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='report',
            trigger=pgtrigger.compiler.Trigger(name='report_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='0de7450a0d2683e34acbf5dd5c9fc4566f6ff5be', operation='DELETE', pgid='pgtrigger_report_is_kept_f734c', table='analysis_report', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='report',
            trigger=pgtrigger.compiler.Trigger(name='report_signed_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF OLD.signed_at IS NULL AND to_jsonb(OLD) - 'signed_at' - 'signed_by_id' - 'content' - 'pdf' = to_jsonb(NEW) - 'signed_at' - 'signed_by_id' - 'content' - 'pdf' THEN RETURN NEW; END IF; RAISE restrict_violation USING MESSAGE = 'a report is signed once, and then stays as it is';", hash='5f862affd8856a3c053b10f82450f6fee2b663df', operation='UPDATE', pgid='pgtrigger_report_signed_stays_0e34d', table='analysis_report', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='reportversion',
            constraint=models.UniqueConstraint(fields=('report', 'number'), name='report_version_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportversion',
            trigger=pgtrigger.compiler.Trigger(name='report_version_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e2e108c1e819da625aa95e95923f2b535e6d220a', operation='UPDATE OR DELETE', pgid='pgtrigger_report_version_stays_83973', table='analysis_reportversion', when='BEFORE')),
        ),
    ]
