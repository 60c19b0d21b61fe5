"""python -m benchmarks.calibration: are seven of ten pairs with the score 0.7 right, source by source?

Counted are the pairs that a person judged, each with its listing's own recall; a listing that shares no key with it has
the score 0; real pairs without a key are left out. Every pair is scored three times: by the weights that are shipped, which
were fitted to it, by weights that met no pair of its recall, and by weights that met no listing of its set's source (one of
a real pair may still be among the many wrong ones of a haystack). Only the last two say what to expect of a catalogue that
nobody has seen. For each source: the mean score beside the share that is right, the Brier score beside
that of a forecast that always gives the set's share, and the expected calibration error over ten bins.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.fit_weights import COUNTED, FOLDS, TEACHING, Array, fitted, fold_of, matrix, probabilities, signals
from benchmarks.judged import HALVES, Judged, judged_in, real_pairs, shifted_apart
from benchmarks.pairs import SAMPLE, Pair, index_of, pairs_of
from benchmarks.reliability import Bin, beside, brier, error_of, measured
from listings.matching.rules.base import WEIGHTS

DRAWN = 10  # right pairs from which a source has a diagram of its own
EDGES = (0.1, 0.2, 0.4, 0.7, 0.9, 1.1)
BANDED = {
    "judged": ("judged_open", "judged3_open"),
    "real pairs, open": ("real open",),
    "all of these": tuple(TEACHING),
    "real pairs, sealed": ("real sealed",),
}
WAYS = ("shipped", "recall unseen", "source unseen")


def scores_of(pairs: Sequence[Pair], judged: Sequence[Judged]) -> dict[str, Array]:
    """Way → the score of each judged pair; no weight is ever fitted to the real pairs."""
    features, labels = matrix(pairs), np.array([float(pair.label) for pair in pairs])
    fits = np.array([pair.source in COUNTED for pair in pairs])
    counts = np.array([COUNTED[pair.source][pair.label] if pair.source in COUNTED else 0.0 for pair in pairs])
    catalogues = np.array([f"{pair.source} {pair.listing.rsplit('-', 1)[0]}" for pair in pairs])
    folds = np.array([fold_of(pair.recall) for pair in pairs])
    shipped = probabilities(features @ np.array([WEIGHTS["prior"], *(WEIGHTS[name] for name in signals())]))
    of_recalls, of_sources = np.zeros(len(pairs)), np.zeros(len(pairs))
    for fold in range(FOLDS):
        out = folds == fold
        own = fitted(features[~out & fits], labels[~out & fits], counts[~out & fits])
        of_recalls[out] = probabilities(features[out] @ own)
    for catalogue in sorted({catalogues[each.place] for each in judged if each.place is not None}):
        out = catalogues == catalogue
        own = fitted(features[~out & fits], labels[~out & fits], counts[~out & fits])
        of_sources[out] = probabilities(features[out] @ own)
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


def bands(pairs: Sequence[Pair], judged: Sequence[Judged]) -> Iterator[str]:
    """Lines of Markdown: of the shipped scores of each band, how many pairs are right, how many the scores say, and how
    many the shares say that were fitted without their recalls, and without their sources."""
    chosen = [each for each in judged if each.place is not None and each.of_set in {*TEACHING, "real sealed"}]
    features = matrix([pairs[each.place] for each in chosen if each.place is not None])
    log_odds = features @ np.array([WEIGHTS["prior"], *(WEIGHTS[name] for name in signals())])
    scores, labels = probabilities(log_odds), np.array([float(each.label) for each in chosen])
    teaches = np.array([each.of_set in TEACHING for each in chosen])
    folds = np.array([fold_of(pairs[each.place].recall) for each in chosen if each.place is not None])
    sources = np.array([f"{each.of_set} {each.source}" for each in chosen])
    of_recalls = probabilities(shifted_apart(log_odds, labels, teaches, folds))
    of_sources = probabilities(shifted_apart(log_odds, labels, teaches, sources))
    yield "| Pairs, score | pairs, right | scores say | shares say: recall unseen, source unseen |\n|---|---|---|---|\n"
    for name, sets in BANDED.items():
        inside = np.array([each.of_set in sets for each in chosen])
        for low, high in pairwise(EDGES):
            here = inside & (scores >= low) & (scores < high)
            says = [float(each[here].sum()) for each in (scores, of_recalls, of_sources)]
            yield (
                f"| {name}, {low:.1f} to {min(1.0, high):.1f} | {int(here.sum())}, {int(labels[here].sum())} "
                f"| {says[0]:.1f} | {says[1]:.1f}, {says[2]:.1f} |\n"
            )
        own = [float(label) for label in labels[inside]]
        errors = [
            error_of(measured(own, [float(s) for s in each[inside]])) for each in (scores, of_recalls, of_sources)
        ]
        briers = [brier(own, [float(s) for s in each[inside]]) for each in (scores, of_recalls, of_sources)]
        yield f"| {name}: ECE, Brier | {len(own)}, {int(sum(own))} | {errors[0]:.3f}, {briers[0]:.3f} "
        yield f"| {errors[1]:.3f}, {briers[1]:.3f}; {errors[2]:.3f}, {briers[2]:.3f} |\n"


def groups(judged: Sequence[Judged]) -> Iterator[tuple[str, list[int]]]:
    """Each set with the places of its pairs, and behind it each of its sources."""
    for of_set in dict.fromkeys(each.of_set for each in judged):
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
    index = index_of(options.data / "cpsc_recalls.json.gz")
    pairs, _ = pairs_of(options.data, index, options.sample)
    for half in HALVES:
        pairs += real_pairs(options.data, index, half)
    judged = judged_in(options.data, pairs)
    scores = scores_of(pairs, judged)
    sys.stdout.writelines(table(judged, scores))
    sys.stdout.writelines(bands(pairs, judged))
    for way in WAYS:
        for name, rows in bins_of(judged, scores[way]):
            said = ", ".join(f"{row.low:.1f}: {row.right:.2f} of {row.pairs}" for row in rows)
            sys.stdout.write(f"{way}, {name}: {said}\n")
    if options.diagram:
        options.diagram.write_text(beside(list(bins_of(judged, scores["source unseen"]))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
