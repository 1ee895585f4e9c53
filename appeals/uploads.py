"""How photos of letters come in, and how one goes out.

They come into memory alone, so that no disk keeps a victim's picture in plain, and no more of them than are looked at;
Django's own handlers write what is larger than 2.5 MB to a file.
"""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from appeals.errors import PhotosTooOften
from appeals.models import Photo
from appeals.services import was_sent
from geo.api import caller
from geo.shared_limits import SharedWindow
from people.photos import MAX_BYTES

_photos = SharedWindow("photo", window_s=600)
PICTURE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
"""Nothing runs and nothing is asked for; the style is the one that a browser itself shows a lone picture with."""


class PhotosInMemory(FileUploadHandler):
    """Keeps one file more than may be sent, and one byte more of each: whoever counts them afterwards refuses them."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.begun = 0
        self.kept = BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin with the next file; those beyond the number are read over."""
        self.begun += 1
        if self.begun > settings.PHOTOS_AT_ONCE + 1:
            raise SkipFile
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a part of the file, as far as it counts."""
        self.kept.write(raw_data[: max(0, MAX_BYTES + 1 - start)])

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        """Return the file, cut off behind the byte that makes it too large."""
        size = self.kept.tell()
        self.kept.seek(0)
        return InMemoryUploadedFile(
            file=self.kept,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


def keep_photos_in_memory(request: HttpRequest) -> None:
    """Let photos come into memory, where nobody has read the request yet."""
    with suppress(AttributeError):
        request.upload_handlers = [PhotosInMemory(request)]


def taken_in(request: HttpRequest, files: Sequence[UploadedFile[Any]], *, of_letter: str = "") -> list[bytes]:
    """Return the whole content of each file, and count them for the address that they come from.

    Drawing a photo anew may take two seconds, whatever its file weighs. Not counted are the staff, signed in, and
    a letter that is sent once more: `of_letter` is its idempotency key. Raises PhotosTooOften.
    """
    if files and not request.user.is_authenticated and not (of_letter and was_sent(of_letter)):
        limit, now = settings.PHOTOS_PER_ADDRESS, timezone.now()
        if _photos.take(caller(request), limit=limit, now=now, uses=len(files)).is_spent:
            raise PhotosTooOften(
                _("Too many photos came from your connection. Wait ten minutes, or send the letter without them.")
            )
    return [bytes(file.read()) for file in files]


def picture_response(photo: Photo) -> HttpResponse:
    """Return the whole picture, kept by no cache, able to run nothing, under a name that says nothing."""
    response = HttpResponse(photo.content, content_type=photo.content_type)
    response["Content-Disposition"] = f'inline; filename="{secrets.token_hex(8)}.jpg"'
    response["Content-Security-Policy"] = PICTURE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response
