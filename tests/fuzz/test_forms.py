"""Every form of every page, sent by those who get it, with one field hostile at a time."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser, LexborNode

from portal.models import User
from tests.fuzz import hostile
from tests.fuzz.sending import Attack, Planned, broken, drawn, may_open
from tests.fuzz.test_pages import ANSWERS, addresses, text_of
from tests.world import PopulatedSite

pytestmark = pytest.mark.django_db
FILLED = {
    "email": "new@example.org",
    "number": "3",
    "date": "2026-12-01",
    "datetime-local": "2026-12-01T10:00",
    "url": "https://shop.example.org/",
}
BAD_NAMES = ("\x00", "a" * 5_000, "form-TOTAL_FORMS", "products-TOTAL_FORMS", "__proto__", "kept", "flags")
CONTENTS = [("x.csv", content) for content in hostile.FILES]
NOT_SENT = {"portal:sign_out", "portal:session_end"}
Form = tuple[str, dict[str, Any], list[str]]


def forms_on(page: str, url: str) -> Iterator[Form]:
    """Address, fields with what the page fills in, and the names of the file fields, of each form that is posted."""
    for form in LexborHTMLParser(page).css("form"):
        if (form.attributes.get("method") or "get").lower() != "post":
            continue
        fields: dict[str, Any] = {}
        files = []
        for field in form.css("input, select, textarea, button"):
            name = field.attributes.get("name")
            if not name or name == "csrfmiddlewaretoken":
                continue
            if field.attributes.get("type") == "file":
                files.append(name)
            elif name not in fields:
                fields[name] = _filled(field)
        yield form.attributes.get("action") or url, fields, files


def _filled(field: LexborNode) -> str:
    kind = field.attributes.get("type") or ""
    if field.tag == "select":
        options = [option.attributes.get("value") or "" for option in field.css("option")]
        return next((value for value in options if value), "")
    if field.tag == "textarea":
        return field.text().strip() or "Some words"
    return field.attributes.get("value") or FILLED.get(kind, "Some words")


def post(client: Client, url: str, fields: dict[str, Any], **extra: Any) -> HttpResponseBase:
    return client.post(url, fields, **extra)


def _with(fields: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    return fields | {name: _file(*value) if isinstance(value, tuple) else value}


def _without(fields: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: fields[key] for key in fields if key != name}


def _sent(client: Client, url: str, fields: Callable[[], dict[str, Any]], detail: str, extra: dict[str, Any]) -> Attack:
    return Attack(client, url, lambda sender: post(sender, url, fields(), **extra), detail)


def attacks(populated_site: PopulatedSite, cast: list[tuple[Client, User | None]]) -> list[list[Planned]]:  # noqa: PLR0912  one list of kinds
    texts: list[Planned] = []
    names: list[Planned] = []
    uploads: list[Planned] = []
    headers: list[Planned] = []
    known: set[tuple[object, ...]] = set()

    def add(
        to: list[Planned], client: Client, url: str, form: "partial[dict[str, Any]]", detail: str, **extra: Any
    ) -> None:
        to.append(partial(_sent, client, url, form, detail, extra))

    for name, url, _ in addresses(populated_site):
        for client, person in cast:
            if name in NOT_SENT or not may_open(name, person):
                continue
            for action, fields, files in forms_on(text_of(client.get(url)), url):
                form = (person and person.role, action, *sorted(fields))
                if form in known or action in {reverse("portal:sign_out"), reverse("portal:session_end")}:
                    continue
                known.add(form)
                for field in fields:
                    for text in hostile.TEXTS:
                        add(texts, client, action, partial(_with, fields, field, text), f"{field}={text[:60]!r}")
                    many = ["1", "\x00", "²"]
                    add(texts, client, action, partial(_with, fields, field, many), f"{field} three times")
                    add(texts, client, action, partial(_without, fields, field), f"no {field}")
                for bad in BAD_NAMES:
                    add(names, client, action, partial(_with, fields, bad, hostile.HUGE), f"the field {bad[:30]!r}")
                for field in files:
                    for file in (*((each, b"id,title\n1,x\n") for each in hostile.FILE_NAMES), *CONTENTS):
                        detail = f"file {file[0][:50]!r}, content {file[1][:20]!r}"
                        add(uploads, client, action, partial(_with, fields, field, file), detail)
                for header, value in hostile.HEADERS:
                    detail = f"{header}: {value[:60]!r}"
                    if header == "CONTENT_TYPE":
                        headers.append(partial(Attack, client, action, _raw(action, {"CONTENT_TYPE": value}), detail))
                    else:
                        add(headers, client, action, partial(dict, fields), detail, **{header: value})
    return [texts, names, uploads, headers]


def _raw(url: str, extra: dict[str, Any]) -> Any:
    body = b'reason=%5Cud800&note=\\ud800&q=+2AA-\r\n--x\r\nContent-Disposition: form-data; name="reason"\r\n\r\n\\ud800+2AA-\r\n--x--\r\n'
    return lambda client: client.generic("POST", url, body, extra["CONTENT_TYPE"])


def _file(name: str, content: bytes) -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", content)
    vars(file)["_name"] = name  # as it is sent, not as Django would clean it
    return file


@pytest.mark.takes(55)
def test_no_field_of_a_form_breaks_it(populated_site: PopulatedSite, cast: list[tuple[Client, User | None]]) -> None:
    sent, found = broken(drawn(attacks(populated_site, cast), 0.3), may_answer=ANSWERS | {415, 429})
    assert sent >= 400
    assert not found, f"{len(found)} of {sent}:\n" + "\n".join(found)
