"""Seal what was written before letters were sealed."""

import json

from django.db import migrations

from appeals.models.sealed import key_ring
from appeals.sealing import new_key, seal


def seal_letters(apps, schema_editor):
    database = schema_editor.connection.alias
    appeals = apps.get_model("appeals", "Appeal").objects.using(database)
    keys = apps.get_model("appeals", "LetterKey").objects.using(database)
    ring = key_ring()
    for appeal in appeals.select_related("category").prefetch_related("messages").iterator(chunk_size=500):
        key, row = new_key(), appeal.receipt_hash

        def sealed(column, plain):
            return seal(key, plain.encode(), table="appeals_appeal", row=row, column=column)

        keys.create(appeal=appeal, wrapped=ring.wrap(key, row=str(appeal.pk)), wrapped_by=ring.current)
        writer = {"name": appeal.writer_name, "residence": "", "email": appeal.writer_email, "phone": ""}
        appeal.text_sealed = sealed("text", appeal.text)
        appeal.writer_sealed = sealed("writer", json.dumps(writer))
        if appeal.location:
            place = {"lon": appeal.location.x, "lat": appeal.location.y, "address": ""}
            appeal.place_sealed = sealed("place", json.dumps(place))
        appeal.answer_by = "email" if appeal.writer_email else "receipt"
        appeal.protected = appeal.category.protected
        if appeal.protected:
            appeal.location = None
        appeal.save()
        for message in appeal.messages.all():
            place = f"{appeal.pk} {message.side} {message.key}"
            message.body_sealed = seal(
                key, message.body.encode(), table="appeals_message", row=place, column="body"
            )
            message.save(update_fields=["body_sealed"])


class Migration(migrations.Migration):
    dependencies = [("appeals", "0006_sealed_columns")]

    operations = [migrations.RunPython(seal_letters, elidable=False)]
