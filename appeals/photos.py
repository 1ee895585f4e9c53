"""Photos that writers and officers attach to a letter: only the picture stays, nothing that says where or by whom."""

from dataclasses import dataclass

from appeals.errors import PhotoNotTaken
from people.photos import PhotoRefused, as_jpeg, read_photo

CONTENT_TYPE = "image/jpeg"
QUALITY = 88
"""Small letters on a screenshot stay readable, and a photo of a phone comes out smaller than it came in."""


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A picture that was drawn anew; `width` and `height` are in pixels."""

    content: bytes
    content_type: str
    width: int
    height: int


def clean_photo(content: bytes) -> CleanPhoto:
    """Return a JPEG, PNG, WebP or HEIC photo as a JPEG without a byte of what came with it.

    Gone are EXIF with the place and the camera, XMP, comments, colour profiles (the colours are kept, in sRGB),
    thumbnails, further pictures and frames, and whatever follows the end of the file. The picture stands upright;
    what was transparent is white. Raises PhotoNotTaken: larger than 10 MB or 24 million pixels (counted before
    anything is decoded), or no such photo.
    """
    try:
        picture = read_photo(content)
    except PhotoRefused as refusal:
        raise PhotoNotTaken(str(refusal)) from refusal
    return CleanPhoto(as_jpeg(picture, quality=QUALITY), CONTENT_TYPE, picture.width, picture.height)
