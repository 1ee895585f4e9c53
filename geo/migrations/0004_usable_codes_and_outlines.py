from django.db import migrations, models

import geo.models.constraints


class Migration(migrations.Migration):
    """A code that can stand in an address; outlines that are not empty (ValidGeometry now says both)."""

    dependencies = [
        ('geo', '0003_valid_geometry'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='city',
            name='city_outline_valid',
        ),
        migrations.RemoveConstraint(
            model_name='district',
            name='district_code_present',
        ),
        migrations.RemoveConstraint(
            model_name='districtboundary',
            name='district_boundary_valid',
        ),
        migrations.AddConstraint(
            model_name='city',
            constraint=geo.models.constraints.ValidGeometry(field='outline', name='city_outline_valid'),
        ),
        migrations.AddConstraint(
            model_name='district',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^(?:(?!(?:\\.|\\.\\.|lookup|mistake|write)(?:/|$))[^/;,?#\\\\\\x01-\\x1f\\x7f-\\x9f\\u2028\\u2029]+(?:/[0-9][^/;,?#\\\\\\x01-\\x1f\\x7f-\\x9f\\u2028\\u2029]*)?)$')), name='district_code_usable', violation_error_message="The code stands in the address of the district's page: no ; , ? # \\ in it, a / only before a digit, and not the word lookup, mistake or write."),
        ),
        migrations.AddConstraint(
            model_name='districtboundary',
            constraint=geo.models.constraints.ValidGeometry(field='boundary', name='district_boundary_valid'),
        ),
    ]
