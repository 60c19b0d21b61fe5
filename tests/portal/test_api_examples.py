"""The documentation's examples: run as they stand, and answered as the page shows.

With WRITE_EXAMPLES=1 in the environment the answers are written to portal/api/examples.json instead of compared with it.
"""

import calendar
import contextlib
import io
import json
import os
import re
import shlex
import sys
import types
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from enforcement.sandbox.services import create_sandbox
from portal.api.examples import ADDRESS, FILE, Example, examples
from portal.api.schema_view import schema_in
from portal.identity import api_keys
from portal.identity.access import ACCESS, PLATFORM_SCOPES, REGULATOR_SCOPES, ROLE_PERMISSIONS
from portal.identity.actors import Actor
from portal.models import ApiKey, Organisation, User
from tests.portal.example_requests import Asked, requests
from tests.portal.test_api_coverage import operations
from tests.world import PopulatedSite, build_populated_site

pytestmark = pytest.mark.django_db
WRITES = os.environ.get("WRITE_EXAMPLES") == "1"
PLATFORM = frozenset().union(*PLATFORM_SCOPES.values())
KEPT_TEXT = 1_500  # characters of a file that are shown
_VARIES = (
    (re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?"), "<time>"),
    (re.compile(r"[0-9a-f]{12,64}"), "<digest>"),
    (re.compile(r"ofs_(?:sandbox_)?[\w-]{8}"), "<key>"),
    (re.compile(rf"(?:(?:{'|'.join(calendar.day_abbr)}) )?\b\d+ (?:{'|'.join(calendar.month_abbr[1:])})\b"), "<day>"),
    (re.compile(r"\d+"), "<number>"),
)


class Site:
    """The populated site with keys, and what the examples' texts do there; each call is undone."""

    def __init__(self, site: PopulatedSite, others: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.site, self.monkeypatch = site, monkeypatch
        self.secrets = {"platform": site.secret, "officer": site.regulator_secret, **others}
        names = {str(pattern.pattern).removeprefix("v1/"): pattern.name for pattern in _patterns()}
        self.names = {re.sub(r"<(?:\w+:)?(\w+)>", "{x}", path): name for path, name in names.items()}
        self.narrow: dict[tuple[str, ...], str] = {}

    def name_of(self, call: str) -> str:
        return f"api:{self.names[re.sub(r'{[^}]+}', '{x}', call.partition(' ')[2])]}"

    def whose(self, call: str, asked: Asked) -> str:
        rule = ACCESS[self.name_of(call)]
        by = asked.by or ("platform" if rule in PLATFORM else "")
        return by or ("officer" if rule in ROLE_PERMISSIONS["regulator_staff"] else "admin")

    def secret_for(self, call: str, asked: Asked) -> str:
        return self.secrets[self.whose(call, asked)]

    def narrow_secret_for(self, call: str, asked: Asked) -> str:
        """A key of the same name and maker with no more than the scopes that the schema says are enough."""
        whose = self.whose(call, asked)
        offered = PLATFORM_SCOPES if whose in {"platform", "sandbox"} else REGULATOR_SCOPES
        ways = [way for way in scopes_of(call) if offered.keys() >= set(way)]
        if not ways or ways == [()]:
            return self.secrets[whose]
        kept = (whose, *ways[0])
        if kept not in self.narrow:
            key = ApiKey.objects.get(digest=api_keys.digest_of(self.secrets[whose]))
            maker = Actor.person(key.created_by) if key.created_by else Actor.system("test")
            self.narrow[kept] = api_keys.create_key(
                organisation=key.organisation, name=key.name, scopes=list(ways[0]), days=5, actor=maker
            )[1]
        return self.narrow[kept]

    def path_of(self, call: str) -> str:
        path, given = call.partition(" ")[2], self.site.kwargs(self.name_of(call))
        return re.sub(r"{[^}]+}", str(next(iter(given.values()), "")), path)

    def ask(self, method: str, path: str, body: object) -> Any:
        """A call that comes before an example's own."""
        call = f"{method} {re.sub(r'/[0-9]+(?=/|$)', '/{x}', path)}"
        answer = send(method, path, self.secret_for(call, Asked()), body)
        return answer.json()

    def run(self, call: str, asked: Asked) -> list[tuple[Example, object]]:
        """What the call answers, and what was sent: by the text for Python with a key of all scopes, and by that for curl
        with one of those that the documentation names, unless the key made other calls before: they are about it alone."""
        found: list[tuple[Example, object]] = []
        wide, narrow = self.secret_for(call, asked), self.narrow_secret_for(call, asked)
        for way, fitting in ((_by_python, wide), (_by_curl, narrow)):
            with transaction.atomic():
                earlier: list[str] = []

                def ask(method: str, path: str, body: object, earlier: list[str] = earlier) -> Any:
                    earlier.append(path)
                    return self.ask(method, path, body)

                path = asked.before(self.site, ask) or asked.path or self.path_of(call)
                secret = wide if earlier else fitting
                headers = dict(asked.headers)
                if asked.matches:
                    headers["If-Match"] = send("GET", "/".join(path.split("/")[:2]), wide)["ETag"]
                example = Example(call.partition(" ")[0], path, asked.body, headers=headers, text=asked.text)
                self.monkeypatch.setenv("OFFSHELF_KEY", secret)
                answer = way(example, secret)
                found.append((_answered(example, answer), masked(answer.sent)))
                transaction.set_rollback(True)
        return found


def scopes_of(call: str) -> list[tuple[str, ...]]:
    """Which scopes the schema says a call needs: each entry is enough."""
    method, _, path = call.partition(" ")
    described = schema_in(settings.LANGUAGE_CODE)["paths"][f"/api/v1/{path}"][method.lower()]
    return [tuple(roles) for way in described["security"] for roles in way.values()]


def _patterns() -> list[Any]:
    (api,) = (part for part in get_resolver().url_patterns if str(part.pattern) == "api/")
    found: list[Any] = []
    for part in api.url_patterns:
        inner = getattr(part, "url_patterns", None)
        found += inner if inner is not None else [part]
    return found


def send(method: str, path: str, secret: str, body: object = None, **headers: str) -> Any:
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    headers = {name.lower(): value for name, value in headers.items()}
    kind = headers.pop("content-type", "application/json")
    client = Client(headers={"authorization": f"Bearer {secret}", **headers})
    answer: Any = client.generic(method, f"/api/v1/{path}", data, kind)
    answer.whole = answer.getvalue()  # a stream can be read once
    headers.pop("idempotency-key", None)  # a new one each time
    answer.sent = {"call": f"{method} {path}", "body": data, "kind": kind, "headers": headers}
    return answer


def _by_curl(example: Example, secret: str) -> Any:
    """As curl would send it: the words of the command, in the shell's way."""
    text = example.curl().replace("$OFFSHELF_KEY", secret).replace("$(uuidgen)", str(uuid.uuid4()))
    words = iter(shlex.split(text))
    assert next(words) == "curl"
    method, address, body, headers = "GET", "", None, {}
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name.lower()] = value
        elif word == "-d":
            body = json.loads(next(words))
        elif word == "--data-binary":
            body = next(words).encode()
        elif word == "-o":
            next(words)
        elif not word.startswith("-"):
            address = word
    assert headers.pop("authorization") == f"Bearer {secret}"
    assert ("idempotency-key" in headers) == (method != "GET")
    return send(method, address.removeprefix(f"{ADDRESS}/api/v1/"), secret, body, **headers)


def _by_python(example: Example, secret: str) -> Any:
    """The program itself, with a library `requests` that reaches this site."""
    got: list[Any] = []

    def requested(method: str) -> Any:
        def request(
            url: str, *, headers: dict[str, str], timeout: int, json: Any = None, data: bytes | None = None
        ) -> Any:
            key = headers.pop("Authorization").removeprefix("Bearer ")
            answer = send(method, url.removeprefix(f"{ADDRESS}/api/v1/"), key, data or json, **headers)
            got.append(answer)
            return types.SimpleNamespace(
                status_code=answer.status_code,
                content=answer.whole,
                text=answer.whole.decode(errors="replace"),
                raise_for_status=lambda: None,
            )

        return request

    library = types.ModuleType("requests")
    for method in ("get", "post", "put", "patch", "delete"):
        setattr(library, method, requested(method.upper()))
    before = sys.modules.get("requests")
    sys.modules["requests"] = library
    try:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(example.python(), "example", "exec"), {})  # noqa: S102  what the page shows is what is run
    finally:
        sys.modules.pop("requests")
        if before is not None:
            sys.modules["requests"] = before
    assert printed.getvalue()
    return got[0]


