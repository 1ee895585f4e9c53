"""Pages of text with every version; help lines of a city; the day on which a station was called."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('geo', '0019_pages_are_no_codes'),
        ('people', '0009_leave_deeds'),
    ]

    operations = [
        migrations.CreateModel(
            name='PageVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('about', 'About the service'), ('how-it-works', 'How it works'), ('rights', 'Your rights'), ('help', 'Where to call'), ('privacy', 'Your data')], max_length=12, verbose_name='page of text')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('text_uk', models.TextField(blank=True, max_length=12000, verbose_name='text in Ukrainian')),
                ('text_en', models.TextField(blank=True, max_length=12000, verbose_name='text in English')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'version of a page',
                'verbose_name_plural': 'versions of pages',
                'ordering': ['kind', '-number'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='staffdeed',
            name='staff_deed_known',
        ),
        migrations.AddField(
            model_name='helpline',
            name='city',
            field=models.ForeignKey(blank=True, help_text='Empty: the whole site.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='help_lines', to='geo.city', verbose_name='city'),
        ),
        migrations.AddField(
            model_name='station',
            name='checked_on',
            field=models.DateField(blank=True, help_text='When a person last called its phone; empty: never yet.', null=True, verbose_name='checked on'),
        ),
        migrations.AlterField(
            model_name='helpline',
            name='phone',
            field=models.CharField(max_length=20, verbose_name='phone'),
        ),
        migrations.AlterField(
            model_name='helpline',
            name='name_en',
            field=models.CharField(blank=True, max_length=160, verbose_name='name in English'),
        ),
        migrations.AlterField(
            model_name='staffdeed',
            name='deed',
            field=models.CharField(choices=[('invited', 'invited'), ('withdrawn', 'withdrew the invitation of'), ('joined', 'joined'), ('roles', 'changed the roles of'), ('password', 'made a link to a new password for'), ('reset', 'reset the second factor of'), ('disabled', 'disabled'), ('enabled', 'enabled'), ('leave', 'changed the leave of'), ('added', 'added the city'), ('stage', 'moved the city to another stage'), ('settings', 'changed the settings of the city'), ('reviewed', 'read the texts of the city'), ('training', 'made or renewed the training copy of the city'), ('page', 'published a page'), ('checked', 'checked a phone'), ('line', 'changed a help line')], max_length=9, verbose_name='deed'),
        ),
        migrations.AlterField(
            model_name='staffdeed',
            name='facts',
            field=models.JSONField(default=dict, help_text='Of a deed on the city: `before` and `after`, a stage or the fields that changed. Of a leave: its officer, and how it stood before and after. Of a page: which one, and the number of its version. Of a phone: whose.'),
        ),
        migrations.AddConstraint(
            model_name='helpline',
            constraint=models.UniqueConstraint(fields=('city', 'phone'), name='help_line_once', nulls_distinct=False, violation_error_message='This phone is among the help lines already.'),
        ),
        migrations.AddConstraint(
            model_name='helpline',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['emergency', 'violence', 'government'])), name='help_line_purpose_known'),
        ),
        migrations.AddConstraint(
            model_name='staffdeed',
            constraint=models.CheckConstraint(condition=models.Q(('deed__in', ['invited', 'withdrawn', 'joined', 'roles', 'password', 'reset', 'disabled', 'enabled', 'leave', 'added', 'stage', 'settings', 'reviewed', 'training', 'page', 'checked', 'line'])), name='staff_deed_known'),
        ),
        migrations.AddField(
            model_name='pageversion',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='pageversion',
            name='city',
            field=models.ForeignKey(help_text='Empty: the whole site.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='page_versions', to='geo.city', verbose_name='city'),
        ),
        migrations.AddConstraint(
            model_name='pageversion',
            constraint=models.UniqueConstraint(fields=('city', 'kind', 'number'), name='page_version_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='pageversion',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('about', 'how-it-works', 'rights', 'help', 'privacy'))), name='page_known'),
        ),
        migrations.AddConstraint(
            model_name='pageversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text_uk', ''), _negated=True), ('text_en', ''), _connector='OR'), name='page_is_ukrainian_first'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pageversion',
            trigger=pgtrigger.compiler.Trigger(name='page_version_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='136998dd08d01c6d7919a379a55953dbf43bc953', operation='UPDATE OR DELETE', pgid='pgtrigger_page_version_stays_6c75c', table='people_pageversion', when='BEFORE')),
        ),
    ]
