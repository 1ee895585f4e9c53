"""Files of boundaries as the staff's pages take them: recorded as drafts, kept for an hour, refused in plain words."""

import json
from http import HTTPStatus
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from geo.models import BoundaryEdition
from mapui import uploads
from tests.mapui.boundary_pages import SQUARES, draft, geojson, page, sign_in, text_of, upload
from tests.world import World


@pytest.fixture
def coordinator(world: World, client: Client) -> Client:
    return sign_in(client, world, "coordinator")


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


def test_upload_records_a_draft_with_who_and_whence_and_forgets_the_file(coordinator: Client, media: Path) -> None:
    edition = draft(coordinator)
    assert (edition.source, edition.recorded_by) == ("Рішення 7", "coordinator@example.org")
    assert not edition.periods.exists()
    assert edition.report["source"]["file"] == "межі.geojson"
    assert not [file for file in (media / "uploads").rglob("*") if file.is_file()]


def test_unknown_code_field_is_chosen_without_sending_the_file_again(coordinator: Client) -> None:
    first = upload(coordinator, geojson(SQUARES, field="zzz"))
    assert first.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert '<option value="zzz">zzz (1, 2, 3)</option>' in first.content.decode()
    again = {"kept": first.context["kept"].token, "code_field": "zzz"}
    second = coordinator.post(page("staff_boundaries_upload"), again)
    assert second["Location"] == page("staff_boundary_report", 2)


def test_kept_file_is_for_its_owner_and_for_an_hour(
    coordinator: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = upload(coordinator, geojson(SQUARES, field="zzz")).context["kept"].token
    with pytest.raises(uploads.UploadExpired):
        uploads.kept_upload(token, owner="somebody else kvadraty")
    monkeypatch.setattr(uploads, "KEEP_SECONDS", -1)
    response = coordinator.post(page("staff_boundaries_upload"), {"kept": token, "code_field": "zzz"})
    assert "Choose it again" in response.content.decode()


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "a/b\\c.geojson", ".hidden", "\x00.json"])
def test_name_of_an_upload_leaves_its_folder_never(media: Path, name: str) -> None:
    assert uploads.keep_upload(SimpleUploadedFile("x", b"{}"), owner="me").path.is_relative_to(media / "uploads")
    assert "/" not in uploads._plain_name(name)
    assert not uploads._plain_name(name).startswith(".")


def test_codes_given_twice_are_shown_and_nothing_is_recorded(coordinator: Client) -> None:
    twice = json.loads(geojson(SQUARES))
    twice["features"][1]["properties"]["code"] = "1"
    response = upload(coordinator, json.dumps(twice).encode(), code_field="code")
    text = response.content.decode()
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "The code 1 stands more than once" in text
    assert "report-findings" in text
    assert BoundaryEdition.objects.count() == 1
    again = {"kept": response.context["kept"].token, "code_field": "code", "merge_same_code": "on"}
    assert coordinator.post(page("staff_boundaries_upload"), again).status_code == HTTPStatus.FOUND


def test_file_that_is_none_is_refused_in_plain_words(coordinator: Client) -> None:
    response = upload(coordinator, b"hello")
    assert "This is no file of boundaries" in response.content.decode()
    assert BoundaryEdition.objects.count() == 1


def test_too_large_a_file_is_refused(coordinator: Client, settings) -> None:
    settings.IMPORT_MAX_BYTES = 10
    assert "larger than" in upload(coordinator, geojson(SQUARES)).content.decode()


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        ({"code": "1;2"}, "The code 1;2 cannot stand in an address."),
        ({"code": "9", "name": "н" * 161}, "District 9: the name is too long."),
    ],
)
def test_label_that_cannot_be_kept_is_told(coordinator: Client, properties: dict[str, str], told: str) -> None:
    content = json.loads(geojson({"1": SQUARES["1"]}))
    content["features"][0]["properties"] = properties
    response = upload(coordinator, json.dumps(content).encode())
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert told in response.content.decode()


@pytest.mark.parametrize(
    ("option", "told"), [({"crs_epsg": 4978}, "No map is drawn"), ({"population_field": "code"}, "number of residents")]
)
def test_option_that_does_not_fit_is_told_and_the_file_kept(
    coordinator: Client, option: dict[str, object], told: str
) -> None:
    response = upload(coordinator, geojson({"Д-1": SQUARES["1"]}), **option)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert told in response.content.decode()
    assert response.context["kept"]


def test_residents_are_taken_from_the_field_that_is_chosen(coordinator: Client) -> None:
    response = upload(coordinator, geojson({"7001": SQUARES["1"]}), population_field="code")
    assert response.status_code == HTTPStatus.FOUND
    edition = BoundaryEdition.objects.get(number=2)
    assert edition.boundaries.get().population == 7001
    assert "7001 has 7,001 residents" in text_of(coordinator, "staff_boundary_report", 2)


def test_no_file_is_told(coordinator: Client) -> None:
    assert "Choose a file." in coordinator.post(page("staff_boundaries_upload"), {}).content.decode()
