#!/usr/bin/env python3
"""Count in how many recalls and listings each word stands, and in how many recalls without a capital letter: the fixed
table from which matching knows rare words and names.

    scripts/count_words.py --recalls RECALLS.json.gz --listings LISTINGS.jsonl.gz > word_counts.json
    mv word_counts.json listings/matching/lexicon/

Only words that are not rare are kept; a word that is missing from the table is a rare one. The table is part of the
keys stored for every listing, so a new table means that all listings are matched again.
"""

import argparse
import collections
import gzip
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from listings.matching.normalise import words_of

KEPT_FROM = 4  # recalls; below that a word is rare
KEPT_LISTINGS = 25
KEPT_IN_LOWER_CASE = 3  # recall descriptions that write the word without a capital: it is no name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recalls", type=Path, required=True)
    parser.add_argument("--listings", type=Path, required=True)
    arguments = parser.parse_args()
    recalls: collections.Counter[str] = collections.Counter()
    in_lower_case: collections.Counter[str] = collections.Counter()
    listings: collections.Counter[str] = collections.Counter()
    with gzip.open(arguments.recalls, "rt", encoding="utf-8") as source:
        for recall in json.load(source):
            names = " ".join(str(product.get("Name") or "") for product in recall["Products"])
            recalls.update(set(words_of(f"{recall['Title']} {names}")))
            lower = " ".join(word for word in str(recall["Description"] or "").split() if word.islower())
            in_lower_case.update(set(words_of(lower)))
    with gzip.open(arguments.listings, "rt", encoding="utf-8") as source:
        for line in source:
            listings.update(set(words_of(json.loads(line)["title"])))
    kept = {
        word: [recalls[word], listings[word], in_lower_case[word]]
        for word in sorted(recalls.keys() | listings.keys() | in_lower_case.keys())
        if recalls[word] >= KEPT_FROM or listings[word] >= KEPT_LISTINGS or in_lower_case[word] >= KEPT_IN_LOWER_CASE
    }
    sys.stdout.write(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).replace("],", "],\n") + "\n")


if __name__ == "__main__":
    main()
