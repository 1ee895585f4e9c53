"""What releases say: figures of whole areas and whole periods, and sums of them. Read through the analyst's role."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import Polygon
from django.db.models import Sum
from django.http import QueryDict
from django.utils.translation import gettext as _

from analysis.areas import CELL_M
from analysis.filters import HeatFilters
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


def reads_releases_of(user: User | AnonymousUser, city: City) -> bool:
    """Tell whether a user may read what is released of a city: its analysts, officers and supervisors."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return Membership.objects.filter(user=user, city=city, role__in=READERS_OF_RELEASES).exists()


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
        return cls(plan, counted, tuple(release for release in releases if release not in counted), filters)

    def features(self) -> Iterator[dict[str, Any]]:
        """Yield every area that touches the box as a GeoJSON Feature, areas without letters too."""
        letters = {row["area"]: (row["least"], row["most"]) for row in self._figures().told("area")}
        areas = ReleaseArea.objects.filter(plan=self.plan)
        if box := self.filters.heat.box:
            areas = areas.filter(shape__bboverlaps=Polygon.from_bbox((box.west, box.south, box.east, box.north)))
        rows = areas.annotate(as_geojson=AsGeoJSON("shape", precision=7)).order_by("district__code", "number")
        names = ("pk", "district__code", "number", "addresses", "cells", "reason", "as_geojson")
        for pk, district, number, addresses, cells, reason, shape in rows.values_list(*names).iterator():
            at_least, at_most = letters.get(pk, (0, 0))
            yield {
                "type": "Feature",
                "id": f"{district}-{number}",
                "properties": {
                    "area": f"{district}-{number}",
                    "district": district,
                    "at_least": at_least,
                    "at_most": at_most,
                    "addresses": addresses,
                    "side_m": round(CELL_M * cells**0.5),
                    "coarse_because": reason or None,
                },
                "geometry": shape,
            }

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
