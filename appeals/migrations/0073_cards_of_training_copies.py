"""An officer has one card of their own, and one more in each training copy: the functions of the policies know both.

`letters_officer` is the one card of their own, from whom letters are kept; the districts are those of all cards.
"""

from django.db import migrations

FUNCTIONS = """
CREATE OR REPLACE FUNCTION letters_officer() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT id FROM people_officer WHERE user_id = letters_user() AND NOT is_training
$$;

CREATE OR REPLACE FUNCTION letters_districts() RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(p.district_id), '{}')
    FROM people_posting AS p JOIN people_officer AS o ON o.id = p.officer_id JOIN geo_district AS d ON d.id = p.district_id
    WHERE o.user_id = letters_user() AND p.during @> letters_day()
        AND d.city_id = ANY (letters_cities('officer'))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0072_exercises"), ("people", "0008_deeds_on_cities")]

    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
