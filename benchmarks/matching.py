"""python -m benchmarks.matching: compares the matching engine with the baselines on the same data in one run.

Every file is matched by `python -m listings.matching` and by baselines.py, and judged by evaluate.py. The engine is
judged at its own threshold, a baseline at the best threshold for the same labels.
"""

import argparse
import gzip
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from listings.matching.files import listing_lines

DISGUISED_HAYSTACK = 10_000
TIMES = 3  # engine and baseline in turn


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


class FileRun(NamedTuple):
    """Rate as the command prints it, which includes reading the listings and writing the matches, and peak memory."""

    listings: int
    seconds: float
    largest: float  # MB of the largest of its processes

    @property
    def rate(self) -> float:
        return self.listings / self.seconds


def file_run(recalls: Path, listings: Path, output: Path, cache: Path) -> FileRun:
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "listings.matching",
        "--recalls",
        recalls,
        "--listings",
        listings,
    ]
    with subprocess.Popen(  # noqa: S603
        [*command, "--output", output, "--cache", cache], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as run:
        said = [line.rstrip() for line in run.stdout or ()]
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode:
        raise SystemExit("\n".join(said))
    words = said[-1].split()  # 80924 listings x 9360 recalls in 3.2 s, 25393 listings/s
    return FileRun(int(words[0]), int(words[0]) / float(words[-2]), usage.ru_maxrss / 1024)


def rate_of(said: str) -> float:
    """Listings a second as a baseline prints them: for its arithmetic alone, without reading and writing files."""
    return float(said.split()[-2])


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
    for name, hay in (("judged_open", haystack), ("disguised_open", part)):
        labelled = data / f"{name}.jsonl"
        engine(recalls, matches, labelled, hay)
        found = judged(judge, labelled, matches)
        out(f"{name} + {hay.name}\n{line('Offshelf', found)}\n")
        for kind, row in found["kinds"].items():
            out(f"      {kind:<32} {', '.join(f'{key} {value:.3f}' for key, value in row.items() if key != 'rows')}\n")
        for method in ("char-tfidf", "word-tfidf"):
            baseline(judge, method, recalls, matches, labelled, hay)
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
    return targets + of_speed(judge, recalls, haystack, folder)


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


def of_speed(judge: Path, recalls: Path, haystack: Path, folder: Path) -> list[Target]:
    """The file run without and with kept recalls, then in turn with the baseline, and on a tenth of the listings."""
    out, matches, cache = sys.stdout.write, folder / "matches.jsonl", folder / "kept"
    part = folder / "tenth.jsonl"
    with gzip.open(haystack, "rt", encoding="utf-8") as lines, part.open("w", encoding="utf-8") as tenth:
        tenth.writelines(itertools.islice(lines, 0, None, 10))
    first = file_run(recalls, haystack, matches, cache)
    small = file_run(recalls, part, matches, cache)
    out(f"speed\n  Offshelf, recalls not kept: {first.rate:.0f} listings/s, {first.largest:.0f} MB\n")
    ratios, runs = [], []
    for _ in range(TIMES):
        tfidf = rate_of(baseline(judge, "char-tfidf", recalls, matches, haystack))
        runs.append(run := file_run(recalls, haystack, matches, cache))
        ratios.append(run.rate / tfidf)
        out(
            f"  char-tfidf {tfidf:.0f} listings/s, Offshelf {run.rate:.0f}, {ratios[-1]:.2f} times, {run.largest:.0f} MB\n"
        )
    ratio, largest = statistics.median(ratios), max(run.largest for run in [first, *runs])
    growth = statistics.median(run.seconds for run in runs) / small.seconds
    return [
        Target("speed against char TF-IDF, median", "1.0 times", f"{ratio:.2f} times", ratio >= 1),
        Target("largest process", "600 MB", f"{largest:.0f} MB", largest <= 600),
        Target("ten times the listings", "11 times the time", f"{growth:.1f} times", growth <= 11),
    ]


if __name__ == "__main__":
    sys.exit(main())
