"""What verifying an evidence pack found."""

from dataclasses import dataclass, field
from datetime import datetime

MAX_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """A failed check: `kind` is the kind of damage, `detail` names the place."""

    kind: str
    detail: str


@dataclass
class PackReport:
    """The result. `stated` links could not be recomputed, `unsealed` captures have no digest in their event.

    `erased` events have a payload from which names were erased, as an event of the pack says. `records` are the checks
    whose WARC records in the web archive are as sealed. `pages_deleted` pages are not in the pack because retention
    deleted them, as the chain says, the last of them on `pages_deleted_on`. `stamps` is the number of time stamps of the
    chain's hashes, `stamped_at` the time of the newest. `pictures` of decisions are as sealed, `pictures_missing` could not
    be had when the pack was made, as its manifest says.
    """

    title: str = ""
    files: int = 0
    events: int = 0
    captures: int = 0
    pictures: int = 0
    pictures_missing: int = 0
    records: int = 0
    first: int = 0
    head: int = 0
    head_hash: str = ""
    manifest_sha256: str = ""
    stated: int = 0
    unsealed: int = 0
    anchors: int = 0
    erased: int = 0
    pages_deleted: int = 0
    pages_deleted_on: str = ""
    stamps: int = 0
    stamped_at: datetime | None = None
    problems: list[Problem] = field(default_factory=list)

    def add(self, kind: str, detail: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(kind, detail))
