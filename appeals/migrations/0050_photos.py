"""Photos of letters, sealed like messages and seen by those alone who read the letter whole.

Not by a moderator who looks at suspected spam: that is its text alone. A photo is added with its letter or its turn,
never changed, and erased by a task.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

READ_WHOLE = """
    (SELECT letters_task())
    OR EXISTS (
        SELECT FROM appeals_appeal AS a WHERE a.id = appeal_id
        AND (
            a.receipt_hash = (SELECT letters_receipt())
            OR (a.addressee = 'officer' AND a.district_id = ANY ((SELECT letters_districts())::bigint[]))
            OR a.city_id = ANY ((SELECT letters_cities('supervisor'))::bigint[])
            OR a.id = ANY ((SELECT letters_opened_for_a_reason())::bigint[])
        )
    )
"""
"""Whom a letter is kept from does not get as far: `appeals_appeal` here is what its own policy shows."""

# Ciphertext gains nothing by compression: it lies out of line as it is.
PHOTOS = f"""
ALTER TABLE appeals_photo ALTER COLUMN content_sealed SET STORAGE EXTERNAL;
ALTER TABLE appeals_photo ALTER COLUMN small_sealed SET STORAGE EXTERNAL;
ALTER TABLE appeals_photo ENABLE ROW LEVEL SECURITY;
ALTER TABLE appeals_photo FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON appeals_photo FOR SELECT USING ({READ_WHOLE});
CREATE POLICY added ON appeals_photo FOR INSERT WITH CHECK ({READ_WHOLE});
CREATE POLICY changed ON appeals_photo FOR UPDATE USING (false);
CREATE POLICY erased ON appeals_photo FOR DELETE USING ((SELECT letters_task()));
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0040_reading_log")]

    operations = [
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "appeal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="appeals.appeal",
                        verbose_name="appeal",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="appeals.message",
                        verbose_name="message",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("content_type", models.CharField(max_length=40, verbose_name="content type")),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("width", models.PositiveIntegerField(verbose_name="width in pixels")),
                ("height", models.PositiveIntegerField(verbose_name="height in pixels")),
                ("original_hash", models.CharField(editable=False, max_length=64)),
                ("content_sealed", models.BinaryField()),
                ("small_sealed", models.BinaryField()),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": [F("message").asc(nulls_first=True), "position"],
            },
        ),
        migrations.AddConstraint(
            "photo",
            models.UniqueConstraint(
                fields=["appeal", "message", "position"], nulls_distinct=False, name="photo_position_once"
            ),
        ),
        migrations.AddConstraint(
            "photo",
            models.CheckConstraint(condition=Q(position__gt=0, width__gt=0, height__gt=0), name="photo_has_measures"),
        ),
        migrations.AddConstraint(
            "photo", models.CheckConstraint(condition=Q(content_type="image/jpeg"), name="photo_type_known")
        ),
        migrations.RunSQL(PHOTOS),
    ]
