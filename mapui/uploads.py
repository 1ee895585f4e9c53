"""Files that wait for a person's answer: kept for an hour in a private folder, named only by a signed token."""

import re
import shutil
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile

SALT = "mapui.uploads"
KEEP_SECONDS = 3600


class UploadExpired(Exception):
    """The file is no longer kept, or was kept for another person or city."""


@dataclass(frozen=True, slots=True)
class KeptUpload:
    """A file that was uploaded and is kept: `token` brings it back for the same owner."""

    path: Path
    token: str

    @property
    def name(self) -> str:
        """The name as the person knows it."""
        return self.path.name

    def beside(self, name: str) -> Path:
        """A file of our own that is kept and forgotten with it; no upload's name begins with a full stop."""
        return self.path.with_name(f".{name}")

    def drop(self) -> None:
        """Forget the file."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def _room() -> Path:
    return Path(settings.MEDIA_ROOT).parent / "uploads"


def keep_upload(file: UploadedFile[Any], *, owner: str) -> KeptUpload:
    """Keep a file for its owner (whoever may bring it back: a person and a city); forget what is too old."""
    _forget_old()
    folder = uuid.uuid4().hex
    path = _room() / folder / _plain_name(file.name or "")
    path.parent.mkdir(parents=True, mode=0o700)
    with path.open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return KeptUpload(path, signing.dumps([folder, path.name, owner], salt=SALT))


def kept_upload(token: str, *, owner: str) -> KeptUpload:
    """Return the file that a token names. Raises UploadExpired."""
    try:
        folder, name, kept_for = signing.loads(token, salt=SALT, max_age=KEEP_SECONDS)
    except signing.BadSignature as error:
        raise UploadExpired from error
    path = _room() / folder / name
    if kept_for != owner or not path.is_file():
        raise UploadExpired
    return KeptUpload(path, token)


def _plain_name(name: str) -> str:
    """A file name without folders, control characters and leading dots, at most 80 characters."""
    plain = re.sub(r"[^\w.()+ -]", "_", Path(name.replace("\\", "/")).name).lstrip(". ")
    return plain[-80:] or "boundaries"


def _forget_old() -> None:
    oldest = time.time() - KEEP_SECONDS
    for folder in _room().glob("*"):
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
