"""The checks of a pack as a web archive (WACZ 1.1.1), which standard players open: one WARC file for each check, an index of
the pages by address and time, and a list of pages to start from.

Everything in it follows from the captures and pages of the pack, so that whoever has those can tell what it must hold: the
parts here serve to write it (services/archives.py) and to check it (archive_checks.py).
"""

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from enforcement.checks.warc import Record, plain_address
from portal.http.addresses import parts_of

WACZ = "1.1.1"
PACKAGE, PACKAGE_DIGEST, PAGES = "datapackage.json", "datapackage-digest.json", "pages/pages.jsonl"
INDEX, INDEX_OF_INDEX = "indexes/index.cdx.gz", "indexes/index.idx"
LINES = 3_000  # of the index in one block, as other archives have it
_SHOWN = {"response", "resource"}


def warc_name(observation: int | str) -> str:
    return f"archive/check-{observation}.warc.gz"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the archive: its line of the index and its line of the list of pages, which has the first one of a check."""

    line: str
    page: str


def entries_of(number: int | str, records: Sequence[Record], places: Sequence[tuple[int, int]]) -> Iterator[Entry]:
    """What index and pages say of a check's records; `places` are where each is in its file, packed, and how long."""
    for record, (place, length) in zip(records, places, strict=True):
        if record.kind not in _SHOWN:
            continue
        url, at = plain_address(record.uri), record.at.astimezone(UTC)
        fields = {
            "url": url, "mime": record.mime, "status": str(record.status), "digest": record.payload_digest,
            "length": str(length), "offset": str(place), "filename": warc_name(number).rpartition("/")[2],
        }  # fmt: skip
        page = {"id": f"check-{number}", "url": url, "ts": f"{at:%Y-%m-%dT%H:%M:%SZ}", "title": f"Check {number}"}
        yield Entry(f"{_sortable(url)} {at:%Y%m%d%H%M%S} {json.dumps(fields)}\n", json.dumps(page) + "\n")


def pages_text(pages: Sequence[str]) -> bytes:
    first = json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "Checks"}) + "\n"
    return "".join((first, *pages)).encode()


def index_blocks(lines: Sequence[str]) -> list[bytes]:
    """The sorted index in packed blocks."""
    ordered = sorted(lines)
    blocks = (ordered[start : start + LINES] for start in range(0, len(ordered), LINES))
    return [gzip.compress("".join(block).encode(), mtime=0) for block in blocks]


def index_of_index(lines: Sequence[str], blocks: Sequence[bytes]) -> bytes:
    """Where each block of the index is, and the address that it begins with."""
    name, place = INDEX.rpartition("/")[2], 0
    about = [f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': name})}\n"]
    for first, block in zip(sorted(lines)[::LINES], blocks, strict=True):
        digest = f"sha256:{hashlib.sha256(block).hexdigest()}"
        where = {"offset": place, "length": len(block), "digest": digest, "filename": name}
        about.append(f"{' '.join(first.split(' ', 2)[:2])} {json.dumps(where)}\n")
        place += len(block)
    return "".join(about).encode()


def package_text(files: Mapping[str, Mapping[str, Any]], *, title: str, at: datetime) -> bytes:
    """datapackage.json; `files` has the sha256 and bytes of each file, in the order of the archive."""
    resources = [
        {"name": name.rpartition("/")[2], "path": name, "hash": f"sha256:{of['sha256']}", "bytes": of["bytes"]}
        for name, of in files.items()
    ]
    created = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    about = {
        "profile": "data-package",
        "wacz_version": WACZ,
        "title": title,
        "created": created,
        "software": "Offshelf",
    }
    return json.dumps({**about, "resources": resources}, indent=1).encode()


def package_digest_text(package: bytes) -> bytes:
    return json.dumps({"path": PACKAGE, "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}).encode()


def _sortable(url: str) -> str:
    """The address as indexes sort it (SURT): the host's labels from the last to the first, then port, path and query."""
    parts = parts_of(url)
    if parts is None or not parts.hostname:
        return url.lower()
    host = ",".join(reversed(parts.hostname.removeprefix("www.").split(".")))
    _, colon, port = parts.netloc.rpartition("@")[2].partition(":")
    query = f"?{parts.query}" if parts.query else ""
    usual = not colon or port in {"", "80", "443"}
    return f"{host}{'' if usual else f':{port}'}){parts.path or '/'}{query}".lower()
