"""How often a door was used: for the few doors whose limit all processes keep together (`geo.shared_limits`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DoorCount(models.Model):
    """The uses of one door by one caller in the window that runs; the caller rests as a keyed hash.

    The table is unlogged: after a crash of the database every count begins anew.
    """

    door = models.CharField(max_length=20)
    caller_hash = models.CharField(max_length=64)
    window = models.BigIntegerField()
    uses = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("count of a door")
        verbose_name_plural = _("counts of doors")
        constraints = [models.UniqueConstraint(fields=["door", "caller_hash"], name="door_counts_a_caller_once")]
        indexes = [models.Index(fields=["window"], name="door_count_window")]

    def __str__(self) -> str:
        return f"{self.door} {self.window}: {self.uses}"
