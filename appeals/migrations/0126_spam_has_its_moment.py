"""A letter says itself since when it is suspected spam, and whether a moderator said so: its events said it before.

The queue of suspected spam put a thousand letters in order by an event of each, and the policy of events asked for each.
"""

from django.db import migrations, models
from django.db.models import Q

FROM_THE_EVENTS = """
SELECT set_config('letters.task', 'migration', true);
UPDATE appeals_appeal AS letter SET
    suspected_at = coalesce(
        (SELECT max(at) FROM appeals_event WHERE appeal_id = letter.id AND kind = 'mark_spam'), received_at
    ),
    spam_confirmed = 'spam_confirmed' = coalesce(
        (
            SELECT kind FROM appeals_event
            WHERE appeal_id = letter.id AND kind IN ('mark_spam', 'spam_confirmed', 'spam_doubted')
            ORDER BY at DESC, id DESC LIMIT 1
        ), ''
    )
WHERE state = 'spam';
SELECT set_config('letters.task', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0125_square_of_a_letter")]

    operations = [
        migrations.AddField(
            model_name="appeal",
            name="suspected_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="set aside as spam at"),
        ),
        migrations.AddField(
            model_name="appeal",
            name="spam_confirmed",
            field=models.BooleanField(default=False, verbose_name="a moderator said that it is spam"),
        ),
        migrations.RunSQL(FROM_THE_EVENTS, migrations.RunSQL.noop),
        # The checks of the update wait; no table is altered while one does.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=Q(state="spam", suspected_at__isnull=False)
                | (~Q(state="spam") & Q(suspected_at__isnull=True, spam_confirmed=False)),
                name="appeal_spam_since",
            ),
        ),
        migrations.AddIndex(
            model_name="appeal",
            index=models.Index(
                fields=["city", "spam_confirmed", "suspected_at"], condition=Q(state="spam"), name="appeal_suspected"
            ),
        ),
    ]
