"""Photos that people bring: read once, drawn anew, so that nothing but the picture survives.

`read_photo` is the only door by which bytes of a stranger become a picture; the officers' cards, the letters and
the cities' logos go through it.
"""

from __future__ import annotations

import io
import secrets
import threading
import warnings
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

if TYPE_CHECKING:  # see people/pictures.py
    from PIL import Image

MAX_BYTES = 10_000_000
MAX_PIXELS = 24_000_000
MAX_SIDE_PX = 20_000
MAX_SCANS = 100
"""Scans of a progressive JPEG; cameras and programs write about ten, and each costs the time of a whole picture."""
SIDE_PX = 480
"""Side of an officer's photo, a square, in pixels: 120 px on the card at four pixels a CSS pixel."""
LOGO_PX = (480, 144)
"""The most that a city's logo has, wide and high, in pixels: 36 px high in the header at four pixels a CSS pixel."""
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
_START_OF_SCAN = b"\xff\xda"
_ONE_AT_A_TIME = threading.Lock()
"""Reading 24 million pixels takes up to 400 MB for one or two seconds (tests/appeals/test_photos.py measures it)."""


class PhotoRefused(ValueError):
    """The file cannot become a photo; the message says why."""


class PhotoHasTooManyBytes(PhotoRefused):
    """The file is larger than MAX_BYTES."""


class PhotoHasTooManyPixels(PhotoRefused):
    """The picture is larger than MAX_PIXELS, or longer than MAX_SIDE_PX."""


class NotAPhoto(PhotoRefused):
    """The content is no whole JPEG, PNG, WebP or HEIC picture, whatever the file is called."""


class SvgRefused(PhotoRefused):
    """A drawing that a browser would run, not a picture."""


def square_photo(upload: File[bytes]) -> ContentFile[bytes]:
    """Return a square JPEG of `SIDE_PX` under a random name. Raises what `read_photo` raises."""
    from people.pictures import Image, ImageOps

    upload.seek(0)
    # Faces are rather in the upper part of a portrait
    square = ImageOps.fit(
        read_photo(upload.read(MAX_BYTES + 1)), (SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS, centering=(0.5, 0.35)
    )
    return ContentFile(as_jpeg(square, quality=QUALITY), name=f"{secrets.token_hex(12)}.jpg")


def logo_picture(upload: File[bytes]) -> ContentFile[bytes]:
    """Return a city's logo as a PNG within `LOGO_PX`, on white, under a random name.

    Raises SvgRefused, and what `read_photo` raises.
    """
    from people.pictures import Image

    upload.seek(0)
    content = upload.read(MAX_BYTES + 1)
    try:
        picture = read_photo(content)
    except NotAPhoto as refusal:
        if b"<svg" not in content[:4000].lower():
            raise
        told = _("An SVG file may hold programs, so it is not taken here: save the logo as PNG or JPEG.")
        raise SvgRefused(told) from refusal
    picture.thumbnail(LOGO_PX, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return ContentFile(file.getvalue(), name=f"{secrets.token_hex(12)}.png")


def read_photo(content: bytes) -> Image.Image:
    """Return the first picture in a file: upright, in sRGB, on white where it was transparent, with nothing attached.

    The format is told by the content alone. Bytes and pixels are counted before anything is decoded. Raises
    PhotoHasTooManyBytes, PhotoHasTooManyPixels, NotAPhoto.
    """
    from people.pictures import Image, ImageFile

    if len(content) > MAX_BYTES:
        raise PhotoHasTooManyBytes(
            _("The photo is larger than %(limit)d MB. Give a smaller one.") % {"limit": MAX_BYTES // 1_000_000}
        )
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once loaded, lets whole processes take half a picture
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                _refuse_large(picture)
                if picture.format in {"JPEG", "MPO"} and content.count(_START_OF_SCAN) > MAX_SCANS:
                    raise ValueError("too many scans")
                picture.load()
                _refuse_large(picture)  # a HEIC file may hold another size than it says
                return _plain(picture)
    except PhotoRefused:
        raise
    except Exception as error:  # decoders raise anything at all over bytes made to hurt them
        told = _("The file is not a picture that can be read. Give a JPEG, PNG, WebP or HEIC file.")
        raise NotAPhoto(told) from error


def as_jpeg(picture: Image.Image, *, quality: int) -> bytes:
    """Return a picture as a JPEG of a quality from 1 to 95."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()


def _refuse_large(picture: Image.Image) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise PhotoHasTooManyPixels(
            _("The photo has more than %(limit)d million pixels. Make it smaller, or give another.")
            % {"limit": MAX_PIXELS // 1_000_000}
        )
    if max(picture.size) > MAX_SIDE_PX:
        raise PhotoHasTooManyPixels(
            _("The photo is longer than %(limit)d pixels. Cut it, or give another.") % {"limit": MAX_SIDE_PX}
        )


def _plain(picture: Image.Image) -> Image.Image:
    """Return the pixels alone: a new RGB picture, for one that is copied or converted keeps what was attached."""
    from people.pictures import Image, ImageOps

    ImageOps.exif_transpose(picture, in_place=True)
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):  # 16 bits of grey: the upper eight
        picture = picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
    if profile:
        picture = _in_srgb(picture, profile)
    plain = Image.new("RGB", picture.size, "white")
    plain.paste(picture if picture.mode in {"RGB", "RGBA"} else picture.convert("RGB"), mask=_alpha(picture))
    return plain


def _alpha(picture: Image.Image) -> Image.Image | None:
    return picture.getchannel("A") if picture.mode == "RGBA" else None


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Return the picture in sRGB; as it is where its profile is broken or belongs to another kind of picture."""
    from people.pictures import ImageCms

    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    in_place = picture.mode == mode
    try:
        converted = ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode=mode,
            inPlace=in_place,
        )
    except (ImageCms.PyCMSError, OSError):
        return picture
    return converted or picture
