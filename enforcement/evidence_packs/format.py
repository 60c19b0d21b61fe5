"""The form of an evidence pack: what its files are called and what a line says. Maker and checker both go by it."""

from typing import Any

from portal.audit.chain import canonical

FORMAT = "offshelf-pack-1"
MANIFEST, CHAIN, TIMELINE, DECISIONS, README = (
    "manifest.json",
    "chain.jsonl",
    "timeline.csv",
    "decisions.csv",
    "README.txt",
)
SUMMARIES = ("summary.html", "summary.txt")
SUMMARY_PDF = "summary.pdf"
CAPTURED = "observation.recorded"  # the event that vouches for a capture
POSTED = "message.posted"  # the event that vouches for a message

TIMELINE_HEADER = (
    "position", "at", "event", "who", "kind of actor", "object", "object type", "object id", "why", "before", "after", "hash",
)  # fmt: skip
DECISIONS_HEADER = (
    "decision", "at", "takedown", "flag", "listing", "recall", "kind", "reason", "note", "who", "score", "overrides", "evidence",
)  # fmt: skip


def capture_name(observation: int | str) -> str:
    return f"captures/{observation}.json"


def body_name(observation: int | str) -> str:
    """The page as it came. Not called .html, so that nobody opens a stranger's page by a double click."""
    return f"captures/{observation}.body"


def message_name(message: int | str) -> str:
    """The text of a message to both sides, as it was written; the files that came with it are in its event by digest."""
    return f"messages/{message}.txt"


def stamp_name(position: int) -> str:
    """The time stamp authority's answer about the hash of a position (RFC 3161, DER)."""
    return f"stamps/{position}.tsr"


def stamped_position(name: str) -> int | None:
    """The position that a file's name claims a stamp of; None where it is no stamp."""
    position = name.removeprefix("stamps/").removesuffix(".tsr")
    return int(position) if name == f"stamps/{position}.tsr" and position.isdecimal() else None


def chain_line(
    *, position: int, previous: str, digest: str, hash_: str, event: dict[str, Any] | None = None, nonce: str = ""
) -> dict[str, Any]:
    """One position of the chain: with its event where that belongs to the case, else with the digest alone."""
    line: dict[str, Any] = {"position": position, "previous": previous, "hash": hash_}
    if digest:
        line["digest"] = digest
    if event is not None:
        line["event"] = event
        if digest:
            line["nonce"] = nonce
    return line


def timeline_row(line: dict[str, Any]) -> list[Any]:
    """The row of timeline.csv that a line of the chain with an event gives; there is nothing in it from elsewhere."""
    event = line["event"]
    kind, label = event["actor"][:2]
    subject_type, subject_id, subject_label = event["subject"]
    return [
        line["position"], event["at"], event["action"], label, kind, subject_label, subject_type, subject_id, event["reason"],
        canonical(event["before"]), canonical(event["after"]), line["hash"],
    ]  # fmt: skip
