"""The format of an evidence pack: the names of its files and the content of a line, for creating and verifying it."""

from typing import Any

from portal.audit import chain
from portal.audit.chain import canonical

FORMAT, BEFORE = "offshelf-pack-2", "offshelf-pack-1"
"""In packs of before, the manifest covers the chain, but nothing in the pack covers the manifest."""
MANIFEST, CHAIN, TIMELINE, DECISIONS, README = (
    "manifest.json",
    "chain.jsonl",
    "timeline.csv",
    "decisions.csv",
    "README.txt",
)
SUMMARIES = ("summary.html", "summary.txt")
SUMMARY_PDF = "summary.pdf"
ARCHIVE = "checks.wacz"  # the checks as a web archive
MADE = "pack.made"  # the event that proves the manifest
CAPTURED = "observation.recorded"  # the event that proves a capture
ERASED = chain.ERASED  # the event that names positions whose payload was erased
PAGES_DELETED = "takedown.pages_deleted"  # the event that names pages that retention deleted
POSTED = "message.posted"  # the event that proves a message
PICTURES_SEEN = "flag.pictures_seen"  # the event that proves the pictures of a decision
PICTURES = "pictures.csv"
MAX_PICTURE_BYTES = 2 << 20  # of one picture; they are small ones of ours
MAX_PICTURES_BYTES = 512 << 20  # of all pictures of a pack

TIMELINE_HEADER = (
    "position", "at", "event", "who", "kind of actor", "object", "object type", "object id", "why", "before", "after", "hash",
)  # fmt: skip
DECISIONS_HEADER = (
    "decision", "at", "takedown", "flag", "listing", "recall", "kind", "reason", "note", "who", "score", "overrides", "evidence",
    "question",
)  # fmt: skip


def capture_name(observation: int | str) -> str:
    return f"captures/{observation}.json"


def body_name(observation: int | str) -> str:
    """The page as received. Not called .html, so that nobody opens an untrusted page with a double click."""
    return f"captures/{observation}.body"


def message_name(message: int | str) -> str:
    """The text of a message to both sides, unchanged; the digests of its attached files are in its event."""
    return f"messages/{message}.txt"


def stamp_name(position: int) -> str:
    """The time stamp authority's answer about the hash of a position (RFC 3161, DER)."""
    return f"stamps/{position}.tsr"


def stamped_position(name: str) -> int | None:
    """The position of the stamp by the file's name; None where it is not a stamp."""
    position = name.removeprefix("stamps/").removesuffix(".tsr")
    return int(position) if name == f"stamps/{position}.tsr" and position.isdecimal() else None


PICTURES_HEADER = ("decision", "flag", "of", "address", "sha256", "file", "missing because")


def picture_name(sha256: str) -> str:
    """A picture as it was kept when a flag was decided, named by the SHA-256 of its bytes."""
    return f"pictures/{sha256}.webp"


def pictures_of(event: dict[str, Any]) -> list[dict[str, Any]]:
    """The pictures that an event names; none where it is no such event, or not as we write it."""
    named = (event.get("after") or {}).get("pictures") if event.get("action") == PICTURES_SEEN else None
    return [each for each in named if isinstance(each, dict)] if isinstance(named, list) else []


def chain_line(
    *, position: int, previous: str, digest: str, hash_: str, event: dict[str, Any] | None = None, nonce: str = ""
) -> dict[str, Any]:
    """One position of the chain: with its event where that belongs to the case, else with only the digest."""
    line: dict[str, Any] = {"position": position, "previous": previous, "hash": hash_}
    if digest:
        line["digest"] = digest
    if event is not None:
        line["event"] = event
        if digest:
            line["nonce"] = nonce
    return line


def timeline_row(line: dict[str, Any]) -> list[Any]:
    """The row of timeline.csv for a line of the chain with an event; it uses no other source."""
    event = line["event"]
    kind, label = event["actor"][:2]
    subject_type, subject_id, subject_label = event["subject"]
    return [
        line["position"], event["at"], event["action"], label, kind, subject_label, subject_type, subject_id, event["reason"],
        canonical(event["before"]), canonical(event["after"]), line["hash"],
    ]  # fmt: skip