def _answered(example: Example, answer: Any) -> Example:
    content = answer.whole
    if not content:
        shown = None
    elif "json" in answer["Content-Type"]:
        shown = json.loads(content)
    elif answer["Content-Type"].startswith("text/"):
        shown = content.decode()[:KEPT_TEXT]
    else:
        shown = f"{answer['Content-Type']}, as a file to save"
    return replace(example, status=answer.status_code, answer=shown)


def masked(value: Any) -> Any:
    """A value without what differs from run to run: numbers of rows, times, digests."""
    if isinstance(value, dict):
        return {name: masked(each) for name, each in value.items()}
    if isinstance(value, list):
        return [masked(each) for each in value]
    if isinstance(value, bool) or value is None:
        return value
    text = str(value)
    for pattern, instead in _VARIES:
        text = pattern.sub(instead, text)
    return text


def whoever_asks(value: Any) -> Any:
    """A value without what it says of the rights of who asks: `may_sign`, `may_approve`."""
    if isinstance(value, dict):
        return {name: whoever_asks(each) for name, each in value.items() if not name.startswith("may_")}
    return [whoever_asks(each) for each in value] if isinstance(value, list) else value


def as_stored(example: Example) -> dict[str, Any]:
    needed = {name: getattr(example, name) for name in ("method", "path", "body", "status", "answer")}
    return needed | {name: value for name in ("headers", "text") if (value := getattr(example, name))}


