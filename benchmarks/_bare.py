"""A letter as any site would keep it, for comparison."""

from django.db import models


class BareLetter(models.Model):
    """What a writer sent, as it came: the fields of `appeals.api.NewAppealSerializer`."""

    received_at = models.DateTimeField()
    city = models.TextField()
    district = models.TextField()
    lat = models.TextField()
    lon = models.TextField()
    lane = models.TextField()
    category = models.TextField()
    text = models.TextField()
    address = models.TextField()
    stance = models.TextField()
    answer_by = models.TextField(default="")
    name = models.TextField()
    residence = models.TextField()
    email = models.TextField()
    phone = models.TextField()
    keep_from = models.TextField()
    kept_supervisor = models.BigIntegerField(null=True)

    class Meta:
        app_label = "benchmarks"
        managed = False
        db_table = "bare_letter"

    def __str__(self) -> str:
        return str(self.pk)
