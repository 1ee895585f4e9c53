"""Where a letter's clock stands; what was read, corrected and rated."""

from django.conf import settings
from django.db import migrations, models


# Row-level security shows the letters to a task alone.
START_CLOCKS = """
SELECT set_config('letters.task', 'migration', true);
UPDATE appeals_appeal AS a SET
    clock_from = (received_at AT TIME ZONE 'Europe/Kyiv')::date,
    answered_on = (
        SELECT max((m.sent_at AT TIME ZONE 'Europe/Kyiv')::date) FROM appeals_message AS m
        WHERE m.appeal_id = a.id AND m.side = 'officer'
    );
SELECT set_config('letters.task', '', true);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('appeals', '0009_outside_bodies'),
        ('geo', '0011_territory_corrections'),
        ('people', '0004_sign_in_tries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='appeal',
            name='answered_on',
            field=models.DateField(blank=True, help_text="The office's last word.", null=True, verbose_name='answered on'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='clock_from',
            field=models.DateField(help_text='Day 0: received, asked again, completed, upgraded.', null=True, verbose_name='clock runs from'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='first_read_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='first read by the staff'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='rated_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='rated at'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='rating',
            field=models.CharField(blank=True, choices=[('yes', 'it helped'), ('partly', 'it helped in part'), ('no', 'it did not help')], max_length=6, verbose_name='rating'),
        ),
        migrations.AddField(
            model_name='message',
            name='corrects',
            field=models.BooleanField(default=False, verbose_name='corrects the letter'),
        ),
        migrations.AddField(
            model_name='message',
            name='read_at',
            field=models.DateTimeField(blank=True, help_text='First read by the other side.', null=True, verbose_name='read at'),
        ),
        migrations.RunSQL(START_CLOCKS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='appeal',
            name='clock_from',
            field=models.DateField(help_text='Day 0: received, asked again, completed, upgraded.', verbose_name='clock runs from'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rated_at__isnull', True), ('rating', '')), models.Q(('answered_on__isnull', False), ('rated_at__isnull', False), ('rating__in', ['yes', 'partly', 'no'])), _connector='OR'), name='appeal_rated_after_an_answer'),
        ),
    ]
