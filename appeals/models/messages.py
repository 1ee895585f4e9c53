"""The conversation about a letter."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appeals.models.appeals import Appeal
from appeals.models.sealed import SealedRow


class Message(SealedRow):
    """One turn of the conversation after the letter itself: the writer's, or an officer's reply.

    `key` comes from the sender's form, so that a repeated submission adds nothing.
    """

    class Side(models.TextChoices):
        """Who speaks."""

        WRITER = "writer", _("writer")
        OFFICER = "officer", _("officer")

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="messages", verbose_name=_("appeal"))
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    side = models.CharField(_("side"), max_length=7, choices=Side)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("author")
    )
    body_sealed = models.BinaryField()
    corrects = models.BooleanField(_("corrects the letter"), default=False)
    sent_at = models.DateTimeField(_("sent at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True, help_text=_("First read by the other side."))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar[list[Any]] = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(side="writer", author__isnull=True) | Q(side="officer", author__isnull=False),
                name="message_author_fits_side",
            ),
            models.UniqueConstraint(fields=["appeal", "side", "key"], name="message_key_once_a_side"),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id}: {self.side}"

    @property
    def letter_key(self) -> bytes:
        """The letter's."""
        return self.appeal.letter_key

    @property
    def sealed_as(self) -> str:
        """The letter, the side and the sender's key: unique together."""
        return f"{self.appeal_id} {self.side} {self.key}"

    @property
    def body(self) -> str:
        """What was said."""
        return self.unseal("body")
