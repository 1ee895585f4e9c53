"""The help lines every city begins with. They are data: the administration edits them, this is the first day."""

import datetime

from django.db import migrations

CHECKED_ON = datetime.date(2026, 11, 23)
LINES = (
    ("102", "Поліція", "Police", "emergency"),
    ("112", "Єдиний номер екстреної допомоги", "Emergency number", "emergency"),
    (
        "116 123",
        "Національна гаряча лінія з попередження домашнього насильства (з мобільного)",
        "National hotline on domestic violence (from a mobile)",
        "violence",
    ),
    (
        "0 800 500 335",
        "Національна гаряча лінія з попередження домашнього насильства",
        "National hotline on domestic violence",
        "violence",
    ),
    ("15-47", "Урядова гаряча лінія", "Government hotline", "government"),
)


def add_lines(apps, schema_editor):
    help_lines = apps.get_model("people", "HelpLine").objects.using(schema_editor.connection.alias)
    for position, (phone, name_uk, name_en, purpose) in enumerate(LINES):
        help_lines.get_or_create(
            phone=phone,
            defaults={
                "name_uk": name_uk,
                "name_en": name_en,
                "purpose": purpose,
                "position": position,
                "checked_on": CHECKED_ON,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("people", "0002_card_report")]

    operations = [migrations.RunPython(add_lines, migrations.RunPython.noop)]
