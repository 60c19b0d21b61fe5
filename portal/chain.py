"""The arithmetic of the audit chain, without a database: whoever holds events and seals can recompute it.

A seal covers an event in two steps: `digest` over the event and a random nonce, then `hash` over the position, the hash
before it and that digest. So a stretch of the chain can be shown to somebody who may see only some of its events: the
others stand in it as digests, which tell nothing without their nonces, and every link can still be recomputed.
"""

import hashlib
import json
from typing import Any

GENESIS = "0" * 64


def canonical(content: dict[str, Any]) -> str:
    """The one way to write `content` as JSON: keys sorted, no blanks, characters as they are."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str) -> str:
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
