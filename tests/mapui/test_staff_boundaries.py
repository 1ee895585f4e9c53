"""The staff's pages of boundaries: the report in the reader's language, decisions on record, drawing."""

import datetime
import json
from http import HTTPStatus
from pathlib import Path

import pytest
import shapely
from django.contrib.gis.geos import LineString, MultiLineString
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from geo.models import BoundaryEdition, City, DistrictBoundary, EditionPeriod, Street
from geo.moments import local_day
from tests.mapui.boundary_pages import HOLED, SQUARES, draft, page, sign_in, text_of
from tests.world import World


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


@pytest.fixture
def coordinator(world: World, client: Client) -> Client:
    return sign_in(client, world, "coordinator")


# --- who may --------------------------------------------------------------------------------------------------

READS = ["staff_boundary_report", "staff_boundary_districts", "staff_boundary_findings", "staff_boundary_exact"]
DEEDS = ["staff_boundary_accept", "staff_boundary_reject", "staff_boundary_activate", "staff_boundary_edit"]


def test_supervisor_reads_and_decides_nothing(world: World, client: Client) -> None:
    sign_in(client, world, "supervisor")
    assert all(client.get(page(name, 1)).status_code == HTTPStatus.OK for name in READS)
    assert "Upload boundaries" not in text_of(client, "staff_boundaries")
    assert all(client.post(page(name, 1)).status_code == HTTPStatus.FORBIDDEN for name in DEEDS)
    for name in ("staff_boundaries_withdraw", "staff_boundaries_roll_back", "staff_boundaries_upload"):
        assert client.post(page(name)).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("role", ["officer", "moderator", "analyst"])
def test_other_roles_see_nothing(world: World, client: Client, role: str) -> None:
    sign_in(client, world, role)
    assert client.get(page("staff_boundaries")).status_code == HTTPStatus.FORBIDDEN
    assert all(client.get(page(name, 1)).status_code == HTTPStatus.FORBIDDEN for name in READS)


def test_streets_of_a_draft_lie_beneath_its_borders_for_its_staff_alone(world: World, client: Client) -> None:
    City.objects.filter(pk=world.city.pk).update(stage="draft")
    line = MultiLineString(LineString((25.0, 49.995), (25.01, 49.995)), srid=4326)
    Street.objects.create(city=world.city, name_uk="вулиця Довга", line=line)
    address = page("staff_boundary_streets")
    assert client.get(reverse("api-streets"), {"city": "kvadraty"}).status_code == HTTPStatus.NOT_FOUND
    assert client.get(address).status_code == HTTPStatus.FOUND
    sign_in(client, world, "coordinator")
    assert "вулиця Довга" in client.get(address).content.decode()
    for name in ("staff_boundary_report", "staff_boundary_edit"):
        assert f'data-streets="{address}"' in text_of(client, name, 1)


