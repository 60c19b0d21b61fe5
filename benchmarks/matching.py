"""python -m benchmarks.matching: compares the matching engine with the baselines on the same data in one run.

Every file is matched by `python -m listings.matching` and by baselines.py, and judged by evaluate.py. The engine is
judged at its own threshold, a baseline at the best threshold for the same labels.
"""

import argparse
import gc
import gzip
import json
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.pairs import index_of
from listings.matching import ListingText, RecallIndex
from listings.matching.bulk.filter import BulkFilter
from listings.matching.bulk.tables import tables_of
from listings.matching.files import listing_lines, parse_listing

PROCESSES = 2
DISGUISED_HAYSTACK = 10_000
CHUNK = 4_000
_index: RecallIndex
_filter: BulkFilter
_texts: list[ListingText]


class Target(NamedTuple):
    """A target and the result."""

    name: str
    wanted: str
    reached: str
    is_met: bool


def judged(judge: Path, listings: Path, matches: Path, *options: str) -> dict[str, Any]:
    command: list[str | Path] = [sys.executable, judge / "evaluate.py", "--listings", listings, "--matches", matches]
    command += ["--json", *options]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  two programs of ours
    return json.loads(done.stdout)


def engine(recalls: Path, output: Path, *listings: Path, pairs: bool = False) -> None:
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "listings.matching",
        "--recalls",
        recalls,
        "--output",
        output,
        "--listings",
    ]
    subprocess.run(  # noqa: S603
        [*command, *listings, *(["--pairs"] if pairs else [])], check=True, capture_output=True, text=True
    )


def baseline(judge: Path, method: str, recalls: Path, output: Path, *listings: Path) -> str:
    command: list[str | Path] = [
        sys.executable,
        judge / "baselines.py",
        method,
        "--recalls",
        recalls,
        "--output",
        output,
        "--listings",
    ]
    done = subprocess.run([*command, *listings], check=True, capture_output=True, text=True)  # noqa: S603
    return done.stdout.strip()


def _matched(start: int) -> int:
    texts = _texts[start : start + CHUNK]
    chosen = zip(texts, _filter.hopeful(texts), strict=True)
    return sum(len(_index.match(text, among=among)) for text, among in chosen)


def speed(texts: list[ListingText]) -> float:
    """Listings a second with full evidence in two processes; the index of the recalls is already built, as in the
    portal."""
    global _texts  # noqa: PLW0603  inherited by the forked workers
    _texts = texts
    gc.collect()
    gc.freeze()
    started = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(PROCESSES, initializer=gc.disable) as pool:
        pool.map(_matched, range(0, len(texts), CHUNK), chunksize=1)
    elapsed = time.perf_counter() - started
    gc.unfreeze()
    return len(texts) / elapsed


def line(name: str, found: dict[str, Any]) -> str:
    return (
        f"  {name:<34} precision {found['precision']:.3f}  recall {found['recall']:.3f}  F1 {found['f1']:.3f}"
        f"  unlabelled flags {found['flagged_haystack']}"
    )


def worst(found: dict[str, Any], label: int) -> tuple[str, float]:
    """The kind with the lowest recall (label 1) or the most false alarms (label 0)."""
    name = "recall" if label else "false_alarms"
    kinds = {kind: row[name] for kind, row in found["kinds"].items() if name in row}
    kind = (min if label else max)(kinds, key=lambda each: (kinds[each], each))
    return kind, kinds[kind]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with recalls, haystack and labelled sets")
    parser.add_argument("--judge", type=Path, required=True, help="folder with evaluate.py and baselines.py")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        targets = run(options.data, options.judge, Path(folder))
    out = sys.stdout.write
    for target in targets:
        out(f"{'reached' if target.is_met else 'MISSED '}  {target.name}: {target.reached} (target {target.wanted})\n")
    short = [target.name for target in targets if not target.is_met]
    out(f"bench-matching: {len(targets) - len(short)} of {len(targets)} reached")
    out(f"; missed: {', '.join(short)}\n" if short else "\n")
    return 1 if short else 0


