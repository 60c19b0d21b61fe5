"""Every operation of the OpenAPI schema, with hostile paths, parameters, headers and bodies."""

import copy
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client

from portal.api.schema_view import schema_in
from tests.fuzz import hostile
from tests.fuzz.sending import Attack, Planned, broken, drawn
from tests.world import PopulatedSite

pytestmark = pytest.mark.django_db
ANSWERS = frozenset({200, 201, 204, 304, 400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422, 428, 460})
Shape = dict[str, Any]


class Sender:
    """A program with the key that opens what it asks for."""

    def __init__(self, keys: Callable[[str], str]) -> None:
        self.client = Client()
        self.keys = keys

    def __call__(self, client: Client, method: str, url: str, body: bytes = b"", **extra: Any) -> HttpResponseBase:
        kind = extra.pop("CONTENT_TYPE", "application/json")
        key = extra.pop("key")
        return client.generic(method, url, body, kind, **{"HTTP_AUTHORIZATION": key, **extra})


def operations(populated_site: PopulatedSite) -> Iterator[tuple[str, str, dict[str, str], list[str], Any]]:
    """Method, address with {names}, the values of the names, query parameters, and a body that fits, if one is taken."""
    schema = schema_in(settings.LANGUAGE_CODE)
    parts = schema["components"]["schemas"]
    named = {
        "id": str(populated_site.flag.pk), "flag_id": str(populated_site.flag.pk), "external_id": quote(populated_site.listing.external_id),
    }  # fmt: skip
    own = {
        "notices": populated_site.notice.pk,
        "attachments": populated_site.attachment.pk,
        "exclusions": populated_site.exclusion.pk,
        "innocents": populated_site.exclusion.pk,
        "letters": populated_site.letter.pk,
        "recalls": populated_site.draft.pk,
        "dry-runs": populated_site.dry_run.pk,
        "exports": populated_site.export.pk,
        "escalations": populated_site.escalation.pk,
        "public-listings": populated_site.public_listing.pk,
        "appeals": populated_site.appeal.pk,
        "audit": populated_site.event.pk,
        "checks": populated_site.observation.pk,
        "sendings": populated_site.sending.pk,
        "uploads": populated_site.upload.pk,
        "imports": populated_site.catalogue_import.pk,
    }
    for path, methods in schema["paths"].items():
        known = {**named, "id": str(own.get(path.split("/")[3], populated_site.flag.pk))}
        for method, call in methods.items():
            query = [each["name"] for each in call.get("parameters", []) if each["in"] == "query"]
            content = call.get("requestBody", {}).get("content", {}).get("application/json")
            body = _fitting(content["schema"], parts, populated_site) if content else None
            yield method.upper(), path, known, query, body


