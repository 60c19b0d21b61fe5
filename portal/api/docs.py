"""The API's documentation as one page, made from the schema: no script, nothing from other sites."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator

from portal.http.problems import PROBLEMS
from portal.notifications.events import EVENT_TYPES

_METHODS = ("get", "post", "put", "patch", "delete")


def docs(request: HttpRequest) -> HttpResponse:
    """Every address with its parameters, request fields and response fields."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    parts = schema.get("components", {}).get("schemas", {})
    calls = [
        {
            "method": method.upper(),
            "path": path,
            "summary": call.get("description", ""),
            "parameters": call.get("parameters", []),
            "request_fields": _fields(_body(call.get("requestBody", {})), parts),
            "responses": [
                (status, _fields(_body(answer), parts)) for status, answer in call.get("responses", {}).items()
            ],
        }
        for path, methods in schema["paths"].items()
        for method, call in methods.items()
        if method in _METHODS and not path.endswith("/schema")
    ]
    events = [
        {"name": name, "meaning": kind.meaning, "schema": json.dumps(kind.schema(name), indent=2)}
        for name, kind in sorted(EVENT_TYPES.items())
    ]
    context = {"calls": calls, "events": events, "about": schema["info"]["description"], "base": settings.BASE_URL}
    return render(request, "portal/api_docs.html", context)


def errors(request: HttpRequest) -> HttpResponse:
    """What each code of a refusal means and what to do; `type` of a problem points into this page."""
    return render(request, "portal/api_errors.html", {"problems": PROBLEMS.items()})


def _body(holder: dict[str, Any]) -> dict[str, Any]:
    for content in holder.get("content", {}).values():
        return dict(content.get("schema", {}))
    return {}


def _fields(
    shape: dict[str, Any], parts: dict[str, Any], prefix: str = "", depth: int = 0
) -> list[tuple[str, str, str]]:
    """(name, type, help) of every field, nested ones with dots."""
    shape = _resolved(shape, parts)
    if shape.get("type") == "array":
        return _fields(shape["items"], parts, prefix if prefix else f"{prefix}[].", depth)
    found = []
    for name, field in shape.get("properties", {}).items():
        inner = _resolved(field, parts)
        kind = inner.get("type", "")
        kind = " or ".join(kind) if isinstance(kind, list) else str(kind)
        if choices := inner.get("enum"):
            kind = "one of " + ", ".join(str(choice) for choice in choices if choice is not None)
        found.append((f"{prefix}{name}", kind or "object", field.get("description", "") or inner.get("title", "")))
        nested = inner.get("items", inner) if depth < 3 else {}
        if "$ref" in nested or "properties" in nested:
            found += _fields(nested, parts, f"{prefix}{name}{'[]' if kind == 'array' else ''}.", depth + 1)
    return found


def _resolved(shape: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in shape or len(shape.get("allOf", [])) == 1:
        shape = parts[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape["allOf"][0]
    return shape
