from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('appeals', '0005_calendar')]

    operations = [
        migrations.RemoveConstraint(
            model_name='appeal',
            name='appeal_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='appeal',
            name='appeal_accepted_before_answered',
        ),
        migrations.AlterField(
            model_name='appeal',
            name='state',
            field=models.CharField(choices=[('received', 'received'), ('accepted', 'accepted'), ('in_progress', 'in_progress'), ('answered', 'answered'), ('reopened', 'reopened'), ('forwarded', 'forwarded'), ('returned', 'returned'), ('closed', 'closed'), ('spam', 'spam')], max_length=11, verbose_name='state'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['accepted', 'answered', 'closed', 'forwarded', 'in_progress', 'received', 'reopened', 'returned', 'spam'])), name='appeal_state_known'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_at__isnull', False), models.Q(('state__in', ['accepted', 'answered', 'in_progress', 'reopened']), _negated=True), _connector='OR'), name='appeal_accepted_before_answered'),
        ),
    ]
