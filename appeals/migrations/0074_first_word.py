"""When the office first answered, and by when it owed that: statistics of answers read no histories."""

from django.conf import settings
from django.db import migrations, models


# Row-level security shows the letters to a task alone. By when the first answer was owed is known where the clock was
# not started anew since; a clock that began later says nothing of the first answer.
FROM_HISTORY = """
SELECT set_config('letters.task', 'migration', true);
UPDATE appeals_appeal AS a SET
    first_word_on = told.day,
    first_due_on = CASE WHEN a.clock_from <= told.day THEN a.answer_due_on END
FROM (
    SELECT e.appeal_id, (min(e.at) AT TIME ZONE 'Europe/Kyiv')::date AS day FROM appeals_event AS e
    WHERE e.kind IN ('answer', 'close', 'forward', 'return') GROUP BY e.appeal_id
) AS told
WHERE told.appeal_id = a.id;
SELECT set_config('letters.task', '', true);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('appeals', '0070_erasures'),
        ('geo', '0014_data_licence'),
        ('people', '0007_new_password_links'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='appeal',
            name='first_due_on',
            field=models.DateField(blank=True, null=True, verbose_name='first answer was due on'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='first_word_on',
            field=models.DateField(blank=True, help_text="The office's first word that lets nobody wait on.", null=True, verbose_name='first answered on'),
        ),
        migrations.RunSQL(FROM_HISTORY, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('first_word_on__isnull', False), ('first_due_on__isnull', True), _connector='OR'), name='appeal_first_due_with_its_answer'),
        ),
    ]
