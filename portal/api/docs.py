"""The API's documentation as one page, made from the schema and from examples that were run: no script, nothing from
other sites."""

import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from portal.api.examples import Example, examples
from portal.api.schema_view import schema_in
from portal.http.problems import PROBLEMS
from portal.identity.access import PLATFORM_SCOPES, REGULATOR_SCOPES
from portal.notifications.events import EVENT_TYPES

PREFIX = "/api/v1/"
_TOLD = frozenset({"date", "date-time", "uri", "email", "byte"})
"""Formats that say more than the type does."""
_METHODS = ("get", "post", "put", "patch", "delete")
GROUPS = (
    (
        "Recalls and notices",
        (
            "recalls",
            "recall-files",
            "recall-imports",
            "recall-feeds",
            "dry-runs",
            "policies",
            "platforms",
            "sendings",
            "notices",
        ),
    ),
    ("Catalogue", ("listings", "uploads", "imports", "feed-limits", "scheduled-feeds", "searches")),
    ("Flags", ("flags", "attachments", "seller-links", "exclusions")),
    ("Takedowns and checks", ("board", "takedowns", "checks", "observations", "appeals")),
    ("Escalations and letters", ("escalations", "letters", "public-listings")),
    ("Exports and audit", ("exports", "packs", "statements", "audit")),
    ("Keys", ("key",)),
    ("Sandbox regulator", ("sandbox",)),
    ("Earlier addresses", ("innocents",)),
)
"""The calls by the first part of their address. What is in none stands in a group of its own at the end."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the page shows it."""

    method: str
    path: str
    about: str
    parameters: list[dict[str, Any]]
    request_fields: list[tuple[str, str, str]]
    responses: list[tuple[str, list[tuple[str, str, str]]]]
    example: Example | None
    scopes: list[str]
    """Each is enough: a scope, or two that are needed together."""
    refusals: list[str]
    """The statuses that the call can answer beside those of success."""

    @property
    def name(self) -> str:
        """The first part of its address."""
        return self.path.removeprefix(PREFIX).partition("/")[0]

    @property
    def anchor(self) -> str:
        return (
            f"{self.method.lower()}-{self.path.removeprefix(PREFIX)}".replace("/", "-")
            .replace("{", "")
            .replace("}", "")
        )

    @property
    def summary(self) -> str:
        """The first sentence of what it does."""
        return " ".join(self.about.split()).partition(". ")[0].rstrip(".")

    @property
    def curl(self) -> str:
        return self.example.curl(settings.BASE_URL) if self.example else ""

    @property
    def example_query(self) -> str:
        return self.example.path.partition("?")[2] if self.example else ""

    @property
    def example_body(self) -> str:
        """The body that "Try it" begins with; empty where the example sends none."""
        if self.example is None or self.example.body is None:
            return self.example.text if self.example else ""
        return json.dumps(self.example.body, indent=2, ensure_ascii=False)

    @property
    def example_headers(self) -> str:
        """The headers that "Try it" begins with beside the usual ones, as a JSON object."""
        return json.dumps(self.example.headers if self.example else {})

    @property
    def python(self) -> str:
        return self.example.python(settings.BASE_URL) if self.example else ""

    @property
    def article(self) -> str:
        """What the page shows of it, as HTML."""
        return _articles(settings.BASE_URL)[self.anchor]

    def matches(self, words: list[str]) -> bool:
        names = [name for name, *_ in self.request_fields] + [each["name"] for each in self.parameters]
        text = " ".join([self.method, self.path, self.about, *names]).lower()
        return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    calls: list[Call]

    @property
    def anchor(self) -> str:
        return self.name.lower().replace(" ", "-")


def docs(request: HttpRequest) -> HttpResponse:
    """Every call, grouped, or those that `q` finds; each with its parameters, fields, an example and its answer."""
    query = request.GET.get("q", "").replace("\x00", "")[:200]
    groups = [
        Group(group.name, [call for call in group.calls if call.matches(query.lower().split())]) for group in _groups()
    ]
    groups = [group for group in groups if group.calls]
    context = {
        "groups": groups,
        "count": sum(len(group.calls) for group in groups),
        "query": query,
        "events": _events(),
        "about": settings.SPECTACULAR_SETTINGS["DESCRIPTION"],
        "base": settings.BASE_URL,
        "sandbox_calls": settings.SANDBOX_CALLS_PER_MINUTE,
        "sandbox_listings": settings.SANDBOX_LISTINGS,
        "scopes": [("a platform", _sorted(PLATFORM_SCOPES)), ("someone at a regulator", _sorted(REGULATOR_SCOPES))],
    }
    return render(request, "portal/api_docs.html", context)


def _sorted(scopes: dict[str, frozenset[str]]) -> dict[str, list[str]]:
    return {scope: sorted(permissions) for scope, permissions in scopes.items()}


