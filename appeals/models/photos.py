"""Photos that came with a letter or with a turn of its conversation."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appeals.models.appeals import Appeal
from appeals.models.messages import Message
from appeals.models.sealed import SealedRow
from appeals.photos import CONTENT_TYPE, SMALL_SIDE_PX, fitted


class PhotoManager(models.Manager["Photo"]):
    """Photos without their large pictures: each of those is read when it is opened, and then alone."""

    def get_queryset(self) -> models.QuerySet["Photo"]:
        """Leave the large picture where it is until somebody asks for it."""
        return super().get_queryset().defer("content_sealed")

    def with_content(self) -> models.QuerySet["Photo"]:
        """Load the large picture at once, where one photo is opened."""
        return super().get_queryset()


class Photo(SealedRow):
    """One photo, drawn anew (appeals/photos.py) and sealed, with a small picture for the conversation.

    It hangs on a message, or on the letter itself where `message` is none; `position` counts from 1 within either.
    Plain are only its measures. `original_hash`, a keyed hash of the file as it came, tells a repeated submission from
    another one. A photo is never changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="photos", verbose_name=_("appeal"))
    message = models.ForeignKey(
        Message, models.CASCADE, related_name="photos", null=True, blank=True, verbose_name=_("message")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    content_type = models.CharField(_("content type"), max_length=40)
    size = models.PositiveIntegerField(_("size in bytes"))
    width = models.PositiveIntegerField(_("width in pixels"))
    height = models.PositiveIntegerField(_("height in pixels"))
    original_hash = models.CharField(max_length=64, editable=False)
    content_sealed = models.BinaryField()
    small_sealed = models.BinaryField()

    objects = PhotoManager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering: ClassVar[list[Any]] = [F("message").asc(nulls_first=True), "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["appeal", "message", "position"], nulls_distinct=False, name="photo_position_once"
            ),
            models.CheckConstraint(condition=Q(position__gt=0, width__gt=0, height__gt=0), name="photo_has_measures"),
            models.CheckConstraint(condition=Q(content_type=CONTENT_TYPE), name="photo_type_known"),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id}: {self.width} × {self.height}"

    @property
    def letter_key(self) -> bytes:
        """The letter's."""
        return self.appeal.letter_key

    @property
    def sealed_as(self) -> str:
        """Its random key."""
        return str(self.pk)

    @property
    def content(self) -> bytes:
        """The whole picture."""
        return self.unseal_bytes("content")

    @property
    def small(self) -> bytes:
        """The small picture, of the same content type."""
        return self.unseal_bytes("small")

    @property
    def small_size(self) -> tuple[int, int]:
        """Width and height of the small picture, in pixels."""
        return fitted((self.width, self.height), SMALL_SIDE_PX)
