"""python -m listings.matching explain: all evidence of one pair, for and against, with its places in the texts."""

import argparse
import json
import math
import sys
from collections.abc import Iterable
from pathlib import Path

from listings.matching.files import ReadRecalls, UnreadableFile, UnreadableRecord, listing_lines, parse_listing
from listings.matching.keys import listing_keys, recall_keys
from listings.matching.listing import read_listing
from listings.matching.profile import profile_of
from listings.matching.quick_read import quick_read
from listings.matching.recall import read_recall
from listings.matching.rules.base import WEIGHTS
from listings.matching.score import HOPELESS, compare
from listings.matching.texts import ListingText, RecallText, Span
from listings.matching.upper_bound import upper_bound


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m listings.matching explain",
        description="Show how one listing compares with one recall: shared keys, all evidence and the score.",
    )
    parser.add_argument("--recalls", type=Path, required=True, help="a publisher's file of recalls, packed or plain")
    parser.add_argument("--recall", required=True, help="the recall's number")
    parser.add_argument(
        "--listing", required=True, help="a title, the listing as JSON (title at least), or its id in --listings"
    )
    parser.add_argument("--listings", type=Path, help="JSONL, gzip or plain, in which to find the id")
    return parser


def main(arguments: list[str], read_recalls: ReadRecalls) -> int:
    """Exit status 0, or 2 where the recall or the listing is not there."""
    options = _parser().parse_args(arguments)
    try:
        recall = _recall(read_recalls(options.recalls), options.recalls, options.recall)
        listing = _listing(options.listing, options.listings)
    except (UnreadableFile, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("\n".join(explained(recall, listing)) + "\n")
    return 0


def explained(text: RecallText, listing: ListingText) -> list[str]:
    """The lines of the explanation."""
    recall, shown = read_recall(text), quick_read(listing)
    shared = sorted(recall_keys(recall) & listing_keys(shown))
    lines = [f"Recall {recall.number}: {text.title}", f"Listing {listing.id}: {listing.title}"]
    lines.append(f"Shared keys: {', '.join(shared) or 'none, so matching never compares the two'}")
    highest = upper_bound(profile_of(recall), shown)
    if highest < HOPELESS:
        lines.append(f"Quick read: the score is at most {_probability(highest):.3f}, so matching stops here")
    match = compare(recall, read_listing(listing))
    if match is None:
        return [*lines, "No evidence for a match."]
    lines.append(f"Product: {recall.products[match.product_index].name}")
    lines.append(f"  {WEIGHTS['prior']:+6.2f}  before any evidence")
    for item in sorted(match.evidence, key=lambda item: -item.weight):
        places = " ".join(
            _place(side, span) for side, span in (("recall", item.recall_span), ("listing", item.listing_span)) if span
        )
        lines.append(f"  {item.weight:+6.2f}  {item.signal}: {item.detail}{f'  [{places}]' if places else ''}")
    return [*lines, f"Score {match.score:.4f}: {match.band}"]


def _place(side: str, span: Span) -> str:
    return f"{side} {span.field} {span.start}-{span.end} “{span.text[:40]}”"


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def _recall(rows: Iterable[RecallText | UnreadableRecord], path: Path, number: str) -> RecallText:
    wanted = number.replace("-", "").strip()
    for row in rows:
        if not isinstance(row, UnreadableRecord) and row.number.replace("-", "") == wanted:
            return row
    raise ValueError(f"There is no recall {number} in {path}. Check the number.")


def _listing(given: str, path: Path | None) -> ListingText:
    if path is None:
        row = (
            {"id": "given", **json.loads(given)} if given.lstrip().startswith("{") else {"id": "given", "title": given}
        )
        return parse_listing(json.dumps(row))[0]
    for _, line in listing_lines(path):
        if given in line and (text := parse_listing(line)[0]).id == given:
            return text
    raise ValueError(f"There is no listing {given} in {path}. Check the id.")
