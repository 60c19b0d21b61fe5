"""The highest possible score of a pair, from a quick read: pairs that cannot become a match are not compared further.

Nine of ten candidates share a word and nothing else. The bound is never below the score of all rules, so leaving a
pair out changes no match (tests/listings/matching/test_upper_bound.py compares the two on every pair of a sample).
"""

from collections.abc import Iterable, Set
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from listings.matching.lexicon import PRODUCT_TYPES, WIDER, is_name, rarity
from listings.matching.names import Distinctive, joins_of, worth
from listings.matching.pair import LEADING
from listings.matching.quick_read import QuickRead
from listings.matching.recall import RecallReading
from listings.matching.rules import MAX_WEIGHTS
from listings.matching.rules.against.limits import MIN_SHARE
from listings.matching.rules.base import WEIGHTS
from listings.matching.rules.kinds.product_type import PART_OF_NAME
from listings.matching.rules.names.brand import share_of as brand_share
from listings.matching.rules.names.name_line import FROM as LINE_FROM
from listings.matching.rules.names.name_line import MAX_SHARE, WHOLE_COUNTS
from listings.matching.rules.names.name_plain import share_of
from listings.matching.rules.names.title_fits import ENOUGH, FITS_FROM, PLAIN
from listings.matching.rules.names.whole import WHOLE
from listings.matching.score import HOPELESS

_NOBODY: set[str] = set()
LINE = MAX_WEIGHTS["name_line"] / MAX_SHARE  # the weight that shares are taken of
ENDLESS = 99.0  # the same number: always compare


class Line(NamedTuple):
    """The words of a product's name with their shares of it, and how strong the whole name is as evidence."""

    shares: dict[str, float]
    distinctive: float


class Profile(NamedTuple):
    """What the upper bound needs to know of a recall, and the highest weight (log-odds) of each fact.

    `base` is what it may have without any shared word; `names` are the words whose misspellings count, under their
    first letter and under the next two.
    """

    numbers: frozenset[str]
    has_beginnings: bool
    has_models: bool
    brands: dict[str, float]
    beside_brand: float
    lines: tuple[Line, ...]
    line_words: frozenset[str]
    names: dict[str, list[str]]
    kinds: frozenset[str]
    heads: frozenset[str]
    described: frozenset[str]
    said: frozenset[str]
    known: frozenset[str]
    base: float
    size: float
    limits: float
    plain: bool
    says_more: float
    adds: float
    other_product_type: float
    gives_up_below: float


def profile_of(recall: RecallReading) -> Profile:
    products = recall.products
    lines = tuple(_line(line) for product in products for line in product.parts.lines)
    line_words = frozenset(word for line in lines for word in line.shares)
    names = frozenset(recall.brands).union(line_words, *(product.name_words for product in products))
    product_types = frozenset().union(*(product.parts.product_types for product in products))
    near = {narrow for narrow, wide in WIDER.items() if wide in product_types} | {
        WIDER[each] for each in product_types & WIDER.keys()
    }
    plain = any(not product.parts.lines for product in products)
    sizes = recall.dimensions or recall.sizes or any(product.sizes for product in products)
    return Profile(
        numbers=frozenset().union(
            recall.gtins, recall.models, *(each.gtins for each in products), *(each.models for each in products)
        ),
        has_beginnings=bool(recall.beginnings or recall.endings),
        has_models=bool(recall.models) or any(product.models for product in products),
        brands={word: WEIGHTS["same_brand"] * brand_share(word) for word in recall.brands},
        beside_brand=(MAX_WEIGHTS["component"] if recall.host else 0.0) + _plain(recall),
        lines=lines,
        line_words=line_words,
        names=_by_beginning(word for word in names if len(word) >= 5 and word.isalpha()),
        kinds=product_types | near,
        heads=frozenset().union(*(product.parts.heads for product in products)),
        described=frozenset(recall.described).union(*recall.described_pairs),
        said=recall.all_words,
        known=recall.all_words | names,
        base=MAX_WEIGHTS["prior"],
        size=MAX_WEIGHTS["size"] if sizes else 0.0,
        limits=_limits(recall),
        plain=plain,
        says_more=0.0 if recall.host else WEIGHTS["title_mentions_something_else"] * (PLAIN if plain else 1.0),
        adds=0.0 if recall.host else WEIGHTS["title_adds_words"] * PLAIN,
        other_product_type=0.0
        if recall.host or not product_types
        else WEIGHTS["different_product_type"] * PART_OF_NAME,
        gives_up_below=HOPELESS
        - sum(MAX_WEIGHTS[rule] for rule in ("product_type", "described", "disguised", "model")),
    )


def _limits(recall: RecallReading) -> float:
    """The least that `limits_not_stated` takes where nothing of the product's own name is there."""
    if recall.every or recall.host:
        return 0.0
    limited = min((recall.limits(product.index)[0] for product in recall.products), default=0.0)
    return WEIGHTS["limits_not_stated"] * limited * max(MIN_SHARE, recall.breadth)


def _plain(recall: RecallReading) -> float:
    """The most that `name_plain` can give."""
    plain = [product for product in recall.products if recall.every or not product.parts.lines]
    if not recall.every:
        plain = [product for product in plain if not (recall.models or product.models)]
    return max((MAX_WEIGHTS["name_plain"] * share_of(recall, product.index) for product in plain), default=0.0)


