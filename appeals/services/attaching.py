"""Photos that come with a letter or a turn of its conversation: counted, drawn anew, sealed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appeals.errors import PhotoNotTaken, TooManyPhotos
from appeals.models import Appeal, Message, Photo
from appeals.photos import CleanPhoto, clean_photo
from appeals.receipts import keyed_hash
from appeals.services.reading import receipt_secret

Files = Sequence[bytes]
"""Photos as they came: the whole content of each file."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A photo that can be kept: drawn anew, with the keyed hash of the file as it came."""

    clean: CleanPhoto
    original_hash: str


def hashes_of(files: Files) -> list[str]:
    """Return a keyed hash of each file as it came. Raises TooManyPhotos: before any is looked into."""
    most = settings.PHOTOS_AT_ONCE
    if len(files) > most:
        raise TooManyPhotos(
            ngettext("At most %(most)d photo at once.", "At most %(most)d photos at once.", most) % {"most": most}
        )
    secret = receipt_secret()
    return [keyed_hash("photo", hashlib.sha256(file).hexdigest(), secret) for file in files]


def made_ready(files: Files) -> list[Ready]:
    """Draw photos anew; it takes a second or two for each large one, so no letter should be locked meanwhile.

    Raises TooManyPhotos, PhotoNotTaken.
    """
    ready = []
    for which, (file, original_hash) in enumerate(zip(files, hashes_of(files), strict=True)):
        try:
            ready.append(Ready(clean_photo(file), original_hash))
        except PhotoNotTaken as refusal:
            raise PhotoNotTaken(str(refusal), which=which) from refusal
    return ready


def refuse_more_than_fit(appeal: Appeal, number: int, side: str) -> None:
    """Let so many photos of a side pass where the letter holds them. Raises TooManyPhotos."""
    of_writer = Q(message__side=Message.Side.WRITER) | Q(message__isnull=True)
    of_side = of_writer if side == Message.Side.WRITER else Q(message__side=side)
    if appeal.photos.filter(of_side).count() + number > settings.PHOTOS_PER_LETTER:
        raise TooManyPhotos(
            _("The letter has as many photos as it can hold: %(most)d.") % {"most": settings.PHOTOS_PER_LETTER}
        )


def attach(appeal: Appeal, photos: Sequence[Ready], *, message: Message | None = None) -> None:
    """Seal and keep photos of a letter, or of one of its messages. Raises TooManyPhotos where the letter is full."""
    if not photos:
        return
    refuse_more_than_fit(appeal, len(photos), message.side if message else Message.Side.WRITER)
    for position, each in enumerate(photos, start=1):
        photo = Photo(
            appeal=appeal,
            message=message,
            position=position,
            content_type=each.clean.content_type,
            size=len(each.clean.content),
            width=each.clean.width,
            height=each.clean.height,
            original_hash=each.original_hash,
        )
        photo.seal_bytes("content", each.clean.content)
        photo.seal_bytes("small", each.clean.small)
        photo.save(force_insert=True)
