
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('appeals', '0050_photos'),
        ('geo', '0012_door_counts'),
        ('people', '0007_new_password_links'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='appeal',
            name='city',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='geo.city', verbose_name='city'),
        ),
        migrations.AlterField(
            model_name='appeal',
            name='district',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='geo.district', verbose_name='district'),
        ),
        migrations.AlterField(
            model_name='appeal',
            name='forwarded_to',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appeals.body', verbose_name='forwarded to'),
        ),
        migrations.AlterField(
            model_name='appeal',
            name='idempotency_hash',
            field=models.CharField(editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name='appeal',
            name='receipt_hash',
            field=models.CharField(editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name='appeal',
            name='recused_officer',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.officer', verbose_name='kept from this officer'),
        ),
        migrations.AlterField(
            model_name='appeal',
            name='recused_supervisor',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='kept from this supervisor'),
        ),
        migrations.AlterField(
            model_name='appeal',
            name='territory_list',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='geo.territorylist', verbose_name='list of streets'),
        ),
        migrations.AlterField(
            model_name='event',
            name='by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who'),
        ),
        migrations.AlterField(
            model_name='letterkey',
            name='wrapped_by',
            field=models.CharField(max_length=40, verbose_name='key of the server'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(condition=models.Q(('territory_list__isnull', False)), fields=['territory_list'], name='appeal_territory_list'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(condition=models.Q(('recused_officer__isnull', False)), fields=['recused_officer'], name='appeal_recused_officer'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(condition=models.Q(('recused_supervisor__isnull', False)), fields=['recused_supervisor'], name='appeal_recused_supervisor'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(condition=models.Q(('forwarded_to__isnull', False)), fields=['forwarded_to'], name='appeal_forwarded_to'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('by__isnull', False)), fields=['by'], name='event_by'),
        ),
        migrations.AddIndex(
            model_name='letterkey',
            index=models.Index(fields=['wrapped_by'], name='letter_key_wrapped_by'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.UniqueConstraint(fields=('receipt_hash',), name='appeal_receipt_once'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.UniqueConstraint(fields=('idempotency_hash',), name='appeal_idempotency_key_once'),
        ),
    ]
