"""python -m benchmarks.relistings --data D: how many copies of a removed listing's description are found again, and how many
other listings of the catalogue would be asked about because of it.

Removed listings are drawn from the haystacks' listings with a description, copies are made of each in the ways of sellers
who bring it back, and every other listing of the haystacks is one that should not be asked about. Judged by the text alone,
as listings/services/removal_traces.py does; no database is needed.
"""

import argparse
import gzip
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from listings.matching.copies import SEARCHED_BY, copied_share, is_template, own_runs, runs_of, text_keys

FILES = ("haystack3.jsonl.gz", "haystack.jsonl.gz")
READ = 40  # other listings, as in listings/services/removal_traces.py, which needs a database
SHOP = "Welcome to our shop. Parcels leave within one working day and returns are free for thirty days, whatever the reason."
Way = Callable[[str, random.Random], str]


def _each_word(text: str, chance: random.Random, share: float, other: str) -> str:
    return " ".join(word for old in text.split() if (word := other if chance.random() < share else old))


def _reordered(text: str, chance: random.Random) -> str:
    sentences = text.split(". ")
    chance.shuffle(sentences)
    return ". ".join(sentences)


WAYS: dict[str, Way] = {
    "as it is": lambda text, _: text,
    "between words of the shop": lambda text, _: f"{SHOP} {text} {SHOP}",
    "a word in twelve replaced": lambda text, chance: _each_word(text, chance, 1 / 12, "nice"),
    "a word in eight left out": lambda text, chance: _each_word(text, chance, 1 / 8, ""),
    "sentences in another order": _reordered,
    "the first two thirds": lambda text, _: " ".join(text.split()[: len(text.split()) * 2 // 3]),
    "capitals, two letters Cyrillic": lambda text, _: text.upper().replace("A", "\u0410").replace("O", "\u041e"),
    "entities and invisible characters": lambda text, _: text.replace("e", "&#101;", 3).replace("a", "a\u200b"),
}


def descriptions(data: Path) -> Iterator[str]:
    for name in FILES:
        with gzip.open(data / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line).get("description") or ""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how copied descriptions of removed listings are found again.")
    parser.add_argument("--data", type=Path, required=True, help="the folder with the haystacks")
    parser.add_argument("--removed", type=int, default=3_000, help="listings that are taken to be removed (3,000)")
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311  a sample, no secret
    texts = list(descriptions(options.data))
    runs = {place: found for place, text in enumerate(texts) if (found := runs_of(text))}
    carriers: dict[str, list[int]] = defaultdict(list)
    for place, found in runs.items():
        for key in text_keys(found):
            carriers[key].append(place)
    removed = chance.sample(sorted(runs), min(options.removed, len(runs)))
    _say(f"{len(texts):,} listings, {len(runs):,} with a description to tell; {len(removed):,} of them removed")
    told = asking = asked = 0
    found_again: Counter[str] = Counter()
    for place in removed:
        own = _own(place, runs, carriers)
        if not own:
            continue
        told += 1
        keys = set(text_keys(own, SEARCHED_BY))
        others = {other for key in keys for other in carriers.get(key, ()) if other != place}
        count = sum(copied_share(own, runs[other]) > 0 for other in others)
        asking, asked = asking + bool(count), asked + count
        for way, change in WAYS.items():
            copy = runs_of(change(texts[place], chance))
            found_again[way] += not keys.isdisjoint(text_keys(copy)) and copied_share(own, copy) > 0
    _say(f"{told:,} have a text of their own; {asked:,} other listings are asked about because of {asking:,} of them")
    for way in WAYS:
        _say(f"{way:36} {found_again[way]:,} of {told:,} found again")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _own(place: int, runs: dict[int, frozenset[int]], carriers: dict[str, list[int]]) -> frozenset[int]:
    """The runs of words that the listing's description has for itself; empty where it is a template."""
    mine = runs[place]
    if is_template(len(carriers[key]) - 1 for key in text_keys(mine)):
        return frozenset()
    others = dict.fromkeys(o for key in text_keys(mine, SEARCHED_BY) for o in carriers.get(key, ()) if o != place)
    return own_runs(mine, (runs[other] for other in list(others)[:READ]))


if __name__ == "__main__":
    main()