@cache
def _groups() -> list[Group]:
    """All calls. The schema is made from the code, so it is the same for as long as the process lives."""
    schema = schema_in(settings.LANGUAGE_CODE)
    parts = schema.get("components", {}).get("schemas", {})
    places = {name: group for group, names in GROUPS for name in names}
    groups = {name: Group(name, []) for name in [group for group, _ in GROUPS]}
    for path, methods in schema["paths"].items():
        name = path.removeprefix(PREFIX).partition("/")[0]
        for method, call in methods.items():
            if method in _METHODS and name != "schema":
                place = places.get(name, "Others")
                groups.setdefault(place, Group(place, [])).calls.append(_call(method.upper(), path, call, parts))
    order = list(places)
    for group in groups.values():
        group.calls.sort(key=lambda call: order.index(call.name) if call.name in places else len(order))
    return [group for group in groups.values() if group.calls]


@cache
def _articles(_base: str) -> dict[str, str]:
    """Each call as HTML, by its anchor. It is the same for every reader, and drawing it is nearly all the work of the page."""
    return {
        call.anchor: render_to_string("portal/_api_call.html", {"call": call})
        for group in _groups()
        for call in group.calls
    }


def _call(method: str, path: str, call: dict[str, Any], parts: dict[str, Any]) -> Call:
    answers = call.get("responses", {}).items()
    return Call(
        method=method,
        path=path,
        about=_about(call.get("description", "")),
        parameters=[_parameter(each, parts) for each in call.get("parameters", [])],
        request_fields=_fields(_body(call.get("requestBody", {})), parts, sent=True),
        responses=[(status, fields) for status, answer in answers if (fields := _fields(_body(answer), parts))],
        example=examples().get(f"{method} {path.removeprefix(PREFIX)}"),
        scopes=[" and ".join(roles) for way in call.get("security", []) for roles in way.values() if roles],
        refusals=[status for status, _ in answers if status >= "400"],
    )


def _parameter(given: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """A parameter with its place, its type and whether it is required in words."""
    shape = _resolved(given.get("schema", {}), parts)
    told = [given["in"], _kind(shape, parts), "required" if given.get("required") else ""]
    about = _about(given.get("description") or shape.get("description", ""))
    return {**given, "description": about, "kind": ", ".join(filter(None, told))}


def _about(text: str) -> str:
    """A description in running text: its lines joined, and the meanings of values, which are a list in it, in a row."""
    head, *values = re.split(r"(?:^|\n)\* ", text)
    meanings = "; ".join(value.replace("`", "").replace(" - ", ": ", 1) for value in values)
    return " ".join(f"{head} {meanings}".split())


def _kind(shape: dict[str, Any], parts: dict[str, Any]) -> str:
    """A type in words: what it is, which values it may have, and how long it may be."""
    if ways := shape.get("oneOf") or shape.get("anyOf"):
        return " or ".join(filter(None, (_kind(_resolved(each, parts), parts) for each in ways)))
    if choices := shape.get("enum"):
        return "one of " + ", ".join(str(choice) for choice in choices if choice is not None)
    kind = shape.get("type", "")
    kind = " or ".join(kind) if isinstance(kind, list) else str(kind)
    if kind == "array":
        inner = _kind(_resolved(shape.get("items", {}), parts), parts)
        return f"list of {inner}" if inner else "list"
    return f"{kind} ({shape['format']})" if kind and shape.get("format") in _TOLD else kind


@cache
def _events() -> list[dict[str, str]]:
    return [
        {"name": name, "meaning": kind.meaning, "schema": json.dumps(kind.schema(name), indent=2)}
        for name, kind in sorted(EVENT_TYPES.items())
    ]


def errors(request: HttpRequest) -> HttpResponse:
    """What each code of a refusal means and what to do; `type` of a problem points into this page."""
    problems = sorted(PROBLEMS.items(), key=lambda item: item[1].status)
    statuses = [(status, list(same)) for status, same in groupby(problems, key=lambda item: item[1].status)]
    return render(request, "portal/api_errors.html", {"statuses": statuses})


def _body(holder: dict[str, Any]) -> dict[str, Any]:
    for content in holder.get("content", {}).values():
        return dict(content.get("schema", {}))
    return {}


def _fields(
    shape: dict[str, Any], parts: dict[str, Any], prefix: str = "", depth: int = 0, *, sent: bool = False
) -> list[tuple[str, str, str]]:
    """(name, type, help) of every field, nested ones with dots. Of what is `sent`, the type says what is required."""
    shape = _resolved(shape, parts)
    if shape.get("type") == "array":
        return _fields(shape["items"], parts, prefix if prefix else f"{prefix}[].", depth, sent=sent)
    required = set(shape.get("required", [])) if sent else set()
    found = []
    for name, field in shape.get("properties", {}).items():
        inner = _resolved(field, parts)
        many = inner.get("type") == "array"
        kind = _kind(inner, parts) or "object"
        if name in required:
            kind += ", required"
        found.append((f"{prefix}{name}", kind, _about(field.get("description", "") or inner.get("title", ""))))
        nested = inner.get("items", inner) if depth < 3 else {}
        if "$ref" in nested or "properties" in nested:
            found += _fields(nested, parts, f"{prefix}{name}{'[]' if many else ''}.", depth + 1, sent=sent)
    return found


def _resolved(shape: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in shape or len(shape.get("allOf", [])) == 1:
        shape = parts[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape["allOf"][0]
    return shape