@pytest.fixture
def site(  # noqa: PLR0917  the cast
    regulator: Organisation,
    platform_a: Organisation,
    officer: User,
    second_officer: User,
    admin: User,
    moderator_a: User,
    manager_a: User,
    settings: Any,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Site:
    settings.MEDIA_ROOT, settings.API_CALLS_PER_MINUTE, settings.UNDO_SECONDS = tmp_path, 1_000_000, 30
    built = build_populated_site(
        regulator=regulator,
        platform=platform_a,
        officer=officer,
        moderator=moderator_a,
        manager=manager_a,
        canary="Hearthline",
    )
    sandbox = create_sandbox(platform=platform_a, actor=Actor.person(manager_a))
    owners = {"admin": (regulator, REGULATOR_SCOPES, admin), "sandbox": (sandbox, PLATFORM_SCOPES, manager_a)}
    secrets = {
        name: api_keys.create_key(
            organisation=organisation, name="Trying", scopes=list(scopes), days=5, actor=Actor.person(person)
        )[1]
        for name, (organisation, scopes, person) in owners.items()
    }
    return Site(built, secrets, monkeypatch)


def test_every_call_has_an_example_that_runs_and_is_answered_as_shown(site: Site) -> None:
    known, made = requests(site.site), {}
    calls = sorted(operations())
    assert known.keys() <= set(calls)
    failed = []
    for call in calls:
        (first, sent), (other, sent_by_curl) = site.run(call, known.get(call, Asked()))
        made[call] = as_stored(first)
        if first.status >= 300:
            failed.append(f"{call}: {first.status} {first.answer}")
        if whoever_asks(masked(as_stored(other))) != whoever_asks(masked(as_stored(first))):
            failed.append(f"{call} by curl: {other.answer}")
        if sent != sent_by_curl:
            failed.append(f"{call}: Python sends {sent}, and curl {sent_by_curl}")
    assert not failed, "\n".join(failed)
    if WRITES:
        FILE.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return
    kept = {call: as_stored(example) for call, example in examples().items()}
    assert kept.keys() == made.keys(), "run this test with WRITE_EXAMPLES=1"
    for call, example in made.items():
        assert masked(kept[call]) == masked(example), f"{call}: run this test with WRITE_EXAMPLES=1"
