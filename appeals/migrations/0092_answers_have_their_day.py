"""A letter that was answered has the day of its first word, however it came in."""

from django.db import migrations, models


# Services write that day, and 0074 took it from the histories. What came in past both says when it was last answered;
# by when that was owed stays unknown, so it counts as answered and neither in time nor late.
FROM_THE_LAST_ANSWER = """
SELECT set_config('letters.task', 'migration', true);
UPDATE appeals_appeal SET first_word_on = coalesce(answered_on, clock_from)
    WHERE first_word_on IS NULL AND state IN ('answered', 'forwarded', 'returned');
SELECT set_config('letters.task', '', true);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('appeals', '0086_openings_ask_letter_by_letter'),
    ]

    operations = [
        migrations.RunSQL(FROM_THE_LAST_ANSWER, migrations.RunSQL.noop),
        # The checks of the update wait; no table is altered while one does.
        migrations.RunSQL('SET CONSTRAINTS ALL IMMEDIATE', migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('first_word_on__isnull', False), models.Q(('state__in', ['answered', 'forwarded', 'returned']), _negated=True), _connector='OR'), name='appeal_answered_has_its_first_word'),
        ),
    ]
