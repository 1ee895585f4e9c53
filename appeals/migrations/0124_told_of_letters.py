"""What is told of letters by the day of their receipt is read from an index, which holds what the policies ask too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appeals", "0121_policies_keep_their_plans")]

    operations = [
        migrations.AddIndex(
            model_name="appeal",
            index=models.Index(
                fields=["city", "received_at"],
                include=(
                    "id",
                    "receipt_hash",
                    "addressee",
                    "district",
                    "state",
                    "protected",
                    "recused_officer",
                    "recused_supervisor",
                    "may_publish_since",
                    "officer",
                    "first_word_on",
                    "first_due_on",
                    "answer_due_on",
                    "answered_on",
                    "rating",
                ),
                name="appeal_city_told",
            ),
        ),
    ]
