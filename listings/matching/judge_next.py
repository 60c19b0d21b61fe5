"""python -m listings.matching judge-next: the pairs whose judgement would teach the weights most.

A pair teaches where its score is undecided (its entropy), and where its reasons were not seen yet: each further pair with
the same reasons, or of the same recall, counts half.
"""

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from listings.matching.files import ReadRecalls, UnreadableFile, UnreadableRecord, listing_lines
from listings.matching.index import RecallIndex
from listings.matching.recall import read_recall
from listings.matching.shared_codes import texts_in
from listings.matching.texts import ListingText, Match

UNDECIDED_FROM, UNDECIDED_TO = 0.1, 0.9  # scores outside of which a judgement would hardly surprise
KEPT = 20  # pairs kept for each that is wanted, so that a large catalogue needs little memory


class Candidate(NamedTuple):
    listing: ListingText
    match: Match

    @property
    def entropy(self) -> float:
        """In bits: 1 for a score of 0.5."""
        score = self.match.score
        return -(score * math.log2(score) + (1 - score) * math.log2(1 - score)) if 0 < score < 1 else 0.0

    @property
    def reasons(self) -> frozenset[str]:
        return frozenset(item.signal for item in self.match.evidence if item.weight)

    def as_row(self) -> dict[str, Any]:
        """As the labelled sets have them, with "label" to be filled in: 1 for the recalled product, else 0."""
        listing, match = self.listing, self.match
        return {
            "recall": match.recall_number,
            "kind": "judged",
            "label": None,
            "id": listing.id,
            "title": listing.title,
            "description": listing.description,
            "brand": listing.brand,
            "gtin": listing.gtin,
            "mpn": listing.mpn,
            "score": match.score,
            "reasons": [item.detail for item in sorted(match.evidence, key=lambda item: -abs(item.weight))],
        }


def most_informative(
    index: RecallIndex, listings: Iterable[ListingText], count: int, judged: Collection[tuple[str, str]] = ()
) -> list[Candidate]:
    """At most `count` pairs, the most informative first, without those of `judged` (listing's id, recall's number)."""
    pool: list[Candidate] = []
    for text in listings:
        pool += [
            Candidate(text, match)
            for match in index.judged(text)
            if UNDECIDED_FROM <= match.score <= UNDECIDED_TO and (text.id, match.recall_number) not in judged
        ]
        if len(pool) > 2 * KEPT * count:
            pool = _surest_to_teach(pool, KEPT * count)
    return _spread(_surest_to_teach(pool, KEPT * count), count)


def _surest_to_teach(pool: list[Candidate], most: int) -> list[Candidate]:
    return sorted(pool, key=lambda each: (-each.entropy, each.listing.id, each.match.recall_number))[:most]


def _spread(pool: list[Candidate], count: int) -> list[Candidate]:
    chosen: list[Candidate] = []
    recalls: Counter[str] = Counter()
    reasons: Counter[frozenset[str]] = Counter()
    while pool and len(chosen) < count:
        best = max(
            pool, key=lambda each: each.entropy / 2 ** (recalls[each.match.recall_number] + reasons[each.reasons])
        )
        pool.remove(best)
        chosen.append(best)
        recalls[best.match.recall_number] += 1
        reasons[best.reasons] += 1
    return chosen


def judged_pairs(paths: Iterable[Path]) -> set[tuple[str, str]]:
    """(listing's id, recall's number) of every labelled row. Raises ValueError for a row that has neither."""
    found = set()
    for path in paths:
        for number, line in listing_lines(path):
            try:
                row = json.loads(line)
                recalls = row.get("recalls") or [row["recall"]]
                found |= {(str(row["id"]), str(recall).replace("-", "")) for recall in recalls}
            except (json.JSONDecodeError, KeyError, AttributeError, TypeError) as error:
                raise ValueError(f'{path}, line {number}: a row with "id" and "recall" was expected') from error
    return found


def main(arguments: list[str], read_recalls: ReadRecalls) -> int:
    """Exit status 0, or 2 where a file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m listings.matching judge-next",
        description="Write the pairs that a person should judge next, one line of JSON each: fill in label and add the "
        "rows to a labelled set.",
    )
    parser.add_argument("--recalls", type=Path, required=True, help="a publisher's file of recalls, packed or plain")
    parser.add_argument("--listings", type=Path, required=True, nargs="+", help="JSONL, gzip or plain")
    parser.add_argument("--judged", type=Path, nargs="*", default=[], help="labelled sets: their pairs are left out")
    parser.add_argument("--count", type=int, default=50, help="number of pairs (default: 50)")
    parser.add_argument("--output", type=Path, required=True, help="where to write the pairs")
    options = parser.parse_args(arguments)
    refused = [0]
    try:
        judged = judged_pairs(options.judged)
        rows = list(read_recalls(options.recalls))
        index = RecallIndex(read_recall(row) for row in rows if not isinstance(row, UnreadableRecord))
        found = most_informative(index, texts_in(options.listings, refused), max(1, options.count), judged)
    except (UnreadableFile, OSError, EOFError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    with options.output.open("w", encoding="utf-8", errors="backslashreplace") as out:
        out.writelines(f"{json.dumps(each.as_row(), ensure_ascii=False)}\n" for each in found)
    sys.stderr.write(f"{len(found):,} pairs to judge; {refused[0]:,} lines could not be read\n")
    return 0
