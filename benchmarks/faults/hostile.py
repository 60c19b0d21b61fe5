"""Injections of hostile input where outsiders can send it: catalogues, links, pages, pictures, requests."""

import gzip
import secrets
import socket
import time

import httpx
from django.core.files.base import ContentFile

from benchmarks.faults.injections import Site, injection
from benchmarks.faults.load import insist
from benchmarks.faults.outside import LIES, LIVE
from listings.models import CatalogueImport
from listings.services import start_import
from portal.identity.actors import Actor
from portal.models import Organisation


def _cjk(site: Site, count: int) -> str:
    return "".join(chr(site.chance.randrange(0x4E00, 0x9FFF)) for _ in range(count))


TITLES = {
    "a thousand CJK characters": lambda site: _cjk(site, 1000),
    "one endless word": lambda _site: "x" * 50_000,
    "ten thousand words": lambda site: " ".join(f"w{site.chance.randrange(10**9)}" for _ in range(10_000)),
    "combining marks": lambda _site: "a" + "\u0301" * 5_000,
    "zero-width characters": lambda _site: "\u200b".join("kettle" * 500),
    "right-to-left marks": lambda _site: "\u202e" + "kettle" * 20,
    "nested brackets": lambda _site: "(" * 5_000 + ")" * 5_000,
    "digits and dashes": lambda _site: "1-" * 5_000,
}
LINKS = (
    "http://[x", "http://a]b/", "http://shop\u2100.example/", "https://xn--n3h.example/", "http://user:pa@ss@h/", "http://h:99999/",
    "http://0x7f.1/", "http://\u0661\u0662\u0667.0.0.1/", "ftp://h/", "http://" + "a." * 200 + "example/", "//", "http://%00/", "javascript:x",
)  # fmt: skip


def _store(site: Site, **fields: object) -> None:
    row = {"id": f"H-{site.next()}", "title": "Hostile item", **fields}
    site.outside.truth.show(str(row["id"]), LIVE)
    platform = site.chance.choice(site.load.cast.platforms)
    site.load.api(platform, "POST", "listings/bulk", json={"listings": [row]})


for _what, _make in TITLES.items():
    injection(1, f"title: {_what}")(lambda site, make=_make: _store(site, title=make(site)))  # type: ignore[misc]
    injection(1, f"description: {_what}")(lambda site, make=_make: _store(site, description=make(site)))  # type: ignore[misc]


@injection(3)
def hostile_link(site: Site) -> None:
    """A link that breaks parsers, on a listing of a recalled product, so that it is flagged and checked."""
    case = site.chance.choice(site.load.cases) if site.load.cases else None
    title = case.title if case else "Hostile item"
    _store(site, title=title, link=site.chance.choice(LINKS), image_link=site.chance.choice(LINKS))


@injection(2)
def hostile_page(site: Site) -> None:
    """A recalled product whose page and picture are lies."""
    if not site.load.cases:
        return
    case, listing = site.chance.choice(site.load.cases), f"P-{site.next()}"
    site.outside.truth.show(listing, site.chance.choice(LIES), case.title)
    address = f"http://127.0.0.1:{site.outside.shop}/listing/{listing}"
    row = {"id": listing, "title": case.title, "link": address, "image_link": f"{address}?picture"}
    site.load.api(case.platform, "POST", "listings/bulk", json={"listings": [row]})


def _feed(site: Site, content: bytes, *, kind: str, name: str = "feed.csv") -> None:
    platform = site.chance.choice(site.load.cast.platforms)
    insist(
        lambda: start_import(
            platform=Organisation.objects.get(pk=platform.pk),
            file=ContentFile(content, name),
            filename=name,
            kind=kind,
            actor=Actor.system("drill"),
        )
    )


FEEDS = {
    "an open quote": ("full", "feed.csv", lambda _s: b'id,title\nQ-1,"kettle\n' + b"".join(b"Q-%d,towel\n" % n for n in range(500))),
    "one row": ("full", "feed.csv", lambda _s: b"id,title\nQ-1,towel\n"),
    "breaks off": ("full", "feed.csv.gz", lambda _s: gzip.compress(b"id,title\n" + b"".join(b"Q-%d,towel\n" % n for n in range(9000)))[:-900]),
    "a gzip bomb": ("delta", "feed.csv.gz", lambda _s: gzip.compress(b"id,title\nQ-1," + b"a" * 90_000_000)),
    "a long line": ("delta", "feed.jsonl", lambda _s: b'{"id": "Q-1", "title": "' + b"a" * 9_000_000 + b'"}\n'),
    "NaN and long numbers": ("delta", "feed.jsonl", lambda _s: b'{"id": "Q-1", "title": NaN}\n{"id": ' + b"9" * 5_000 + b', "title": "x"}\n'),
    "deep JSON": ("delta", "feed.jsonl", lambda _s: b"[" * 100_000 + b"]" * 100_000),
    "noise": ("delta", "feed.csv", lambda _s: secrets.token_bytes(50_000)),
    "NULs": ("delta", "feed.csv", lambda _s: b"id,title\n\0\0,\0\n" * 100),
    "an entity bomb": ("delta", "feed.xml", lambda _s: b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><rss><channel><item>&b;</item></channel></rss>'),
    "nothing": ("full", "feed.csv", lambda _s: b""),
    "three hundred columns": ("delta", "feed.csv", lambda _s: (",".join(f"c{n}" for n in range(300)) + "\n" + "1," * 299 + "1\n").encode()),
}  # fmt: skip

for _what, (_kind, _name, _content) in FEEDS.items():
    injection(1, f"feed: {_what}")(
        lambda site, kind=_kind, name=_name, content=_content: _feed(site, content(site), kind=kind, name=name)  # type: ignore[misc]
    )


@injection(1)
def lost_feed_file(site: Site) -> None:
    """An import whose file is missing from the disk."""
    _feed(site, b"id,title\nQ-1,towel\n", kind="delta")
    last = insist(lambda: CatalogueImport.objects.order_by("-pk").first())
    if last is not None and last.status == "queued":
        last.file.storage.delete(str(last.file.name))


@injection(2)
def hostile_request(site: Site) -> None:
    """Requests that break pages: NULs, long ids, forged cursors, surrogates, a body that is announced and never
    sent."""
    port = site.chance.choice(site.load.ports)
    base = f"http://127.0.0.1:{port}"
    for path in (
        "/late-platforms/?after=%00",
        "/recalls/?after=zzz",
        f"/flags/{'9' * 500}/",
        "/%ff%fe",
        "/sign-in/?next=%00",
    ):
        if (status := httpx.get(base + path, timeout=10).status_code) >= 500:
            raise httpx.HTTPError(f"{path} answered with status {status}")
    body = b'{"listings": [{"id": "\\ud800", "title": "\\u0000"}]}'
    platform = site.chance.choice(site.load.cast.platforms)
    site.load.api(platform, "POST", "listings/bulk", content=body)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as slow:
        slow.sendall(b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 300000000\r\n\r\nusername=a")
        time.sleep(0.2)


@injection(1)
def shop_recovers(site: Site) -> None:
    """Lying pages show their listing again for a moment, then lie in another way."""
    for case in site.load.cases:
        if case.lie and case.state == "decided":
            site.outside.truth.show(case.listing, LIVE)
            time.sleep(0.2)
            case.lie = site.chance.choice(LIES)
            site.outside.truth.show(case.listing, case.lie)
