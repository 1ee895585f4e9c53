"""Notices that hang on no letter (what is due, an answered report of a mistake) are seen by tasks and the staff alone.

Until here everybody saw them, under no eyes too: they name nobody, but tell when which report was answered by e-mail.
"""

from django.db import migrations

SEEN = """
    (SELECT letters_task())
    OR (appeal_id IS NULL AND (SELECT letters_user()) IS NOT NULL)
    OR EXISTS (SELECT FROM appeals_appeal AS a WHERE a.id = appeal_id)
    OR city_id = ANY ((SELECT letters_cities('coordinator'))::bigint[])
"""
SEEN_BEFORE = SEEN.replace("(appeal_id IS NULL AND (SELECT letters_user()) IS NOT NULL)", "appeal_id IS NULL")


def told_so(seen: str) -> str:
    return f"""
ALTER POLICY seen ON appeals_notice USING ({seen});
ALTER POLICY added ON appeals_notice WITH CHECK ({seen});
ALTER POLICY changed ON appeals_notice USING ({seen});
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0098_guard_card_reports")]

    operations = [migrations.RunSQL(told_so(SEEN), told_so(SEEN_BEFORE))]
