"""What was entered at the desk is never published: who typed it in could consent in its writer's place."""

from django.db import migrations, models

# Row-level security shows the letters to a task alone; the letter's own trigger takes down what is public of them.
TAKE_BACK = """
SELECT set_config('letters.task', 'migration', true);
UPDATE appeals_appeal SET may_publish_since = NULL
WHERE may_publish_since IS NOT NULL AND source NOT IN ('web', 'api');
SELECT set_config('letters.task', '', true);
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('appeals', '0078_notice_offered'),
    ]

    operations = [
        migrations.RunSQL(TAKE_BACK, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='appeal',
            name='appeal_never_published',
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('may_publish_since__isnull', True), models.Q(('protected', False), ('recused_officer__isnull', True), ('recused_supervisor__isnull', True), ('source__in', ('web', 'api'))), _connector='OR'), name='appeal_never_published'),
        ),
    ]
