"""Ids of others in every field that takes one: nothing of theirs moves, nothing is tied to it, and no answer tells of it.

Two sites stand beside one another, each with a regulator and a platform. The people and keys of the second send the forms,
calls and filters that they have, with ids of the first in place of their own; each is undone. A share of all that there are
is drawn by FUZZ_SEED; FUZZ_REQUESTS=0 sends all (about 4,000 in ten minutes).
"""

import json
import random
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
import time_machine
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Model
from django.http import HttpResponseBase
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from selectolax.lexbor import LexborHTMLParser

from listings.models import Exclusion, Flag
from portal.models import Organisation, User
from tests.factories import OrganisationFactory, UserFactory
from tests.fuzz.sending import REQUESTS, SEED, may_open
from tests.fuzz.test_api import operations
from tests.fuzz.test_forms import NOT_SENT, forms_on
from tests.fuzz.test_pages import addresses, asked_for
from tests.keeping import kept_for_a_module
from tests.owner import owner
from tests.world import CANARY, PopulatedSite, build_populated_site

pytestmark = pytest.mark.django_db
ONE_SITE = True
APART = 100_000
"""Between the first ids of two tables, so that a number is an id in one of them alone."""
SHARED = frozenset({"django_session", "portal_heartbeat", "portal_auditseal"})
"""Tables whose rows change whoever does anything."""
_WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM|COPY) "?([a-z_0-9]+)"?', re.IGNORECASE)
_CHANGING = re.compile(
    r'"(?:next_updated_since|updated_at)":"[^"]*"|'
    r'challenge&quot;: &quot;[^&]*|name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|nonce-[\w+/=-]*|"request_id": ?"[^"]*"|\b[0-9a-f]{16,64}\b'
)


@dataclass
class TwoSites:
    """`theirs` is the site that must not move, `own` the one whose people send. `rows` are the digests of all rows of
    theirs by table and key; `ids` the keys of theirs by table, `own_ids` those of the senders."""

    theirs: PopulatedSite
    own: PopulatedSite
    rows: dict[str, dict[str, str]]
    ids: dict[str, list[int]]
    own_ids: dict[str, set[int]]
    people: list[User]


@cache
def tables() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(names) - SHARED)


@cache
def keys() -> dict[str, str]:
    """The primary key of each table that has one column as its key."""
    found = {model._meta.db_table: str(model._meta.pk.column) for model in models_of_tables() if model._meta.pk}
    return {table: found.get(table, "id") for table in tables()}


def models_of_tables() -> list[type[Model]]:
    return list(apps.get_models(include_auto_created=True))


