"""Photos of letters: whatever comes in, a plain JPEG goes out, or a sentence."""

import io
import struct
import subprocess
import sys
import zlib

import pillow_heif
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from appeals.errors import LetterRefused, PhotoNotTaken
from appeals.photos import CleanPhoto, clean_photo
from people import photos
from tests.appeals.pictures import CANARY, KINDS, PLAIN_SEGMENTS, exif, picture, segments, tagged


def assert_plain(photo: CleanPhoto) -> None:
    """Fail unless the photo is a JPEG with nothing but its picture."""
    assert photo.content_type == "image/jpeg"
    assert segments(photo.content) <= PLAIN_SEGMENTS
    assert b"CANARY" not in photo.content
    with Image.open(io.BytesIO(photo.content)) as opened:
        assert (opened.format, opened.mode, opened.size) == ("JPEG", "RGB", (photo.width, photo.height))
        assert not opened.getexif()
        opened.load()


def colour(photo: CleanPhoto, x: int, y: int) -> str:
    """Name the colour at a point."""
    with Image.open(io.BytesIO(photo.content)) as opened:
        red, green, blue = opened.getpixel((x, y))
    return max((red, "red"), (green, "green"), (blue, "blue"))[1] if min(red, green, blue) < 200 else "white"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_the_picture_survives(kind: str):
    content = tagged(kind)
    assert b"CANARY" in content
    photo = clean_photo(content)
    assert_plain(photo)
    assert (photo.width, photo.height) == (64, 48)
    assert (colour(photo, 4, 4), colour(photo, 60, 44)) == ("red", "blue")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_photo_taken_sideways_stands_upright_once(kind: str):
    file = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(picture()).save(file, exif=exif(6).tobytes(), quality=90)
    else:
        picture().save(file, kind, exif=exif(6).tobytes())
    photo = clean_photo(file.getvalue())
    assert (photo.width, photo.height) == (48, 64)
    assert (colour(photo, 24, 4), colour(photo, 24, 60)) == ("red", "blue")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_a_plain_photo(mode: str):
    file = io.BytesIO()
    grey = Image.new(mode, (64, 48), 40_000) if mode.startswith("I") else picture(mode)
    grey.save(file, "PNG")
    photo = clean_photo(file.getvalue())
    assert_plain(photo)
    if mode.startswith("I"):
        with Image.open(io.BytesIO(photo.content)) as opened:
            assert 150 < opened.getpixel((9, 9))[0] < 162, "40,000 of 65,535"


def test_colours_of_a_print_shop_are_read():
    file = io.BytesIO()
    picture("CMYK").save(file, "JPEG")
    photo = clean_photo(file.getvalue())
    assert_plain(photo)
    assert (colour(photo, 4, 4), colour(photo, 60, 44)) == ("red", "blue")


def test_transparency_becomes_white():
    file = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(file, "PNG")
    assert colour(clean_photo(file.getvalue()), 10, 10) == "white"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_frame_stays(kind: str):
    file = io.BytesIO()
    picture().save(file, kind, save_all=True, append_images=[Image.new("RGB", (64, 48), "lime")] * 3)
    photo = clean_photo(file.getvalue())
    assert_plain(photo)
    assert colour(photo, 4, 4) == "red"


def test_colour_profile_is_carried_out_before_it_is_dropped():
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = plain.replace(b"rXYZ", b"....").replace(b"bXYZ", b"rXYZ").replace(b"....", b"bXYZ")
    file = io.BytesIO()
    picture().save(file, "JPEG", icc_profile=swapped)
    photo = clean_photo(file.getvalue())
    assert_plain(photo)
    assert (colour(photo, 4, 4), colour(photo, 60, 44)) == ("blue", "red")


