"""python -m benchmarks.calibration: are seven of ten pairs with the score 0.7 right, source by source?

Counted are the pairs that a person judged, each with its listing's own recall; a listing that shares no key with it has
the score 0. Every pair is scored three times: by the weights that are shipped, which were fitted to it, by weights that
met no pair of its recall, and by weights that met no listing of its source. Only the last two say what to expect of a
catalogue that nobody has seen. For each source: the mean score beside the share that is right, the Brier score beside
that of a forecast that always gives the set's share, and the expected calibration error over ten bins.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.fit_weights import COUNTED, FOLDS, Array, fitted, fold_of, matrix, probabilities, signals
from benchmarks.pairs import LABELLED, SAMPLE, Pair, index_of, pairs_of
from benchmarks.reliability import Bin, beside, brier, error_of, measured
from listings.matching.files import listing_lines
from listings.matching.rules.base import WEIGHTS

SMALL = 20  # judged rows below which sources of a set are counted together: their own shares would be noise
DRAWN = 10  # right pairs from which a source has a diagram of its own
WAYS = ("shipped", "recall unseen", "source unseen")


class Judged(NamedTuple):
    """A pair that a person judged: its set, the source within it, whether it is right, and the place of its candidate
    pair, if the two share a key."""

    of_set: str
    source: str
    label: int
    place: int | None


def judged_in(data: Path, pairs: Sequence[Pair]) -> list[Judged]:
    """The judged pairs of all sets, without debatable ones."""
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
    return _with_small_together(found)


def _with_small_together(judged: Sequence[Judged]) -> list[Judged]:
    named = [(each.of_set, each.source) for each in judged]
    sizes = {source: named.count(source) for source in set(named)}
    return [
        Judged(of_set, source if sizes[of_set, source] >= SMALL else "other sources", label, place)
        for of_set, source, label, place in judged
    ]


def _shipped(pair: Pair) -> float:
    return WEIGHTS["prior"] + sum(WEIGHTS[signal] * share for signal, share in pair.shares.items())


def scores_of(pairs: Sequence[Pair], judged: Sequence[Judged]) -> dict[str, Array]:
    """Way → the score of each judged pair."""
    features, labels = matrix(pairs), np.array([float(pair.label) for pair in pairs])
    counts = np.array([COUNTED[pair.source][pair.label] for pair in pairs])
    catalogues = np.array([f"{pair.source} {pair.listing.rsplit('-', 1)[0]}" for pair in pairs])
    folds = np.array([fold_of(pair.recall) for pair in pairs])
    shipped = probabilities(features @ np.array([WEIGHTS["prior"], *(WEIGHTS[name] for name in signals())]))
    of_recalls, of_sources = np.zeros(len(pairs)), np.zeros(len(pairs))
    for fold in range(FOLDS):
        out = folds == fold
        of_recalls[out] = probabilities(features[out] @ fitted(features[~out], labels[~out], counts[~out]))
    for catalogue in sorted({catalogues[each.place] for each in judged if each.place is not None}):
        out = catalogues == catalogue
        of_sources[out] = probabilities(features[out] @ fitted(features[~out], labels[~out], counts[~out]))
    found = {}
    for way, scores in zip(WAYS, (shipped, of_recalls, of_sources), strict=True):
        found[way] = np.array([0.0 if each.place is None else scores[each.place] for each in judged])
    return found


def table(judged: Sequence[Judged], scores: dict[str, Array]) -> Iterator[str]:
    """Lines of Markdown: each set, and each source in it."""
    yield (
        "| Source | judged, right | "
        + " | ".join(f"{way}: mean score, Brier, ECE" for way in WAYS)
        + " | Brier of the share |\n"
    )
    yield "|---" * (3 + len(WAYS)) + "|\n"
    for name, chosen in groups(judged):
        labels = [judged[place].label for place in chosen]
        share = sum(labels) / len(labels)
        cells = []
        for way in WAYS:
            own = [float(scores[way][place]) for place in chosen]
            cells.append(f"{sum(own) / len(own):.3f}, {brier(labels, own):.3f}, {error_of(measured(labels, own)):.3f}")
        cells.append(f"{brier(labels, [share] * len(labels)):.3f}")
        yield f"| {name} | {len(labels)}, {sum(labels)} ({share:.3f}) | {' | '.join(cells)} |\n"


def groups(judged: Sequence[Judged]) -> Iterator[tuple[str, list[int]]]:
    """Each set with the places of its pairs, and behind it each of its sources."""
    for of_set in LABELLED:
        own = [place for place, each in enumerate(judged) if each.of_set == of_set]
        yield f"**{of_set}**", own
        sources = sorted(
            {judged[place].source for place in own}, key=lambda source: (source == "other sources", source)
        )
        for source in sources if len(sources) > 1 else ():
            yield source, [place for place in own if judged[place].source == source]


def bins_of(judged: Sequence[Judged], scores: Array) -> Iterator[tuple[str, list[Bin]]]:
    """What is drawn: each set, and each source with enough right pairs."""
    for name, chosen in groups(judged):
        labels = [judged[place].label for place in chosen]
        if sum(labels) >= DRAWN:
            yield name.strip("*"), measured(labels, [float(scores[place]) for place in chosen])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled sets, recalls and haystacks")
    parser.add_argument("--diagram", type=Path, help="write a reliability diagram of each source to this SVG file")
    parser.add_argument(
        "--sample",
        type=int,
        default=SAMPLE,
        help=f"unlabelled listings of each haystack to fit with; default: {SAMPLE:,}",
    )
    options = parser.parse_args()
    pairs, _ = pairs_of(options.data, index_of(options.data / "cpsc_recalls.json.gz"), options.sample)
    judged = judged_in(options.data, pairs)
    scores = scores_of(pairs, judged)
    sys.stdout.writelines(table(judged, scores))
    for way in WAYS:
        for name, rows in bins_of(judged, scores[way]):
            said = ", ".join(f"{row.low:.1f}: {row.right:.2f} of {row.pairs}" for row in rows)
            sys.stdout.write(f"{way}, {name}: {said}\n")
    if options.diagram:
        options.diagram.write_text(beside(list(bins_of(judged, scores["source unseen"]))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