def run(data: Path, judge: Path, folder: Path) -> list[Target]:
    out = sys.stdout.write
    recalls, haystack, matches = data / "cpsc_recalls.json.gz", data / "haystack.jsonl.gz", folder / "matches.jsonl"
    part = folder / "haystack.jsonl"
    with gzip.open(haystack, "rt", encoding="utf-8") as lines, part.open("w", encoding="utf-8") as some:
        some.writelines(line for line, _ in zip(lines, range(DISGUISED_HAYSTACK), strict=False))
    targets = []
    speeds: dict[str, str] = {}
    for name, hay in (("judged_open", haystack), ("disguised_open", part)):
        labelled = data / f"{name}.jsonl"
        engine(recalls, matches, labelled, hay)
        found = judged(judge, labelled, matches)
        out(f"{name} + {hay.name}\n{line('Offshelf', found)}\n")
        for kind, row in found["kinds"].items():
            out(f"      {kind:<32} {', '.join(f'{key} {value:.3f}' for key, value in row.items() if key != 'rows')}\n")
        for method in ("char-tfidf", "word-tfidf"):
            speeds[f"{name} {method}"] = baseline(judge, method, recalls, matches, labelled, hay)
            out(f"{line(f'{method} at its best threshold', judged(judge, labelled, matches, '--best-threshold'))}\n")
        targets += of_judged(found, haystack) if name == "judged_open" else of_disguised(found)
    for name in ("promap_sears", "promap_target"):
        labelled, named = data / f"{name}_listings.jsonl", data / f"{name}_recalls.json.gz"
        engine(named, matches, labelled, pairs=True)
        found = judged(judge, labelled, matches, "--pairs")
        out(f"{name}\n{line('Offshelf', found)}\n")
        baseline(judge, "char-tfidf", named, matches, labelled)
        best = judged(judge, labelled, matches, "--pairs", "--best-threshold")
        out(f"{line('char-tfidf at its best threshold', best)}\n")
        targets.append(Target(f"{name} F1", "0.65", f"{found['f1']:.3f}", found["f1"] >= 0.65))
    return targets + of_speed(recalls, haystack, speeds["judged_open char-tfidf"])


def of_judged(found: dict[str, Any], haystack: Path) -> list[Target]:
    rate = found["flagged_haystack"] / (sum(1 for _ in listing_lines(haystack)) / 10_000)
    return [
        Target("judged recall", "0.85", f"{found['recall']:.3f}", found["recall"] >= 0.85),
        Target("judged precision", "0.70", f"{found['precision']:.3f}", found["precision"] >= 0.70),
        Target("unlabelled flags per 10,000", "at most 10", f"{rate:.1f}", rate <= 10),
    ]


def of_disguised(found: dict[str, Any]) -> list[Target]:
    (lowest, recall), (loudest, alarms) = worst(found, 1), worst(found, 0)
    return [
        Target("disguised F1", "0.93", f"{found['f1']:.3f}", found["f1"] >= 0.93),
        Target("disguised, weakest kind", "recall 0.80", f"{recall:.3f} ({lowest})", recall >= 0.80),
        Target("disguised, loudest twin", "at most 0.10", f"{alarms:.3f} ({loudest})", alarms <= 0.10),
    ]


def of_speed(recalls: Path, haystack: Path, tfidf: str) -> list[Target]:
    global _index, _filter  # noqa: PLW0603  inherited by the forked workers
    out = sys.stdout.write
    started = time.perf_counter()
    _index = index_of(recalls)
    _filter = BulkFilter(tables_of(_index.profiles, _index.postings))
    built = time.perf_counter() - started
    texts = [parse_listing(line)[0] for _, line in listing_lines(haystack)]
    tenth = speed(texts[::10])
    whole = speed(texts)
    ratio = (len(texts) / whole) / (len(texts[::10]) / tenth)
    per_second = float(tfidf.rsplit(" ", 2)[-2].rsplit(maxsplit=1)[-1]) if tfidf else 0.0
    largest = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    out(f"speed\n  {tfidf}\n")
    out(
        f"  Offshelf: {len(texts)} listings x {len(_index.readings)} recalls with evidence, {PROCESSES} processes: "
        f"{whole:.0f} listings/s; reading the recalls before took {built:.1f} s\n"
    )
    return [
        Target("speed against char TF-IDF", "1.0 times", f"{whole / per_second:.2f} times", whole >= per_second),
        Target("largest process", "600 MB", f"{largest:.0f} MB", largest <= 600),
        Target("ten times the listings", "11 times the time", f"{ratio:.1f} times", ratio <= 11),
    ]


if __name__ == "__main__":
    sys.exit(main())
