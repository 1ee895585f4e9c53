"""A writer is told that a text to be published waits for them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('appeals', '0077_publishing'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_kind_known',
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('received', 'the letter has arrived'), ('answered', 'an answer'), ('forwarded', 'the letter was forwarded'), ('transferred', 'another officer answers'), ('extended', 'the answer takes longer'), ('returned', 'the letter was returned'), ('offered', 'a text to be published'), ('due', 'what is due today and what is overdue')], max_length=11, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['received', 'answered', 'forwarded', 'transferred', 'extended', 'returned', 'offered', 'due'])), name='notice_kind_known'),
        ),
    ]
