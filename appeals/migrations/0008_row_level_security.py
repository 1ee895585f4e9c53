"""Plain words leave the tables; from here on row-level security shows letters to nobody who is not named.

The four settings that the policies read are told by appeals/access.py (docs/adr/0007).
"""

from django.db import migrations, models

FUNCTIONS = """
-- Each is asked once a statement, in a sub-select, not once a row.
CREATE FUNCTION letters_user() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT id FROM people_user
    WHERE id = nullif(current_setting('letters.user', true), '')::bigint AND is_active
$$;

CREATE FUNCTION letters_task() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('letters.task', true), '') <> ''
$$;

CREATE FUNCTION letters_day() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('letters.day', true), '')::date, (now() AT TIME ZONE 'Europe/Kyiv')::date)
$$;

CREATE FUNCTION letters_officer() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT id FROM people_officer WHERE user_id = letters_user()
$$;

-- The cities where the signed-in person has a role; an administrator has none.
CREATE FUNCTION letters_cities(wanted text) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(m.city_id), '{}')
    FROM people_membership AS m JOIN people_user AS u ON u.id = m.user_id
    WHERE u.id = letters_user() AND NOT u.is_superuser AND m.role = wanted
$$;

-- The districts where the signed-in officer is posted that day, main or acting.
CREATE FUNCTION letters_districts() RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(p.district_id), '{}')
    FROM people_posting AS p JOIN geo_district AS d ON d.id = p.district_id
    WHERE p.officer_id = letters_officer() AND p.during @> letters_day()
        AND d.city_id = ANY (letters_cities('officer'))
$$;

-- What an administrator opened within the last hour, for a reason that is on record. Nobody else gets as far as the
-- log of openings, whose own policy asks for letters.
CREATE FUNCTION letters_opened_for_a_reason() RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM people_user WHERE id = letters_user() AND is_superuser) THEN
        RETURN '{}';
    END IF;
    RETURN (
        SELECT coalesce(array_agg(appeal_id), '{}') FROM appeals_opening
        WHERE user_id = letters_user() AND reason <> '' AND opened_at > now() - interval '1 hour'
    );
END $$;
"""

VISIBLE = """
    receipt_hash = current_setting('letters.receipt', true)
    OR (SELECT letters_task())
    OR (
        coalesce(recused_officer_id <> (SELECT letters_officer()), true)
        AND (
            (addressee = 'officer' AND district_id = ANY ((SELECT letters_districts())::bigint[]))
            OR (
                city_id = ANY ((SELECT letters_cities('supervisor'))::bigint[])
                AND coalesce(recused_supervisor_id <> (SELECT letters_user()), true)
            )
        )
    )
    OR (state = 'spam' AND NOT protected AND city_id = ANY ((SELECT letters_cities('moderator'))::bigint[]))
    OR id = ANY ((SELECT letters_opened_for_a_reason())::bigint[])
"""

# A letter is inserted by whoever holds its receipt, and moved out of one's sight only by a task.
APPEALS = f"""
ALTER TABLE appeals_appeal ENABLE ROW LEVEL SECURITY;
ALTER TABLE appeals_appeal FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON appeals_appeal FOR SELECT USING ({VISIBLE});
CREATE POLICY sent ON appeals_appeal FOR INSERT
    WITH CHECK (receipt_hash = current_setting('letters.receipt', true) OR (SELECT letters_task()));
CREATE POLICY changed ON appeals_appeal FOR UPDATE USING ({VISIBLE});
CREATE POLICY erased ON appeals_appeal FOR DELETE USING ((SELECT letters_task()));
"""

OF_A_VISIBLE_LETTER = "EXISTS (SELECT FROM appeals_appeal AS a WHERE a.id = appeal_id)"


def follows_its_letter(table, may_change=False):
    """Rows of a letter are seen and added by whoever sees the letter; changed and erased by tasks, unless told so."""
    changed = OF_A_VISIBLE_LETTER if may_change else "(SELECT letters_task())"
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON {table} FOR SELECT USING ({OF_A_VISIBLE_LETTER});
CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({OF_A_VISIBLE_LETTER});
CREATE POLICY changed ON {table} FOR UPDATE USING ({changed});
CREATE POLICY erased ON {table} FOR DELETE USING ((SELECT letters_task()));
"""


# Everybody on the staff adds and sees their own openings; supervisors see those of the letters they see.
OPENINGS = f"""
ALTER TABLE appeals_opening ENABLE ROW LEVEL SECURITY;
ALTER TABLE appeals_opening FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON appeals_opening FOR SELECT USING (
    user_id = (SELECT letters_user()) OR (SELECT letters_task())
    OR CASE
        WHEN cardinality((SELECT letters_cities('supervisor'))) > 0
        THEN EXISTS (
            SELECT FROM appeals_appeal AS a
            WHERE a.id = appeal_id AND a.city_id = ANY ((SELECT letters_cities('supervisor'))::bigint[])
        )
        ELSE false
    END
);
CREATE POLICY added ON appeals_opening FOR INSERT
    WITH CHECK ((user_id = (SELECT letters_user()) AND {OF_A_VISIBLE_LETTER}) OR (SELECT letters_task()));
CREATE POLICY erased ON appeals_opening FOR DELETE USING ((SELECT letters_task()));
"""

FORWARDS = "".join(
    [
        FUNCTIONS,
        APPEALS,
        follows_its_letter("appeals_letterkey"),
        follows_its_letter("appeals_message", may_change=True),
        follows_its_letter("appeals_event"),
        OPENINGS,
    ]
)


class Migration(migrations.Migration):
    dependencies = [("appeals", "0007_seal_letters")]

    operations = [
        migrations.AlterField(model_name="appeal", name="text_sealed", field=models.BinaryField()),
        migrations.AlterField(model_name="appeal", name="writer_sealed", field=models.BinaryField()),
        migrations.AlterField(model_name="message", name="body_sealed", field=models.BinaryField()),
        migrations.AlterField(
            model_name="appeal",
            name="answer_by",
            field=models.CharField(
                choices=[("receipt", "I come back with the receipt"), ("email", "by e-mail"), ("phone", "by phone")],
                max_length=7,
                verbose_name="how the writer learns of it",
            ),
        ),
        migrations.RemoveField(
            model_name='appeal',
            name='text',
        ),
        migrations.RemoveField(
            model_name='appeal',
            name='writer_email',
        ),
        migrations.RemoveField(
            model_name='appeal',
            name='writer_name',
        ),
        migrations.RemoveField(
            model_name='message',
            name='body',
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('addressee__in', ['officer', 'supervisor'])), name='appeal_addressee_known'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('stance__in', ['myself', 'another', 'witness'])), name='appeal_stance_known'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['web', 'api', 'phone', 'paper'])), name='appeal_source_known'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('answer_by__in', ['receipt', 'email', 'phone'])), name='appeal_answer_by_known'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('officer__isnull', True), ('why__in', ['nobody', 'kept'])), models.Q(('officer__isnull', False), ('why__in', ['main', 'acting'])), _connector='OR'), name='appeal_says_why_this_officer'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('addressee', 'officer'), ('recused_officer__isnull', True), ('recused_supervisor__isnull', True)), models.Q(('addressee', 'supervisor'), ('officer__isnull', True)), _connector='OR'), name='appeal_kept_letters_go_above'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('rule', 'chosen'), ('place_sealed__isnull', False), _connector='OR'), name='appeal_rule_fits_place'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('protected', False), ('location__isnull', True), _connector='OR'), name='appeal_protected_place_is_sealed'),
        ),
        migrations.RunSQL(FORWARDS),
    ]
