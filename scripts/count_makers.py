#!/usr/bin/env python3
"""Collect the names of makers and brands that recalls and listings' brand fields state, and count how much of each there
is: the fixed table from which matching knows that a title begins with a maker, whose product a recall's name begins with,
and whether a maker makes many things.

    scripts/count_makers.py --recalls RECALLS.json.gz --listings LISTINGS.jsonl.gz … > makers.json
    mv makers.json listings/matching/lexicon/

A name is kept where a recall's title, mark or "brand" states it, or two listings do. A single word is kept only where
recalls hardly ever write it without a capital, so that it is no ordinary word.
"""

import argparse
import collections
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from listings.matching.brands import stated_makers, without_company
from listings.matching.files import UnreadableRecord, listing_lines
from listings.matching.lexicon import PRODUCT_TYPES, STOP_WORDS, is_name
from listings.matching.lexicon import counted as word_counts
from listings.matching.normalise import words_of
from listings.recall_files import read_recalls

WORDS = 3  # of a name
FIRST = 60  # characters of a title among which a maker stands that leads it
OF_LISTINGS = 2
LEADS = 4  # titles that begin with a name of a recall
SHORTER = 3  # times as often as the longer name: then that names a line of its maker
OF_RECALLS = 7  # what a recall counts against a listing
WELL_KNOWN, IN_LOWER_CASE = 20, 12  # "hp", "brother": stated so often that they are makers, though the words are used
OF_NOBODY = {"cpsc", "firm", "unknown", "generic", "compatible", "none", "unbranded", "announce", "retailer", "various"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recalls", type=Path, required=True)
    parser.add_argument("--listings", type=Path, required=True, nargs="+")
    arguments = parser.parse_args()
    recalls: collections.Counter[tuple[str, ...]] = collections.Counter()
    listings: collections.Counter[tuple[str, ...]] = collections.Counter()
    possible: set[tuple[str, ...]] = set()
    for text in read_recalls(arguments.recalls):
        if not isinstance(text, UnreadableRecord):
            recalls.update({_folded(name) for name in stated_makers(text)})
            for name in (*stated_makers(text), *(product.name for product in text.products)):
                possible.update(_parts(_folded(name), anywhere=name not in {each.name for each in text.products}))
    leading: collections.Counter[tuple[str, ...]] = collections.Counter()
    for path in arguments.listings:
        for _, line in listing_lines(path):
            row = json.loads(line)
            listings[_folded(str(row.get("brand") or ""))] += 1
            if not row.get("brand"):
                first = words_of(str(row["title"])[:FIRST])[:WORDS]
                leading.update(tuple(first[:length]) for length in range(1, len(first) + 1))
    kept = {
        name
        for name in recalls.keys() | listings.keys()
        if name
        and (recalls[name] or listings[name] >= OF_LISTINGS)
        and _names_somebody(name, recalls[name], recalls[name] * OF_RECALLS + listings[name])
    }
    kept |= {name for name in possible if leading[name] >= LEADS and _names_somebody(name, 0, 0)}

    def _stated(name: tuple[str, ...]) -> int:
        return recalls[name] + listings[name] + leading[name]

    for long in sorted(kept, key=len, reverse=True):
        heads = [long[:length] for length in range(1, len(long)) if long[:length] in kept]
        if any(_stated(head) > SHORTER * _stated(long) for head in heads):
            kept.remove(long)  # "graco harmony": a line of Graco
    counted = {" ".join(name): recalls[name] * OF_RECALLS + listings[name] + leading[name] for name in sorted(kept)}
    sys.stdout.write(json.dumps(counted, ensure_ascii=False, indent=0) + "\n")


def _folded(name: str) -> tuple[str, ...]:
    return tuple(words_of(without_company(name))[:WORDS])


def _parts(name: tuple[str, ...], *, anywhere: bool) -> set[tuple[str, ...]]:
    """The one or two words with which a product's name begins, or any in a row of a maker's: "Ames True Temper"."""
    starts = range(len(name)) if anywhere else range(min(1, len(name)))
    return {name[start : start + length] for start in starts for length in (1, 2) if start + length <= len(name)}


def _names_somebody(name: tuple[str, ...], of_recalls: int, stated: int) -> bool:
    if not OF_NOBODY.isdisjoint(name) or name[0].isdigit():
        return False
    if len(name) > 1:
        return any(is_name(word) and word not in PRODUCT_TYPES for word in name) or of_recalls > 1
    if len(name[0]) < 2 or name[0] in STOP_WORDS:
        return False
    if is_name(name[0]):
        return name[0] not in PRODUCT_TYPES or of_recalls > 1
    return stated >= WELL_KNOWN and name[0] not in PRODUCT_TYPES and word_counts(name[0])[2] <= IN_LOWER_CASE


if __name__ == "__main__":
    main()
