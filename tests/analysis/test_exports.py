"""Files to take away: every format holds the same rows, says how it was made, and is written down in the log."""

import datetime
import json
from typing import Any

import pytest
import shapely
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.closing import close_due
from analysis.exports.sources import squares_drawn
from analysis.exports.table import _told
from analysis.layers import Column, Kind
from analysis.models import Export, ReleaseArea
from geo.cells import bounds_of, encode, polygon_of, side_m
from geo.models import City
from geo.workbooks import FORMULA
from people.models import User
from tests.analysis.files import Read, read_file
from tests.analysis.letters import Sent, accepted, give_houses
from tests.analysis.test_api import ask
from tests.analysis.test_closing import LATE, june
from tests.appeals.conftest import Office, user_with_role

FORMATS = ("geojson", "csv", "gpkg")
WHATS = ("areas", "hotspots", "districts")
HERE = {"from": "2026-06-01", "to": "2026-06-30"}


@pytest.fixture
def analyst(office: Office) -> User:
    """An analyst of the training city, whose June was released: forty letters from one place, some from elsewhere."""
    give_houses(office.world, 60)
    far = Sent((25.0251, 49.9921), district="3", at=june(2, 20))
    accepted(office, [Sent()] * 40 + [far, Sent(category="traffic")])
    close_due(now=LATE)
    return user_with_role(office.world, "analyst", "analyst@example.org")


def taken(user: User, what: str, form: str, **query: Any) -> Read:
    """Download a file and read it."""
    response = ask(user, "api-export", what=what, format=form, **query)
    assert response.status_code == 200, response.text
    return read_file(form, b"".join(response.streaming_content))


@pytest.mark.parametrize("what", WHATS)
def test_every_format_holds_the_same_rows_and_explains_every_column(analyst: User, what: str) -> None:
    query = {} if what == "districts" else HERE | {"category": "noise"}
    geojson, csv, gpkg = (taken(analyst, what, form, **query) for form in FORMATS)
    assert geojson.rows == csv.rows == gpkg.rows
    assert len(geojson.rows) > (0 if what == "hotspots" else 2)
    for each in (geojson, csv, gpkg):
        assert list(each.codebook) == list(each.rows[0])
        assert all(row["uk"] and row["en"] and row["uk"] != row["en"] for row in each.codebook.values())
    apart = shapely.hausdorff_distance(geojson.shapes, gpkg.shapes)
    assert max(apart) < 1e-6, "degrees"


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_says_how_it_was_made(analyst: User, form: str) -> None:
    found = taken(analyst, "areas", form, category="noise", **HERE)
    about = found.about
    assert (about["what"], about["city"], about["made_by"]) == ("areas", "navchannia", "analyst@example.org")
    assert datetime.datetime.fromisoformat(about["made_at"]).tzinfo
    assert about["method"].startswith("Frozen counts of accepted letters")
    assert (about["periods"], about["categories"], about["small_counts"]) == (["2026-06"], ["noise"], "1-4")
    assert about["areas"]["addresses_at_least"] == 8
    assert about["licence"] == "CC-BY-4.0"
    # The sum of what the rows tell, and no other total (docs/adr/0016).
    assert about["letters"] == {end: sum(int(row[end]) for row in found.rows) for end in ("at_least", "at_most")}
    assert about["letters"]["at_most"] > 4
    assert not {"total", "n"} & set(about)


def test_the_city_chooses_the_licence(analyst: User) -> None:
    City.objects.update(data_licence="Умови міста")
    assert taken(analyst, "areas", "csv").about["licence"] == "Умови міста"
    assert taken(analyst, "hotspots", "gpkg").about["licence"] == "Умови міста"


def test_a_point_inside_stands_beside_each_area(analyst: User) -> None:
    found = taken(analyst, "areas", "geojson")
    for row, shape in zip(found.rows, found.shapes, strict=True):
        assert shape.covers(shapely.Point(*(float(row[name].replace(",", ".")) for name in ("lon", "lat"))))
    assert all(area.shape.covers(area.inside) for area in ReleaseArea.objects.all())


@pytest.mark.parametrize("what", WHATS)
def test_geojson_is_what_the_standard_asks_for(analyst: User, what: str) -> None:
    """RFC 7946: types, no crs, longitude first, closed rings, outer ones counterclockwise, identifiers once."""
    response = ask(analyst, "api-export", what=what, format="geojson")
    assert response["Content-Type"] == "application/geo+json"
    collection = json.loads(b"".join(response.streaming_content))
    assert (collection["type"], "crs" in collection) == ("FeatureCollection", False)
    identifiers = [each["id"] for each in collection["features"] if "id" in each]
    assert len(set(identifiers)) == len(identifiers)
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert set(feature) <= {"type", "id", "properties", "geometry"}
        geometry = feature["geometry"]
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        for outer, *inner in polygons:
            assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in (outer, *inner))
            assert shapely.is_ccw(shapely.LinearRing(outer))
            assert not any(shapely.is_ccw(shapely.LinearRing(ring)) for ring in inner)
            assert all(24 < lon < 27 and 49 < lat < 51 for lon, lat in outer)


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_found_is_a_file_without_rows(office: Office, form: str) -> None:
    analyst = user_with_role(office.world, "analyst", "analyst@example.org")
    found = taken(analyst, "areas", form)
    assert (found.rows, found.about["periods"]) == ([], [])
    assert Export.objects.get().rows == 0


