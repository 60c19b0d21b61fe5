"""What a copied listing keeps: the wording of its description, and the name of its picture's file.

Whoever offers a removed product again under another name seldom writes a new description or takes a new photo. Texts are
compared by their runs of RUN words, folded as everywhere in matching, so that look-alike letters and entities change
nothing; a few of them are candidate keys (c:), as is the name of the picture's file (i:).
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

from listings.matching.pieces import read_field
from listings.matching.texts import ListingText

RUN = 4  # words: shorter runs are in every other text, longer ones break at each changed word
MAX_READ, MAX_WORDS = 6_000, 600  # characters and words of a description
KEYS = 4  # of a description: of two that share half of their runs, 19 in 20 pairs share a key
MIN_RUNS = 8  # "New in box, ships today" is no description
COPIED_FROM, WHOLE_FROM = 0.5, 0.85  # share of the removed description's own runs that a copy has
MIN_COPIED = 8  # runs that a copy has
SEARCHED_BY = 16  # runs of a removed description that are searched for: a copy has its own smallest among its own words
COMMON_FROM = 3  # listings of other products that have a run of words, from which it is no sign of this one
MIN_NAME = 12  # letters and digits of a file's name that says which picture it is; "main-image.jpg" does not
_FILE = re.compile(r"/([^/?#]+?)\.(?:jpe?g|png|webp|gif|avif)(?=$|[?#._!])", re.IGNORECASE)


@lru_cache(maxsize=8)  # a text is asked for its keys, and then by each removed listing that it is compared with
def runs_of(description: str) -> frozenset[int]:
    """The runs of words of a description, each as a number of 32 bits; empty where it is too short to be told."""
    words = read_field(description, MAX_READ).texts[:MAX_WORDS]
    if len(words) < MIN_RUNS + RUN - 1:
        return frozenset()
    found = frozenset(crc32(" ".join(words[at : at + RUN]).encode()) for at in range(len(words) - RUN + 1))
    return found if len(found) >= MIN_RUNS else frozenset()


def text_keys(runs: Iterable[int], most: int = KEYS) -> list[str]:
    """The keys of the smallest of `runs`: the same few of two texts, as far as both have them."""
    return [f"c:{run:08x}" for run in sorted(runs)[:most]]


def is_template(carriers: Iterable[int]) -> bool:
    """Whether a description is one that many goods have, whatever stands between; `carriers` are how many listings of other
    products carry each of its stored keys."""
    return sum(count >= COMMON_FROM for count in carriers) > KEYS // 4


def own_runs(runs: frozenset[int], others: Iterable[frozenset[int]]) -> frozenset[int]:
    """Those of `runs` that the descriptions of other products do not have; empty where too few are left to tell."""
    counts = Counter(run for other in others for run in runs & other)
    own = frozenset(run for run in runs if counts[run] < COMMON_FROM)
    return own if len(own) >= MIN_RUNS else frozenset()


def copied_share(own: frozenset[int], other: frozenset[int]) -> float:
    """The share of a removed description's own runs that another description has; 0 where it is no copy."""
    copied = len(own & other)
    share = copied / len(own) if own else 0.0
    return share if copied >= MIN_COPIED and share >= COPIED_FROM else 0.0


def picture_key(image_link: str) -> str:
    """The key of a picture's file, wherever it is served; "" where its name would fit many pictures."""
    name = _file_name(image_link)
    return f"i:{name}" if name else ""


def catalogue_keys(keys: Iterable[str], text: ListingText) -> set[str]:
    """All keys under which a listing is stored: those of matching, and those by which its text and picture are found."""
    found = {*keys}
    if len(text.description) > MIN_RUNS * RUN:
        found.update(text_keys(runs_of(text.description)))
    if text.image_link and (key := picture_key(text.image_link)):
        found.add(key)
    return found


def _file_name(image_link: str) -> str:
    match = _FILE.search(image_link)
    if match is None:
        return ""
    name = match.group(1).lower()
    told = sum(letter.isalnum() for letter in name)
    return name[:80] if told >= MIN_NAME and sum(letter.isdigit() for letter in name) >= 4 else ""
