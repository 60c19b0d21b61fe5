"""A check as WARC records (ISO 28500), made from its sealed capture and page alone: always the same bytes for the same check.

They are not stored. The check's audit event holds the SHA-256 of the records before they are packed, so whoever has the
records can tell that they are the ones of that check. In order: what the file is; each answer and its request, redirects
first; where there was no request of ours (a screenshot, or a check from before requests were kept), the page or picture as
it is; and the capture.
"""

import hashlib
import json
import string
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, BinaryIO
from urllib.parse import quote

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

VERSION = "WARC/1.1"
INFO = (
    b"software: Offshelf\r\nformat: WARC File Format 1.1\r\nconformsTo: https://iipc.github.io/warc-specifications/\r\n"
)
CHANGED = {"content-encoding", "content-length", "transfer-encoding"}
"""Headers about the body as it travelled. The body here is unpacked and may be cut, so players must not follow them: they are
kept under the names that web archives use for that, `X-Archive-Orig-…`."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: `block` is its content, `payload` the part of it that the digest is about."""

    kind: str
    uri: str
    at: datetime
    content_type: str
    block: bytes
    payload: bytes
    identity: str
    more: tuple[tuple[str, str], ...] = ()
    status: int | None = None
    mime: str = ""

    @property
    def payload_digest(self) -> str:
        return _sha256(self.payload)


def records_of(capture_text: bytes, body: bytes) -> Iterator[Record]:
    """The records of a check, from the text of its capture (enforcement/checks/captures.py) and the page as it was hashed.

    Raises ValueError or KeyError where the text is not a capture.
    """
    capture = json.loads(capture_text)
    named = hashlib.sha256(capture_text).hexdigest()
    numbers = iter(range(1_000))

    def identity() -> str:
        return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, f'{named}/{next(numbers)}')}>"

    seen_at, place = datetime.fromisoformat(capture["at"]), f"urn:offshelf:check:{capture['observation']}"
    yield Record("warcinfo", "", seen_at, "application/warc-fields", INFO, INFO, identity())
    exchanges = capture.get("exchanges", [])
    shown: tuple[tuple[str, str], ...] = ()
    for number, exchange in enumerate(exchanges, 1):
        last = number == len(exchanges) and capture["status"] is not None
        answer, request = identity(), identity()
        yield _answer(exchange, body if last else None, answer)
        block = exchange["request"].encode("latin-1") + b"\r\n"
        yield Record(
            "request", exchange["url"], datetime.fromisoformat(exchange["at"]), "application/http; msgtype=request",
            block, b"", request, (("WARC-Concurrent-To", answer),),
        )  # fmt: skip
        shown = (("WARC-Concurrent-To", answer),)
    if body and not exchanges:
        mime = _plain_type(capture["headers"].get("content-type", ""))
        page, uri = identity(), capture["final_url"] or place
        yield Record("resource", uri, seen_at, mime, body, body, page, status=200, mime=mime.partition(";")[0])
        shown = (("WARC-Concurrent-To", page),)
    yield Record("metadata", place, seen_at, "application/json", capture_text, capture_text, identity(), shown)


def _answer(exchange: Mapping[str, Any], body: bytes | None, identity: str) -> Record:
    """An answer; `body` is None where it was not read, as of redirects."""
    first, *lines = exchange["answer"].split("\r\n")[:-1]
    headers = [line.split(": ", 1) for line in lines]
    kept = [[f"X-Archive-Orig-{name}" if name.lower() in CHANGED else name, value] for name, value in headers]
    kept.append(["Content-Length", str(len(body or b""))])
    head = "".join(line + "\r\n" for line in (first, *(f"{name}: {value}" for name, value in kept), ""))
    cut = "unspecified" if body is None else "length" if exchange.get("truncated") else ""
    mime = next((value for name, value in headers if name.lower() == "content-type"), "")
    return Record(
        "response", exchange["url"], datetime.fromisoformat(exchange["at"]), "application/http; msgtype=response",
        head.encode("latin-1") + (body or b""), body or b"", identity, (("WARC-Truncated", cut),) if cut else (),
        int(first.split(" ")[1]), _plain_type(mime).partition(";")[0],
    )  # fmt: skip


def _plain_type(text: str) -> str:
    """A content type that fits on one line of ASCII; what a shop sends may be anything."""
    return text if 0 < len(text) < 200 and text.isascii() and text.isprintable() else "application/octet-stream"


def plain_address(url: str) -> str:
    """The address with what has no place in one percent-encoded: it can end no line of a record or an index."""
    return quote(url, safe=string.punctuation)


def write_record(record: Record, out: BinaryIO, *, packed: bool) -> None:
    """Append the record to `out`, `packed` as a gzip member of its own, as archives expect it."""
    fields = [
        ("WARC-Type", record.kind),
        ("WARC-Record-ID", record.identity),
        ("WARC-Date", f"{record.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"),
        *([("WARC-Target-URI", plain_address(record.uri))] if record.uri else []),
        *record.more,
        ("WARC-Payload-Digest", record.payload_digest),
        ("WARC-Block-Digest", _sha256(record.block)),
    ]
    headers = StatusAndHeaders("", fields, protocol=VERSION)
    block = BytesIO(record.block)
    written = ArcWarcRecord("warc", record.kind, headers, block, None, record.content_type, len(record.block))
    WARCWriter(out, gzip=packed, warc_version=VERSION).write_record(written)


def warc_of(capture_text: bytes, body: bytes) -> bytes:
    """All records of a check, not packed: the text whose SHA-256 is sealed."""
    out = BytesIO()
    for record in records_of(capture_text, body):
        write_record(record, out, packed=False)
    return out.getvalue()


def _sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
