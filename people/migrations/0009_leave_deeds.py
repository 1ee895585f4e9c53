import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('geo', '0014_data_licence'),
        ('people', '0007_new_password_links'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='staffdeed',
            name='staff_deed_known',
        ),
        migrations.AddField(
            model_name='posting',
            name='leave',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='substitutes', to='people.leave', verbose_name='for the leave'),
        ),
        migrations.AddField(
            model_name='staffdeed',
            name='facts',
            field=models.JSONField(default=dict, help_text='Of a leave: its officer, and how it stood before and after.', verbose_name='facts'),
        ),
        migrations.AlterField(
            model_name='staffdeed',
            name='deed',
            field=models.CharField(choices=[('invited', 'invited'), ('withdrawn', 'withdrew the invitation of'), ('joined', 'joined'), ('roles', 'changed the roles of'), ('password', 'made a link to a new password for'), ('reset', 'reset the second factor of'), ('disabled', 'disabled'), ('enabled', 'enabled'), ('leave', 'changed the leave of')], max_length=9, verbose_name='deed'),
        ),
        migrations.AddConstraint(
            model_name='staffdeed',
            constraint=models.CheckConstraint(condition=models.Q(('deed__in', ['invited', 'withdrawn', 'joined', 'roles', 'password', 'reset', 'disabled', 'enabled', 'leave'])), name='staff_deed_known'),
        ),
    ]
