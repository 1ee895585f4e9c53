"""The templates of replies that every site begins with. They are data; a coordinator edits them."""

from django.db import migrations

TEMPLATES = (
    (
        "", "Прийом громадян", "Reception",
        "Доброго дня! Дякую за звернення. Приходьте на прийом: [день і час], [адреса]. Візьміть із собою документ, що"
        " посвідчує особу.",
        "Good day! Thank you for your letter. Please come to my reception: [day and time], [address]. Bring an identity"
        " document.",
    ),
    (
        "", "Прошу уточнити", "Please say more",
        "Доброго дня! Дякую за звернення. Щоб допомогти, мені треба знати більше: де саме, у які дні та години це"
        " буває? Напишіть, будь ласка, тут же.",
        "Good day! Thank you for your letter. To help I need to know more: where exactly, on which days and at which"
        " hours does it happen? Please write here.",
    ),
    (
        "", "Це злочин: 102", "This is a crime: 102",
        "Доброго дня! Те, що Ви описали, має ознаки кримінального правопорушення. Зателефонуйте, будь ласка, на 102"
        " або прийдіть до відділу поліції: заяву внесуть до єдиного обліку, і Ви отримаєте її номер.",
        "Good day! What you describe may be a crime. Please call 102 or come to the police department: your report is"
        " entered in the unified register, and you are given its number.",
    ),
    (
        "noise", "Шум: поговорив із сусідами", "Noise: I spoke with the neighbours",
        "Доброго дня! Я відвідав адресу [день] і провів бесіду. Якщо шум повториться після 22:00, телефонуйте 102 і"
        " напишіть мені тут.",
        "Good day! I visited the address on [day] and spoke with them. If the noise comes back after 22:00, call 102"
        " and write to me here.",
    ),
    (
        "domestic-violence", "Домашнє насильство: що можна зробити", "Domestic violence: what can be done",
        "Дякую, що написали. Якщо небезпека зараз, телефонуйте 102. Ви маєте право на терміновий заборонний припис"
        " щодо кривдника: я можу винести його сам. Цілодобово допомагають 116 123 та 0 800 500 335. Напишіть, коли й"
        " де зі мною безпечно поговорити.",
        "Thank you for writing. If there is danger now, call 102. You have the right to an emergency barring order"
        " against the abuser: I can issue it myself. Help by day and night: 116 123 and 0 800 500 335. Write when and"
        " where it is safe to talk with me.",
    ),
)  # fmt: skip


def add_templates(apps, schema_editor):
    alias = schema_editor.connection.alias
    templates = apps.get_model("appeals", "ReplyTemplate").objects.using(alias)
    categories = {one.slug: one for one in apps.get_model("appeals", "Category").objects.using(alias).all()}
    for position, (category, name_uk, name_en, body_uk, body_en) in enumerate(TEMPLATES):
        templates.get_or_create(
            name_uk=name_uk,
            category=categories.get(category),
            defaults={"name_en": name_en, "body_uk": body_uk, "body_en": body_en, "position": position},
        )


class Migration(migrations.Migration):
    dependencies = [("appeals", "0020_office")]

    operations = [migrations.RunPython(add_templates, migrations.RunPython.noop)]
