"""The pairs that a person judged, and what makes a score the share that is right.

Weights are fitted to labelled sets and to thousands of listings of which nobody knows more than that they are hardly ever
recalled ones. How probable a match is beyond its evidence is seen only where people read what the engine proposes: in the
judged sets, and in the real pairs of tests/listings/matching, which were drawn by the engine's own scores. One number,
added to the log-odds of a score, brings the sum of the shares to the number of right pairs.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from scipy.optimize import minimize_scalar

from benchmarks.pairs import HAYSTACKS, LABELLED, Pair, shares_of
from listings.matching import RecallIndex, quick_read, read_listing
from listings.matching.files import listing_lines, parse_listing
from listings.matching.rules.base import WEIGHTS

Array: TypeAlias = Any  # of numpy, which is installed for the benchmarks only
SMALL = 20  # judged rows below which sources of a set are counted together: their own shares would be noise
REAL = ("real_pairs", "real_pairs_2")
"""Files of real pairs: facts and labels, without texts."""
HALVES = ("open", "sealed")
READ = Path(__file__).parents[1] / "tests" / "listings" / "matching"
WIDEST = 5.0  # log-odds


class Judged(NamedTuple):
    """A pair that a person judged: its set, the source within it, whether it is right, and the place of its candidate
    pair, if the two share a key."""

    of_set: str
    source: str
    label: int
    place: int | None


def judged_in(data: Path, pairs: Sequence[Pair]) -> list[Judged]:
    """The judged pairs of all sets, without debatable ones; of the real pairs those that are among `pairs`."""
    places = {(pair.source, pair.listing, pair.recall): place for place, pair in enumerate(pairs)}
    found = []
    for name in LABELLED:
        for _, line in listing_lines(data / f"{name}.jsonl"):
            row = json.loads(line)
            if row.get("soft"):
                continue
            numbers = [str(number).replace("-", "") for number in row.get("recalls") or [row["recall"]]]
            there = [place for number in numbers if (place := places.get((name, row["id"], number))) is not None]
            best = max(there, key=lambda place: float(_shipped(pairs[place])), default=None)
            found.append(Judged(name, row["id"].rsplit("-", 1)[0], row["label"], best))
    real = {f"real {half}" for half in HALVES}
    found += [
        Judged(pair.source, pair.listing.rsplit("-", 1)[0], pair.label, place)
        for place, pair in enumerate(pairs)
        if pair.source in real
    ]
    return _with_small_together(found)


def real_pairs(data: Path, index: RecallIndex, half: str) -> list[Pair]:
    """The real pairs of a half that share a key; "ask" is not right. Sealed ones are for looking at, never for fitting."""
    wanted: dict[str, list[dict[str, str]]] = {}
    for name in REAL:
        for _, line in listing_lines(READ / f"{name}.jsonl"):
            row = json.loads(line)
            if row["half"] == half:
                wanted.setdefault(row["listing"], []).append(row)
    found = []
    for name in HAYSTACKS:
        for _, line in listing_lines(data / f"{name}.jsonl.gz"):
            text, _ = parse_listing(line)
            rows = wanted.pop(text.id, [])
            places = (
                {index.readings[place].number: place for place in index.candidates(quick_read(text))} if rows else {}
            )
            for row in rows:
                if (place := places.get(row["recall"])) is None:
                    continue
                shares = shares_of(index.readings[place], read_listing(text))
                label = int(row["label"] == "yes")
                found.append(Pair(f"real {half}", row["label"], label, row["recall"], text.id, shares))
    return found


def shift_of(log_odds: Array, labels: Array) -> float:
    """What has to be added to the log-odds of these pairs for the likeliest scores: then they sum up to the right ones."""

    def loss(shift: float) -> float:
        return float(np.sum(np.logaddexp(0, log_odds + shift) - labels * (log_odds + shift)))

    return float(minimize_scalar(loss, bounds=(-WIDEST, WIDEST), method="bounded").x)


def shifted_apart(log_odds: Array, labels: Array, teaches: Array, groups: Array) -> Array:
    """The log-odds, those of each group moved by what the other groups' teaching pairs ask for."""
    moved = np.array(log_odds, dtype=float)
    for group in sorted(set(groups)):
        inside = groups == group
        others = teaches & ~inside
        moved[inside] += shift_of(log_odds[others], labels[others])
    return moved


def _with_small_together(judged: Sequence[Judged]) -> list[Judged]:
    named = [(each.of_set, each.source) for each in judged]
    sizes = {source: named.count(source) for source in set(named)}
    return [
        Judged(of_set, source if sizes[of_set, source] >= SMALL else "other sources", label, place)
        for of_set, source, label, place in judged
    ]


def _shipped(pair: Pair) -> float:
    return WEIGHTS["prior"] + sum(WEIGHTS[signal] * share for signal, share in pair.shares.items())
