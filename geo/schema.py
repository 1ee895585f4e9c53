"""What the OpenAPI document says of every operation: errors are problem documents (RFC 9457)."""

from typing import Any

from geo.problems import PROBLEM_JSON

PROBLEM = {
    "type": "object",
    "description": "A problem (RFC 9457). `type` is its stable name; some have more members, such as `nearest`.",
    "properties": {
        "type": {"type": "string", "example": "urn:dilnychnyi:bad-request"},
        "title": {"type": "string", "description": "A sentence for people, in the language asked for."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do next."},
        "errors": {"description": "What is wrong with the body, by field."},
    },
    "required": ["type", "title", "status"],
}


def with_problems(result: Any, **_more: Any) -> Any:
    """Describe every answer that an operation does not name as a problem; a hook of drf-spectacular."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    described = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for path in result["paths"].values():
        for operation in path.values():
            responses = operation["responses"]
            for status, response in responses.items():
                content = response.get("content", {})
                if status >= "400" and PROBLEM_JSON in content and "$ref" not in content[PROBLEM_JSON]["schema"]:
                    content[PROBLEM_JSON] = described
            responses.setdefault("default", {"description": "A problem", "content": {PROBLEM_JSON: described}})
    return result
