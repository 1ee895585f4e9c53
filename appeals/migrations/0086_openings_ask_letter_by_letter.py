"""The log of openings is read from its end: its policy asks each row for its letter, and lists no city's letters first."""

from django.db import migrations

ITS_LETTER = """
    SELECT {found} FROM appeals_appeal AS a
    WHERE a.id = appeal_id AND a.city_id = ANY ((SELECT letters_cities('supervisor'))::bigint[])
"""
SEEN = """
    ALTER POLICY seen ON appeals_opening USING (
        user_id = (SELECT letters_user()) OR (SELECT letters_task())
        OR CASE WHEN cardinality((SELECT letters_cities('supervisor'))) > 0 THEN {asked} ELSE false END
    )
"""
# A scalar sub-select is never turned into a hash of everything it may find; EXISTS is, for a long log.
BY_LETTER = SEEN.format(asked=f"appeal_id = ({ITS_LETTER.format(found='a.id')})")
BY_LIST = SEEN.format(asked=f"EXISTS ({ITS_LETTER.format(found='')})")


class Migration(migrations.Migration):
    dependencies = [("appeals", "0085_spam_kept_from_somebody")]

    operations = [migrations.RunSQL(BY_LETTER, BY_LIST)]