def _fitting(shape: Shape, parts: dict[str, Shape], populated_site: PopulatedSite) -> Any:  # noqa: PLR0911  one case of the schema after another
    while "$ref" in shape or "allOf" in shape:
        shape = parts[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape["allOf"][0]
    if "oneOf" in shape:
        return _fitting(shape["oneOf"][0], parts, populated_site)
    if "enum" in shape:
        return shape["enum"][0]
    kind = shape.get("type")
    if isinstance(kind, list):
        kind = kind[0]
    if kind == "object" or "properties" in shape:
        fields = {name: _fitting(each, parts, populated_site) for name, each in shape.get("properties", {}).items()}
        fields |= {
            name: value
            for name, value in {"flag": populated_site.flag.pk, "person": populated_site.person.email}.items()
            if name in fields
        }
        if "seen" in fields:
            fields["seen"] = "open:0"
        return {name: value for name, value in fields.items() if not shape["properties"][name].get("readOnly")}
    if kind == "array":
        return (
            []
            if shape["items"].get("format") in {"uri", "binary"}
            else [_fitting(shape["items"], parts, populated_site)]
        )
    if kind in {"integer", "number"}:
        return 1
    if kind == "boolean":
        return True
    return {"date-time": "2026-12-01T10:00:00Z", "uri": "https://shop.example.org/"}.get(
        shape.get("format", ""), "words"
    )


def places(body: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a value can be put into a body: each field, however deep."""
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, value in inner:
        yield (*at, name)
        yield from places(value, (*at, name))


def put(body: Any, at: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(body)
    holder = changed
    for part in at[:-1]:
        holder = holder[part]
    holder[at[-1]] = value
    return changed


def _called(send: Sender, method: str, url: str, detail: str, body: bytes, extra: dict[str, Any]) -> Attack:
    return Attack(send.client, f"{method} {url[:120]}", lambda client: send(client, method, url, body, **extra), detail)


def _changed(
    send: Sender, method: str, url: str, body: Any, at: tuple[Any, ...], value: Any, extra: dict[str, Any]
) -> Attack:
    detail = f"{'.'.join(map(str, at))}={value!r}"[:100]
    return _called(send, method, url, detail, json.dumps(put(body, at, value)).encode(), extra)


def attacks(populated_site: PopulatedSite, send: Sender) -> list[list[Planned]]:  # noqa: C901, PLR0912  one list of kinds
    kinds: dict[str, list[Planned]] = {
        kind: [] for kind in ("ids", "queries", "cursors", "headers", "bodies", "fields")
    }

    def add(kind: str, method: str, url: str, detail: str, body: bytes = b"", **extra: Any) -> None:
        kinds[kind].append(partial(_called, send, method, url, detail, body, {"key": key, **extra}))

    for method, path, known, query, body in operations(populated_site):
        key = send.keys(path.format(**known))
        url, sent = path.format(**known), json.dumps(body).encode() if body is not None else b""
        for name in known:
            if f"{{{name}}}" in path:
                for bad in hostile.IDS:
                    add("ids", method, path.format(**(known | {name: bad})), f"{name}={bad[:40]}", sent)
        for name in sorted({*query, "page_size", "cursor", "format"}):
            for text in hostile.TEXTS:
                add("queries", method, f"{url}?{name}={quote(text)}", f"{name}={text[:40]!r}", sent)
        for line in hostile.QUERIES:
            add("queries", method, url, line[:60], sent, QUERY_STRING=line)
        for cursor in hostile.CURSORS if method == "GET" else ():
            add("cursors", method, f"{url}?cursor={quote(cursor)}", cursor[:60])
            add("cursors", method, f"{url}?cursor={quote(_of_drf(cursor))}", f"position {cursor[:60]!r}")
        for header, value in hostile.HEADERS:
            add("headers", method, url, f"{header}: {value[:60]!r}", sent, **{header: value})
        if body is None:
            continue
        for whole in hostile.BODIES:
            add("bodies", method, url, repr(whole[:60]), whole)
        for content_type in ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain", ""):
            add(
                "bodies",
                method,
                url,
                content_type,
                b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\x00\r\n--x--\r\n',
                CONTENT_TYPE=content_type,
            )
        for at in places(body):
            for value in hostile.VALUES:
                kinds["fields"].append(partial(_changed, send, method, url, body, at, value, {"key": key}))
    return list(kinds.values())


def _of_drf(position: str) -> str:
    """A cursor as the API's library makes it, of a position that it did not give."""
    return hostile.base64.b64encode(f"r=1&p={quote(position)}&o=99999999999".encode()).decode()


@pytest.mark.takes(12)
def test_no_call_breaks_the_api(populated_site: PopulatedSite, keys: Callable[[str], str], settings: Any) -> None:
    settings.API_CALLS_PER_MINUTE = 1_000_000
    sent, found = broken(drawn(attacks(populated_site, Sender(keys)), 0.3), may_answer=ANSWERS)
    assert sent >= 400
    assert not found, f"{len(found)} of {sent}:\n" + "\n".join(found)
