"""The outside bodies that every city begins with: who takes complaints about the police. They are data."""

import datetime

from django.db import migrations

CHECKED_ON = datetime.date(2026, 11, 26)
BODIES = (
    (
        "above",
        "Національна поліція України, гаряча лінія",
        "National Police of Ukraine, hotline",
        "0 800 50 02 02",
        "0 800 50 02 02",
    ),
    (
        "above",
        "Уповноважений Верховної Ради України з прав людини",
        "Ukrainian Parliament Commissioner for Human Rights",
        "0 800 50 17 20, ombudsman.gov.ua",
        "0 800 50 17 20, ombudsman.gov.ua",
    ),
    (
        "above",
        "Державне бюро розслідувань (злочини поліцейських)",
        "State Bureau of Investigation (crimes of police officers)",
        "dbr.gov.ua",
        "dbr.gov.ua",
    ),
)


def add_bodies(apps, schema_editor):
    bodies = apps.get_model("appeals", "Body").objects.using(schema_editor.connection.alias)
    for position, (purpose, name_uk, name_en, contact_uk, contact_en) in enumerate(BODIES):
        bodies.get_or_create(
            purpose=purpose,
            name_uk=name_uk,
            city=None,
            defaults={
                "name_en": name_en,
                "contact_uk": contact_uk,
                "contact_en": contact_en,
                "position": position,
                "checked_on": CHECKED_ON,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("appeals", "0008_row_level_security")]

    operations = [migrations.RunPython(add_bodies, migrations.RunPython.noop)]
