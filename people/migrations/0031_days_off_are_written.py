"""A city's days off are written down with the other deeds on the city."""

from django.db import migrations, models

DEEDS = {
    "invited": "invited",
    "withdrawn": "withdrew the invitation of",
    "joined": "joined",
    "roles": "changed the roles of",
    "password": "made a link to a new password for",
    "reset": "reset the second factor of",
    "disabled": "disabled",
    "enabled": "enabled",
    "leave": "changed the leave of",
    "added": "added the city",
    "stage": "moved the city to another stage",
    "settings": "changed the settings of the city",
    "reviewed": "read the texts of the city",
    "training": "made or renewed the training copy of the city",
    "page": "published a page",
    "checked": "checked a phone",
    "line": "changed a help line",
    "day": "changed a day off",
}
FACTS = (
    "Of a deed on the city: `before` and `after`, a stage or the fields that changed. Of a leave: its officer, "
    "and how it stood before and after. Of a page: which one, and the number of its version. Of a phone: whose. "
    "Of a day off: which list, and how it stood before and after."
)


class Migration(migrations.Migration):
    dependencies = [("people", "0030_pages_are_proposed")]

    operations = [
        migrations.RemoveConstraint("staffdeed", "staff_deed_known"),
        migrations.AlterField(
            "staffdeed", "deed", models.CharField(choices=list(DEEDS.items()), max_length=9, verbose_name="deed")
        ),
        migrations.AlterField("staffdeed", "facts", models.JSONField(default=dict, help_text=FACTS)),
        migrations.AddConstraint(
            "staffdeed", models.CheckConstraint(condition=models.Q(deed__in=list(DEEDS)), name="staff_deed_known")
        ),
    ]
