"""Packs for tests: read one from a response, and make a tampered copy of one."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Files = dict[str, bytes]


def read(path: Path) -> Files:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def tampered(path: Path, change: Callable[[Files], None], *, cover: bool) -> Path:
    """A copy with `change` made to its files; `cover` also rewrites the manifest, as a skilled forger would."""
    files = read(path)
    change(files)
    if cover:
        manifest = json.loads(files.pop("manifest.json"))
        manifest["files"] = {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for name, data in files.items()
        }
        files["manifest.json"] = json.dumps(manifest).encode()
    return write(path.with_name("tampered.zip"), files)


def lines(files: Files) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["chain.jsonl"].split(b"\n")[:-1]]


def put_lines(files: Files, rows: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n" for row in rows)
    files["chain.jsonl"] = text.encode()


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
