"""Seal what readers reported before reports were sealed. Reports older than codes get one that nobody has."""

import secrets

from django.db import migrations

from appeals.models.sealed import key_ring
from appeals.sealing import new_key, seal

TABLE = "appeals_cardreport"


def seal_reports(apps, schema_editor):
    reports = apps.get_model("appeals", "CardReport").objects.using(schema_editor.connection.alias)
    ring = key_ring()
    for report in reports.order_by("pk").iterator(chunk_size=500):
        report.code_hash = row = report.code_hash or secrets.token_hex(32)
        key = new_key()
        report.wrapped, report.wrapped_by = ring.wrap(key, row=row, table=TABLE), ring.current
        report.text_sealed = seal(key, report.text.encode(), table=TABLE, row=row, column="text")
        if report.email:
            report.email_sealed = seal(key, report.email.encode(), table=TABLE, row=row, column="email")
        report.save(update_fields=["code_hash", "wrapped", "wrapped_by", "text_sealed", "email_sealed"])


class Migration(migrations.Migration):
    dependencies = [("appeals", "0096_card_reports")]

    operations = [migrations.RunPython(seal_reports, elidable=False)]