@pytest.mark.parametrize("form", FORMATS)
def test_live_squares_are_for_supervisors(office: Office, form: str) -> None:
    accepted(office, [Sent()] * 3 + [Sent((25.0251, 49.9921), district="3")])
    found = taken(office.supervisor, "cells", form, zoom="16")
    assert [row["letters"] for row in found.rows] == ["3", "1"]
    assert found.about["licence"].startswith("Not for publication")
    assert found.about["letters"] == 4
    assert ask(office.officer, "api-export", what="cells", format=form).status_code == 403
    analyst = user_with_role(office.world, "analyst", "analyst@example.org")
    assert ask(analyst, "api-export", what="cells", format=form).status_code == 403


def test_what_there_is_no_file_of_is_told(office: Office) -> None:
    for query in ({"what": "letters", "format": "csv"}, {"what": "areas", "format": "xlsx"}, {"what": "areas"}):
        answer = ask(office.supervisor, "api-export", **query)
        assert (answer.status_code, answer.json()["type"]) == (400, "urn:dilnychnyi:bad-request")
    assert not Export.objects.exists()


def test_texts_of_a_table_are_no_formulas(office: Office) -> None:
    office.world.north.name_uk = '=HYPERLINK("x";"y")'
    office.world.north.save()
    found = taken(office.supervisor, "districts", "csv")
    assert found.rows[0]["name_uk"] == '\'=HYPERLINK("x";"y")'


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8))
def test_the_database_and_the_workbooks_agree_on_what_may_be_a_formula(db: None, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_told(Column('a', Kind.TEXT, ''))} FROM (SELECT %s AS a) AS told", [text])  # noqa: S608
        assert cursor.fetchone() == (f"'{text}" if FORMULA.match(text) else text,)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(zoom=st.integers(8, 18), x=st.floats(0, 1), y=st.floats(0, 1))
def test_the_database_draws_a_cell_as_python_does(db: None, zoom: int, x: float, y: float) -> None:
    side = 1 << zoom
    cell = encode(min(side - 1, int(x * side)), min(side - 1, int(y * side)))
    square = squares_drawn(f"SELECT {cell}::bigint AS area, 3 AS letters", zoom)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT lon, lat, side_m, ST_AsGeoJSON(ST_ForcePolygonCCW(shape), 7) FROM ({square}) AS drawn")  # noqa: S608
        [lon, lat, metres, shape] = cursor.fetchone()
    box = bounds_of(cell, zoom)
    assert json.loads(shape) == polygon_of(cell, zoom)
    assert (lon, lat) == pytest.approx(box.centre, abs=1e-7)
    assert float(metres) == pytest.approx(side_m(box.south, zoom), abs=0.1)


def test_every_file_is_in_the_log(analyst: User, office: Office) -> None:
    rows = len(taken(analyst, "areas", "csv", category="noise", **HERE).rows)
    one = Export.objects.get()
    assert (one.by, one.token, one.city) == (analyst, None, office.world.city)
    assert (one.what, one.format, one.rows) == ("areas", "csv", rows)
    assert one.asked == {"category": ["noise"], "from": [HERE["from"]], "to": [HERE["to"]]}


@pytest.mark.parametrize("form", FORMATS)
def test_a_download_that_breaks_off_is_in_the_log_without_its_rows(analyst: User, form: str) -> None:
    response = ask(analyst, "api-export", what="areas", format=form)
    next(iter(response.streaming_content))
    response._iterator.close()  # as the server does; the response's own close would take the test's connection along
    assert [each.rows for each in Export.objects.all()] == [None]
    assert role() != "dilnychnyi_analyst"


def role() -> str:
    """As whom the database is asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def test_a_map_that_somebody_signed_in_looks_at_is_no_export(analyst: User) -> None:
    b"".join(ask(analyst, "api-heatmap").streaming_content)
    ask(analyst, "api-hours")
    assert not Export.objects.exists()


def test_the_log_is_never_changed(analyst: User) -> None:
    taken(analyst, "areas", "csv")
    for change in ({"rows": 7}, {"what": "cells"}, {"by": None}, {"rows": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Export.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Export.objects.all().delete()
