"""A check is also WARC records, and a pack has a web archive of them that other tools open; both are tied to the chain."""

import gzip
import io
import json
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from enforcement import services
from enforcement.checks.captures import canonical_capture, page_of
from enforcement.checks.fetch import Capture, fetch_page
from enforcement.checks.services.observations import Seen
from enforcement.checks.warc import records_of, warc_of
from enforcement.evidence_packs.verification import check_pack
from enforcement.models import Observation
from portal.identity.actors import Actor
from portal.models import AuditEvent, User
from tests.enforcement import packing
from tests.enforcement.conftest import Case
from tests.portal.test_http_client import Server, read_request

ONE_CASE = True
PAGE = "<html><h1>Страница не найдена</h1></html>".encode("cp1251")
ANSWERS = {
    b"/old": b"HTTP/1.1 302 Moved Along\r\nLocation: /new?a=1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 5\r\n\r\nmoved",
    b"/new?a=1": b"HTTP/1.1 404 Nicht da\r\nContent-Type: text/html\r\nX-Odd: \xfc\xe9\r\nWARC-Type: warcinfo\r\n"
    b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(PAGE),
}  # fmt: skip


@pytest.fixture
def shop(settings: Any) -> Iterator[Server]:
    def answer(connection: socket.socket) -> None:
        while request := read_request(connection):
            connection.sendall(ANSWERS[request.split(b" ")[1]])
            if b"/new" in request:
                return

    server = Server(answer)
    settings.FETCH_ALLOWED_PRIVATE = [server.host]
    yield server
    server.close()


def record(case: Case, capture: Capture | None, actor: Actor, **fields: Any) -> Observation:
    seen = {"source": "page", "verdict": "gone", "rule": "not_found"} | fields
    row = services.record_observation(seen=Seen(case.takedown, capture=capture, **seen), actor=actor)
    assert row is not None
    return row


def read_records(data: bytes) -> list[tuple[str, dict[str, str], bytes]]:
    """What another reader finds: kind, headers and content of each record."""
    return [
        (each.rec_type, dict(each.rec_headers.headers), each.raw_stream.read())
        for each in ArchiveIterator(io.BytesIO(data), no_record_parse=True)
    ]


def sealed(row: Observation) -> dict[str, Any]:
    return AuditEvent.objects.get(action="observation.recorded", subject_id=str(row.pk)).after


@pytest.mark.django_db
def test_a_check_is_request_and_answer_as_sent_and_received_with_redirects(
    shop: Server, case: Case, system: Actor
) -> None:
    url = f"http://{shop.host}/old"
    row = record(case, fetch_page(url), system)
    row.refresh_from_db()
    records = read_records(warc_of(canonical_capture(row), page_of(row)))
    assert [kind for kind, *_ in records] == ["warcinfo", "response", "request", "response", "request", "metadata"]
    (_, moved, first), (_, _, asked) = records[1:3]
    assert first.startswith(b"HTTP/1.1 302 Moved Along\r\n")
    assert first.count(b"Set-Cookie: ") == 2
    assert (moved["WARC-Target-URI"], moved["WARC-Truncated"]) == (url, "unspecified")
    assert asked.startswith(b"GET /old HTTP/1.1\r\n")
    assert f"Host: {shop.host}\r\n".encode() in asked
    assert b"User-Agent: Offshelf" in asked
    _, found, answer = records[3]
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 404 Nicht da\r\n")
    assert b"X-Odd: \xfc\xe9" in head, "bytes that are no ASCII are kept"
    assert b"X-Archive-Orig-Content-Encoding: gzip" in head, "the body is unpacked: players must not do it again"
    assert (body, found["WARC-Payload-Digest"]) == (PAGE, f"sha256:{row.body_digest}")
    assert found["WARC-Target-URI"] == f"http://{shop.host}/new?a=1"
    assert found["WARC-Date"].endswith("Z")
    assert records[-1][2] == canonical_capture(row)


