"""Reports of mistakes are kept in the room of what is written (appeals 0096); their table has gone with them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0015_forget_refused_photos"),
        ("appeals", "0096_card_reports"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("CardReport")]),
    ]
