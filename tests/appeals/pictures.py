"""Pictures for tests: with the canary in everything that a kind of file can carry."""

import io
import struct

import pillow_heif
from PIL import Image, ImageCms, PngImagePlugin

CANARY = b"CANARY-49.5535N-25.5948E"
PLAIN_SEGMENTS = {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA}
"""JFIF's own header, tables, the frame, the scan: what a JPEG needs, and nothing that can carry words."""
JFIF = b"\xff\xd8\xff\xe0\x00\x10JFIF"
"""How every JPEG of ours begins."""


def picture(mode: str = "RGB", size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Return a picture whose left half is red, right half blue."""
    drawn = Image.new("RGB", size, "blue")
    drawn.paste("red", (0, 0, size[0] // 2, size[1]))
    return drawn.convert(mode)


def exif(orientation: int = 1) -> Image.Exif:
    """Return EXIF that names the place in every way it can."""
    words = Image.Exif()
    words[0x010E] = words[0x010F] = words[0x8298] = CANARY.decode()
    words[0x0112] = orientation
    words.get_ifd(0x8769)[0x927C] = CANARY  # what the maker notes
    words.get_ifd(0x8825)[2] = (49.0, 33.0, 12.6)
    words.get_ifd(0x8825)[0x001C] = CANARY
    return words


def profile() -> bytes:
    """Return a colour profile with the canary in its description."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert b"sRGB built-in" in plain.replace(b"\0", b"")
    return plain.replace("sRGB built-in".encode("utf-16-be"), CANARY.decode()[:13].encode("utf-16-be"))


def tagged(kind: str) -> bytes:
    """Return a file of a kind with the canary in everything that the kind can carry, and after its end."""
    file = io.BytesIO()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + CANARY + b"</x:xmpmeta>"
    common = {"exif": exif().tobytes(), "icc_profile": profile()}
    if kind == "JPEG":
        picture().save(file, kind, **common, xmp=xmp, comment=CANARY)
    elif kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", CANARY.decode())
        text.add_itxt("XML:com.adobe.xmp", xmp.decode(), zip=False)
        picture("RGBA").save(file, kind, **common, pnginfo=text)
    elif kind == "WEBP":
        picture().save(file, kind, **common, xmp=xmp)
    elif kind == "HEIF":
        pillow_heif.from_pillow(picture()).save(file, **common, xmp=xmp, quality=90)
    elif kind == "MPO":
        second = Image.new("RGB", (64, 48), "lime")
        picture().save(file, kind, save_all=True, append_images=[second], **common, xmp=xmp)
    return file.getvalue() + CANARY


KINDS = ("JPEG", "PNG", "WEBP", "HEIF", "MPO")


def segments(content: bytes) -> set[int]:
    """Return the markers of a JPEG up to its scan, and make sure that nothing follows its end."""
    assert content.startswith(b"\xff\xd8")
    assert content.endswith(b"\xff\xd9")
    assert content.count(b"\xff\xd9") == 1
    found, place = set(), 2
    while 0xDA not in found:
        marker, length = struct.unpack(">xBH", content[place : place + 4])
        found.add(marker)
        place += 2 + length
    return found


def small_photo(colour: str = "red", size: tuple[int, int] = (64, 48), says: str = "") -> bytes:
    """Return a JPEG of one colour, as a phone takes it: with the place in it, and a comment."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG", exif=exif().tobytes(), comment=says.encode())
    return file.getvalue()
