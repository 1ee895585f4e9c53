"""What is not delivered is found by city: the index knew its state alone, and all notices of fifty cities were read."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("appeals", "0127_answers_from_an_index")]

    operations = [
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                fields=["state", "city", "claimed_at"], condition=~Q(state="sent"), name="notice_unsettled_in_city"
            ),
        ),
        migrations.RemoveIndex(model_name="notice", name="notice_unsettled"),
    ]
