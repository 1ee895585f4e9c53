import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appeals", "0002_categories")]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("appeal", "side", "key"), name="message_key_once_a_side"),
        ),
    ]
