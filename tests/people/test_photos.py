"""Photos of officers: small, square, and silent about camera and place."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image

from people import photos
from people.photos import PhotoRefused, square_photo


def upload(picture: Image.Image, kind: str = "JPEG", **options) -> SimpleUploadedFile:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return SimpleUploadedFile("Прізвище Ім'я.jpg", file.getvalue())


def test_photo_becomes_a_small_square_under_a_random_name():
    one, other = (square_photo(upload(Image.new("RGB", (900, 1200), "red"))) for _ in range(2))
    with Image.open(one) as picture:
        assert (picture.size, picture.format) == ((480, 480), "JPEG")
    assert one.name != other.name
    assert "Прізвище" not in one.name


def test_place_and_camera_do_not_survive():
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[2] = (49.0, 33.0, 0.0)
    photo = square_photo(upload(Image.new("RGB", (600, 600)), exif=exif))
    content = photo.read()
    assert b"Exif" not in content
    assert b"Camera" not in content


def test_photo_taken_sideways_stands_upright():
    picture = Image.new("RGB", (800, 800), "blue")
    picture.paste("red", (0, 0, 400, 800))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: the left side is the top
    with Image.open(square_photo(upload(picture, exif=exif))) as upright:
        red, _green, blue = upright.getpixel((240, 40))
    assert red > 200 > blue


def test_transparency_becomes_white():
    with Image.open(square_photo(upload(Image.new("RGBA", (500, 500), (0, 0, 0, 0)), "PNG"))) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"GIF89a", "JPEG, PNG, WebP or HEIC"), (b"<svg/>", "JPEG, PNG, WebP or HEIC"), (b"", "JPEG")],
)
def test_file_that_is_no_photo_is_refused(content: bytes, reason: str):
    with translation.override("en"), pytest.raises(PhotoRefused, match=reason):
        square_photo(SimpleUploadedFile("x.jpg", content))


def test_photo_of_too_many_pixels_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch):
    big = upload(Image.new("1", (6_000, 4_001)), "PNG")
    monkeypatch.setattr(Image.Image, "convert", lambda *_args: pytest.fail("decoded"))
    with translation.override("en"), pytest.raises(PhotoRefused, match="24 million"):
        square_photo(big)


def test_photo_of_too_many_bytes_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(photos, "MAX_BYTES", 100)
    with translation.override("en"), pytest.raises(PhotoRefused, match="larger"):
        square_photo(upload(Image.new("RGB", (600, 600))))
