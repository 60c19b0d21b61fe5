"""python -m listings.matching codes: the GTINs that several unrelated listings, brands or recalls carry.

Such a code proves nothing by itself: a placeholder that a feed fills in, a lot number that passes a check digit, or a
code copied from another product. The engine doubts what one pair shows (rules/identifiers/gtin.py); what only many
listings together show is reported here, for the platform to correct in its feed.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from listings.matching.files import ReadRecalls, UnreadableFile, UnreadableRecord, listing_lines, parse_listing
from listings.matching.gtins import codes_in, doubt_of
from listings.matching.lexicon import rarity
from listings.matching.listing import title_maker
from listings.matching.names import STRONG_FROM
from listings.matching.normalise import texts_of, words_of
from listings.matching.recall import RecallReading, read_recall
from listings.matching.texts import ListingText

EXAMPLES, MAX_SEEN = 3, 50  # listings shown of a code; listings of a code that are compared


class Carrier(NamedTuple):
    """A listing with a code: its id, its title, and the folded words of its brand and of its title that tell it."""

    id: str
    title: str
    brand: frozenset[str]
    words: frozenset[str]


class SharedCode(NamedTuple):
    """A GTIN that is no proof by itself: how many listings carry it, why it is doubted, and some of them."""

    gtin: str
    listings: int
    reasons: tuple[str, ...]
    examples: tuple[Carrier, ...]
    recalls: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "gtin": self.gtin,
            "listings": self.listings,
            "reasons": list(self.reasons),
            "examples": [{"id": each.id, "title": each.title} for each in self.examples],
            "recalls": list(self.recalls),
        }


def shared_codes(listings: Iterable[ListingText], recalls: Iterable[RecallReading] = ()) -> list[SharedCode]:
    """The codes that two brands, unrelated titles or recalls of different brands carry, those of most listings first.

    Brands differ where no word of them is the same; titles are unrelated where they share no distinctive word.
    """
    counts: dict[str, int] = {}
    carriers: dict[str, list[Carrier]] = {}
    for text in listings:
        for gtin in {code.gtin for code in codes_in(text.gtin)} if text.gtin else ():
            counts[gtin] = counts.get(gtin, 0) + 1
            if len(seen := carriers.setdefault(gtin, [])) < MAX_SEEN:
                seen.append(carrier_of(text))
    named: dict[str, list[RecallReading]] = {}
    for recall in recalls:
        for gtin in recall.all_gtins():
            named.setdefault(gtin, []).append(recall)
    found = []
    for gtin in counts.keys() | named.keys():
        seen, of_recalls = carriers.get(gtin, []), named.get(gtin, [])
        if reasons := tuple(reasons_of(seen, of_recalls)):
            doubt = doubt_of(gtin)
            numbers = tuple(sorted(recall.number for recall in of_recalls))
            found.append(
                SharedCode(
                    gtin, counts.get(gtin, 0), (*reasons, doubt) if doubt else reasons, tuple(seen[:EXAMPLES]), numbers
                )
            )
    return sorted(found, key=lambda each: (-each.listings, each.gtin))


def carrier_of(text: ListingText) -> Carrier:
    """A listing as it is compared with others of the same code."""
    words = words_of(text.title)
    brand = texts_of(text.brand) or title_maker(words)
    return Carrier(
        text.id, text.title, frozenset(brand), frozenset(word for word in words if rarity(word) >= STRONG_FROM)
    )


def reasons_of(seen: list[Carrier], recalls: Sequence[RecallReading] = ()) -> Iterator[str]:
    """Why a code that these listings carry, and these recalls name, is no proof by itself."""
    first = next((each for each in seen if each.brand), None)
    if first and any(each.brand and each.brand.isdisjoint(first.brand) for each in seen):
        yield "listings of different brands carry it"
    told = [each for each in seen if each.words]
    if told and any(each.words.isdisjoint(told[0].words | told[0].brand) for each in told):
        yield "listings of unrelated titles carry it"
    if any(not recalls[0].brands.keys() & recall.brands.keys() for recall in recalls[1:]):
        yield "recalls of different brands name it"


def main(arguments: list[str], read_recalls: ReadRecalls) -> int:
    """Exit status 0, or 2 where a file cannot be read. Lines that are no listings are counted and left out."""
    parser = argparse.ArgumentParser(
        prog="python -m listings.matching codes",
        description="Report the GTINs that several unrelated listings, brands or recalls carry, one line of JSON each.",
    )
    parser.add_argument("--listings", type=Path, required=True, nargs="+", help="JSONL, gzip or plain")
    parser.add_argument("--recalls", type=Path, help="also report the codes that recalls of different brands name")
    parser.add_argument("--output", type=Path, help="where to write the report (default: standard output)")
    options = parser.parse_args(arguments)
    refused = [0]
    try:
        rows = [] if options.recalls is None else list(read_recalls(options.recalls))
        readings = [read_recall(row) for row in rows if not isinstance(row, UnreadableRecord)]
        found = shared_codes(texts_in(options.listings, refused), readings)
    except (UnreadableFile, OSError, EOFError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    report = "".join(f"{json.dumps(each.as_dict(), ensure_ascii=False)}\n" for each in found)
    if options.output:
        options.output.write_text(report, encoding="utf-8", errors="backslashreplace")
    else:
        sys.stdout.write(report)
    sys.stderr.write(f"{len(found):,} shared codes; {refused[0]:,} lines could not be read\n")
    return 0


def texts_in(paths: Iterable[Path], refused: list[int]) -> Iterator[ListingText]:
    """The listings of files; adds to `refused[0]` for each line that is none."""
    for path in paths:
        for _, line in listing_lines(path):
            try:
                yield parse_listing(line)[0]
            except ValueError:
                refused[0] += 1
