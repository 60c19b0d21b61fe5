"""python -m benchmarks.same_matches: what makes matching fast changes nothing, on real listings.

Listings spread evenly over the files are matched as always (through the columns that rule out most of them at once), and
once more with every pair that shares a key compared by all rules: without an upper bound, and without giving up on a pair
before its last rule.
"""

import argparse
import gc
import json
import multiprocessing
import sys
from itertools import islice
from pathlib import Path

from benchmarks.pairs import HAYSTACKS, LABELLED, index_of
from listings.matching import ListingText, Match, RecallIndex, compare, listing_keys, quick_read, read_listing
from listings.matching.bulk.filter import BulkFilter
from listings.matching.bulk.tables import tables_of
from listings.matching.files import listing_lines, parse_listing

LISTINGS = 20_000
CHUNK = 250
SHOWN = 20
_index: RecallIndex
_filter: BulkFilter
_texts: list[ListingText]


def plainly(text: ListingText) -> list[Match]:
    """Every candidate compared in full."""
    shown, listing = quick_read(text), read_listing(text)
    places = _index.candidates(shown, listing_keys(shown))
    found = (compare(_index.readings[place], listing) for place in places)
    matches = [match for match in found if match is not None and match.band != "no"]
    return sorted(matches, key=lambda match: (-match.score, match.recall_number))


def differences(start: int) -> tuple[int, list[str]]:
    """How many matches there are in a part of the listings, and what differs."""
    matches, differ = 0, []
    texts = _texts[start : start + CHUNK]
    for text, among in zip(texts, _filter.hopeful(texts), strict=True):
        expected = [json.dumps(match.as_dict()) for match in plainly(text)]
        found = [json.dumps(match.as_dict()) for match in _index.judged(text, among=among) if match.band != "no"]
        matches += len(expected)
        if found != expected:
            differ.append(f"{text.id} {text.title[:100]!r}: {len(found)} matches, in full {len(expected)}")
    return matches, differ


def spread(data: Path, count: int) -> list[ListingText]:
    """All labelled listings, and as many of the others as are missing to `count`, evenly over their files."""
    texts = [parse_listing(line)[0] for name in LABELLED for _, line in listing_lines(data / f"{name}.jsonl")]
    others = [line for name in HAYSTACKS for _, line in listing_lines(data / f"{name}.jsonl.gz")]
    wanted = max(0, count - len(texts))
    step = max(1, len(others) // wanted) if wanted else len(others) + 1
    return texts + [parse_listing(line)[0] for line in islice(others[::step], wanted)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.same_matches", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with recalls, haystacks and labelled sets")
    parser.add_argument("--listings", type=int, default=LISTINGS, help=f"how many; default: {LISTINGS:,}")
    options = parser.parse_args()
    global _index, _filter, _texts  # noqa: PLW0603  inherited by the forked workers
    _index, _texts = index_of(options.data / "cpsc_recalls.json.gz"), spread(options.data, options.listings)
    _filter = BulkFilter(tables_of(_index.profiles, _index.postings))
    gc.collect()
    gc.freeze()
    with multiprocessing.get_context("fork").Pool(2) as pool:
        parts = pool.map(differences, range(0, len(_texts), CHUNK), chunksize=1)
    differ = [each for _, some in parts for each in some]
    sys.stdout.writelines(f"{each}\n" for each in differ[:SHOWN])
    sys.stdout.write(
        f"same-matches: {len(_texts):,} listings x {len(_index.numbers):,} recalls, {sum(count for count, _ in parts):,} "
        f"matches, {len(differ)} listings differ\n"
    )
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
