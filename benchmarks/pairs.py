"""Labelled pairs as numbers: for each candidate pair, the share of its weight that every signal takes."""

import json
import multiprocessing
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from listings.matching import (
    Correction,
    Corrections,
    ListingReading,
    ProductText,
    RecallIndex,
    RecallReading,
    RecallText,
    quick_read,
    read_listing,
    read_recall,
)
from listings.matching.files import UnreadableRecord, listing_lines, parse_listing
from listings.matching.rules import RULES
from listings.matching.rules.base import WEIGHTS
from listings.matching.score import HOPELESS, best_product
from listings.matching.upper_bound import upper_bound
from listings.recall_files import read_recalls

LABELLED = ("judged_open", "judged3_open", "disguised_open")
HAYSTACKS = ("haystack", "haystack3")
MARGIN = 2.0  # log-odds
SAMPLE = 25_000  # unlabelled listings of each haystack, treated as unrelated
_index: RecallIndex


class Pair(NamedTuple):
    """`shares`: signal → the share of its weight; `label` is 1 if the listing is the recalled product."""

    source: str
    kind: str
    label: int
    recall: str
    listing: str
    shares: dict[str, float]


class Missed(NamedTuple):
    """A listing of a recalled product without a shared key, which no score can find."""

    source: str
    listing: str


def index_of(recalls: Path) -> RecallIndex:
    return RecallIndex(read_recall(text) for text in read_recalls(recalls) if not isinstance(text, UnreadableRecord))


def pairs_of(data: Path, index: RecallIndex, count: int = SAMPLE) -> tuple[list[Pair], list[Missed]]:
    """Every candidate pair of the labelled sets and of `count` listings of each haystack. Leaves out debatable rows
    ("soft"), and rows of the haystack that are labelled or share a GTIN with a recall."""
    global _index  # noqa: PLW0603  inherited by the forked workers
    _index = index
    rows: list[tuple[str, str]] = []
    titles = set()
    for source in LABELLED:
        for _, line in listing_lines(data / f"{source}.jsonl"):
            row = json.loads(line)
            titles.add(row["title"])
            if not row.get("soft"):
                rows.append((source, line))
    for source in HAYSTACKS:
        haystack = [
            line for _, line in listing_lines(data / f"{source}.jsonl.gz") if json.loads(line)["title"] not in titles
        ]
        sample = random.Random(1).sample(haystack, min(count, len(haystack)))  # noqa: S311  not used for secrets
        rows += [(source, line) for line in sample]
    found: list[Pair] = []
    missed: list[Missed] = []
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for each in pool.imap(_pairs_of_row, rows, chunksize=200):
            for item in each:
                (found if isinstance(item, Pair) else missed).append(item)  # type: ignore[arg-type]
    return found, missed


def named_pairs(data: Path, name: str) -> list[Pair]:
    """The pairs in a promap file, with or without a shared key."""
    by_number = {
        reading.number: reading
        for text in read_recalls(data / f"{name}_recalls.json.gz")
        if not isinstance(text, UnreadableRecord)
        for reading in (read_recall(text),)
    }
    found = []
    for _, line in listing_lines(data / f"{name}_listings.jsonl"):
        text, row = parse_listing(line)
        recall = by_number[str(row["recall"])]
        found.append(
            Pair(name, row["kind"], row["label"], recall.number, text.id, shares_of(recall, read_listing(text)))
        )
    return found


def decided_pairs(path: Path) -> list[Pair]:
    """The pairs of a file that `manage.py export_decisions` wrote, each with the text of its own recall."""
    found = []
    readings: dict[str, RecallReading] = {}
    for _, line in listing_lines(path):
        text, row = parse_listing(line)
        given = row["recall_text"]
        key = json.dumps(given, sort_keys=True)
        if key not in readings:
            readings[key] = read_recall(recall_from(given))
        recall = readings[key]
        shares = shares_of(recall, read_listing(text))
        found.append(Pair("decisions", row["kind"], row["label"], recall.number, text.id, shares))
    return found


def _with_tuples(given: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}


def recall_from(given: dict[str, Any]) -> RecallText:
    """A recall's text out of JSON, where tuples have become lists."""
    products = tuple(ProductText(**_with_tuples(product)) for product in given["products"])
    corrections = Corrections(
        *(Correction(*(tuple(side) for side in correction)) for correction in given["corrections"])
    )
    return RecallText(**{**given, "products": products, "firms": tuple(given["firms"]), "corrections": corrections})


def _pairs_of_row(job: tuple[str, str]) -> list[Pair | Missed]:
    source, line = job
    text, row = parse_listing(line)
    wanted = {str(number).replace("-", "") for number in row.get("recalls") or [row.get("recall")]}
    found: list[Pair | Missed] = []
    listing = read_listing(text)
    shown = quick_read(text)
    for place in _index.candidates(shown):
        recall = _index.readings[place]
        if source in HAYSTACKS and upper_bound(_index.profiles[place], shown) < HOPELESS - MARGIN:
            continue  # nine of ten, which similar weights would never flag
        label = int(row.get("label") == 1 and recall.number in wanted)
        shares = shares_of(recall, listing)
        if source in HAYSTACKS and ("same_gtin" in shares or not any(_speaks_for(shares))):
            continue
        found.append(Pair(source, row.get("kind", source), label, recall.number, text.id, shares))
    if row.get("label") == 1 and not any(isinstance(pair, Pair) and pair.label for pair in found):
        found.append(Missed(source, text.id))
    return found


def shares_of(recall: RecallReading, listing: ListingReading) -> dict[str, float]:
    """Signal → the share of its weight in this pair."""
    product = best_product(recall, listing)
    evidence = (rule.check(recall, product, listing) for rule in RULES)
    return {item.signal: item.weight / WEIGHTS[item.signal] for item in evidence if item is not None}


def _speaks_for(shares: Iterable[str]) -> Iterator[bool]:
    return (WEIGHTS[signal] > 0 for signal in shares)
