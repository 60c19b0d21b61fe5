"""python -m benchmarks.promap: the engine beside a logistic regression on ProMap's own feature files, on the same rows.

The feature files are the `*_similarities.csv` of github.com/kackamac/Product-Mapping-Datasets (arXiv 2309.06882), in one
folder: `promapmulti_amazon_ext-train_data` to learn from (Walmart and Amazon), `promapmulti_{sears,target}_ext-test_data`
with the rows that `promap_{sears,target}_listings.jsonl` has, in their order. The engine was never fitted on any of them.
Both decide at a threshold that no test row helped to choose: the engine at its own, the regression at the one that is
best on held-out folds of its training rows.
"""

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.fit_weights import matrix, probabilities, signals
from benchmarks.pairs import named_pairs
from listings.matching.rules.base import WEIGHTS
from listings.matching.score import FLAG_FROM

Array: TypeAlias = Any  # of numpy, which is installed for the benchmarks only
SETS = ("sears", "target")
SAMPLES = 10_000
NOT_FEATURES = {"id1", "id2", "match"}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def features_of(rows: list[dict[str, str]], names: list[str]) -> tuple[Array, Array]:
    values = np.array([[float(row[name] or 0) for name in names] for row in rows])
    return values, np.array([int(float(row["match"])) for row in rows])


def regression_on(train: list[dict[str, str]], test: list[dict[str, str]]) -> tuple[Array, Array, float]:
    """The scores of a logistic regression over the columns that both files have, the labels, and its threshold."""
    names = [name for name in train[0] if name in test[0] and name not in NOT_FEATURES]
    known, right = features_of(train, names)
    values, labels = features_of(test, names)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=5_000))
    held_out = cross_val_predict(model, known, right, cv=5, method="predict_proba")[:, 1]
    return model.fit(known, right).predict_proba(values)[:, 1], labels, best_threshold(right, held_out)


def f1(labels: Array, flagged: Array) -> float:
    right = int((labels & flagged).sum())
    return 2 * right / max(1, int(labels.sum() + flagged.sum()))


def best_threshold(labels: Array, scores: Array) -> float:
    return max(sorted(set(scores.tolist())), key=lambda level: f1(labels == 1, scores >= level))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.promap", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with promap_sears_listings.jsonl and so on")
    parser.add_argument("--features", type=Path, required=True, help="folder with ProMap's feature files")
    options = parser.parse_args()
    train = rows_of(options.features / "promapmulti_amazon_ext-train_data_similarities.csv")
    own = np.array([WEIGHTS["prior"], *(WEIGHTS[name] for name in signals())])
    draws, whole = np.random.default_rng(1), []
    for name in SETS:
        test = rows_of(options.features / f"promapmulti_{name}_ext-test_data_similarities.csv")
        regression, labels, level = regression_on(train, test)
        rows = (options.data / f"promap_{name}_listings.jsonl").read_text(encoding="utf-8").splitlines()
        if labels.tolist() != [json.loads(row)["label"] for row in rows]:
            sys.stderr.write(f"The feature file and the rows of {name} do not fit together.\n")
            return 2
        engine = probabilities(matrix(named_pairs(options.data, f"promap_{name}")) @ own)
        whole.append((labels == 1, engine, regression, engine >= FLAG_FROM, regression >= level))
    together = tuple(np.concatenate(parts) for parts in zip(*whole, strict=True))
    for name, (labels, engine, regression, ours, theirs) in zip((*SETS, "both"), (*whole, together), strict=True):
        picks = draws.integers(0, len(labels), (SAMPLES, len(labels)))
        gains = np.array([f1(labels[pick], ours[pick]) - f1(labels[pick], theirs[pick]) for pick in picks])
        low, high = np.quantile(gains, (0.025, 0.975))
        kindest = f1(labels, regression >= best_threshold(labels, regression))
        sys.stdout.write(
            f"{name}: {len(labels)} rows, {int(labels.sum())} right\n"
            f"  F1 {f1(labels, ours):.3f}, logistic regression {f1(labels, theirs):.3f} ({kindest:.3f} at the threshold "
            f"that is best on these rows)\n"
            f"  difference {f1(labels, ours) - f1(labels, theirs):+.3f}; of {SAMPLES:,} paired resamples 95 % are between "
            f"{low:+.3f} and {high:+.3f}, the engine is better in {(gains > 0).mean():.1%}\n"
            f"  average precision {average_precision_score(labels, engine):.3f}, "
            f"{average_precision_score(labels, regression):.3f}\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
