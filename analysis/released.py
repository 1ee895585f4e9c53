"""What releases say: figures of whole areas and whole periods, and sums of them. Read through the analyst's role."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import Polygon
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analysis.areas import CELL_M
from analysis.filters import HeatFilters
from analysis.layers import Column, Layer, written_in
from analysis.layers import Kind as Holds
from analysis.models import (
    AreaFigure,
    AreaPlan,
    FigureQuerySet,
    HourFigure,
    PartFigure,
    Release,
    ReleaseArea,
    Sensitivity,
)
from appeals.filters import BadFilter
from appeals.models import Category
from geo.models import City
from people.models import Membership, User

Kind = Release.Kind
READERS_OF_RELEASES = (Membership.Role.ANALYST, Membership.Role.OFFICER, Membership.Role.SUPERVISOR)
AREAS = """
    SELECT district.code || '-' || area.number AS area, district.code AS district,
        coalesce(told.least, 0) AS at_least, coalesce(told.most, 0) AS at_most, area.addresses,
        round(%(cell_m)s * sqrt(area.cells))::integer AS side_m, nullif(area.reason, '') AS coarse_because,
        round(ST_X(area.inside) * 1e7::float8) / 1e7::float8 AS lon,
        round(ST_Y(area.inside) * 1e7::float8) / 1e7::float8 AS lat, area.shape, area.id AS drawn
    FROM analysis_releasearea AS area
    JOIN geo_district AS district ON district.id = area.district_id
    LEFT JOIN (
        SELECT area_id, sum(at_least) AS least, sum(at_most) AS most
        FROM analysis_areafigure
        WHERE release_id = ANY(%(releases)s::bigint[])
            AND (%(categories)s::text[] = '{}' OR category = ANY(%(categories)s::text[]))
        GROUP BY area_id
    ) AS told ON told.area_id = area.id
    WHERE area.plan_id = %(plan)s
        AND (%(box)s::text IS NULL OR area.shape && ST_GeomFromText(%(box)s::text, 4326))
"""
COLUMNS = (
    Column("area", Holds.TEXT, gettext_lazy("Name of the release area: code of its district and its number there.")),
    Column("district", Holds.TEXT, gettext_lazy("Code of the police district.")),
    Column("at_least", Holds.INTEGER, gettext_lazy("Letters, at the least: small counts are told as a span.")),
    Column("at_most", Holds.INTEGER, gettext_lazy("Letters, at the most.")),
    Column("addresses", Holds.INTEGER, gettext_lazy("Known addresses in the area.")),
    Column("side_m", Holds.INTEGER, gettext_lazy("Side of a square as large as the area, metres.")),
    Column(
        "coarse_because",
        Holds.TEXT,
        gettext_lazy(
            "Why the area is as large as it is, where that is not its addresses: few_addresses, small or"
            " no_addresses of its district."
        ),
    ),
    Column("lon", Holds.NUMBER, gettext_lazy("Longitude of a point inside, degrees, WGS 84.")),
    Column("lat", Holds.NUMBER, gettext_lazy("Latitude of a point inside, degrees, WGS 84.")),
)


def reads_releases_of(user: User | AnonymousUser, city: City) -> bool:
    """Tell whether a user may read what is released of a city: its analysts, officers and supervisors."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.has_role(city, *READERS_OF_RELEASES)


@dataclass(frozen=True, slots=True)
class ReleaseFilters:
    """Which figures are asked for: whole periods between the days, whole areas that touch the box."""

    heat: HeatFilters
    sensitivity: Sensitivity

    @classmethod
    def read(cls, query: QueryDict, heat: HeatFilters) -> "ReleaseFilters":
        """Read `topics` (ordinary or protected), else what the categories are. Raises BadFilter.

        The two are counted over other areas and periods, so no answer mixes them.
        """
        protected = set(Category.objects.filter(slug__in=heat.categories).values_list("protected", flat=True))
        asked = query.get("topics") or (Sensitivity.PROTECTED if protected == {True} else Sensitivity.ORDINARY)
        if asked not in Sensitivity.values:
            raise BadFilter(_("“topics” must be ordinary or protected."))
        if protected - {asked == Sensitivity.PROTECTED}:
            raise BadFilter(_("Ordinary and sensitive topics are released apart: ask for one of the two."))
        return cls(heat, Sensitivity(asked))

    def releases(self, city: City, kind: Release.Kind) -> list[Release]:
        """Return the releases whose whole period is asked for, the oldest first."""
        found = Release.objects.filter(city=city, kind=kind, closed_at__isnull=False)
        return list(
            found.whole_within(self.heat.first, self.heat.last).select_related("plan__edition").order_by("first")
        )


