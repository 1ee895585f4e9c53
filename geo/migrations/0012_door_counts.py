from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('geo', '0011_territory_corrections'),
    ]

    operations = [
        migrations.CreateModel(
            name='DoorCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('door', models.CharField(max_length=20)),
                ('caller_hash', models.CharField(max_length=64)),
                ('window', models.BigIntegerField()),
                ('uses', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name': 'count of a door',
                'verbose_name_plural': 'counts of doors',
                'indexes': [models.Index(fields=['window'], name='door_count_window')],
                'constraints': [models.UniqueConstraint(fields=('door', 'caller_hash'), name='door_counts_a_caller_once')],
            },
        ),
        # Two counters lost in a crash harm nobody, and a use need not wait for the disk.
        migrations.RunSQL("ALTER TABLE geo_doorcount SET UNLOGGED", "ALTER TABLE geo_doorcount SET LOGGED"),
    ]
