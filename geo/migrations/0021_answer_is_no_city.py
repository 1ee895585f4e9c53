"""The page for the answer to a report is the site's own: no city is called `answer`."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('geo', '0020_looks_of_a_city'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='city',
            name='city_slug_not_reserved',
        ),
        migrations.AddConstraint(
            model_name='city',
            constraint=models.CheckConstraint(condition=models.Q(('slug__in', ['about', 'account', 'admin', 'answer', 'api', 'city', 'en', 'healthz', 'help', 'how-it-works', 'language', 'letters', 'media', 'ogc', 'privacy', 'readyz', 'rights', 'site', 'staff', 'static', 'uk']), _negated=True), name='city_slug_not_reserved'),
        ),
    ]
