"""What the policies ask of people is planned once a connection: in SQL each statement plans its functions anew.

A letter by its key took 1.2 ms of the database, 1 ms of it for these four; now 0.4 ms (docs/adr/0031, rule 10).
"""

from django.db import migrations

BODIES = {
    "letters_user() RETURNS bigint": """
        SELECT id FROM people_user
        WHERE id = nullif(current_setting('letters.user', true), '')::bigint AND is_active
    """,
    "letters_officer() RETURNS bigint": """
        SELECT id FROM people_officer WHERE user_id = letters_user() AND NOT is_training
    """,
    "letters_cities(wanted text) RETURNS bigint[]": """
        SELECT coalesce(array_agg(m.city_id), '{}')
        FROM people_membership AS m JOIN people_user AS u ON u.id = m.user_id
        WHERE u.id = letters_user() AND NOT u.is_superuser AND m.role = wanted
    """,
    "letters_districts() RETURNS bigint[]": """
        SELECT coalesce(array_agg(p.district_id), '{}')
        FROM people_posting AS p JOIN people_officer AS o ON o.id = p.officer_id JOIN geo_district AS d ON d.id = p.district_id
        WHERE o.user_id = letters_user() AND p.during @> letters_day()
            AND d.city_id = ANY (letters_cities('officer'))
    """,
}


def functions(language: str, body: str) -> str:
    """Return the deeds that write the functions in a language; `body` holds `{question}`."""
    return "".join(
        f"CREATE OR REPLACE FUNCTION {head} LANGUAGE {language} STABLE AS $${body.format(question=question)}$$;"
        for head, question in BODIES.items()
    )


KEPT = functions("plpgsql", " BEGIN RETURN ({question}); END ")
PLANNED_ANEW = functions("sql", "{question}")


class Migration(migrations.Migration):
    dependencies = [("appeals", "0120_guard_notices_of_no_letter")]

    operations = [migrations.RunSQL(KEPT, PLANNED_ANEW)]