def test_deeds_are_posts(coordinator: Client) -> None:
    for name in DEEDS[:3]:
        assert coordinator.get(page(name, 1)).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_edition_of_another_city_is_not_found(coordinator: Client) -> None:
    assert coordinator.get(page("staff_boundary_report", 7)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("zoom", ["²", "23", "1" * 5000])
def test_zoom_that_is_none_is_refused(coordinator: Client, zoom: str) -> None:
    response = coordinator.get(page("staff_boundary_districts", 1), {"zoom": zoom})
    assert response.status_code == HTTPStatus.BAD_REQUEST


# --- the report -----------------------------------------------------------------------------------------------


def test_report_tells_each_finding_in_the_readers_language(coordinator: Client) -> None:
    edition = draft(coordinator, HOLED)
    assert edition.errors == 1
    assert "A gap between districts 1, 2, 4 and 5:" in text_of(coordinator, "staff_boundary_report", 2)
    coordinator.cookies["language"] = "uk"
    text = text_of(coordinator, "staff_boundary_report", 2)
    assert "between districts" not in text
    assert "1 помилка" in text


def test_places_of_findings_carry_their_sentence_and_key(coordinator: Client) -> None:
    edition = draft(coordinator, HOLED)
    features = coordinator.get(page("staff_boundary_findings", 2)).json()["features"]
    gap = next(each["properties"] for each in features if each["properties"]["severity"] == "error")
    assert gap["key"] in {found["key"] for found in edition.report["findings"]}
    assert gap["sentence"].startswith("A gap between districts")


def test_report_lists_what_changes_against_the_edition_in_force(coordinator: Client) -> None:
    draft(coordinator, {"1": SQUARES["1"], "2": SQUARES["2"], "9": SQUARES["3"]})
    text = text_of(coordinator, "staff_boundary_report", 2)
    assert 'data-show-district="9"' in text
    assert 'data-show-district="3"' in text
    assert page("staff_boundary_districts", 1) in text


def test_report_names_the_district_that_nobody_serves(coordinator: Client) -> None:
    draft(coordinator)
    assert "District 3 (Південна) has no officer." in text_of(coordinator, "staff_boundary_report", 2)


# --- decisions ------------------------------------------------------------------------------------------------


def test_error_blocks_until_it_is_accepted_with_a_reason(coordinator: Client) -> None:
    edition = draft(coordinator, HOLED)
    key = next(found["key"] for found in edition.report["findings"] if found["severity"] == "error")
    refused = coordinator.post(page("staff_boundary_activate", 2), {"starts_on": ""})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    coordinator.post(page("staff_boundary_accept", 2), {"key": key, "reason": " "})
    edition.refresh_from_db()
    assert edition.errors == 1
    coordinator.post(page("staff_boundary_accept", 2), {"key": key, "reason": "озеро"})
    edition.refresh_from_db()
    assert (edition.errors, edition.accepted[key]["by"]) == (0, "coordinator@example.org")
    listed = coordinator.get(page("staff_boundaries")).content.decode()
    assert "1 accepted error" in listed and listed.count("no errors") == 1  # said of edition № 1 alone
    assert "озеро" in text_of(coordinator, "staff_boundary_report", 2)
    coordinator.post(page("staff_boundary_activate", 2), {"starts_on": ""})
    assert EditionPeriod.objects.get(edition=edition).activated_by == "coordinator@example.org"


def test_reason_is_escaped(coordinator: Client) -> None:
    edition = draft(coordinator, HOLED)
    key = next(found["key"] for found in edition.report["findings"] if found["severity"] == "error")
    coordinator.post(page("staff_boundary_accept", 2), {"key": key, "reason": "<script>alert(1)</script>"})
    assert "<script>alert" not in text_of(coordinator, "staff_boundary_report", 2)


def test_rejected_edition_offers_no_decision(coordinator: Client) -> None:
    draft(coordinator)
    coordinator.post(page("staff_boundary_reject", 2))
    text = text_of(coordinator, "staff_boundary_report", 2)
    assert "rejected" in text
    assert page("staff_boundary_activate", 2) not in text
    refused = coordinator.post(page("staff_boundary_activate", 2), {})
    assert "was rejected" in refused.content.decode()


def test_edition_waits_for_its_day_and_can_be_withdrawn(coordinator: Client, world: World) -> None:
    edition = draft(coordinator)
    day = datetime.date.today() + datetime.timedelta(days=30)
    coordinator.post(page("staff_boundary_activate", 2), {"starts_on": day.isoformat()})
    assert local_day(edition.periods.get().period.lower) == day
    assert f"for {day:%d.%m.%Y}" in " ".join(text_of(coordinator, "staff_boundaries").split())
    coordinator.post(page("staff_boundaries_withdraw"))
    assert not edition.periods.exists()
    assert world.edition.periods.get().period.upper is None
    text = " ".join(text_of(coordinator, "staff_boundary_report", 2).split())
    assert f"was to come into force on {day:%d.%m.%Y}, decided by coordinator@example.org" in text
    assert edition.withdrawals.get().withdrawn_by == "coordinator@example.org"


def test_today_means_now_and_the_past_is_refused(coordinator: Client) -> None:
    edition = draft(coordinator)
    long_ago = coordinator.post(page("staff_boundary_activate", 2), {"starts_on": "2025-02-01"})
    assert "past is not rewritten" in long_ago.content.decode()
    for never in ("0001-01-01", "9999-12-31"):
        response = coordinator.post(page("staff_boundary_activate", 2), {"starts_on": never})
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    today = local_day(datetime.datetime.now(datetime.UTC)).isoformat()
    coordinator.post(page("staff_boundary_activate", 2), {"starts_on": today})
    assert edition.periods.exists()


def test_rollback_names_the_earlier_edition_and_opens_a_new_period(coordinator: Client, world: World) -> None:
    draft(coordinator)
    assert page("staff_boundaries_roll_back") not in text_of(coordinator, "staff_boundaries")
    coordinator.post(page("staff_boundary_activate", 2), {})
    assert "Roll back to edition № 1" in text_of(coordinator, "staff_boundaries")
    coordinator.post(page("staff_boundaries_roll_back"))
    assert world.edition.periods.count() == 2
    assert BoundaryEdition.objects.in_force_at(datetime.datetime.now(datetime.UTC)).get() == world.edition


def test_pages_hold_no_inline_style_or_script(coordinator: Client) -> None:
    draft(coordinator, HOLED)
    names = [
        ("staff_boundaries",),
        ("staff_boundaries_upload",),
        ("staff_boundary_report", 2),
        ("staff_boundary_edit", 2),
    ]
    for text in (text_of(coordinator, *name) for name in names):
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick=" not in text


# --- drawing --------------------------------------------------------------------------------------------------


def draw(client: Client, changes: object, source: str = "виправлено межу") -> HttpResponse:
    data = {"changes": json.dumps(changes), "source": source}
    return client.post(page("staff_boundary_edit", 1), data, headers={"accept": "application/json"})


def shape(geometry: shapely.Geometry) -> dict[str, object]:
    return json.loads(shapely.to_geojson(geometry))


def test_drawing_becomes_an_edition_with_the_other_polygons_unchanged(coordinator: Client, world: World) -> None:
    moved = {"1": shape(shapely.box(25.0, 49.99, 25.008, 50.0)), "2": shape(shapely.box(25.008, 49.99, 25.02, 50.0))}
    assert draw(coordinator, moved).json() == {"report": page("staff_boundary_report", 2)}
    edition = BoundaryEdition.objects.get(number=2)
    assert (edition.errors, edition.source, edition.recorded_by) == (0, "виправлено межу", "coordinator@example.org")
    assert edition.report["source"]["drawn"] == ["1", "2"]
    assert edition.boundaries.get(district=world.north).boundary.extent[2] == pytest.approx(25.008)
    kept = [DistrictBoundary.objects.get(edition=each, district=world.south) for each in (world.edition, edition)]
    assert kept[0].boundary.equals_exact(kept[1].boundary)
    assert world.edition.boundaries.get(district=world.north).boundary.extent[2] == pytest.approx(25.01)


def test_gap_that_was_drawn_blocks_activation(coordinator: Client) -> None:
    draw(
        coordinator,
        {"2": shape(shapely.Polygon([(25.01, 49.99), (25.02, 49.99), (25.02, 50.0), (25.01, 50.0), (25.015, 49.995)]))},
    )
    edition = BoundaryEdition.objects.get(number=2)
    assert edition.errors > 0


def test_outline_that_crosses_itself_is_refused_with_the_place(coordinator: Client) -> None:
    bow = {
        "type": "Polygon",
        "coordinates": [[[25.01, 49.99], [25.02, 50.0], [25.02, 49.99], [25.01, 50.0], [25.01, 49.99]]],
    }
    response = draw(coordinator, {"2": bow})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "District 2" in response.json()["findings"][0]
    assert BoundaryEdition.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {},
        [],
        {"nema": {"type": "Polygon", "coordinates": [[[25, 49], [26, 49], [26, 50], [25, 49]]]}},
        {"1": {"type": "Point", "coordinates": [25, 49]}},
        {"1": {"type": "Polygon", "coordinates": []}},
        {"1": {"type": "Polygon", "coordinates": [[[25, 99], [26, 99], [26, 100], [25, 99]]]}},
        {"1": {"type": "Polygon", "coordinates": [[["a", 1]]]}},
        {"1": "POLYGON"},
        {"1": None},
    ],
)
def test_drawing_that_is_none_is_refused(coordinator: Client, changes: object) -> None:
    assert draw(coordinator, changes).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert BoundaryEdition.objects.count() == 1


def test_drawing_needs_its_reason(coordinator: Client) -> None:
    assert draw(coordinator, {"1": shape(SQUARES["1"])}, source="").status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_exact_polygons_come_back_digit_for_digit(coordinator: Client, world: World) -> None:
    odd = shapely.box(25.000000012345678, 49.99, 25.01, 50.0)
    draw(coordinator, {"1": shape(odd)})
    features = coordinator.get(page("staff_boundary_exact", 2)).json()["features"]
    first = next(each for each in features if each["properties"]["code"] == "1")
    assert 25.000000012345678 in {point[0] for point in first["geometry"]["coordinates"][0][0]}
