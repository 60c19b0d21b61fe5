"""python -m benchmarks.fit_weights: fits the weights of the matching engine to the labelled sets, with
cross-validation.

A logistic regression over the shares of the signals. Weights are pulled towards the expected weight of each signal
(EXPECTED), and a signal for a pair can never become a signal against it. Signals that are too rare in the labelled sets
are held near the expectation (RARE). Folds are over recalls, so no recall is on both sides. All shops of one source are
also left out, to test the weights on unseen sources. Last comes the calibration: what to add to the log-odds of a
score, so that of the pairs that people judged the share is right that it says (`share_right`).
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from scipy.optimize import minimize

from benchmarks.judged import judged_in, real_pairs, shift_of
from benchmarks.pairs import LABELLED, Missed, Pair, decided_pairs, index_of, named_pairs, pairs_of
from benchmarks.reliability import drawn, measured
from listings.matching.rules import RULES
from listings.matching.rules.base import WEIGHTS
from listings.matching.score import FLAG_FROM

FOLDS = 5
CURVE = (0.1, 0.25, 0.5, 0.75, 1.0)
"""Shares of the recalls of a learning curve."""
SOURCES = (("judged_open", "haystack"), ("judged3_open", "haystack3"))
"""Shops and catalogues that are left out together, to test the weights on unseen sources."""
COUNTED = {
    "judged_open": (15.0, 20.0), "judged3_open": (20.0, 26.0), "disguised_open": (2.0, 2.0),
    "haystack": (2.0, 2.0), "haystack3": (2.0, 2.0), "decisions": (5.0, 5.0),
}  # fmt: skip
"""Source → the weight of a wrong and of a right pair. Real pairs count more than synthetic and unlabelled ones, right
ones a third more than wrong ones: with twice as much, held-out precision on judged3 was 0.68 instead of 0.75."""
TEACHING = frozenset({"judged_open", "judged3_open", "real open"})
"""Sets of judged real pairs, which tell the share that is right (benchmarks/judged.py)."""
PULL, HOLD = 4.0, 50.0  # strength of the pull towards the expected weights, and of the hold on rare signals
EXPECTED = {
    "same_gtin": 9, "same_model": 4, "same_model_and_brand": 7, "same_short_model": 2, "model_in_description": 2,
    "excluded_model": -9, "other_model": -4, "model_not_stated": -0.5, "model_of_name_missing": -2, "different_version": -7, "lot_not_stated": -0.3,
    "same_brand": 2.7, "misspelled_brand": 2.5, "different_brand": -3, "brand_not_stated": -0.3,
    "name_line": 3.5, "name_missing": -1.5, "name_plain": 2, "described": 1.2, "title_fits": 1.5, "title_mentions_something_else": -2,
    "same_product_type": 2.5, "different_product_type": -1.2, "product_type_not_stated": -0.5, "contains_component": 4, "disguised": 1.6,
    "same_size": 0.5, "different_size": -5,
    "accessory": -8, "replacement_for_recalled": -13, "not_affected": -13, "media": -14, "toy": -10,
    "different_maker": -3, "brand_not_named": -1.1, "limits_not_stated": -1.5, "different_type": -7, "model_variant": -6, "different_product_line": -2.0, "sister_line": -5,
    "name_whole": 2, "name_words": 2, "described_line": 3, "doubtful_gtin": 3, "title_adds_words": -0.3,
}  # fmt: skip
RARE = {
    "same_gtin", "same_model_and_brand", "excluded_model", "accessory", "media", "not_affected", "replacement_for_recalled",
    "toy", "model_variant", "other_model", "doubtful_gtin", "different_size", "different_product_line", "different_type", "title_adds_words", "different_version",
    "brand_not_named", "sister_line",
}  # fmt: skip
PRIOR = -5.0
Array: TypeAlias = Any  # of numpy, which is installed for the benchmarks only


def signals() -> list[str]:
    return [signal for rule in RULES for signal in rule.signals]


def matrix(pairs: Sequence[Pair]) -> Array:
    names = signals()
    return np.array([[1.0, *(pair.shares.get(name, 0.0) for name in names)] for pair in pairs])


def fitted(features: Array, labels: Array, counts: Array) -> Array:
    """The prior and the weights, in the order of `signals`."""
    names = signals()
    towards = np.array([PRIOR, *(EXPECTED[name] for name in names)])
    pull = np.array([0.02, *(HOLD if name in RARE else PULL for name in names)])
    bounds = [(None, None), *((0.05, None) if EXPECTED[name] > 0 else (None, -0.02) for name in names)]

    def loss(weights: Array) -> tuple[float, Array]:
        scores = features @ weights
        error = np.logaddexp(0, scores) - labels * scores
        away = weights - towards
        slope = features.T @ (counts * (probabilities(scores) - labels)) + pull * away
        return float(counts @ error + 0.5 * pull @ (away * away)), slope

    return np.asarray(minimize(loss, towards.copy(), jac=True, method="L-BFGS-B", bounds=bounds).x)


def probabilities(scores: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-scores)))


def fold_of(recall: str) -> int:
    return int(hashlib.sha256(recall.encode()).hexdigest(), 16) % FOLDS


def calibration(
    data: Path, pairs: Sequence[Pair], held_out: Array, real: Sequence[Pair], weights: Array
) -> tuple[float, list[float]]:
    """What brings the scores of judged pairs to the share that is right, and the same without each fold of recalls. Of the
    labelled sets the log-odds are those held out; no weight was fitted to the real pairs."""
    places = [each.place for each in judged_in(data, pairs) if each.place is not None and each.of_set in TEACHING]
    chosen = [*(pairs[place] for place in places), *real]
    log_odds = np.concatenate([held_out[places], matrix(real) @ weights])
    labels = np.array([float(pair.label) for pair in chosen])
    folds = np.array([fold_of(pair.recall) for pair in chosen])
    return shift_of(log_odds, labels), [
        shift_of(log_odds[folds != fold], labels[folds != fold]) for fold in range(FOLDS)
    ]


def learned(share: float, features: Array, labels: Array, counts: Array, folds: Array, pairs: Sequence[Pair]) -> Array:
    """The score of each pair by weights that were fitted to a share of the recalls of the other folds."""
    place = np.array(
        [int(hashlib.sha256(f"curve {pair.recall}".encode()).hexdigest()[:8], 16) / 2**32 for pair in pairs]
    )
    scores = np.zeros(len(pairs))
    for fold in range(FOLDS):
        inside = (folds != fold) & (place < share)
        scores[folds == fold] = probabilities(
            features[folds == fold] @ fitted(features[inside], labels[inside], counts[inside])
        )
    return scores


def report(name: str, pairs: Sequence[Pair], missed: Sequence[Missed], scores: Array) -> str:
    """Precision and recall by listing at the threshold of the engine, as evaluate.py counts them."""
    best: dict[str, tuple[float, int]] = {}
    positives = {each.listing for each in missed if each.source == name}
    for pair, score in zip(pairs, scores, strict=True):
        if pair.source != name:
            continue
        if pair.label:
            positives.add(pair.listing)
        if score >= FLAG_FROM and score > best.get(pair.listing, (0.0, 0))[0]:
            best[pair.listing] = (float(score), pair.label)
    if not positives:
        return f"{name}: {len(best)} flagged"
    right = sum(label for _, label in best.values())
    precision, recall = right / max(1, len(best)), right / len(positives)
    both = 2 * precision * recall / max(1e-9, precision + recall)
    return f"{name}: precision {precision:.3f}, recall {recall:.3f}, F1 {both:.3f} ({right} of {len(positives)} found)"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit_weights", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled sets, recalls and haystack")
    parser.add_argument("--weights", type=Path, help="write the weights to this file (listings/matching/weights.json)")
    parser.add_argument("--diagram", type=Path, help="write the reliability diagram to this SVG file")
    parser.add_argument("--decisions", type=Path, help="learn also from what `manage.py export_decisions` wrote")
    parser.add_argument(
        "--keep", action="store_true", help="leave the weights as they are, and fit the calibration alone"
    )
    parser.add_argument("--curve", action="store_true", help="print how much a share of the recalls teaches")
    options = parser.parse_args()
    index = index_of(options.data / "cpsc_recalls.json.gz")
    pairs, missed = pairs_of(options.data, index)
    real = real_pairs(options.data, index, "open")
    if options.decisions:
        pairs += decided_pairs(options.decisions)
    features, labels = matrix(pairs), np.array([float(pair.label) for pair in pairs])
    counts = np.array([COUNTED[pair.source][pair.label] for pair in pairs])
    folds = np.array([fold_of(pair.recall) for pair in pairs])
    held_out = np.zeros(len(pairs))
    for fold in range(FOLDS):
        inside = folds != fold
        held_out[~inside] = features[~inside] @ fitted(features[inside], labels[inside], counts[inside])
    weights = fitted(features, labels, counts)
    if options.keep:
        weights = np.array([WEIGHTS["prior"], *(WEIGHTS[name] for name in signals())])
        held_out = features @ weights
    shift, by_fold = calibration(options.data, pairs, held_out, real, weights)
    held_out = probabilities(held_out)
    for share in CURVE if options.curve else ():
        curve = learned(share, features, labels, counts, folds, pairs)
        sys.stdout.writelines(
            f"{share:.0%} of the recalls: {report(name, pairs, missed, curve)}\n" for name in LABELLED
        )
    sources = np.array([pair.source for pair in pairs])
    out = sys.stdout.write
    out(f"{len(pairs)} candidate pairs, {int(labels.sum())} right; {len(missed)} listings without a shared key\n")
    out(f"calibration {shift:.2f}; without one fold of recalls {', '.join(f'{each:.2f}' for each in by_fold)}\n")
    for name in COUNTED:
        out(f"held out   {report(name, pairs, missed, held_out)}\n")
        out(f"fitted on  {report(name, pairs, missed, probabilities(features @ weights))}\n")
    for left_out in SOURCES:
        inside = ~np.isin(sources, left_out)
        unseen = probabilities(features @ fitted(features[inside], labels[inside], counts[inside]))
        for name in left_out:
            out(f"source out {report(name, pairs, missed, unseen)}\n")
    for name in ("promap_sears", "promap_target"):
        named = named_pairs(options.data, name)
        out(f"never seen {report(name, named, [], probabilities(matrix(named) @ weights))}\n")
    rows = measured(labels.tolist(), held_out.tolist())
    for row in rows:
        out(f"held out score {row.low:.1f} to {row.high:.1f}: {row.pairs} pairs, {row.right:.0%} right\n")
    named_weights = dict(zip(["prior", *signals()], (round(float(weight), 2) for weight in weights), strict=True))
    named_weights["calibration"] = round(shift, 2)
    if options.weights:
        options.weights.write_text(json.dumps(named_weights, indent=1) + "\n", encoding="utf-8")
    else:
        out(json.dumps(named_weights, indent=1) + "\n")
    if options.diagram:
        options.diagram.write_text(drawn(rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
