"""One signed digest a day of the log of openings. It says nothing of any person: no policy guards it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appeals", "0030_doors_closed")]

    operations = [
        migrations.CreateModel(
            name='OpeningDigest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='local day')),
                ('openings', models.PositiveIntegerField(verbose_name='number of openings')),
                ('previous', models.CharField(blank=True, max_length=64, verbose_name='digest of the day before')),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
                ('signature', models.CharField(max_length=64, verbose_name='signature')),
            ],
            options={
                'verbose_name': "digest of a day's openings",
                'verbose_name_plural': 'digests of openings by day',
                'ordering': ['day'],
            },
        ),
        migrations.AddIndex(
            model_name='opening',
            index=models.Index(fields=['opened_at'], name='opening_by_moment'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openingdigest',
            trigger=pgtrigger.compiler.Trigger(name='opening_digest_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a2a19e9fead0bd9f9706d856ae06264837d2db22', operation='UPDATE OR DELETE', pgid='pgtrigger_opening_digest_stays_c2d40', table='appeals_openingdigest', when='BEFORE')),
        ),
    ]
