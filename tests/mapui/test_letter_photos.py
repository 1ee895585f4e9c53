"""Photos on the pages of letters: whole way in and out, refused in words, and no address carries a receipt."""

import base64
import io
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from appeals import services
from appeals.access import as_staff
from appeals.models import Appeal, KeepFrom, Opening, Photo
from appeals.photos import clean_photo
from appeals.services import Submitted
from people.models import User
from tests.appeals.conftest import Office, build_office
from tests.appeals.letters import new_letter
from tests.appeals.pictures import CANARY, JFIF, KINDS, small_photo, tagged
from tests.mapui.letter_pages import READ, WRITE, fields, stamped, visit

RED, BLUE = small_photo("red"), small_photo("blue")
DATA = re.compile(r'src="data:image/jpeg;base64,([^"]+)"')
LOST = "Choose them again"


def reader(user: User) -> Client:
    """A browser of somebody of the staff, in English."""
    client = Client()
    client.cookies["language"] = "en"
    client.force_login(user)
    return client


def files(*photos: bytes) -> list[SimpleUploadedFile]:
    """Photos as a browser sends them: IMG_1.jpg and so on; what they say of themselves is not believed."""
    return [SimpleUploadedFile(f"IMG_{n}.jpg", photo, "text/html") for n, photo in enumerate(photos, start=1)]


def write(client: Client, *photos: bytes, **changes: str) -> Any:
    """Send a letter with photos by the last page."""
    return client.post(WRITE, fields(**changes) | {"visit": visit(client), "photos": files(*photos)})


def read(client: Client, receipt: str, **more: Any) -> Any:
    """Open a letter with its receipt, or do something in it."""
    return client.post(READ, {"receipt": receipt, "visit": visit(client, READ)} | more)


def pictures(page: Any) -> list[bytes]:
    """The pictures that a page holds."""
    return [base64.b64decode(found) for found in DATA.findall(page.text)]


def photo_address(letter: Appeal, photo: Photo | None = None) -> str:
    """Where the staff see a photo whole."""
    key = (photo or letter.photos.first() or Photo()).pk
    return reverse("staff_appeal_photo", args=[letter.city.slug, letter.public_number, key])


def answered(office: Office, sent: Submitted, *photos: bytes) -> None:
    """Let the officer reply with photos."""
    with as_staff(office.officer):
        services.reply(
            appeal=sent.appeal, author=office.officer, body="Ось.", sent_at=timezone.now(), key=uuid.uuid4(),
            photos=photos,
        )  # fmt: skip


# --- The whole door -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_photo_with_the_place_in_it_comes_out_without(office: Office, english: Client, kind: str) -> None:
    taken = tagged(kind)
    assert CANARY in taken
    page = write(english, taken)
    letter = Appeal.objects.get()
    got = reader(office.officer).get(photo_address(letter))
    assert got.status_code == 200
    assert got.content == clean_photo(taken).content
    assert b"CANARY" not in got.content
    with Image.open(io.BytesIO(got.content)) as opened:
        assert (opened.format, dict(opened.getexif())) == ("JPEG", {})
    for small in pictures(read(english, page.context["receipt"])):
        assert small.startswith(JFIF)
        assert b"CANARY" not in small


