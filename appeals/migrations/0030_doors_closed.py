"""Doors that the first policies left open; the reason of an opening is sealed.

* With nobody named, the setting `letters.receipt` is empty: a letter without a receipt could be put in under it.
* Whoever a letter is kept from met it as a moderator of suspected spam, or as an administrator.
* An administrator's own entry in the log, dated in the future, would have held for longer than an hour.
"""

from django.db import migrations, models

# `letters_opened_for_a_reason` says the same as `Opening.objects.for_a_reason_by`.
FUNCTIONS = """
CREATE FUNCTION letters_receipt() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('letters.receipt', true), '')
$$;

CREATE OR REPLACE FUNCTION letters_opened_for_a_reason() RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM people_user WHERE id = letters_user() AND is_superuser) THEN
        RETURN '{}';
    END IF;
    RETURN (
        SELECT coalesce(array_agg(appeal_id), '{}') FROM appeals_opening
        WHERE user_id = letters_user() AND reason_sealed IS NOT NULL
            AND opened_at > now() - interval '1 hour' AND opened_at <= clock_timestamp()
    );
END $$;
"""

VISIBLE = """
    receipt_hash = (SELECT letters_receipt())
    OR (SELECT letters_task())
    OR (
        coalesce(recused_officer_id <> (SELECT letters_officer()), true)
        AND coalesce(recused_supervisor_id <> (SELECT letters_user()), true)
        AND (
            (addressee = 'officer' AND district_id = ANY ((SELECT letters_districts())::bigint[]))
            OR city_id = ANY ((SELECT letters_cities('supervisor'))::bigint[])
            OR (state = 'spam' AND NOT protected AND city_id = ANY ((SELECT letters_cities('moderator'))::bigint[]))
            OR id = ANY ((SELECT letters_opened_for_a_reason())::bigint[])
        )
    )
"""

POLICIES = f"""
ALTER POLICY seen ON appeals_appeal USING ({VISIBLE});
ALTER POLICY changed ON appeals_appeal USING ({VISIBLE});
ALTER POLICY sent ON appeals_appeal
    WITH CHECK (receipt_hash = (SELECT letters_receipt()) OR (SELECT letters_task()));
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0021_reply_templates")]

    operations = [
        migrations.AddField("opening", "reason_sealed", models.BinaryField(null=True)),
        migrations.RemoveField("opening", "reason"),
        migrations.RunSQL(FUNCTIONS + POLICIES, migrations.RunSQL.noop),
    ]
