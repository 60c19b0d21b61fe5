"""Candidate keys: a recall and a listing are compared if, and only if, they share one of these strings.

Both sides use one alphabet:
    g:00012345678905    GTIN-14
    m:hl200r            canonical model number
    w:tatamia           word that is rare in recalls
    p:first+choice      two less rare words
    t:stroller+maclaren product type, in any language, with one distinctive word
    s:v-tdns            skeleton of a rare word, the same for most misspellings
Keys depend on one text and on the fixed word table only, so they can be stored with a listing (text[] under GIN). There
the two words of a pair stand by themselves (w:): each is in many listings, while most pairs are in one, and an entry of
the index for each of these is what storing a listing would cost most. `lookup_of` says what to ask for instead of a pair.
A word or number of more than 24 bytes is in them as a digest, the same on both sides, so that no key has more than
64 bytes, whatever a seller writes.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence, Set
from itertools import islice
from typing import NamedTuple

from listings.matching.key_words import Distinctive, distinctive_in, short
from listings.matching.lexicon import PRODUCT_TYPES
from listings.matching.names import joins_of, worth
from listings.matching.quick_read import QuickRead
from listings.matching.recall import ProductReading, RecallReading
from listings.matching.scripts import CJK

GTINS, MODELS, RARE, PAIRED, WITH_PRODUCT_TYPE, SKELETONS, DESCRIBED = 8, 6, 5, 5, 4, 3, 2
JOINED = 4  # pairs of words at the title's beginning, where makers and lines are
NUMBERS_OF_RECALL = 2_000  # GTINs, and models, of a whole recall and of each product: the longest real list has 520
PRODUCT_TYPES_OF_RECALL, WORDS_OF_RECALL = 40, 60  # more than any real recall's product names
PAIRS_OF_DESCRIPTION = 6
ALONE_FROM = 0.25  # share of a name
PAIR_FROM = 0.9  # rarity of both words together
DISTINCTIVE_KEY_FROM = 0.35


class Apart(NamedTuple):
    """The keys of a listing but for pairs, and the words that pairs are made of, rarest first."""

    single: set[str]
    paired: Sequence[Distinctive]

    def stored(self) -> set[str]:
        """The keys that the listing is stored under: the words of pairs by themselves."""
        return self.single.union([f"w:{each.key}" for each in self.paired]) if len(self.paired) > 1 else self.single

    def together(self, known: Set[str] | None = None) -> set[str]:
        """The keys that are compared with those of recalls. With `known`, the words that are in any of theirs, pairs of
        other words are not even built."""
        found = {*self.single}
        _add_pairs(found, self.paired, known)
        return found


class Lookup(NamedTuple):
    """What a stored listing has to have to share a key with a recall: one of the keys in `single`, or a key of `beside`
    together with one of those that it leads to. Listings with more rare words than have keys of their own may have it
    and share none."""

    single: list[str]
    beside: dict[str, list[str]]


def listing_keys(listing: QuickRead, known: Set[str] | None = None) -> set[str]:
    """16 on average; at most 6 models, 5 rare words and 2 of the description, 10 pairs, 8 with kinds, 3 skeletons.

    With `known`, the words that are in any key of the recalls at hand, keys of other words are not even built.
    """
    return keys_apart(listing, known).together(known)


def keys_apart(listing: QuickRead, known: Set[str] | None = None) -> Apart:
    """`listing_keys` before pairs are made of words."""
    found = {f"g:{number}" for number in listing.gtins[:GTINS]}
    found.update([f"m:{short(number)}" for number in islice(filter(_is_distinctive, listing.numbers), MODELS)])
    distinctive = listing.distinctive
    rare: list[str] = []
    skeletons: list[str] = []
    pairs: list[Distinctive] = []
    for each in distinctive:
        _, _, is_rare, bones, is_paired, key = each
        if is_rare and len(rare) < RARE:
            rare.append(f"w:{key}")
        if bones and len(skeletons) < SKELETONS:
            skeletons.append(f"s:{bones}")
        if is_paired and len(pairs) < PAIRED:
            pairs.append(each)
    found.update(rare, skeletons)
    found.update([f"w:{word}" for word in islice(listing.joined, JOINED)])
    if listing.product_types:
        branded = listing.of_brand[:2]
        plain = (each for each in distinctive if each not in branded and _is_word(each.word))
        beside = [*branded, *islice(plain, WITH_PRODUCT_TYPE - len(branded))]
        _add_product_types(found, listing.product_types[:2], beside, known)
    found.update([f"w:{each.key}" for each in islice((each for each in listing.more if each.is_rare), DESCRIBED)])
    return Apart(found, pairs)


def lookup_of(keys: Iterable[str]) -> Lookup:
    """What to look up for the keys of a recall. A word that is in many pairs comes once, with all that stand beside it."""
    single, pairs = [], []
    for key in keys:
        if key.startswith("p:"):
            pairs.append(key[2:].split("+", 1))
        else:
            single.append(key)
    count = Counter(word for pair in pairs for word in pair)
    beside: dict[str, list[str]] = {}
    for one, other in sorted(pairs):
        often, seldom = (one, other) if count[one] >= count[other] else (other, one)
        beside.setdefault(f"w:{often}", []).append(f"w:{seldom}")
    return Lookup(sorted(single), beside)


def recall_keys(recall: RecallReading) -> frozenset[str]:
    """The keys of all its products: of each a bounded number."""
    found = {f"g:{number}" for number in islice(recall.gtins, NUMBERS_OF_RECALL)}
    found.update(f"m:{short(number)}" for number in islice(recall.models, NUMBERS_OF_RECALL) if _is_distinctive(number))
    for written in (recall.misread, recall.stems):
        found.update(f"m:{short(number)}" for number in islice(written, NUMBERS_OF_RECALL) if _is_distinctive(number))
    product_types = {product_type for product in recall.products for product_type in product.parts.parts}
    if recall.host:
        product_types |= recall.host.product_types
    for product in recall.products:
        found.update(f"g:{number}" for number in islice(product.gtins, NUMBERS_OF_RECALL))
        numbers = islice(product.models, NUMBERS_OF_RECALL)
        found.update(f"m:{short(number)}" for number in numbers if _is_distinctive(number))
        distinctive = distinctive_in(product.name_words.keys() | recall.brands.keys())
        alone = [
            each
            for each in distinctive
            if each.is_rare and (each.word in recall.brands or _is_most_of(product, each.word))
        ]
        found.update([f"w:{each.key}" for each in alone[:12]])
        for line in product.parts.lines:
            for both, (one, other) in islice(joins_of(line).items(), JOINED):
                if line[one].weight ** 2 + line[other].weight ** 2 >= ALONE_FROM * worth(line):
                    found.add(f"w:{both}")
        found.update([f"s:{each.bones}" for each in distinctive if each.bones][:6])
        _add_pairs(found, [each for each in distinctive if each.pairs][:10], None)
        beside = [each for each in distinctive if each.word not in PRODUCT_TYPES][:WORDS_OF_RECALL]
        _add_product_types(found, sorted(product_types)[:PRODUCT_TYPES_OF_RECALL], beside, None)
    if not recall.brands:  # "Robbie Ducky™ Garden Collection Rake" is on the tag, and nobody's name anywhere
        for names in islice(recall.described_pairs, PAIRS_OF_DESCRIPTION):
            _add_pairs(found, [each for each in distinctive_in(frozenset(names)) if each.pairs], None)
    return frozenset(found)


def _is_most_of(product: ProductReading, word: str) -> bool:
    """Whether a word alone is so much of a name that it may be found by it; others count beside a second word."""
    return any(word in line and line[word].weight ** 2 >= ALONE_FROM * worth(line) for line in product.parts.lines)


def words_of_keys(keys: Iterable[str]) -> set[str]:
    """The single words in pairs and beside product types: what a listing's word must be among to be worth a key."""
    return {word for key in keys if key[0] in "pt" for word in key[2:].split("+", 1)}


def _add_pairs(found: set[str], pairs: Sequence[Distinctive], known: Set[str] | None) -> None:
    if known is not None:
        pairs = [each for each in pairs if each.key in known]
    for place, left in enumerate(pairs):
        for right in pairs[place + 1 :]:
            if left.commonness + right.commonness >= -PAIR_FROM:
                break  # those that follow are even weaker
            one, other = (left.key, right.key) if left.key < right.key else (right.key, left.key)
            found.add(f"p:{one}+{other}")


def _add_product_types(
    found: set[str], product_types: Collection[str], beside: Sequence[Distinctive], known: Set[str] | None
) -> None:
    for each in beside:
        if (known is None or each.key in known) and each.commonness <= -DISTINCTIVE_KEY_FROM:
            of_word = PRODUCT_TYPES.get(each.word)
            found.update([f"t:{product_type}+{each.key}" for product_type in product_types if product_type != of_word])


def _is_word(word: str) -> bool:
    """Whether it is letters alone, and no piece of a run of CJK characters, which would take the place of names."""
    return word.isalpha() and (word.isascii() or CJK.search(word) is None)


def _is_distinctive(number: str) -> bool:
    return len(number) >= (5 if number.isdigit() else 4)
