"""Read the manifest and the chain of a pack, of which nothing is trusted."""

import json
from contextlib import suppress
from typing import Any

from enforcement.evidence_packs import format as packs
from portal.audit import chain

_TOLD = {"sha256": str, "bytes": int}
_PACKED = {"packed_bytes": int, "packed_sha256": str}


def read_manifest(data: bytes) -> dict[str, Any]:
    """The manifest; empty where it is none in a known format."""
    with suppress(ValueError, RecursionError):
        manifest = json.loads(data)
        if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
            return {}
        known, files = manifest.get("format"), manifest["files"].values()
        if known == packs.BEFORE and all(_has(detail, _TOLD) for detail in files):
            return manifest
        events, title = manifest.get("events"), manifest.get("title")
        whole = isinstance(events, list) and all(type(place) is int for place in events) and isinstance(title, str)
        if known == packs.FORMAT and whole and all(_has(detail, _TOLD | _PACKED) for detail in files):
            return manifest
    return {}


def _has(detail: object, fields: dict[str, type]) -> bool:
    return isinstance(detail, dict) and all(type(detail.get(name)) is kind for name, kind in fields.items())


def read_line(data: bytes) -> dict[str, Any] | None:
    """A line of the chain, or None where it is not valid; a line must be canonical, so it can be read in only one
    way."""
    try:
        line = json.loads(data)
        event = line.get("event", None)
        strings = [line["previous"], line["hash"], line.get("digest", ""), line.get("nonce", "")]
        if type(line["position"]) is not int or not all(isinstance(text, str) for text in strings):
            return None
        if event is not None:
            strings = [event["at"], event["action"], event["reason"], *event["actor"][:2], *event["subject"]]
            parts = (
                isinstance(event["before"], dict) and isinstance(event["after"], dict) and len(event["subject"]) == 3
            )
            if not parts or not all(isinstance(text, str) for text in strings) or type(event["id"]) is not int:
                return None
        canonical = chain.canonical(line).encode() + b"\n" == data
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return line if canonical else None