def test_picture_is_handed_over_as_a_picture_and_nothing_else(office: Office) -> None:
    letter = new_letter(office.world, photos=[RED]).appeal
    officer = reader(office.officer)
    got, again = officer.get(photo_address(letter)), officer.get(photo_address(letter))
    assert got["Content-Type"] == "image/jpeg"
    assert got["Content-Security-Policy"].startswith("sandbox; default-src 'none'; ")
    assert got["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in got["Cache-Control"]
    assert re.fullmatch(r'inline; filename="[0-9a-f]{16}\.jpg"', got["Content-Disposition"])
    assert got["Content-Disposition"] != again["Content-Disposition"], "the name tells letters apart"


def test_small_pictures_are_read_for_the_page_that_shows_them_and_for_nothing_else(office: Office) -> None:
    sent = new_letter(office.world, photos=[RED], received_at=timezone.now())
    officer, number = reader(office.officer), sent.appeal.public_number
    answer = {"key": str(uuid.uuid4()), "body": "Yes.", "step": "send"}
    with CaptureQueriesContext(connection) as asked:
        officer.post(reverse("staff_appeal_move", args=["navchannia", number, "accept"]))
        officer.post(reverse("staff_appeal_reply", args=["navchannia", number]), answer)
        services.rate(receipt=sent.receipt, rating="yes", at=timezone.now())
    assert Appeal.objects.get().rating == "yes"
    assert not [one["sql"] for one in asked if "small_sealed" in one["sql"]]
    with CaptureQueriesContext(connection) as asked:
        officer.get(reverse("staff_appeal", args=["navchannia", number]))
    assert len([one["sql"] for one in asked if "small_sealed" in one["sql"]]) == 1


def test_both_sides_see_what_both_sides_sent(office: Office, english: Client) -> None:
    sent = new_letter(office.world, photos=[RED, BLUE])
    read(english, sent.receipt, to="write", body="І ще.", key=str(uuid.uuid4()), photos=files(BLUE))
    answered(office, sent, RED)
    writers = read(english, sent.receipt)
    officers = reader(office.officer).get(reverse("staff_appeal", args=["navchannia", sent.appeal.public_number]))
    assert len(pictures(writers)) == len(pictures(officers)) == 4
    for name in ("Photo 1 of 2, from you", "Photo 2 of 2, from you", "Photo 1 of 1, from you"):
        assert f'alt="{name}"' in writers.text
        assert f'alt="{name.replace("you", "the writer")}"' in officers.text
    for page in (writers, officers):
        assert 'alt="Photo 1 of 1, from the officer"' in page.text
    assert officers.text.count('class="photos__one"') == 4


def test_writer_opens_a_photo_by_post_alone_and_no_address_is_its_own(office: Office, english: Client) -> None:
    sent = new_letter(office.world, photos=[RED])
    photo = sent.appeal.photos.get()
    page = read(english, sent.receipt, to=f"photo:{photo.pk}")
    assert pictures(page) == [photo.content]
    assert "no-store" in page["Cache-Control"]
    assert 'name="to" value="talk"' in page.text
    assert not [
        link for link in re.findall(r'(?:href|src|action)="(?!data:)([^"]*)"', page.text) if str(photo.pk) in link
    ]
    outside = Client().post(READ, {"receipt": sent.receipt, "to": f"photo:{photo.pk}"})
    assert pictures(outside) == [], "sent again from a history, it opens the beginning"


def test_receipt_opens_no_photo_of_another_letter(office: Office, english: Client) -> None:
    mine, other = new_letter(office.world), new_letter(office.world, photos=[RED])
    for key in (str(other.appeal.photos.get().pk), str(uuid.uuid4()), "1", ""):
        assert read(english, mine.receipt, to=f"photo:{key}").status_code == 404
    assert pictures(read(english, "0000-0000-0000-0000", to=f"photo:{other.appeal.photos.get().pk}")) == []


# --- Who of the staff ---------------------------------------------------------------------------------------


def test_photo_of_a_letter_kept_from_an_officer_is_no_photo_to_them(office: Office) -> None:
    kept = new_letter(office.world, keep_from=KeepFrom.OFFICER, photos=[RED]).appeal
    own = new_letter(office.world, photos=[RED]).appeal
    officer = reader(office.officer)
    through_own = reverse("staff_appeal_photo", args=["navchannia", own.public_number, kept.photos.get().pk])
    for address in (photo_address(kept), through_own):
        assert officer.get(address).status_code == 404
    supervisor = reader(office.supervisor)
    assert supervisor.get(photo_address(kept)).status_code == 200
    assert supervisor.get(through_own).status_code == 404, "seen under another letter, it would be logged under that"


def test_nobody_looks_at_a_photo_past_the_log_of_openings(office: Office) -> None:
    letter = new_letter(office.world, photos=[RED, BLUE]).appeal
    officer = reader(office.officer)
    for photo in letter.photos.all():
        officer.get(photo_address(letter, photo))
    assert [opening.user for opening in Opening.objects.all()] == [office.officer]


def test_administrator_sees_photos_for_a_reason_alone(office: Office) -> None:
    letter, admin = new_letter(office.world, photos=[RED]).appeal, User.objects.create_superuser("root@example.org")
    client = reader(admin)
    assert client.get(photo_address(letter)).status_code == 403
    services.open_for_reason(
        city=office.world.city, year=letter.year, number=letter.number, user=admin, at=timezone.now(), reason="Asked"
    )
    assert client.get(photo_address(letter)).status_code == 200


# --- Refused in words ---------------------------------------------------------------------------------------


def test_what_is_no_photo_is_named_beside_the_field_and_nothing_is_sent(office: Office, english: Client) -> None:
    page = write(english, RED, b"%PDF-1.7 not a photo")
    assert "“IMG_2.jpg”: The file is not a picture that can be read." in page.text.replace("&quot;", '"')
    assert '<a href="#id_photos">' in page.text
    assert LOST in page.text
    assert 'name="photos"' in page.text
    assert not Appeal.objects.exists()


def test_too_large_and_too_many_are_refused_in_words(office: Office, english: Client) -> None:
    assert "larger than 10 MB" in write(english, RED + b"\0" * 10_000_000, key=stamped("a" * 32)).text
    assert "At most 5 photos at once" in write(english, *[RED] * 9, key=stamped("b" * 32)).text
    assert not Appeal.objects.exists()


def test_photo_larger_than_djangos_memory_touches_no_disk(
    office: Office, english: Client, settings: Any, tmp_path: Path
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "absent")  # writing there fails
    file = io.BytesIO()
    Image.effect_noise((2000, 1700), 100).save(file, "PNG")
    assert len(file.getvalue()) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    page = write(english, file.getvalue())
    assert page.context["receipt"]
    assert Photo.objects.get().width == 2000


def test_another_refusal_says_that_the_photos_have_to_be_chosen_again(office: Office, english: Client) -> None:
    page = write(english, RED, lat="49.995", lon="25.025")  # a place of another district
    assert "The photos are not sent yet. Choose them again on the last page" in page.text
    assert LOST in write(english, RED, website="spam").text
    assert LOST not in write(english, website="spam").text


def test_photos_chosen_before_another_step_are_not_lost_without_a_word(office: Office, english: Client) -> None:
    # Without script the button “Change” sends the names of the files alone (formenctype).
    sent = fields(to="what") | {"visit": visit(english), "photos": "IMG_1.jpg"}
    page = english.post(WRITE, sent)
    assert "The photos are not sent yet" in page.text
    last = write(english, website="spam").text
    assert last.count('formenctype="application/x-www-form-urlencoded"') == 3
    assert 'enctype="multipart/form-data"' in last


def test_message_with_something_else_keeps_its_words_and_says_which(office: Office, english: Client) -> None:
    sent = new_letter(office.world)
    page = read(english, sent.receipt, to="write", body="Ось.", key=str(uuid.uuid4()), photos=files(b"GIF89a"))
    assert "“IMG_1.jpg”: The file is not a picture" in page.text
    assert "Ось." in page.text
    assert LOST in page.text
    assert not Photo.objects.exists()


def test_photos_from_one_address_are_limited_but_a_letter_sent_once_more_is_not(
    office: Office, english: Client, settings: Any
) -> None:
    settings.PHOTOS_PER_ADDRESS = 3
    first = write(english, RED, BLUE)
    assert write(english, RED, BLUE).context["receipt"] == first.context["receipt"]
    other = write(english, RED, BLUE, key=stamped("c" * 32))
    assert "Too many photos came from your connection." in other.text
    assert write(english, key=stamped("c" * 32)).context["receipt"]
    assert (
        "Too many photos"
        in read(
            english, first.context["receipt"], to="write", body="І ще.", key=str(uuid.uuid4()), photos=files(RED)
        ).text
    )
    assert Photo.objects.count() == 2


# --- The office writes --------------------------------------------------------------------------------------


def test_officer_attaches_on_the_page_that_is_looked_over(office: Office, english: Client) -> None:
    sent, officer = new_letter(office.world), reader(office.officer)
    address = reverse("staff_appeal_reply", args=["navchannia", sent.appeal.public_number])
    words = {"body": "Ось так.", "key": str(uuid.uuid4())}
    preview = officer.post(address, words | {"step": "preview"})
    assert 'name="photos"' in preview.text
    refused = officer.post(address, words | {"step": "send", "photos": files(RED, b"no photo")})
    assert "“IMG_2.jpg”" in refused.text
    assert LOST in refused.text
    assert 'value="Ось так."' in refused.text
    back = officer.post(address, words | {"step": "edit", "photos": "IMG_1.jpg"})
    assert LOST in back.text
    done = officer.post(address, words | {"step": "send", "photos": files(RED, BLUE)}, follow=True)
    assert "The answer is sent." in done.text
    assert len(pictures(read(english, sent.receipt))) == 2


def test_letter_on_paper_is_kept_with_its_picture(office: Office) -> None:
    officer = reader(office.officer)
    letter = {
        "key": uuid.uuid4().hex, "source": "paper", "lane": "message", "stance": "myself", "category": "noise",
        "district": "1", "text": "Гучно.", "answer_by": "receipt", "keep_from": "nobody",
    }  # fmt: skip
    address = reverse("staff_appeal_enter", args=["navchannia"])
    assert "“IMG_1.jpg”" in officer.post(address, letter | {"photos": files(b"no photo")}).text
    assert "receipt" in officer.post(address, letter | {"photos": files(RED)}).text
    assert Photo.objects.get().appeal.source == "paper"


# --- The door itself ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_fifty_equal_submissions_at_once_keep_the_photos_once(settings: Any) -> None:
    settings.LETTERS_MIN_FILL_S = -1
    build_office()
    client = Client()
    sent = fields() | {"visit": visit(client)}

    def send(_number: int) -> str:
        browser = Client()
        browser.cookies = client.cookies
        try:
            page = browser.post(WRITE, sent | {"photos": files(RED, BLUE)}).text
            return str(re.findall(r"data-receipt[^>]*>([^<]+)<", page)[0])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        receipts = set(pool.map(send, range(50)))
    assert len(receipts) == 1
    assert (Appeal.objects.count(), Photo.objects.count()) == (1, 2)


def test_forms_that_take_photos_still_ask_for_their_token(office: Office) -> None:
    letter = new_letter(office.world).appeal
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.officer)
    for address in (
        WRITE,
        READ,
        reverse("staff_appeal_enter", args=["navchannia"]),
        reverse("staff_appeal_reply", args=["navchannia", letter.public_number]),
    ):
        assert client.post(address, {"photos": files(RED)}).status_code == 403, address
