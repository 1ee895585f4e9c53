"""The pages of the OGC API: JSON only, for everybody, within the limit of the public API."""

from abc import ABC, abstractmethod
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from analysis.ogc.collections import COLLECTIONS, Collection, UnknownCollection, UnknownFeature, collection, rfc3339
from analysis.ogc.definition import definition
from analysis.ogc.query import ItemsQuery, refuse_unknown
from geo.api import GEOJSON, QuickView
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


class OgcView(QuickView):
    """A page whose links name the host that was asked."""

    schema = None  # it has a definition of its own, at /ogc/api


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
            "description": _("Police districts and stations of the cities served."),
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
        """Describe each."""
        return {
            "links": [_link(request, "self", JSON, _("This page"), "ogc-collections")],
            "collections": [_described(request, each) for each in COLLECTIONS.values()],
        }


class CollectionView(TellingView):
    """One collection."""

    def tell(self, request: HttpRequest, **names: Any) -> dict[str, Any]:
        """Describe it."""
        return _described(request, collection(names["collection"]))


class ItemsView(OgcView):
    """The features of a collection, page by page."""

    def get(self, request: HttpRequest, **names: Any) -> HttpResponse:
        """Answer with a FeatureCollection and a link to the next page, if any."""
        which = collection(names["collection"])
        query = ItemsQuery.read(request.GET)
        features, matched, more = which.page(query)
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
            "timeStamp": rfc3339(timezone.now()),
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
        which = collection(names["collection"])
        links = [
            {"rel": "self", "type": GEOJSON, "title": _("This page"), "href": request.build_absolute_uri()},
            _link(request, "collection", JSON, _("The collection"), "ogc-collection", which.id),
        ]
        return _answer(which.feature(names["feature"]) | {"links": links}, GEOJSON)


class DefinitionView(OgcView):
    """The API as OpenAPI 3.0."""

    def get(self, request: HttpRequest, **names: Any) -> HttpResponse:
        """Answer with the definition."""
        refuse_unknown(request.GET, ("f",))
        server = request.build_absolute_uri(reverse("ogc-landing")).rstrip("/")
        return _answer(definition(server, list(COLLECTIONS)), OPENAPI)


def _answer(body: dict[str, Any], content_type: str = JSON) -> HttpResponse:
    """Write JSON; texts that wait for their language are told in the request's."""
    return HttpResponse(orjson.dumps(body, default=str), content_type=content_type)


def _link(request: HttpRequest, rel: str, kind: str, title: str, page: str, *names: str) -> dict[str, str]:
    return {"rel": rel, "type": kind, "title": title, "href": request.build_absolute_uri(reverse(page, args=names))}


def _described(request: HttpRequest, which: Collection) -> dict[str, Any]:
    return {
        "id": which.id,
        "title": which.title,
        "description": which.description,
        "itemType": "feature",
        "crs": [CRS84],
        "extent": which.extent(),
        "links": [
            _link(request, "self", JSON, _("This page"), "ogc-collection", which.id),
            _link(request, "items", GEOJSON, _("The features"), "ogc-items", which.id),
        ],
    }
