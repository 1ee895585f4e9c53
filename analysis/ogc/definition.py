"""The definition of the OGC API as OpenAPI 3.0. Pure."""

from typing import Any

from analysis.ogc.query import DEFAULT_LIMIT, MOST


def definition(server: str, collections: list[str]) -> dict[str, Any]:
    """Return the document for an API at `server` with these collections."""
    name = _parameter("collectionId", "path", {"type": "string", "enum": collections}, "Name of a collection.")
    identifier = _parameter("featureId", "path", {"type": "integer"}, "Identifier of a feature.")
    return {
        "openapi": "3.0.3",
        "info": {"title": "OGC API - Features", "version": "1.0.0"},
        "servers": [{"url": server}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{}, {"token": []}],
        "paths": {
            "/": _get("landing", "Where to begin", "application/json"),
            "/conformance": _get("conformance", "What it conforms to", "application/json"),
            "/api": _get("definition", "This definition", "application/vnd.oai.openapi+json;version=3.0"),
            "/collections": _get("collections", "All collections", "application/json"),
            "/collections/{collectionId}": _get("collection", "One collection", "application/json", [name]),
            "/collections/{collectionId}/items": _get(
                "items", "Features of a collection", "application/geo+json", [name, *_of_items()]
            ),
            "/collections/{collectionId}/items/{featureId}": _get(
                "item", "One feature", "application/geo+json", [name, identifier]
            ),
        },
    }


def _of_items() -> list[dict[str, Any]]:
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT}
    corners = {
        "type": "array",
        "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        "items": {"type": "number"},
    }
    after = {"type": "integer", "minimum": 0}
    return [
        _parameter("limit", "query", limit, "Features of a page.", style="form", explode=False),
        _parameter("bbox", "query", corners, "west,south,east,north in degrees.", style="form", explode=False),
        _parameter("datetime", "query", {"type": "string"}, "A moment, a day, or two with / between.", style="form"),
        _parameter("city", "query", {"type": "string"}, "Slug of a city."),
        _parameter("after", "query", after, "Identifier of the last feature of the page before."),
    ]


def _parameter(name: str, place: str, schema: dict[str, Any], description: str, **more: Any) -> dict[str, Any]:
    required = place == "path"
    return {"name": name, "in": place, "required": required, "schema": schema, "description": description} | more


def _get(
    operation: str, summary: str, kind: str, parameters: list[dict[str, Any]] | None = None
) -> dict[str, dict[str, Any]]:
    answers: dict[str, Any] = {
        "200": {"description": summary, "content": {kind: {"schema": {"type": "object"}}}},
        "400": _problem("A parameter cannot be understood."),
        "429": _problem("Too many requests: wait as Retry-After says."),
    }
    if parameters:
        answers["401"] = _problem("This collection asks for a token, or the token opens nothing.")
        answers["404"] = _problem("There is no such collection or feature.")
    return {"get": {"operationId": operation, "summary": summary, "parameters": parameters or [], "responses": answers}}


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/problem+json": {"schema": {"type": "object"}}}}
