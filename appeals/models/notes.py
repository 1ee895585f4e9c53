"""What the staff write down about a letter for each other."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appeals.models.appeals import Appeal
from appeals.models.sealed import SealedRow


class Note(SealedRow):
    """An internal note: read by whoever answers the letter, never by its writer. `key` comes from the form."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="notes", verbose_name=_("appeal"))
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author"))
    body_sealed = models.BinaryField()
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering: ClassVar[list[Any]] = ["written_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["appeal", "key"], name="note_key_once")]

    def __str__(self) -> str:
        return f"{self.appeal_id}: {self.written_at:%Y-%m-%d %H:%M}"

    @property
    def letter_key(self) -> bytes:
        """The letter's."""
        return self.appeal.letter_key

    @property
    def sealed_as(self) -> str:
        """The letter and the key of the form: unique together."""
        return f"{self.appeal_id} {self.key}"

    @property
    def body(self) -> str:
        """What was written down."""
        return self.unseal("body")