@pytest.mark.parametrize("unfit", [b"broken", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()])
def test_colour_profile_that_does_not_fit_is_left_aside(unfit: bytes):
    file = io.BytesIO()
    picture().save(file, "JPEG", icc_profile=unfit)
    assert colour(clean_photo(file.getvalue()), 4, 4) == "red"


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "ICO", "PPM", "AVIF"])
def test_another_format_is_refused_whatever_it_is_called(kind: str):
    file = io.BytesIO()
    picture().save(file, kind)
    with translation.override("en"), pytest.raises(PhotoNotTaken, match="JPEG, PNG, WebP or HEIC"):
        clean_photo(file.getvalue())


@pytest.mark.parametrize("content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\xff\xd8\xff"])
def test_file_that_is_no_photo_is_refused(content: bytes):
    with pytest.raises(LetterRefused):
        clean_photo(content)


@pytest.mark.parametrize("kind", KINDS)
def test_page_or_archive_hidden_behind_a_photo_is_cut_off(kind: str):
    hidden = b"<script>alert(1)</script>PK\x03\x04" + CANARY
    photo = clean_photo(tagged(kind) + hidden)
    assert_plain(photo)
    assert b"<script" not in photo.content
    with pytest.raises(PhotoNotTaken):
        clean_photo(hidden + tagged(kind))


def header_only_png(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that says it is huge."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(6_000, 4_001), (30_000, 30_000), (100_000, 1), (2**31 - 1, 2**31 - 1)])
def test_huge_picture_is_refused_before_it_is_decoded(width: int, height: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", lambda *_args: pytest.fail("decoded"))
    with pytest.raises(PhotoNotTaken):
        clean_photo(header_only_png(width, height))


def test_photo_of_too_many_bytes_is_refused_unopened(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Image, "open", lambda *_args, **_options: pytest.fail("opened"))
    with translation.override("en"), pytest.raises(PhotoNotTaken, match="larger than 10 MB"):
        clean_photo(b"\0" * (photos.MAX_BYTES + 1))


def test_jpeg_of_a_thousand_scans_is_refused():
    file = io.BytesIO()
    picture().save(file, "JPEG", progressive=True)
    start = file.getvalue().index(b"\xff\xda")
    with pytest.raises(PhotoNotTaken):
        clean_photo(file.getvalue()[:start] + file.getvalue()[start:-2] * 1_000 + b"\xff\xd9")


@given(content=st.binary(max_size=400), kind=st.sampled_from([*KINDS, ""]))
def test_random_bytes_never_do_anything_but_be_refused(content: bytes, kind: str):
    start = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF\xff\0\0\0WEBPVP8 "}.get(kind, b"")
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" if kind == "HEIF" else b""
    with pytest.raises(PhotoNotTaken):
        clean_photo(start + heic + content)


FILES = {kind: tagged(kind) for kind in KINDS}


@given(kind=st.sampled_from(KINDS), cut=st.integers(0, 20_000))
def test_torn_file_is_refused_or_cleaned(kind: str, cut: int):
    content = FILES[kind]
    try:
        photo = clean_photo(content[: cut % len(content)])
    except PhotoNotTaken:
        return
    assert_plain(photo)


@given(
    kind=st.sampled_from(KINDS), changes=st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 255)), max_size=8)
)
def test_damaged_file_is_refused_or_cleaned(kind: str, changes: list[tuple[int, int]]):
    content = bytearray(FILES[kind])
    for place, value in changes:
        content[place % len(content)] = value
    try:
        photo = clean_photo(bytes(content))
    except PhotoNotTaken:
        return
    assert_plain(photo)


PEAK_OF_THE_LARGEST = """
import io, django
django.setup()
from PIL import Image
from appeals.photos import clean_photo

def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))

file = io.BytesIO()
Image.new("RGB", (6000, 4000), "teal").save(file, "WEBP", lossless=True, method=0)
open("/proc/self/clear_refs", "w").write("5")
before = peak()
clean_photo(file.getvalue())
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the highest mark of a process")
def test_largest_photo_takes_at_most_400_mb():
    line = [sys.executable, "-c", PEAK_OF_THE_LARGEST]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 400_000, "kilobytes"
