"""Photos of officers: whatever a person uploads becomes a small square JPEG that says nothing but the face."""

import io
import secrets
import warnings

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 10_000_000
MAX_PIXELS = 24_000_000
SIDE_PX = 480
"""Side of the square, in pixels: 120 px on the card at four pixels a CSS pixel."""
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")


class PhotoRefused(ValueError):
    """The file cannot become a photo; the message says why."""


def square_photo(upload: File[bytes]) -> ContentFile[bytes]:
    """Return a square JPEG of `SIDE_PX` under a random name, drawn anew: no metadata of the camera or place survives.

    Raises `PhotoRefused` for what is too large or no picture.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise PhotoRefused(_("The photo is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 1_000_000})
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # The size is known from the header: nothing large is decoded before it is refused
            with Image.open(io.BytesIO(upload.read(MAX_BYTES + 1)), formats=FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise PhotoRefused(
                        _("The photo has more than %(limit)d million pixels.") % {"limit": MAX_PIXELS // 1_000_000}
                    )
                upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except PhotoRefused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise PhotoRefused(_("The file is not a photo that can be read. Give a JPEG, PNG or WebP file.")) from error
    # Faces are rather in the upper part of a portrait
    square = ImageOps.fit(upright, (SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS, centering=(0.5, 0.35))
    on_white = Image.new("RGB", square.size, "white")
    on_white.paste(square, mask=square.getchannel("A"))
    file = io.BytesIO()
    on_white.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return ContentFile(file.getvalue(), name=f"{secrets.token_hex(12)}.jpg")
