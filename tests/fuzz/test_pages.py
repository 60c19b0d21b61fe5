"""Every page, asked by each role that may open it, with addresses, cookies and headers that no browser sends."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, reverse
from selectolax.lexbor import LexborHTMLParser

from portal.identity.access import ACCESS
from portal.models import User
from tests.fuzz import hostile
from tests.fuzz.sending import Attack, Planned, broken, drawn, may_open
from tests.world import PopulatedSite

pytestmark = pytest.mark.django_db
ANSWERS = frozenset({200, 204, 286, 302, 304, 400, 401, 403, 404, 405, 406, 409, 412, 413, 422})
MARK = 7_777_777_771  # placeholder for an id in an address, replaced by a hostile one


def addresses(populated_site: PopulatedSite) -> Iterator[tuple[str, str, list[str]]]:
    """Name and address of every page, and the addresses that it has with a hostile id."""
    for name in ACCESS:
        if (name.startswith("api:") and name not in {"api:docs", "api:schema"}) or name == "portal:sign_out":
            continue
        try:
            yield name, reverse(name), []
        except NoReverseMatch:
            kwargs = populated_site.kwargs(name)
            yield name, reverse(name, kwargs=kwargs), list(_hostile_ids(name, kwargs))


def _hostile_ids(name: str, kwargs: dict[str, Any]) -> Iterator[str]:
    for part, value in kwargs.items():
        mark = MARK if isinstance(value, int) else f"m{MARK}"
        marked = reverse(name, kwargs={**kwargs, part: mark})
        yield from (marked.replace(str(mark), one) for one in hostile.IDS)


def asked_for(page: str) -> set[str]:
    """The parameters that a page's own links and search forms give to addresses."""
    tree = LexborHTMLParser(page)
    names = {
        field.attributes.get("name") or ""
        for form in tree.css("form")
        if (form.attributes.get("method") or "get").lower() == "get"
        for field in form.css("input, select, textarea")
    }
    for link in tree.css("a[href*='?']"):
        query = (link.attributes.get("href") or "").partition("?")[2]
        names |= {part.partition("=")[0] for part in query.split("&")}
    return names - {""}


def text_of(answer: HttpResponseBase) -> str:
    """The text of a page; empty for a download."""
    if isinstance(answer, HttpResponse):
        return answer.content.decode(errors="replace")
    list(answer)
    return ""


def _asked(kind: str, client: Client, name: str, parts: tuple[str, ...], extra: dict[str, Any]) -> Attack:
    url = "".join(parts)
    detail = ", ".join([url[-120:] if kind == "ids" else url[:150], *map(repr, extra.values())])
    return Attack(client, name, lambda sender: sender.get(url, **extra), detail)


def _asked_by(
    populated_site: PopulatedSite, cast: list[tuple[Client, User | None]]
) -> Iterator[tuple[str, str, list[str], list[tuple[Client, User | None]]]]:
    """The pages, each with who of the cast may open it; some are for those alone who have entered a sandbox."""
    for name, url, bad_addresses in addresses(populated_site):
        entitled = [(client, person) for client, person in cast if may_open(name, person)]
        if entitled:
            yield name, url, bad_addresses, entitled


def attacks(populated_site: PopulatedSite, cast: list[tuple[Client, User | None]]) -> list[list[Planned]]:
    kinds: dict[str, list[Planned]] = {
        kind: [] for kind in ("fields", "queries", "cursors", "ids", "cookies", "headers")
    }

    def add(kind: str, client: Client, name: str, *parts: str, **extra: Any) -> None:
        kinds[kind].append(partial(_asked, kind, client, name, parts, extra))

    texts, cursors = list(map(quote, hostile.TEXTS)), list(map(quote, hostile.CURSORS))
    for name, url, bad_addresses, entitled in _asked_by(populated_site, cast):
        fields = sorted({"q", "next"} | asked_for(text_of(entitled[0][0].get(url))))
        for client, person in entitled:
            session = client.cookies["sessionid"].value if person else ""
            for field in fields:
                for text in texts:
                    add("fields", client, name, url, "?", quote(field), "=", text)
            for query in hostile.QUERIES:
                add("queries", client, name, url, QUERY_STRING=query)
            for cursor in cursors:
                for side in ("after", "before"):
                    add("cursors", client, name, f"{url}?{side}=", cursor)
            for bad in bad_addresses:
                add("ids", client, name, bad)
            for cookie in hostile.COOKIES:
                signed_in = "" if "sessionid" in cookie else f"sessionid={session}; "
                add("cookies", client, name, url, HTTP_COOKIE=f"{signed_in}{cookie}")
            for query in hostile.ENCODED:
                for encoding in ("unicode_escape", "utf-7"):
                    add(
                        "headers", client, name, url, QUERY_STRING=query, CONTENT_TYPE=f"text/plain; charset={encoding}"
                    )
            for header, value in hostile.HEADERS:
                add("headers", client, name, url, **{header: value})
    return list(kinds.values())


@pytest.mark.takes(45)
def test_no_address_cookie_or_header_breaks_a_page(
    populated_site: PopulatedSite, cast: list[tuple[Client, User | None]]
) -> None:
    sent, found = broken(drawn(attacks(populated_site, cast), 0.4), may_answer=ANSWERS)
    found = [each for each in found if not each.startswith("health_work") or '503: {"status": "late"' not in each]
    assert sent >= 500
    assert not found, f"{len(found)} of {sent}:\n" + "\n".join(found)