def digests(of: Collection[str] = ()) -> dict[str, dict[str, str]]:
    """Of each row of these tables (of all), by its key."""
    parts = [
        f"SELECT '{table}', t.{key}::text, md5(t::text) FROM {table} t"  # noqa: S608
        for table, key in keys().items()
        if not of or table in of
    ]
    if not parts:
        return {}
    found: dict[str, dict[str, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        for table, key, digest in cursor.fetchall():
            found.setdefault(table, {})[key] = digest
    return found


@cache
def references() -> list[tuple[str, str, str]]:
    """Table, column and the table that the column refers to."""
    return [
        (model._meta.db_table, field.column, field.related_model._meta.db_table)
        for model in models_of_tables()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and model._meta.db_table in set(tables())
    ]


@pytest.fixture(scope="module")
def two_sites(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[TwoSites]:
    """Built once: each request is undone, and so is each test."""
    settings = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"), API_CALLS_PER_MINUTE=1_000_000)
    with django_db_blocker.unblock(), settings, kept_for_a_module():
        yield _built()


def _built() -> TwoSites:
    regulator, platform_a = (
        OrganisationFactory(kind=kind, name=name, slug=name.lower())
        for kind, name in (("regulator", "Authority"), ("platform", "Bazaarly"))
    )
    neighbour, platform_b = (
        OrganisationFactory(kind=kind, name=name, slug=name.lower())
        for kind, name in (("regulator", "Neighbour"), ("platform", "Market"))
    )
    officer, _, moderator_a, manager_a = _people_of(regulator, platform_a)
    with owner() as own, connection.cursor() as cursor:
        cursor.execute("SELECT schemaname || '.' || sequencename FROM pg_sequences ORDER BY 1")
        for number, (sequence,) in enumerate(cursor.fetchall(), 1):
            own.execute("SELECT setval(%s, greatest(%s, nextval(%s)))", [sequence, number * APART, sequence])
    theirs = build_populated_site(
        regulator=regulator, platform=platform_a, officer=officer, moderator=moderator_a, manager=manager_a
    )
    before = digests()
    people = _people_of(neighbour, platform_b)
    staff, _, moderator, manager = people
    site = build_populated_site(
        regulator=neighbour, platform=platform_b, officer=staff, moderator=moderator, manager=manager, canary="Own-4402"
    )
    after = digests()
    shared = {"portal_organisation": {str(neighbour.pk), str(platform_b.pk)}}
    rows = {
        table: {key: digest for key, digest in found.items() if key not in shared.get(table, ())}
        for table, found in before.items()
    }
    ids = {
        table: sorted(int(key) for key in found if key.isdecimal() and int(key) >= APART)
        for table, found in rows.items()
    }
    own_ids = {
        table: {int(key) for key in found if key.isdecimal() and key not in rows.get(table, {})}
        for table, found in after.items()
    }
    return TwoSites(theirs, site, rows, {table: found for table, found in ids.items() if found}, own_ids, people)


def _people_of(regulator: Organisation, platform: Organisation) -> list[User]:
    """Staff and admin of the one, moderator and manager of the other."""
    return [
        UserFactory(email=f"{role}@{organisation.slug}.example", role=role, organisation=organisation)
        for organisation, roles in (
            (regulator, ("regulator_staff", "admin")),
            (platform, ("moderator", "platform_manager")),
        )
        for role in roles
    ]


class Written:
    """The tables that statements wrote to."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        self.tables |= set(_WRITES.findall(str(sql)))
        return execute(sql, *rest)


def moved(sites: TwoSites, touched: set[str]) -> list[str]:
    """What is not as it was of theirs, and what is new and refers to something of theirs, in the tables that were touched."""
    touched &= set(tables())
    now = digests(touched) if touched else {}
    found = [
        f"{table} {key} {'changed' if key in now.get(table, {}) else 'is gone'}"
        for table, rows in sites.rows.items()
        if table in touched
        for key, digest in rows.items()
        if now.get(table, {}).get(key) != digest
    ]
    new = {table: [key for key in rows if key not in sites.rows.get(table, {})] for table, rows in now.items()}
    with connection.cursor() as cursor:
        for table, column, to in references():
            theirs = list(sites.rows.get(to, {}))
            if not new.get(table) or not theirs or to == "django_content_type":
                continue
            key = keys()[table]
            cursor.execute(
                f"SELECT {key}::text FROM {table} WHERE {key}::text = ANY(%s) AND {column}::text = ANY(%s)",  # noqa: S608
                [new[table], theirs],
            )
            found += [f"{table} {row} refers by {column} to {to}" for (row,) in cursor.fetchall()]
    return found


def missing(sites: TwoSites, table: str) -> int:
    """An id that no row of that table has."""
    return max([*sites.ids.get(table, []), *sites.own_ids.get(table, set()), APART]) + 777


def plain(answer: HttpResponseBase, *values: str) -> tuple[int, str, str]:
    """An answer without what differs each time, and without the value that was sent."""
    body = answer.getvalue().decode(errors="replace") if hasattr(answer, "getvalue") else ""
    texts = [str(answer.get("Location", "")), body]
    for value in sorted({*values, *map(quote, values), *map(quote_plus, values)}, key=len, reverse=True):
        texts = [text.replace(value, "·") for text in texts]
    return answer.status_code, texts[0], _CHANGING.sub("", texts[1])


def table_of(value: str, ids: dict[str, set[int]]) -> str:
    return next((table for table, found in ids.items() if value.isdecimal() and int(value) in found), "")


def _in_arabic(number: int) -> str:
    return "".join(chr(ord("٠") + int(digit)) for digit in str(number))


WRITTEN: tuple[Callable[[int], str], ...] = (str, "+{}".format, " {} ".format, _in_arabic)
"""An id as it is, and in ways that `int` takes too."""
Send = Callable[[str], HttpResponseBase]


@dataclass(frozen=True)
class Try:
    """One field of one request: the table whose ids it may take, and how it is sent with a value in it."""

    where: str
    table: str
    send: Send
    write: Callable[[int], str] = str


def refused(sites: TwoSites, tries: Sequence[Try], share: int) -> None:
    """Send a share of them with an id of theirs and with one of nobody's: both are answered alike, and nothing moves."""
    dice = random.Random(SEED)  # noqa: S311  a test that can be repeated
    drawn = dice.sample(tries, min(share, len(tries))) if REQUESTS else tries
    found = []
    for each in drawn:
        with time_machine.travel(timezone.now(), tick=False):  # pages say how much time is left
            found += problems(sites, each)
    assert len(drawn) >= 80
    assert not found, f"{len(found)} of {len(drawn)}:\n" + "\n".join(found)


def problems(sites: TwoSites, each: Try) -> list[str]:
    found, answers = [], []
    for number in (sites.ids[each.table][0], missing(sites, each.table)):
        value, writes = each.write(number), Written()
        with transaction.atomic():
            with connection.execute_wrapper(writes):
                answer = each.send(value)
            answers.append(plain(answer, value, value.strip(), value.strip().lstrip("+")))
            found += moved(sites, writes.tables)[:5]
            transaction.set_rollback(True)
    (status, place, body), other = answers
    if CANARY in place + body:
        found.append("the answer shows something of theirs")
    if answers[0] != answers[1]:
        found.append(f"answered {status} {place}, an id of nobody {other[0]} {other[1]}: {_differ(body, other[2])}")
    return [f"{each.where} ({each.table}): {problem}" for problem in found]


def _differ(one: str, other: str) -> str:
    at = next(
        (n for n, pair in enumerate(zip(one, other, strict=False)) if len({*pair}) > 1), min(len(one), len(other))
    )
    return f"{one[max(0, at - 60) : at + 80]!r} / {other[max(0, at - 60) : at + 80]!r}"


MAIN = (
    "listings_flag", "listings_listing", "recalls_recall", "recalls_notice", "recalls_recallversion", "portal_user",
    "portal_organisation", "enforcement_takedown", "portal_export", "enforcement_policy",
)  # fmt: skip
_TAKES_ID = re.compile(
    r"(?:^|[_-])(?:ids?|pks?|flags?|listings?|recalls?|notices?|persons?|users?|people|platforms?|regulators?|takedowns?|"
    r"versions?|views?|files?|uploads?|to|of|organisations?|polic(?:y|ies)|rows?|products?|assignee|owner|deputy|endpoint|"
    r"handler|mentions?|reply|message|attachments?|chosen|selected)$"
)


def tables_for(sites: TwoSites, name: str, *values: str) -> tuple[list[str], bool]:
    """The tables whose ids a field takes, and whether its values and choices say so, or its name alone does."""
    found = {table_of(value, sites.own_ids) for value in values} & set(sites.ids)
    if found:
        return sorted(found), True
    return [table for table in MAIN if table in sites.ids] if _TAKES_ID.search(name) else [], False


@dataclass(frozen=True)
class OwnPage:
    """A page of the senders' own site: who may open it, in which browser, its address, what it shows, and what it offers for
    each of its fields."""

    person: User
    client: Client
    url: str
    text: str
    choices: dict[str, list[str]]


def choices_of(page: str) -> dict[str, list[str]]:
    """What a page offers for each field, by the field's name."""
    found: dict[str, list[str]] = {}
    for field in LexborHTMLParser(page).css("select, input"):
        options = field.css("option") if field.tag == "select" else [field]
        offered = found.setdefault(field.attributes.get("name") or "", [])
        offered += [option.attributes.get("value") or "" for option in options]
    return found


@pytest.fixture(scope="module")
def pages(two_sites: TwoSites) -> list[OwnPage]:
    """Each page of the senders' own site, read once."""
    found = []
    for person in two_sites.people:
        client = Client(raise_request_exception=False)
        client.force_login(person)
        for name, url, _ in addresses(two_sites.own):
            if name not in NOT_SENT and may_open(name, person):
                text = client.get(url).getvalue().decode(errors="replace")
                found.append(OwnPage(person, client, url, text, choices_of(text)))
    return found


@pytest.mark.takes(30)
def test_no_form_takes_an_id_of_others(two_sites: TwoSites, pages: list[OwnPage]) -> None:
    tries, known = list[Try](), set[tuple[object, ...]]()
    for page in pages:
        role, client = page.person.role, page.client
        for action, form, _files in forms_on(page.text, page.url):
            key = (role, action, *sorted(form))
            if key in known or "sign-out" in action:
                continue
            known.add(key)
            for field, value in form.items():
                tables, sure = tables_for(two_sites, field, str(value), *page.choices.get(field, []))
                for table in tables:
                    where = f"{role} {action} {field}"
                    alone = partial(_post, client, action, form, field, "")
                    tries += [Try(where, table, alone, write) for write in (WRITTEN if sure else WRITTEN[:1])]
                    if sure:
                        beside = partial(_post, client, action, form, field, str(value))
                        tries.append(Try(f"{where} beside its own", table, beside))
    refused(two_sites, tries, 150)


def _post(client: Client, action: str, form: dict[str, Any], field: str, own: str, value: str) -> HttpResponseBase:
    cookies = copy(client.cookies)  # what is announced stays in them until it is shown
    answer = client.post(action, form | {field: [own, value] if own else value})
    client.cookies = cookies
    return answer


@pytest.mark.takes(45)
def test_no_filter_tells_of_an_id_of_others(two_sites: TwoSites, pages: list[OwnPage]) -> None:
    tries = [
        Try(f"{page.person.role} {page.url}?{field}", table, partial(_get, page.client, page.url, field))
        for page in pages
        for field in sorted(asked_for(page.text))
        for table in tables_for(two_sites, field, *page.choices.get(field, []))[0][:2]
    ]
    refused(two_sites, tries, 100)


def _get(client: Client, url: str, field: str, value: str) -> HttpResponseBase:
    return client.get(url, {field: value})


@pytest.mark.takes(15)
def test_no_call_takes_or_tells_of_an_id_of_others(two_sites: TwoSites) -> None:
    client, tries = Client(), list[Try]()
    client.raise_request_exception = False
    for method, path, named, query, body in operations(two_sites.own):
        places: list[tuple[tuple[Any, ...], list[str]]] = []
        if body is not None:
            places += [(("body", *at), tables) for at, tables in places_of_ids(two_sites, body)]
        places += [(("query", name), list(MAIN)) for name in query if _TAKES_ID.search(name)]
        places += [(("path", name), list(MAIN)) for name in named if f"{{{name}}}" in path and name != "external_id"]
        tries += [
            Try(f"{method} {path} {at}", table, partial(_call, client, Call(method, path, named, body, secret, at)))
            for at, tables in places
            for table in tables
            if table in two_sites.ids
            for secret in (two_sites.own.secret, two_sites.own.regulator_secret)
        ]
    refused(two_sites, tries, 250)


@dataclass(frozen=True)
class Call:
    """A call of the API, and where the id of others goes: into its body, its query or its path."""

    method: str
    path: str
    named: dict[str, str]
    body: Any
    secret: str
    at: tuple[Any, ...]


def _call(client: Client, call: Call, value: str) -> HttpResponseBase:
    where, *at = call.at
    named = call.named | ({at[0]: value} if where == "path" else {})
    path = re.sub(r"\{(\w+)\}", lambda found: named[found[1]], call.path)
    body = changed(call.body, tuple(at), value) if where == "body" else call.body
    return client.generic(
        call.method,
        path,
        "" if body is None else json.dumps(body),
        "application/json",
        HTTP_AUTHORIZATION=f"Bearer {call.secret}",
        QUERY_STRING=urlencode({at[0]: value} if where == "query" else {}),
    )


def places_of_ids(
    sites: TwoSites, body: Any, path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
    """Where a body holds an id or may hold one, and the tables whose ids fit there."""
    if isinstance(body, dict | list):
        for at, value in body.items() if isinstance(body, dict) else enumerate(body):
            yield from places_of_ids(sites, value, (*path, at))
    elif isinstance(body, int) and not isinstance(body, bool):
        yield path, tables_for(sites, "", str(body))[0] or list(MAIN)
    elif isinstance(body, str) and path and _TAKES_ID.search(str(path[-1])):
        yield path, list(MAIN)


def changed(body: Any, path: tuple[Any, ...], value: str) -> Any:
    """A copy of a body with `value` at that place, as a number where it was one."""
    if not path:
        return int(value) if isinstance(body, int) else value
    copied = dict(body) if isinstance(body, dict) else list(body)
    copied[path[0]] = changed(copied[path[0]], path[1:], value)
    return copied


def test_what_moves_and_what_is_tied_to_others_is_seen(two_sites: TwoSites) -> None:
    flag, platform_b = two_sites.theirs.flag, two_sites.own.listing.platform
    assert moved(two_sites, {"listings_flag", "listings_exclusion"}) == []
    Flag.objects.filter(pk=flag.pk).update(score=0.1)
    tied = Exclusion.objects.create(
        platform=platform_b, regulator=two_sites.own.recall.regulator, recall=two_sites.own.recall, scope="listing",
        listing=two_sites.theirs.listing, identity="none", reason="x", made_by="y",
    )  # fmt: skip
    assert moved(two_sites, {"listings_flag", "listings_exclusion"}) == [
        f"listings_flag {flag.pk} changed",
        f"listings_exclusion {tied.pk} refers by listing_id to listings_listing",
    ]
