"""The canonical form of a check's capture: one text with everything that was seen. The audit event holds its SHA-256.

An evidence pack contains this text as the capture's file, byte for byte, so that any tool that computes a SHA-256 can
compare it with the event.
"""

import hashlib
import json
import zlib
from datetime import UTC

from enforcement.checks.warc import warc_of
from enforcement.models import Observation

FORMAT, BEFORE = "offshelf-capture-2", "offshelf-capture-1"
"""With and without the requests and the heads of their answers. A check from before they were kept stays as it was sealed."""


def canonical_capture(seen: Observation) -> bytes:
    """Everything about the check except the page itself, which is included by its own digest."""
    content = {
        "format": FORMAT if seen.exchanges else BEFORE,
        "observation": seen.pk,
        "takedown": seen.takedown_id,
        "at": seen.at.astimezone(UTC).isoformat(),
        "who": [seen.actor_label, seen.user_id],
        "source": seen.source,
        "feed": seen.feed_id,
        "url": seen.url,
        "redirects": seen.redirects,
        "final_url": seen.final_url,
        "status": seen.status_code,
        "headers": seen.headers,
        "body_sha256": seen.body_digest,
        "extracted": seen.extracted,
        "verdict": seen.verdict,
        "rule": seen.rule,
        "says": seen.detail,
    }
    if seen.exchanges:
        content["exchanges"] = seen.exchanges
    return (json.dumps(content, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def capture_digest(seen: Observation) -> str:
    return hashlib.sha256(canonical_capture(seen)).hexdigest()


def page_of(seen: Observation) -> bytes:
    """The page, or the picture of a person's check, as it was hashed."""
    return zlib.decompress(bytes(seen.body)) if seen.body else b""


def warc_digest(seen: Observation) -> str:
    """The SHA-256 of the check as WARC records, before they are packed (enforcement/checks/warc.py)."""
    return hashlib.sha256(warc_of(canonical_capture(seen), page_of(seen))).hexdigest()
