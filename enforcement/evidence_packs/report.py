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

    `records` are the checks whose WARC records in the web archive are as sealed. `stamps` is the number of time stamps of the chain's hashes, `stamped_at` the time of the newest.
    """

    title: str = ""
    files: int = 0
    events: int = 0
    captures: int = 0
    records: int = 0
    first: int = 0
    head: int = 0
    head_hash: str = ""
    manifest_sha256: str = ""
    stated: int = 0
    unsealed: int = 0
    anchors: int = 0
    stamps: int = 0
    stamped_at: datetime | None = None
    problems: list[Problem] = field(default_factory=list)

    def add(self, kind: str, detail: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(kind, detail))
