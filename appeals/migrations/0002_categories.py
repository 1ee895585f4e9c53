"""The eleven categories that every site starts with. A coordinator may edit them afterwards."""

from django.db import migrations

# slug, uk, en, lane, protected, guidance uk, guidance en
CATEGORIES = [
    (
        "domestic-violence", "Домашнє насильство", "Domestic violence", "message", True,
        "Якщо небезпека зараз — телефонуйте 102. Цілодобова гаряча лінія: 116 123 або 0 800 500 335.",
        "If there is danger now, call 102. Hotline, day and night: 116 123 or 0 800 500 335.",
    ),
    (
        "elderly", "Злочини та шахрайство щодо літніх людей", "Crimes and fraud against elderly people", "message", False,
        "Про злочин повідомляйте на 102. Тут можна попередити дільничного або порадитися.",
        "Report a crime to 102. Here you can warn the officer or ask for advice.",
    ),
    (
        "discrimination", "Дискримінація", "Discrimination", "message", False,
        "Опишіть, що сталося, де і коли. Про напад повідомляйте на 102.",
        "Describe what happened, where and when. Report an attack to 102.",
    ),
    (
        "noise", "Шум і сварки", "Noise and quarrels", "message", False,
        "Якщо шумлять просто зараз — телефонуйте 102. Тут — про те, що повторюється.",
        "If it is happening right now, call 102. Here: about what keeps happening.",
    ),
    (
        "drinking-drugs", "Алкоголь і наркотики в громадських місцях", "Drinking and drugs in public", "message", False,
        "Напишіть, у які дні та години це буває.",
        "Write on which days and at which hours it happens.",
    ),
    (
        "street-trade", "Стихійна торгівля", "Street trade", "message", False,
        "Дозволами на торгівлю відає міська рада (1551). Дільничному — про порушення порядку.",
        "Permits for trade are the city council's (1551). To the officer: breaches of order.",
    ),
    (
        "traffic", "Рух і паркування", "Traffic and parking", "message", False,
        "Про аварію — 102. Неправильне паркування: також інспекція з паркування міської ради (1551).",
        "An accident: 102. Wrong parking: also the city's parking inspection (1551).",
    ),
    (
        "suspicious", "Підозрілі особи", "Suspicious persons", "message", False,
        "Якщо небезпека зараз — телефонуйте 102.",
        "If there is danger now, call 102.",
    ),
    (
        "lost-found", "Втрачене та знайдене", "Lost and found", "message", False,
        "Опишіть річ, місце та день. Зброю чи вибухонебезпечне не чіпайте — 101 або 102.",
        "Describe the thing, the place and the day. Never touch weapons or explosives: 101 or 102.",
    ),
    (
        "question", "Запитання до дільничного", "Question to the officer", "message", False,
        "Запитайте про прийом, довідку, пораду.",
        "Ask about reception, a certificate, advice.",
    ),
    (
        "other", "Інше", "Other", "message", False,
        "Комунальні справи (двір, дорога, освітлення) — міська рада, 1551.",
        "Municipal matters (yard, road, lighting): the city council, 1551.",
    ),
]  # fmt: skip


def seed(apps, schema_editor):
    category = apps.get_model("appeals", "Category")
    for position, (slug, name_uk, name_en, lane, protected, guidance_uk, guidance_en) in enumerate(CATEGORIES, start=1):
        category.objects.using(schema_editor.connection.alias).get_or_create(
            slug=slug,
            defaults={
                "name_uk": name_uk,
                "name_en": name_en,
                "guidance_uk": guidance_uk,
                "guidance_en": guidance_en,
                "lane": lane,
                "protected": protected,
                "position": position,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("appeals", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