def upper_bound(recall: Profile, listing: QuickRead) -> float:
    """An upper bound of the log-odds that `compare` can give to this pair."""
    words = listing.words
    if not recall.numbers.isdisjoint(listing.numbers) or not recall.numbers.isdisjoint(listing.gtins):
        return ENDLESS
    if recall.has_beginnings and listing.numbers:
        return ENDLESS
    near, names = _near(recall, listing) if listing.strange else (_NOBODY, _NOBODY)
    said = words | listing.more_words | names if listing.more_words or names else words
    has_line = not recall.line_words.isdisjoint(said)
    whole = recall.plain or (has_line and any(_share(line, said) >= WHOLE for line in recall.lines))
    best = recall.base + _fit(recall, listing, near, said if whole else _NOBODY) + _brand(recall, listing, said, names)
    if whole and recall.lines:
        best += MAX_WEIGHTS["whole"]
    if listing.measures:
        best += recall.size
    if recall.limits and not has_line and recall.described.isdisjoint(words):
        best += recall.limits
    if has_line:
        best += LINE * max([_told(line, said) for line in recall.lines])
    if best < recall.gives_up_below:
        return best
    if not words.isdisjoint(recall.described):
        best += MAX_WEIGHTS["described"]
    if listing.hides:
        best += MAX_WEIGHTS["disguised"]
    if listing.has_numbers and recall.has_models:
        best += MAX_WEIGHTS["model"]
    return best + (
        MAX_WEIGHTS["product_type"]
        if _is_of_kind(recall, listing)
        else recall.other_product_type
        if listing.product_types
        else 0.0
    )


def _fit(recall: Profile, listing: QuickRead, near: Set[str], said: Set[str]) -> float:
    """The most that `title_fits` can give, or the least that `title_says_more` takes; kinds and numbers may be known."""
    known, more, weighty = recall.known, 0.0, 0.0
    if not known.isdisjoint(listing.joined):
        near = set(near).union(*(pair for both, pair in listing.joined.items() if both in known))
    for word, worth_of_word, weight in listing.plain:
        if word not in known and word not in near:
            more += worth_of_word
            weighty += weight
    total = listing.worth
    if total and (share := 1 - more / total) >= FITS_FROM:
        return MAX_WEIGHTS["title_fits"] * (share - FITS_FROM) / (1 - FITS_FROM) * min(1.0, total - more)
    if not recall.brands.keys().isdisjoint(said):
        return max(recall.says_more, recall.adds) * min(1.0, weighty / ENOUGH)  # the whole name may be there
    return recall.says_more * min(1.0, weighty / ENOUGH)


def _brand(recall: Profile, listing: QuickRead, said: Set[str], names: set[str]) -> float:
    """The most that the brand can give; what another brand takes, where the listing certainly has another one."""
    if not recall.brands.keys().isdisjoint(said):
        best = max([weight for word, weight in recall.brands.items() if word in said]) + recall.beside_brand
        return best if recall.brands.keys().isdisjoint(names) else best + WEIGHTS["misspelled_brand"]
    if not recall.brands or names:
        return 0.0
    if listing.brand:
        return WEIGHTS["different_brand"] if _has_other_brand(recall, listing) else 0.0
    if listing.maker and not recall.said.issuperset(listing.maker):
        return WEIGHTS["different_maker"]
    return WEIGHTS["brand_not_named"] if recall.line_words.isdisjoint(said) else 0.0


def _line(line: dict[str, Distinctive]) -> Line:
    total = worth(line)
    leading = next(iter(line), "")
    max_shares = total
    if len(line) > 2 and is_name(leading):
        max_shares -= line[leading].weight ** 2 * (1 - LEADING)
    shares = {word: distinctive.weight**2 / max_shares for word, distinctive in line.items()}
    shares |= {both: shares[one] + shares[other] for both, (one, other) in joins_of(line).items() if both not in shares}
    return Line(shares, max(WHOLE_COUNTS, min(MAX_SHARE, total)))


def _share(line: Line, said: Set[str]) -> float:
    return sum(share for word, share in line.shares.items() if word in said)


def _told(line: Line, said: Set[str]) -> float:
    """The most that `name_line` can take of its weight."""
    return max(0.0, min(1.0, _share(line, said)) - LINE_FROM) / (1 - LINE_FROM) * line.distinctive


def _has_other_brand(recall: Profile, listing: QuickRead) -> bool:
    distinct = [word for word in listing.brand if word not in PRODUCT_TYPES and rarity(word) > 0]
    return bool(distinct) and recall.said.isdisjoint(distinct)


def _is_of_kind(recall: Profile, listing: QuickRead) -> bool:
    return (
        not recall.kinds.isdisjoint(listing.kinds)
        or not recall.kinds.isdisjoint(listing.product_types)
        or not recall.heads.isdisjoint(listing.words)
    )


def _near(recall: Profile, listing: QuickRead) -> tuple[set[str], set[str]]:
    """The words of the listing that may be misspelt names of the recall, by the measure of `pair.misspelling`, and
    these names."""
    near: set[str] = set()
    names: set[str] = set()
    for word in listing.strange:
        for beginning in (word[0], word[1:3]):
            for name in recall.names.get(beginning, ()):
                if _is_near(word, name):
                    near.add(word)
                    names.add(name)
    return near, names


def _is_near(word: str, name: str) -> bool:
    lengths = len(word), len(name)
    if abs(lengths[0] - lengths[1]) > 2:
        return lengths[0] > lengths[1] and word.startswith(name)
    allowed = 1 if max(lengths) < 9 else 2
    return DamerauLevenshtein.distance(name, word, score_cutoff=allowed) <= allowed


def _by_beginning(words: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        found.setdefault(word[0], []).append(word)
        found.setdefault(word[1:3], []).append(word)
    return found
