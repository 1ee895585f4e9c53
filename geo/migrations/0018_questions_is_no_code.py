"""`questions` is a page of the city, no district."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('geo', '0015_opening_a_city'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='district',
            name='district_code_usable',
        ),
        migrations.AddConstraint(
            model_name='district',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^(?:(?!(?:\\.|\\.\\.|lookup|mistake|questions|streets|write)(?:/|$))[^/;,?#\\\\\\x01-\\x1f\\x7f-\\x9f\\u2028\\u2029]+(?:/[0-9][^/;,?#\\\\\\x01-\\x1f\\x7f-\\x9f\\u2028\\u2029]*)?)$')), name='district_code_usable', violation_error_message="The code stands in the address of the district's page: no ; , ? # \\ in it, a / only before a digit, and not the word lookup, mistake, questions, streets or write."),
        ),
    ]
