"""The pages of the OGC API: JSON only, within the limit of the public API.

Districts and stations are for everybody; release areas for whoever reads releases, by a sign-in or a script's token.
"""

from abc import ABC, abstractmethod
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from analysis.asking import CHALLENGE, Asker, asker_of
from analysis.exports.log import record_export
from analysis.ogc.collections import (
    Collection,
    NotYours,
    TokenNeeded,
    UnknownCollection,
    UnknownFeature,
    collection,
    collections_for,
    rfc3339,
)
from analysis.ogc.definition import definition
from analysis.ogc.query import ItemsQuery, refuse_unknown
from geo.api import GEOJSON, QuickView
from geo.models import City
from geo.problems import register_problem

JSON = "application/json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMANCE = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
]

register_problem(UnknownCollection, 404, "unknown-collection")
register_problem(UnknownFeature, 404, "unknown-feature")
register_problem(TokenNeeded, 401, "token-needed", **{"WWW-Authenticate": CHALLENGE})
register_problem(NotYours, 403, "not-yours")


class OgcView(QuickView):
    """A page whose links name the host that was asked."""

    schema = None  # it has a definition of its own, at /ogc/api

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer; what is told to somebody by name is kept by nobody on the way."""
        response = super().answer(request, *args, **kwargs)
        if "Authorization" in request.headers or request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response

    def opened(self, request: HttpRequest, name: str) -> tuple[Collection, list[City], Asker]:
        """Return a collection, the cities whose releases it may tell, and who asks.

        Raises UnknownCollection, TokenNeeded, NotYours, DeadToken.
        """
        which, asker = collection(name), asker_of(request)
        cities = asker.cities_with_releases() if which.of_releases else []
        if which.of_releases and not cities:
            if asker.user.is_anonymous:
                raise TokenNeeded(_("Show a token of somebody who reads releases: Authorization: Bearer …"))
            raise NotYours(_("Releases are for the analysts, officers and supervisors of the city."))
        return which, cities, asker

    def note(self, request: HttpRequest, which: Collection, asker: Asker, *, rows: int) -> None:
        """Write down what a script was told of releases."""
        if which.of_releases and asker.token:
            city, now = asker.token.city, timezone.now()
            record_export(asker=asker, city=city, what="areas", form="ogc", query=request.GET, at=now, rows=rows)


class TellingView(OgcView, ABC):
    """A page of the API itself: JSON that asks for nothing but its address."""

    def get(self, request: HttpRequest, **names: Any) -> HttpResponse:
        """Answer with JSON; no such page takes parameters."""
        refuse_unknown(request.GET, ("f",))
        return _answer(self.tell(request, **names))

    @abstractmethod
    def tell(self, request: HttpRequest, **names: Any) -> dict[str, Any]:
        """What the page says."""


class LandingView(TellingView):
    """Where a client begins."""

    def tell(self, request: HttpRequest, **names: Any) -> dict[str, Any]:
        """Title and links."""
        return {
            "title": _("Electronic office of the district police officer"),
            "description": _(
                "Police districts and stations of the cities served; release areas for whoever reads releases."
            ),
            "links": [
                _link(request, "self", JSON, _("This page"), "ogc-landing"),
                _link(request, "service-desc", OPENAPI, _("Definition of the API"), "ogc-definition"),
                _link(request, "conformance", JSON, _("What it conforms to"), "ogc-conformance"),
                _link(request, "data", JSON, _("Collections"), "ogc-collections"),
            ],
        }


class ConformanceView(TellingView):
    """What the API conforms to."""

    def tell(self, request: HttpRequest, **names: Any) -> dict[str, Any]:
        """List the classes of the standard."""
        return {"conformsTo": CONFORMANCE}


class CollectionsView(TellingView):
    """All collections."""

    def tell(self, request: HttpRequest, **names: Any) -> dict[str, Any]:
        """Describe each that is not closed to whoever asks."""
        cities = asker_of(request).cities_with_releases()
        return {
            "links": [_link(request, "self", JSON, _("This page"), "ogc-collections")],
            "collections": [_described(request, each, cities) for each in collections_for(cities)],
        }


class CollectionView(TellingView):
    """One collection."""

    def tell(self, request: HttpRequest, **names: Any) -> dict[str, Any]:
        """Describe it."""
        which, cities, _asker = self.opened(request, names["collection"])
        return _described(request, which, cities)


class ItemsView(OgcView):
    """The features of a collection, page by page."""

    def get(self, request: HttpRequest, **names: Any) -> HttpResponse:
        """Answer with a FeatureCollection and a link to the next page, if any."""
        which, cities, asker = self.opened(request, names["collection"])
        query, now = ItemsQuery.read(request.GET), timezone.now()
        features, matched, more = which.page(query, cities)
        self.note(request, which, asker, rows=len(features))
        links = [
            {"rel": "self", "type": GEOJSON, "title": _("This page"), "href": request.build_absolute_uri()},
            _link(request, "collection", JSON, _("The collection"), "ogc-collection", which.id),
        ]
        if more:
            following = request.GET.copy()
            following["after"] = str(features[-1]["id"])
            href = request.build_absolute_uri(f"{request.path}?{following.urlencode()}")
            links.append({"rel": "next", "type": GEOJSON, "title": _("Next page"), "href": href})
        body = {
            "type": "FeatureCollection",
            "timeStamp": rfc3339(now),
            "numberMatched": matched,
            "numberReturned": len(features),
            "links": links,
            "features": features,
        }
        return _answer(body, GEOJSON)


class ItemView(OgcView):
    """One feature."""

    def get(self, request: HttpRequest, **names: Any) -> HttpResponse:
        """Answer with a Feature."""
        refuse_unknown(request.GET, ("f",))
        which, cities, asker = self.opened(request, names["collection"])
        feature = which.feature(names["feature"], cities)
        self.note(request, which, asker, rows=1)
        links = [
            {"rel": "self", "type": GEOJSON, "title": _("This page"), "href": request.build_absolute_uri()},
            _link(request, "collection", JSON, _("The collection"), "ogc-collection", which.id),
        ]
        return _answer(feature | {"links": links}, GEOJSON)


class DefinitionView(OgcView):
    """The API as OpenAPI 3.0."""

    def get(self, request: HttpRequest, **names: Any) -> HttpResponse:
        """Answer with the definition."""
        refuse_unknown(request.GET, ("f",))
        server = request.build_absolute_uri(reverse("ogc-landing")).rstrip("/")
        return _answer(
            definition(server, [each.id for each in collections_for(asker_of(request).cities_with_releases())]), OPENAPI
        )


def _answer(body: dict[str, Any], content_type: str = JSON) -> HttpResponse:
    """Write JSON; texts that wait for their language are told in the request's."""
    return HttpResponse(orjson.dumps(body, default=str), content_type=content_type)


def _link(request: HttpRequest, rel: str, kind: str, title: str, page: str, *names: str) -> dict[str, str]:
    return {"rel": rel, "type": kind, "title": title, "href": request.build_absolute_uri(reverse(page, args=names))}


def _described(request: HttpRequest, which: Collection, cities: list[City]) -> dict[str, Any]:
    return {
        "id": which.id,
        "title": which.title,
        "description": which.description,
        "itemType": "feature",
        "crs": [CRS84],
        "extent": which.extent(cities),
        "links": [
            _link(request, "self", JSON, _("This page"), "ogc-collection", which.id),
            _link(request, "items", GEOJSON, _("The features"), "ogc-items", which.id),
        ],
    }
