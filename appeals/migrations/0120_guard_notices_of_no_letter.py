"""Notices that hang on no letter (what is due, an answered report of a mistake) are seen by tasks, by whom they tell and
by those who run their city.

Until here everybody saw them, under no eyes too: they name nobody, but tell when which report was answered by e-mail.
"""

from django.db import migrations

RUN = """((
            SELECT letters_cities('coordinator') || letters_cities('supervisor') || letters_cities('moderator')
        )::bigint[])"""
# A notice to the staff has no city: it is of those in which its reader has a role.
RUNS_ITS_CITY = f"""(
        reader_id = (SELECT letters_user())
        OR city_id = ANY {RUN}
        OR EXISTS (
            SELECT FROM people_membership AS m WHERE m.user_id = reader_id AND m.city_id = ANY {RUN}
        )
    )"""
SEEN = f"""
    (SELECT letters_task())
    OR (appeal_id IS NULL AND {RUNS_ITS_CITY})
    OR EXISTS (SELECT FROM appeals_appeal AS a WHERE a.id = appeal_id)
    OR city_id = ANY ((SELECT letters_cities('coordinator'))::bigint[])
"""
SEEN_BEFORE = SEEN.replace(f"(appeal_id IS NULL AND {RUNS_ITS_CITY})", "appeal_id IS NULL")


def told_so(seen: str) -> str:
    return f"""
ALTER POLICY seen ON appeals_notice USING ({seen});
ALTER POLICY added ON appeals_notice WITH CHECK ({seen});
ALTER POLICY changed ON appeals_notice USING ({seen});
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0098_guard_card_reports")]

    operations = [migrations.RunSQL(told_so(SEEN), told_so(SEEN_BEFORE))]
