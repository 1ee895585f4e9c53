"""What can be taken away beside released areas (`analysis.released`): live squares, districts, hotspots of releases."""

import datetime
from dataclasses import replace
from typing import Any

import orjson
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from analysis.filters import HeatFilters
from analysis.layers import Column, Kind, Layer, written_in
from analysis.live_hotspots import Answer
from geo.cells import EQUATOR_M
from geo.models import BoundaryEdition, City
from people.models import User

LON = Column("lon", Kind.NUMBER, _("Longitude of a point inside, degrees, WGS 84."))
LAT = Column("lat", Kind.NUMBER, _("Latitude of a point inside, degrees, WGS 84."))
DISTRICT = Column("district", Kind.TEXT, _("Code of the police district."))
METHOD_OF_CELLS = (
    "Live counts of letters that an officer or supervisor has accepted, that have a place and are not spam, "
    "by square of the web-map grid and local day of receipt. Protected letters have no square. Reports, not verdicts. "
    "Squares without letters are absent."
)
CELLS = """
    SELECT area AS cell, letters, round((%(equator_m)s * cosd(south) / %(tiles)s)::numeric, 1) AS side_m,
        round((west + east) / 2 * 1e7::float8) / 1e7::float8 AS lon,
        round((south + north) / 2 * 1e7::float8) / 1e7::float8 AS lat,
        ST_MakeEnvelope(west, south, east, north, 4326) AS shape
    FROM (
        SELECT area, letters, x / %(tiles)s * 360 - 180 AS west, (x + 1) / %(tiles)s * 360 - 180 AS east,
            degrees(atan(sinh(pi() * (1 - 2 * (y + 1) / %(tiles)s)))) AS south,
            degrees(atan(sinh(pi() * (1 - 2 * y / %(tiles)s)))) AS north
        FROM (
            SELECT area, letters, analysis_squeeze(area)::float8 AS x, analysis_squeeze(area >> 1)::float8 AS y
            FROM ({summed}) AS summed OFFSET 0
        ) AS square OFFSET 0
    ) AS edges
"""
"""A square's edges as geo/cells.py draws them. OFFSET 0: worked out once for each square, not wherever it is named."""
DISTRICTS = """
    SELECT district.code, district.name_uk, district.name_en, edition.number AS edition, edition.source,
        edition.licence, drawn.population AS residents, round(ST_X(inside) * 1e7::float8) / 1e7::float8 AS lon,
        round(ST_Y(inside) * 1e7::float8) / 1e7::float8 AS lat, drawn.boundary AS shape
    FROM geo_districtboundary AS drawn
    JOIN geo_district AS district ON district.id = drawn.district_id
    JOIN geo_boundaryedition AS edition ON edition.id = drawn.edition_id
    CROSS JOIN LATERAL ST_PointOnSurface(drawn.boundary) AS inside
    WHERE drawn.edition_id = %(edition)s
    ORDER BY district.code
"""
HOTSPOTS = """
    SELECT spot.rank, spot.class, spot.p, round(ST_X(inside) * 1e7::float8) / 1e7::float8 AS lon,
        round(ST_Y(inside) * 1e7::float8) / 1e7::float8 AS lat, shape
    FROM jsonb_to_recordset(%(spots)s::jsonb) AS spot (rank integer, class text, p float8, geometry jsonb)
    CROSS JOIN LATERAL ST_SetSRID(ST_GeomFromGeoJSON(spot.geometry), 4326) AS shape
    CROSS JOIN LATERAL ST_PointOnSurface(shape) AS inside
    ORDER BY spot.rank
"""


def live_cells(city: City, user: User | AnonymousUser, filters: HeatFilters) -> Layer:
    """Squares that hold letters, those with most first, as far as the user may see; for nobody else's eyes."""
    squares = filters.squares(city, user)
    everywhere = replace(filters, box=None).cells(city, user)
    return Layer(
        what="cells",
        columns=(
            Column("cell", Kind.INTEGER, _("Z-order number of the square in the web-map grid.")),
            Column("letters", Kind.INTEGER, _("Accepted letters.")),
            Column("side_m", Kind.NUMBER, _("Side of the square, metres.")),
            LON,
            LAT,
        ),
        select=squares_drawn(_summed(squares), filters.zoom),
        about={
            "method": METHOD_OF_CELLS,
            "grid": {"name": "WebMercatorQuad", "zoom": filters.zoom, "numbering": "Z-order"},
            "first_day": filters.first.isoformat() if filters.first else None,
            "last_day": filters.last.isoformat() if filters.last else None,
            "categories": list(filters.categories) or "all",
            "letters": squares.aggregate(in_all=Sum("letters"))["in_all"] or 0,
            "letters_without_square": everywhere.filter(cell__isnull=True).letters(),
            "licence": "Not for publication: live counts for the officers and supervisors of the city",
        },
    )


def squares_drawn(summed: str, zoom: int) -> str:
    """Return the SELECT that draws what another gives: `area`, a square's number at `zoom`, and `letters`."""
    values = {"equator_m": EQUATOR_M, "tiles": 1 << zoom}
    return written_in(CELLS.format(summed=summed.replace("%", "%%")), values)


def _summed(squares: QuerySet[Any, Any]) -> str:
    try:
        return written_in(*squares.query.sql_with_params())
    except EmptyResultSet:
        return "SELECT 0::bigint AS area, 0::bigint AS letters WHERE false"


def districts(city: City, *, at: datetime.datetime) -> Layer:
    """Districts of the edition in force at a moment, unsimplified; none where no edition is."""
    edition = BoundaryEdition.objects.in_force_at(at).filter(city=city).first()
    return Layer(
        what="districts",
        columns=(
            Column("code", Kind.TEXT, _("Code of the police district.")),
            Column("name_uk", Kind.TEXT, _("Name in Ukrainian.")),
            Column("name_en", Kind.TEXT, _("Name in English.")),
            Column("edition", Kind.INTEGER, _("Number of the boundary edition.")),
            Column("source", Kind.TEXT, _("Where the boundaries come from.")),
            Column("licence", Kind.TEXT, _("Licence of the boundaries, as their source states it.")),
            Column("residents", Kind.INTEGER, _("Residents, where they are known.")),
            LON,
            LAT,
        ),
        select=written_in(DISTRICTS, {"edition": edition.pk if edition else None}),
        about={
            "method": "Polygons of the boundary edition in force, WGS 84, unsimplified.",
            "edition": edition.number if edition else None,
            "licence": edition.licence if edition else None,
        },
    )


def released_spots(city: City, answer: Answer) -> Layer:
    """Hotspots of releases (`analysis.released_hotspots`), the surest first."""
    spots = [feature["properties"] | {"geometry": feature["geometry"]} for feature in answer.features]
    return Layer(
        what="hotspots",
        columns=(
            Column("rank", Kind.INTEGER, _("Rank: 1 is the surest.")),
            Column("class", Kind.TEXT, _("sure, or very_sure: how little chance could do it.")),
            Column(
                "p",
                Kind.NUMBER,
                _("p-value of its surest area, corrected for all areas (Benjamini and Hochberg), rounded up."),
            ),
            LON,
            LAT,
        ),
        select=written_in(HOTSPOTS, {"spots": orjson.dumps(spots).decode()}),
        about={"verdict": answer.verdict, **answer.metadata, "licence": city.data_licence},
        identifier="rank",
    )
