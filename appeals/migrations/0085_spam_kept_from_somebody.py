"""Suspected spam that its writer has kept from somebody is no moderator's: the policies say so too."""

from django.db import migrations

MODERATED = "AND recused_officer_id IS NULL AND recused_supervisor_id IS NULL"
VISIBLE = """
    receipt_hash = (SELECT letters_receipt())
    OR (SELECT letters_task())
    OR (
        coalesce(recused_officer_id <> (SELECT letters_officer()), true)
        AND coalesce(recused_supervisor_id <> (SELECT letters_user()), true)
        AND (
            (addressee = 'officer' AND district_id = ANY ((SELECT letters_districts())::bigint[]))
            OR city_id = ANY ((SELECT letters_cities('supervisor'))::bigint[])
            OR (
                state = 'spam' AND NOT protected {kept}
                AND city_id = ANY ((SELECT letters_cities('moderator'))::bigint[])
            )
            OR id = ANY ((SELECT letters_opened_for_a_reason())::bigint[])
        )
    )
"""


def policies(kept: str) -> str:
    """Return the deeds that say who sees a letter, and who may change it."""
    return "".join(f"ALTER POLICY {one} ON appeals_appeal USING ({VISIBLE.format(kept=kept)});" for one in ("seen", "changed"))


class Migration(migrations.Migration):
    dependencies = [("appeals", "0080_notice_to_reporter")]

    operations = [migrations.RunSQL(policies(MODERATED), policies(""))]
