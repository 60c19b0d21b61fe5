"""The canonical form of a check's capture: one text with everything that was seen. The audit event holds its SHA-256.

An evidence pack contains this text as the capture's file, byte for byte, so that any tool that computes a SHA-256 can
compare it with the event.
"""

import hashlib
import json
from datetime import UTC

from enforcement.models import Observation

FORMAT = "offshelf-capture-1"


def canonical_capture(seen: Observation) -> bytes:
    """Everything about the check except the page itself, which is included by its own digest."""
    content = {
        "format": FORMAT,
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
    return (json.dumps(content, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def capture_digest(seen: Observation) -> str:
    return hashlib.sha256(canonical_capture(seen)).hexdigest()
