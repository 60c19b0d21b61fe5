"""Try tamperings one after the other, and count what is found and what is located."""

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.tamper import packs
from enforcement.evidence_packs.verification import check_pack


@dataclass
class Tally:
    """`missed` has a sentence for each tampering that was not found, or of which no finding names the place."""

    tried: int = 0
    found: int = 0
    located: int = 0
    alone: int = 0  # found in the file alone, without anchors
    missed: list[str] = field(default_factory=list)

    def add(self, kind: str, findings: Sequence[str], places: Sequence[str]) -> None:
        self.tried += 1
        self.found += bool(findings)
        located = any(place in finding for place in places for finding in findings)
        self.located += located
        if not located:
            self.missed.append(f"{kind}: {list(places)[:3]} is not named in {list(findings)[:3] or 'nothing'}")

    def __str__(self) -> str:
        return f"tamper: {self.tried:,} tried, {self.found:,} found, {self.located:,} located"


def kinds(count: int) -> Iterator[packs.Change]:
    """`count` ways, every one in turn."""
    for number in range(count):
        yield packs.CHANGES[number % len(packs.CHANGES)]


def tamper_with_pack(path: Path, anchors: dict[int, str], *, count: int, seed: int, tally: Tally) -> None:
    """Tamper `count` times with the pack at `path`; the copies are beside it."""
    pack, copy, rng = path.read_bytes(), path.with_name("tampered.zip"), random.Random(seed)  # noqa: S311  chance that repeats
    for change in kinds(count):
        changed, places = change(pack, rng)
        if changed == pack:
            sys.stderr.write(f"{change.__name__} changed nothing\n")
        copy.write_bytes(changed)
        findings = [f"{problem.kind}: {problem.detail}" for problem in check_pack(copy, anchors).problems]
        tally.add(change.__name__, findings, places)
        tally.alone += bool([finding for finding in findings if not finding.startswith("anchor: ")])
