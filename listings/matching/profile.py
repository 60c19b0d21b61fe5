"""What the upper bound needs to know of a recall, worked out once for all listings."""

from collections.abc import Iterable
from typing import NamedTuple

from listings.matching.brands import names_alone
from listings.matching.lexicon import BROAD_PRODUCT_TYPES, WIDER, is_name, is_unknown
from listings.matching.names import Distinctive, worth
from listings.matching.pair import LEADING, is_own_name
from listings.matching.recall import ProductReading, RecallReading
from listings.matching.rules import MAX_WEIGHTS
from listings.matching.rules.against.limits import MIN_SHARE
from listings.matching.rules.base import WEIGHTS
from listings.matching.rules.kinds.product_type import BROAD, PART_OF_NAME, RELATED
from listings.matching.rules.names import name_model as name_models
from listings.matching.rules.names.brand import share_of as brand_share
from listings.matching.rules.names.brand import share_of_whole
from listings.matching.rules.names.name_line import MAX_SHARE, WHOLE_COUNTS
from listings.matching.rules.names.name_plain import share_of
from listings.matching.rules.names.title_fits import PLAIN


class Line(NamedTuple):
    """The words of a product's name with their shares of it, and how strong the whole name is as evidence; `names` are
    those that are no ordinary words, `worth` what all of it is worth where its leading word is missing."""

    shares: dict[str, float]
    distinctive: float
    names: frozenset[str]
    worth: float


class Profile(NamedTuple):
    """What the upper bound needs to know of a recall, and the highest weight (log-odds) of each fact.

    `base` is what it may have without any shared word; `names` are the words whose misspellings count, under their
    first letter and under the next two; `lacks` is the least that the lack of all words of the lines
    takes; `naming` are brand words of which one is enough, `brand_names` those that must
    be there together, `rare_brands` those that pass for a misspelling of themselves where they do not name the brand;
    `named` the words of names and brands that others may be like; `hosts` the types of what a recalled part belongs to; `name_models` the model numbers in the
    products' names, where each has one.
    """

    numbers: frozenset[str]
    beginnings: tuple[str, ...]
    endings: tuple[str, ...]
    has_models: bool
    brands: dict[str, float]
    naming: frozenset[str]
    brand_names: tuple[frozenset[str], ...]
    rare_brands: frozenset[str]
    name_plain: float
    hosts: frozenset[str]
    lines: tuple[Line, ...]
    line_words: frozenset[str]
    lacks: float
    names: dict[str, list[str]]
    kinds: dict[str, float]
    unsure_kinds: frozenset[str]
    heads: frozenset[str]
    described: frozenset[str]
    described_pairs: tuple[tuple[str, str], ...]
    named: tuple[str, ...]
    hidden: frozenset[str]
    said: frozenset[str]
    known: frozenset[str]
    base: float
    size: float
    limits: float
    plain: bool
    says_more: float
    adds: float
    other_product_type: float
    name_models: frozenset[str]


