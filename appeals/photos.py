"""Photos that writers and officers attach to a letter: only the picture stays, nothing that says where or by whom."""

from dataclasses import dataclass

from appeals.errors import PhotoNotTaken
from people.photos import PhotoRefused, as_jpeg, read_photo

CONTENT_TYPE = "image/jpeg"
QUALITY = 88
"""Small letters on a screenshot stay readable, and a photo of a phone comes out smaller than it came in."""
SMALL_SIDE_PX = 320
SMALL_QUALITY = 75
"""The small picture in a conversation: about 15 KB, sharp at 160 px on a screen of two pixels a CSS pixel."""


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A picture that was drawn anew, and a small one of it; `width` and `height` of the large one are in pixels."""

    content: bytes
    content_type: str
    width: int
    height: int
    small: bytes


def clean_photo(content: bytes) -> CleanPhoto:
    """Return a JPEG, PNG, WebP or HEIC photo as a JPEG without a byte of what came with it.

    Gone are EXIF with the place and the camera, XMP, comments, colour profiles (the colours are kept, in sRGB),
    thumbnails, further pictures and frames, and whatever follows the end of the file. The picture stands upright;
    what was transparent is white. Raises PhotoNotTaken: larger than 10 MB or 24 million pixels (counted before
    anything is decoded), or no such photo.
    """
    from people.pictures import Image

    try:
        picture = read_photo(content)
    except PhotoRefused as refusal:
        raise PhotoNotTaken(str(refusal)) from refusal
    small = picture.resize(fitted(picture.size, SMALL_SIDE_PX), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return CleanPhoto(
        content=as_jpeg(picture, quality=QUALITY),
        content_type=CONTENT_TYPE,
        width=picture.width,
        height=picture.height,
        small=as_jpeg(small, quality=SMALL_QUALITY),
    )


def fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Return a width and a height, in pixels, of the same shape whose longer side is at most `side`."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
