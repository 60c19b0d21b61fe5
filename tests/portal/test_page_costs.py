"""What a page costs, whatever it lists: as many queries for two rows as for twelve; few enough bytes."""

import gzip
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from benchmarks import weight
from portal import services
from portal.http.cursors import KeysetPage
from portal.identity.access import ACCESS, PUBLIC, ROLE_PERMISSIONS, SIGNED_IN
from portal.identity.actors import Actor
from portal.models import Organisation, User
from tests.growth import grow
from tests.world import PopulatedSite, build_populated_site

pytestmark = pytest.mark.django_db
FEW, MANY = 2, 12
EXEMPT = {"portal:factor_app": "its first opening keeps a new secret in the session"}
FULL = {"listings:queue": "?view=undecided"}
"""Lists that open for a regulator at what it has to do: the view that has the rows."""


def addresses(person: User, populated_site: PopulatedSite) -> Iterator[tuple[str, str]]:
    """Name and address of everything that the person may open, from the URL table."""
    for name, rule in ACCESS.items():
        if name.startswith("api:") or name in EXEMPT:
            continue
        if rule in {PUBLIC, SIGNED_IN} or rule in ROLE_PERMISSIONS[person.role]:
            try:
                yield name, f"{reverse(name)}{FULL.get(name, '')}"
            except NoReverseMatch:
                yield name, reverse(name, kwargs=populated_site.kwargs(name))


def queries_of(client: Client, pages: dict[str, str]) -> tuple[dict[str, int], dict[str, int]]:
    """How many queries each page makes, and how many rows are on those that are pages of a list; none may be heavy."""
    queries, rows = {}, {}
    client.get("/account/")  # the first page of a session also keeps when it was used
    for name, address in pages.items():
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
            count = len(captured)
        if answer.streaming:
            assert answer.getvalue(), name
        elif answer.status_code == 200 and "html" in answer["Content-Type"]:
            queries[name] = count
            assert weight.first(answer.content) <= weight.FIRST_KB * 1000, name
            assert weight.later(answer.content) <= weight.LATER_KB * 1000, name
            if isinstance(page := (answer.context or {}).get("page"), KeysetPage):
                rows[name] = len(page.rows)
    return queries, rows


@pytest.mark.takes(14)
def test_no_page_takes_more_queries_for_twelve_rows_than_for_two(
    regulator: Organisation, platform_a: Organisation, officer: User, moderator_a: User, manager_a: User, admin: User,
    operator: User, sign_in: Callable[[User], Client],
) -> None:  # fmt: skip
    populated_site = build_populated_site(
        regulator=regulator, platform=platform_a, officer=officer, moderator=moderator_a, manager=manager_a
    )
    grow(populated_site, 1, FEW)
    visits, opened = [], set()
    for person in (officer, moderator_a, admin, manager_a, operator):  # the latter: what only they open
        own = dict(addresses(person, populated_site))
        pages = {name: own[name] for name in own if person in (officer, moderator_a) or name not in opened}
        opened |= set(own)
        visits.append((client := sign_in(person), pages, queries_of(client, pages)[0]))
    grow(populated_site, FEW + 1, MANY)
    lists = 0
    for client, pages, few in visits:
        many, rows = queries_of(client, pages)
        assert {name: (few[name], many[name]) for name in many if few[name] < many[name]} == {}
        assert {name: count for name, count in rows.items() if count < MANY} == {}, "tests/growth.py adds no rows here"
        lists += len(rows)
    assert lists >= 25


def test_pages_leave_compressed_and_downloads_as_they_are(sign_in: Callable[[User], Client], admin: User) -> None:
    client = sign_in(admin)
    page = client.get("/audit/", headers={"accept-encoding": "gzip"})
    assert (page["Content-Encoding"], page["Vary"].count("Accept-Encoding")) == ("gzip", 1)
    assert "Audit" in gzip.decompress(page.content).decode()
    assert "Content-Encoding" not in client.get("/audit/")
    export = services.start_export(kind="audit", arguments={"query": ""}, stem="audit", actor=Actor.person(admin))
    services.run_export(export)
    file = client.get(f"/exports/{export.pk}/file/", headers={"accept-encoding": "gzip"})
    assert (file.getvalue()[:5], "Content-Encoding" in file) == (b"\xef\xbb\xbfid", False)