@dataclass(frozen=True, slots=True)
class ReleasedAreas:
    """The areas of one plan and the releases counted over it; `left_out` were counted over areas drawn before."""

    city: City
    plan: AreaPlan | None
    releases: tuple[Release, ...]
    left_out: tuple[Release, ...]
    filters: ReleaseFilters

    @classmethod
    def ask(cls, city: City, filters: ReleaseFilters) -> "ReleasedAreas":
        """Return what is released by area: over the newest of the plans that the periods asked for were counted on."""
        kind = Kind.PROTECTED if filters.sensitivity == Sensitivity.PROTECTED else Kind.ORDINARY
        releases = filters.releases(city, kind)
        plan = next((release.plan for release in reversed(releases) if release.plan), None)
        counted = tuple(release for release in releases if plan and release.plan_id == plan.pk)
        return cls(city, plan, counted, tuple(release for release in releases if release not in counted), filters)

    def layer(self) -> Layer:
        """The rows with how they were made; without a box also the sum of all that they tell."""
        told = {} if self.filters.heat.box else {"letters": self.letters()}
        return self._rows(self.metadata() | told | {"licence": self.city.data_licence})

    def _rows(self, about: dict[str, Any]) -> Layer:
        """Every area that touches the box with what was released of it, areas without letters too, as they were drawn.

        The order is that of drawing (district, then number): of a million areas another would take longer than writing
        them.
        """
        box = self.filters.heat.box
        values = {
            "plan": self.plan.pk if self.plan else None,
            "releases": [release.pk for release in self.releases],
            "categories": list(self.filters.heat.categories),
            "box": Polygon.from_bbox((box.west, box.south, box.east, box.north)).wkt if box else None,
            "cell_m": CELL_M,
        }
        return Layer("areas", COLUMNS, written_in(AREAS, values), about, identifier="area", order="drawn")

    def features(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of the layer as GeoJSON Features."""
        yield from map(orjson.loads, self._rows({}).features())

    def letters(self) -> dict[str, int]:
        """Return {"at_least", "at_most"}: the sum of all that is told of the areas."""
        told = self._figures().aggregate(at_least=Coalesce(Sum("at_least"), 0), at_most=Coalesce(Sum("at_most"), 0))
        return {name: int(n) for name, n in told.items()}

    def by_district(self) -> list[dict[str, Any]]:
        """Rows {"code", "name_uk", "name_en", "addresses", "at_least", "at_most"}: sums of whole areas, by code."""
        names = ("district__code", "district__name_uk", "district__name_en")
        homes = ReleaseArea.objects.filter(plan=self.plan).order_by("district__code").values_list(*names)
        told = {row["area__district__code"]: row for row in self._figures().told("area__district__code")}
        return [
            {
                "code": code,
                "name_uk": name_uk,
                "name_en": name_en,
                "addresses": addresses,
                "at_least": told[code]["least"] if code in told else 0,
                "at_most": told[code]["most"] if code in told else 0,
            }
            for code, name_uk, name_en, addresses in homes.annotate(known=Sum("addresses"))
        ]

    def by_period(self) -> list[tuple[Release, int, int]]:
        """Each release with its letters at the least and at the most, the oldest first."""
        told = {row["release"]: (row["least"], row["most"]) for row in self._figures().told("release")}
        return [(release, *told.get(release.pk, (0, 0))) for release in self.releases]

    def metadata(self) -> dict[str, Any]:
        """Return how these figures were made."""
        plan, newest = self.plan, self.releases[-1] if self.releases else None
        return _periods(self.filters, self.releases) | {
            "method": METHOD,
            "left_out": [str(release.period) for release in self.left_out],
            "small_counts": f"1-{newest.small}" if newest else None,
            "areas": plan
            and {
                "plan": plan.number,
                "edition": plan.edition.number,
                "known_addresses": plan.addresses,
                "addresses_at_least": plan.min_addresses,
                "side_m_at_least": plan.min_side * CELL_M,
                "side_m_at_least_without_addresses": plan.min_side_without_addresses * CELL_M,
                "drawn_at": plan.drawn_at.isoformat(timespec="seconds"),
            },
        }

    def _figures(self) -> FigureQuerySet:
        return AreaFigure.objects.of(release.pk for release in self.releases).about(self.filters.heat.categories)


METHOD = (
    "Frozen counts of accepted letters with a place, by release area and whole period of receipt; letters that are "
    "kept from somebody are in none. Small counts are told as a span; sums add the spans. Reports, not verdicts."
)
HOURS_METHOD = (
    "Frozen counts of accepted letters that came by themselves, by local hour, with or without a place; letters that "
    "are kept from somebody are in none. Small counts are told as a span; sums add the spans. Reports, not verdicts."
)


def released_hours(city: City, filters: ReleaseFilters, *, district: str = "") -> dict[str, Any]:
    """Return ordinary letters by weekday and hour, of a district or of all; protected ones by part of the day alone."""
    if filters.sensitivity == Sensitivity.PROTECTED:
        if district:
            raise BadFilter(_("Hours of sensitive topics are released for the whole city alone."))
        releases = filters.releases(city, Kind.PARTS)
        parts = PartFigure.objects.of(release.pk for release in releases).about(filters.heat.categories)
        rows = [
            {"part": PartFigure.Part(row["part"]).name.lower(), "at_least": row["least"], "at_most": row["most"]}
            for row in parts.told("part")
        ]
        return _periods(filters, releases) | {"method": HOURS_METHOD, "parts": rows}
    releases = filters.releases(city, Kind.ORDINARY)
    hours = HourFigure.objects.of(release.pk for release in releases).about(filters.heat.categories)
    hours = hours.filter(district__code=district) if district else hours
    weekdays = [
        {
            "weekday": row["hour"] // 24 + 1,
            "hour": row["hour"] % 24,
            "at_least": row["least"],
            "at_most": row["most"],
        }
        for row in hours.told("hour")
    ]
    return _periods(filters, releases) | {"method": HOURS_METHOD, "hours": weekdays}


def _periods(filters: ReleaseFilters, releases: list[Release] | tuple[Release, ...]) -> dict[str, Any]:
    known = sorted({slug for release in releases for slug in release.categories})
    asked = filters.heat.categories
    return {
        "of": "releases",
        "topics": filters.sensitivity.value,
        "categories": [slug for slug in known if slug in asked or not asked],
        "periods": [str(release.period) for release in releases],
    }
