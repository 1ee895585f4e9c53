"""Delete the files of photos that were proposed and not taken before the program deleted them itself: they are faces,
and whoever had the address could go on reading them.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import migrations, transaction


def forget_photos(apps: Any, _schema_editor: Any) -> None:
    """Delete, once this is committed, the photos of decided changes that no card shows and no other change names.

    What a change replaced stays: undoing brings it back.
    """
    officer, changes = apps.get_model("people", "Officer"), apps.get_model("people", "Proposal").objects
    proposed = _named(changes.filter(state__in=["approved", "declined", "withdrawn"]), "proposed")
    kept = {
        *officer.objects.exclude(photo="").values_list("photo", flat=True),
        *_named(changes.filter(state="waiting"), "proposed"),
        *_named(changes.filter(state="approved"), "replaced"),
        *_named(changes.filter(state="approved"), "became"),
    }
    for name in sorted({*proposed} - kept):
        transaction.on_commit(partial(officer._meta.get_field("photo").storage.delete, name), robust=True)


def _named(changes: Any, field: str) -> Iterator[str]:
    names: Iterator[str] = changes.filter(kind="officer", **{f"{field}__has_key": "photo"}).values_list(
        f"{field}__photo", flat=True
    )
    return (name for name in names if name)


class Migration(migrations.Migration):
    dependencies = [("people", "0014_new_phones_are_unchecked")]

    operations = [migrations.RunPython(forget_photos, migrations.RunPython.noop, elidable=True)]