def profile_of(recall: RecallReading) -> Profile:
    products = recall.products
    lines = tuple(_line(recall, product, line) for product in products for line in product.parts.lines)
    line_words = frozenset(word for line in lines for word in line.shares)
    named = frozenset(recall.brands).union(*(product.name_words for product in products))
    names = named | line_words
    product_types = frozenset().union(*(product.parts.product_types for product in products))
    heads = frozenset().union(*(product.parts.heads for product in products))
    plain = any(not product.parts.own_lines for product in products)
    sizes = recall.dimensions or recall.sizes or any(product.sizes for product in products)
    return Profile(
        numbers=frozenset().union(
            recall.gtins,
            recall.models,
            recall.misread,
            recall.stems,
            *(each.gtins for each in products),
            *(each.models for each in products),
        ),
        beginnings=tuple(recall.beginnings),
        endings=tuple(recall.endings),
        has_models=bool(recall.models) or any(product.models for product in products),
        brands=_brands(recall),
        naming=frozenset(word for name in recall.brand_names for word in name if len(name) == 1 or names_alone(word)),
        brand_names=tuple(name for name in recall.brand_names if len(name) > 1),
        rare_brands=frozenset(word for word in recall.brands if len(word) >= 5 and is_unknown(word)),
        name_plain=_plain(recall),
        hosts=recall.host.product_types if recall.host else frozenset(),
        lines=lines,
        line_words=line_words,
        lacks=0.0
        if plain or recall.host
        else max((WEIGHTS["name_missing"] * min(1.0, line.worth) for line in lines), default=0.0),
        names=_by_beginning(word for word in names if len(word) >= 5 and word.isalpha()),
        kinds=_kinds(product_types),
        unsure_kinds=product_types | heads,
        heads=heads,
        described=frozenset(recall.described).union(*recall.described_pairs),
        described_pairs=tuple(recall.described_pairs),
        named=tuple(word for word in named if len(word) >= 5),
        hidden=named,
        said=recall.all_words,
        known=recall.all_words | names,
        base=MAX_WEIGHTS["prior"],
        size=MAX_WEIGHTS["size"] if sizes else 0.0,
        limits=_limits(recall),
        plain=plain,
        says_more=0.0 if recall.host else WEIGHTS["title_mentions_something_else"] * (PLAIN if plain else 1.0),
        adds=0.0 if recall.host else WEIGHTS["title_adds_words"] * PLAIN,
        other_product_type=0.0
        if recall.host or not all(product.parts.product_types for product in products)
        else WEIGHTS["different_product_type"] * PART_OF_NAME,
        name_models=_name_models(recall),
    )


def _brands(recall: RecallReading) -> dict[str, float]:
    """Each word of its brands → the most that it gives, alone or with the rest of the name."""
    shares = {word: brand_share(word) for word in recall.brands}
    for name in recall.brand_names:
        for word in name & shares.keys():
            shares[word] = max(shares[word], share_of_whole(name))
    return {word: WEIGHTS["same_brand"] * share for word, share in shares.items()}


def _kinds(product_types: frozenset[str]) -> dict[str, float]:
    """Product type of a listing → the most that it gives."""
    related = {narrow for narrow, wide in WIDER.items() if wide in product_types} | {
        WIDER[each] for each in product_types & WIDER.keys()
    }
    weight = WEIGHTS["same_product_type"]
    return dict.fromkeys(related, weight * RELATED) | {
        each: weight * (BROAD if each in BROAD_PRODUCT_TYPES else 1.0) for each in product_types
    }


def _name_models(recall: RecallReading) -> frozenset[str]:
    named = [name_models.named_in(product) for product in recall.products]
    return frozenset().union(*named) if all(named) and not recall.host else frozenset()


def _limits(recall: RecallReading) -> float:
    """The least that `limits_not_stated` takes where nothing of the product's own name is there."""
    if recall.every or recall.host:
        return 0.0
    limited = min((recall.limits(product.index)[0] for product in recall.products), default=0.0)
    return WEIGHTS["limits_not_stated"] * limited * max(MIN_SHARE, recall.breadth)


def _plain(recall: RecallReading) -> float:
    """The most that `name_plain` can give."""
    plain = [product for product in recall.products if recall.every or not product.parts.own_lines]
    if not recall.every:
        plain = [product for product in plain if not (recall.models or product.models)]
    return max((MAX_WEIGHTS["name_plain"] * share_of(recall, product.index) for product in plain), default=0.0)


def _line(recall: RecallReading, product: ProductReading, line: dict[str, Distinctive]) -> Line:
    total = worth(line)
    leading = next(iter(line), "")
    max_shares = total
    if len(line) > 2 and is_name(leading):
        max_shares -= line[leading].weight ** 2 * (1 - LEADING)
    shares = {word: distinctive.weight**2 / max_shares for word, distinctive in line.items()}
    names = {word for word in line if is_own_name(recall, word)}
    joins: dict[str, set[str]] = {}
    for word in line:
        for both in product.joins.get(word, ()):
            joins.setdefault(both, set()).add(word)
    of_joins = {both: sum(shares[word] for word in {*parts, both} & line.keys()) for both, parts in joins.items()}
    return Line(
        shares | of_joins,
        max(WHOLE_COUNTS, min(MAX_SHARE, total)),
        frozenset(names.union(both for both, parts in joins.items() if not names.isdisjoint(parts))),
        max_shares,
    )


def _by_beginning(words: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        found.setdefault(word[0], []).append(word)
        found.setdefault(word[1:3], []).append(word)
    return found
