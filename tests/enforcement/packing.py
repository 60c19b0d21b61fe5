"""Packs for tests: read one from a response, and make a tampered copy of one."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from enforcement.evidence_packs.container import Writer
from portal.audit import chain

Files = dict[str, bytes]
STORED = (".wacz", ".webp", ".warc.gz", ".cdx.gz", ".idx", "pages.jsonl", "datapackage.json", "datapackage-digest.json")


def read(path: Path | io.BytesIO) -> Files:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def moment_of(files: Files) -> datetime:
    """When the pack says that it was made; now where it says nothing."""
    try:
        return datetime.fromisoformat(json.loads(files["manifest.json"])["made_at"])
    except (KeyError, ValueError, TypeError, RecursionError):
        return datetime(2026, 3, 4, 17, 0, tzinfo=UTC)


def packed(files: Files, moment: datetime) -> bytes:
    """A container as packs are written, so that nothing but the content differs."""
    writer = Writer(moment)
    return b"".join([*_add(writer, files), writer.finish()])


def _add(writer: Writer, files: Files) -> list[bytes]:
    found: list[bytes] = []
    for name, data in files.items():
        found += writer.add(name, [data], packed=not name.endswith(STORED))
    return found


def write(path: Path, files: Files) -> Path:
    path.write_bytes(packed(files, moment_of(files)))
    return path


def cover(files: Files) -> Files:
    """What a skilled forger does to cover changes: a new manifest, and the event at the end of the chain sealed again."""
    manifest = json.loads(files["manifest.json"])
    others = {name: data for name, data in files.items() if name not in {"manifest.json", "chain.jsonl"}}
    writer = Writer(moment_of(files))
    _add(writer, others)
    manifest["files"] = writer.files
    others["manifest.json"] = json.dumps(manifest).encode()
    if "chain.jsonl" in files:
        others["chain.jsonl"] = reseal_last(files["chain.jsonl"], others["manifest.json"])
    return others


def reseal_last(data: bytes, manifest: bytes) -> bytes:
    """The chain with its last event about this manifest; whatever cannot be read stays as it is."""
    *before, last = data.split(b"\n")[:-1]
    line = json.loads(last)
    if line.get("event", {}).get("action") == "pack.made":
        line["event"]["after"]["manifest_sha256"] = hashlib.sha256(manifest).hexdigest()
        line["digest"] = chain.digest_of(line["event"], line["nonce"])
        line["hash"] = chain.link(line["position"], line["previous"], line["digest"])
    return b"".join(row + b"\n" for row in [*before, chain.canonical(line).encode()])


def tampered(path: Path, change: Callable[[Files], None], *, cover: bool) -> Path:
    """A copy with `change` made to its files; `cover` also makes manifest and last event again (see above)."""
    files = read(path)
    change(files)
    return write(path.with_name("tampered.zip"), _covered(files) if cover else files)


_covered = cover


def lines(files: Files) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["chain.jsonl"].split(b"\n")[:-1]]


def put_lines(files: Files, rows: list[dict[str, Any]]) -> None:
    files["chain.jsonl"] = b"".join(chain.canonical(row).encode() + b"\n" for row in rows)


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