@pytest.mark.django_db
def test_the_records_of_a_check_are_sealed_and_always_the_same(shop: Server, case: Case, system: Actor) -> None:
    row = record(case, fetch_page(f"http://{shop.host}/old"), system)
    assert sealed(row)["warc_digest"] == sha256(warc_of(canonical_capture(row), page_of(row))).hexdigest()
    again = Observation.objects.get(pk=row.pk)
    assert warc_of(canonical_capture(again), page_of(again)) == warc_of(canonical_capture(row), page_of(row))


def test_records_do_not_change_with_a_library() -> None:
    """Digests are sealed: whatever writes the records otherwise, breaks every pack there is."""
    exchange = {
        "url": "https://shop.example.org/ü b\r\nWARC-Type: x", "at": "2026-03-03T09:30:15.123456+00:00",
        "request": "GET / HTTP/1.1\r\nHost: shop.example.org\r\n", "answer": "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
        "truncated": True,
    }  # fmt: skip
    capture = {"observation": 7, "at": "2026-03-03T09:30:16+00:00", "status": 200, "exchanges": [exchange]}
    data = warc_of(json.dumps(capture).encode(), b"<h1>Gone</h1>")
    assert sha256(data).hexdigest() == "1b79d1b5e2a6dc65fa4fa5e647b1d51d811d8a541f07aa6b84e63bb143088c21"
    assert b"WARC-Target-URI: https://shop.example.org/%C3%BC%20b%0D%0AWARC-Type:%20x\r\n" in data
    assert b"WARC-Truncated: length\r\n" in data


@pytest.mark.django_db
def test_a_check_without_a_request_has_records_too(case: Case, system: Actor) -> None:
    picture = Capture("", datetime(2026, 3, 3, tzinfo=UTC), headers={"content-type": "image/png"}, body=b"\x89PNG")
    silent = Capture("https://shop.example.org/x", datetime(2026, 3, 3, tzinfo=UTC), failure="No answer.")
    for capture, kinds in ((picture, ["warcinfo", "resource", "metadata"]), (silent, ["warcinfo", "metadata"]), (None, ["warcinfo", "metadata"])):  # fmt: skip
        row = record(case, capture, system, source="person", verdict="unknown")
        records = list(records_of(canonical_capture(row), page_of(row)))
        assert [each.kind for each in records] == kinds
        assert "warc_digest" in sealed(row)


@pytest.mark.django_db
def test_other_tools_read_the_web_archive_of_a_pack(
    shop: Server, case: Case, system: Actor, officer: User, as_actor: Callable[[User], Actor], tmp_path: Path
) -> None:
    row = record(case, fetch_page(f"http://{shop.host}/old"), system)
    path = case.pack(as_actor(officer))
    assert check_pack(path).problems == []
    archive = packing.read(io.BytesIO(packing.read(path)["checks.wacz"]))
    for name, data in archive.items():
        (tmp_path / Path(name).name).write_bytes(data)
    warcs = [str(tmp_path / Path(name).name) for name in archive if name.startswith("archive/")]
    assert len(warcs) == case.takedown.observations.count()
    assert Checker(SimpleNamespace(inputs=warcs, verbose=False)).process_all() == 0
    package = json.loads(archive["datapackage.json"])
    assert {each["path"]: each["hash"] for each in package["resources"]} == {
        name: f"sha256:{sha256(data).hexdigest()}" for name, data in archive.items() if not name.startswith("datapackage")
    }  # fmt: skip
    lines = [line.split(" ", 2) for line in gzip.decompress(archive["indexes/index.cdx.gz"]).decode().splitlines()]
    assert lines == sorted(lines)
    found = {fields["url"]: fields for fields in map(json.loads, (line[2] for line in lines))}
    page = found[f"http://{shop.host}/new?a=1"]
    start = int(page["offset"])
    one = archive[f"archive/{page['filename']}"][start : start + int(page["length"])]
    assert page["filename"] == f"check-{row.pk}.warc.gz"
    [(kind, headers, _)] = read_records(one)
    assert (kind, headers["WARC-Payload-Digest"]) == ("response", page["digest"])
    pages = [json.loads(line) for line in archive["pages/pages.jsonl"].splitlines()]
    assert pages[0]["format"] == "json-pages-1.0"
    assert f"http://{shop.host}/old" in [each.get("url") for each in pages]
