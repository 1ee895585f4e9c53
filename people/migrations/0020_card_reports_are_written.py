"""Reports of mistakes are kept in the room of what is written (appeals 0096); their table has gone with them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0014_new_phones_are_unchecked"),
        ("appeals", "0096_card_reports"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("CardReport")]),
    ]
