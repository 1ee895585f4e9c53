"""The key of a submission makes its receipt, so the receipt's hash alone tells that a letter was sent before."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('appeals', '0079_desk_letters_stay_private'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='appeal',
            name='appeal_idempotency_key_once',
        ),
        migrations.RemoveField(
            model_name='appeal',
            name='idempotency_hash',
        ),
    ]
