"""The arithmetic of the audit chain, without a database: whoever holds events and seals can recompute it.

A seal covers an event in two steps: `digest` over the event and a random nonce, then `hash` over the position, the hash
before it and that digest. So a stretch of the chain can be shown to someone who may see only some of its events: the
others stand in it as digests, which tell nothing without their nonces, and every link can still be recomputed.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

GENESIS = "0" * 64
ERASED = "audit.payloads_erased"
"""The event that names the positions of which the payload was erased (portal/audit/erasure.py)."""


def content_of(event: Any) -> dict[str, Any]:
    """What is sealed of an event as the database holds it: everything."""
    return {
        "id": event.pk,
        "at": event.at.isoformat(),
        "actor": [event.actor_kind, event.actor_label, event.user_id, event.api_key_id],
        "organisation": event.organisation_id,
        "action": event.action,
        "subject": [event.subject_type, event.subject_id, event.subject_label],
        "before": event.before,
        "after": event.after,
        "reason": event.reason,
    }


def canonical(content: dict[str, Any]) -> str:
    """The one way to write `content` as JSON: keys sorted, no blanks, characters as they are."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str) -> str:
    """Of the text in UTF-8, as 64 lower-case digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(event: dict[str, Any], nonce: str) -> str:
    """What stands for an event in the chain."""
    return sha256(canonical({**event, "nonce": nonce}))


def link(position: int, previous: str, digest: str) -> str:
    """The hash of a seal."""
    return sha256(canonical({"position": position, "previous": previous, "digest": digest}))


def link_in_one_step(position: int, previous: str, event: dict[str, Any]) -> str:
    """The hash of a seal from before there were digests; it is recomputed from the event itself."""
    return sha256(canonical({**event, "position": position, "previous": previous}))


def erased_in(after: Any) -> dict[int, str]:
    """Position → SHA-256 of the payload as it was left, as an event of erasure says; what is no such thing is left out."""
    payloads = after.get("payloads") if isinstance(after, dict) else None
    return {
        int(position): digest
        for position, digest in (payloads if isinstance(payloads, dict) else {}).items()
        if position.isascii() and position.isdecimal() and len(position) < 19 and isinstance(digest, str)
    }


class AnchorProblem(Exception):
    """A file of anchors cannot be read, or contradicts itself; the text says where."""


def read_anchors(path: Path) -> dict[int, str]:
    """Positions and hashes that were written down elsewhere, from JSON lines; two hashes for one position are a finding."""
    found: dict[int, str] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise AnchorProblem(f"{path} cannot be read as an anchor file: {error}") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            position, hash_ = int(row["position"]), str(row["hash"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise AnchorProblem(
                f"{path} cannot be read as an anchor file: line {number}: {type(error).__name__}: {str(error)[:200]}"
            ) from None
        if found.setdefault(position, hash_) != hash_:
            raise AnchorProblem(
                f"{path} has two anchors for position {position}: line {number} differs from an earlier one"
            )
    return found
