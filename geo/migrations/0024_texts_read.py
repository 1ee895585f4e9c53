"""What was read when somebody last read a city's texts. Of earlier readings nobody knows: they are asked for again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('geo', '0023_city_outlines'),
    ]

    operations = [
        migrations.AddField(
            model_name='city',
            name='texts_read',
            field=models.JSONField(default=dict, editable=False),
        ),
    ]
