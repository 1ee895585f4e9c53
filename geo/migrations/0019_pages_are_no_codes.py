"""Pages of text are pages of the city, no districts; and no city is called as the site's own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('geo', '0018_questions_is_no_code'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='city',
            name='city_slug_not_reserved',
        ),
        migrations.RemoveConstraint(
            model_name='district',
            name='district_code_usable',
        ),
        migrations.AddConstraint(
            model_name='city',
            constraint=models.CheckConstraint(condition=models.Q(('slug__in', ['about', 'account', 'admin', 'api', 'city', 'en', 'healthz', 'help', 'how-it-works', 'language', 'letters', 'media', 'ogc', 'privacy', 'readyz', 'rights', 'site', 'staff', 'static', 'uk']), _negated=True), name='city_slug_not_reserved'),
        ),
        migrations.AddConstraint(
            model_name='district',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^(?:(?!(?:\\.|\\.\\.|about|help|how-it-works|lookup|mistake|privacy|questions|rights|streets|write)(?:/|$))[^/;,?#\\\\\\x01-\\x1f\\x7f-\\x9f\\u2028\\u2029]+(?:/[0-9][^/;,?#\\\\\\x01-\\x1f\\x7f-\\x9f\\u2028\\u2029]*)?)$')), name='district_code_usable', violation_error_message="The code stands in the address of the district's page: no ; , ? # \\ in it, a / only before a digit, and no word that the city's own pages have: about, help, how-it-works, lookup, mistake, privacy, questions, rights, streets, write."),
        ),
    ]
