"""The key of a submission makes its receipt, so the receipt's hash alone tells that a letter was sent before.

Going back, letters that are there get a hash that no key has: their receipts still refuse a repetition.
"""

from django.db import migrations, models

FILLED = """
SELECT set_config('letters.task', 'migration', true);
UPDATE appeals_appeal SET idempotency_hash = receipt_hash;
SELECT set_config('letters.task', '', true);
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('appeals', '0079_desk_letters_stay_private'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='appeal',
            name='appeal_idempotency_key_once',
        ),
        migrations.AlterField(
            model_name='appeal',
            name='idempotency_hash',
            field=models.CharField(editable=False, max_length=64, null=True),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FILLED),
        migrations.RemoveField(
            model_name='appeal',
            name='idempotency_hash',
        ),
    ]
