"""A city's own logo and map."""

import geo.basemaps
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('geo', '0019_pages_are_no_codes'),
    ]

    operations = [
        migrations.AddField(
            model_name='city',
            name='basemap_attribution',
            field=models.CharField(blank=True, help_text='Stands in the corner of the map, as its licence asks: [© OpenStreetMap](https://…).', max_length=200, verbose_name='whose map it is'),
        ),
        migrations.AddField(
            model_name='city',
            name='basemap_url',
            field=models.CharField(blank=True, help_text='Empty: the map of the site. With {z}, {x} and {y}, from a host that the operator allows.', max_length=300, validators=[geo.basemaps.refuse_basemap], verbose_name="address of the map's tiles"),
        ),
        migrations.AddField(
            model_name='city',
            name='logo',
            field=models.ImageField(blank=True, editable=False, upload_to='logos', verbose_name='logo'),
        ),
        migrations.AddConstraint(
            model_name='city',
            constraint=models.CheckConstraint(condition=models.Q(('basemap_url', ''), models.Q(('basemap_attribution', ''), _negated=True), _connector='OR'), name='city_basemap_is_attributed', violation_error_message='Say whose map it is: its licence asks for it.'),
        ),
    ]
