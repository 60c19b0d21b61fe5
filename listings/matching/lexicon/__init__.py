"""The words that matching knows: how common a word is, names of product types in several languages, phrases that
exclude.

All of it is data in this folder and can be extended without code.
"""

import math
import re
from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz.distance import DamerauLevenshtein

from listings.matching import heard
from listings.matching.heard import load as _load
from listings.matching.memory import remembered
from listings.matching.normalise import fold, single, words
from listings.matching.scripts import CJK_RUN

RECALLS_COUNTED = 9_360
_UNCOUNTED = (1, 1, 0)
LISTINGS_COUNTED = 80_924
COMPOUND_FROM = 7  # letters: shorter words that end in a kind are mostly other words ("scar")
UNKNOWN_IN = 3  # recalls: a word that is in more is known, not a misspelling
UNKNOWN_FROM = 0.75  # rarity
MAX_LOWER_CASE = heard.NAME_LOWER_CASE


_COUNTS = heard.COUNTS
PHRASES: dict[str, list[str]] = _load("phrases.json")
STOP_WORDS = frozenset(word.text for said in PHRASES["stop_words"] for word in words(said))
COMPONENTS = frozenset(PHRASES["components"])
"""Product types that are parts of others: a recall of one covers the product that contains it."""
ACCESSORY_WORDS = frozenset(PHRASES["accessory_words"])
WIDER: dict[str, str] = _load("wider.json")
"""Product type → a wider one, or one that is easily mistaken for it."""
STANDARDS = re.compile("|".join(_load("standards.json")))
"""Bulbs and their bases, batteries, threads, plugs, tires, engines, formats: what other makers' products have as well."""
TYPES: tuple[frozenset[str], ...] = tuple(map(frozenset, _load("types.json")["groups"]))
"""Groups of words of which only one can be true of a product."""
_SAME_TYPE: dict[str, str] = _load("types.json")["same"]
_TYPE_WORDS = frozenset().union(*TYPES) | _SAME_TYPE.keys()
PART_WORDS, KIT_WORDS, TOY_KINDS = (frozenset(PHRASES[name]) for name in ("part_words", "kit_words", "toy_kinds"))
VOID_NOUNS = frozenset(word.text for said in PHRASES["void_nouns"] for word in words(said))
"""Last words of a name that say nothing about the kind: a "stroller model" is a stroller."""
MAKERS = {tuple(name.split()): count for name, count in heard.MAKERS.items()}
"""Folded names of makers and brands, and how much there is of each (scripts/count_makers.py)."""
MAKERS_ALONE = frozenset(name[0] for name in MAKERS if len(name) == 1)
_OF_MAKER = {frozenset(name): count for name, count in MAKERS.items()}
MANY_PRODUCTS = 60  # products of a maker that makes many
MAX_MAKER_WORDS = 3  # words
_FIRST_OF_MAKERS = frozenset(name[0] for name in MAKERS)
DOCUMENT_WORDS = frozenset(PHRASES["document_words"])
"""Folded words that are capitalised in recalls and are no names of products: months, holidays, headings, pronouns."""
KIND_MARKS = frozenset(PHRASES["kind_marks"])
"""Short words in capitals that say what goods are made of or for ("LED"), and name no line."""
GRADES = frozenset(word.text for said in PHRASES["grades"] for word in words(said))
"""Ordinary words that tell one line of a maker from its sister: "Plus", "Mini", "Deluxe"."""
BROAD_PRODUCT_TYPES = frozenset(PHRASES["broad_product_types"])
"""Product types so wide that two products of one type are hardly alike."""


def _rarity_of(recalls: int, listings: int) -> float:
    share = max(recalls / RECALLS_COUNTED, listings / LISTINGS_COUNTED, 1 / RECALLS_COUNTED)
    return min(1.0, max(0.0, math.log(1 / share) / math.log(RECALLS_COUNTED)))


_RARITY = {word: _rarity_of(recalls, listings) for word, (recalls, listings, _) in _COUNTS.items()}
_RARITY |= dict.fromkeys(STOP_WORDS, 0.0)
_RARITY_UNCOUNTED = _rarity_of(*_UNCOUNTED[:2])


def rarity(word: str) -> float:
    """From 0 (nearly everywhere, or without meaning) to 1 (rare): how strong the evidence of a shared word is."""
    return _RARITY.get(word, _RARITY_UNCOUNTED) if len(word) > 1 else 0.0


def counted(word: str) -> tuple[int, int, int]:
    """In how many recalls' names a word is, in how many listings' titles, in how many recalls without a capital."""
    return _COUNTS.get(word, _UNCOUNTED)  # type: ignore[return-value]


def is_name(word: str) -> bool:
    """Whether the word is hardly ever written without a capital letter: a brand, a product line, a model number."""
    return _COUNTS.get(word, _UNCOUNTED)[2] <= MAX_LOWER_CASE


def in_recalls(word: str) -> int:
    """In how many of the counted recalls the word is; 1 for words that are not in the table."""
    return _COUNTS.get(word, _UNCOUNTED)[0]


def is_unknown(word: str) -> bool:
    """Whether a word is hardly known, and so may be a misspelt one."""
    return (
        len(word) >= 4
        and in_recalls(word) <= UNKNOWN_IN
        and rarity(word) > UNKNOWN_FROM
        and word not in PRODUCT_TYPES
        and word not in ORDINARY_ABROAD
    )


def _product_type_words() -> tuple[dict[str, str], dict[tuple[str, ...], str], dict[str, frozenset[str]]]:
    single: dict[str, str] = {}
    unsure: dict[str, set[str]] = {}
    several: dict[tuple[str, ...], str] = {}
    for product_type, languages in _load("product_types.json").items():
        for language, name in ((language, name) for language, names in languages.items() for name in names):
            folded = tuple(word.text for word in words(name))
            if language == "also":
                unsure.setdefault(folded[0], set()).add(product_type)
                continue
            if language != "en" and len(folded) == 1 and folded[0].isascii() and not is_name(folded[0]):
                unsure.setdefault(folded[0], set()).add(
                    product_type
                )  # rather the English word spelt alike: "four", "but"
                continue
            if len(folded) == 1 or CJK_RUN.fullmatch(name):
                whole = fold(name)[0] if len(folded) > 1 else folded[0]  # its pairs of characters say less
                if single.setdefault(whole, product_type) != product_type:
                    unsure.setdefault(whole, set()).add(product_type)
            else:
                several.setdefault(folded, product_type)
    return single, several, {word: frozenset(product_types) for word, product_types in unsure.items()}


PRODUCT_TYPES, PRODUCT_TYPES_OF_SEVERAL_WORDS, UNSURE_PRODUCT_TYPES = _product_type_words()
"""Folded word, or words in a row → the product type they name, in any of the lexicon's languages; and words that may
name these types too, in another language or, under "also", in another sense."""
TYPES_IN_ENGLISH: dict[str, frozenset[str]] = {}
"""English name → the product types that have it, where these are several: a "stove" cooks in a kitchen or in a camp."""
for _product_type, _languages in _load("product_types.json").items():
    for _name in _languages["en"]:
        TYPES_IN_ENGLISH[_name] = TYPES_IN_ENGLISH.get(_name, frozenset()) | {_product_type}
TYPES_IN_ENGLISH = {name: types for name, types in TYPES_IN_ENGLISH.items() if len(types) > 1}
ABROAD: dict[str, list[str]] = {
    word.text: [product_type]
    for product_type, names in _load("more_abroad.json").items()
    for name in names
    for word in words(name)
} | heard.ABROAD["kinds"]
"""Folded word of another language → the product type, or the English last word of a name, that it stands for: of the
taxonomy (benchmarks/taxonomy_words.py), and by hand where sellers use another word than it does."""
_OF_ONE = {kind: frozenset({kind}) for kind in {kind for kinds in ABROAD.values() for kind in kinds}}
UNSURE_PRODUCT_TYPES |= {
    word: here | _OF_ONE[kinds[0]] if (here := UNSURE_PRODUCT_TYPES.get(word)) else _OF_ONE[kinds[0]]
    for word, kinds in ABROAD.items()
}
ORDINARY_ABROAD = (
    frozenset(heard.ABROAD["ordinary"])
    | ABROAD.keys()
    | {word.text for said in PHRASES["ordinary_abroad"] for word in words(said) if word.text.isascii()}
)
"""Folded words of other languages that name nobody's product."""
GOODS = frozenset(heard.ABROAD["english"])
"""English last words of names of goods ("calculator"), which are kinds however seldom recalls have them."""
MIN_HEAD, MIN_TAIL_ABROAD, COMPOUND_ABROAD_FROM = 3, 5, 9  # letters
ENDS_ABROAD = frozenset(heard.ABROAD["ends"])
"""Words of languages that write what goods are in one word, which a longer one may end with."""
_TAILS_ABROAD = frozenset(word[-MIN_TAIL_ABROAD:] for word in ENDS_ABROAD)
_KNOWN_IN_ENGLISH = _COUNTS.keys() | MAKERS_ALONE
IN_ENGLISH = frozenset(
    word.text for languages in _load("product_types.json").values() for name in languages["en"] for word in words(name)
)
"""The words of the English names of product types."""
_STOP_WORDS_ABROAD = frozenset(word for word in STOP_WORDS if word not in _COUNTS or not _COUNTS[word][0])
MAX_PRODUCT_TYPE_WORDS = max(map(len, PRODUCT_TYPES_OF_SEVERAL_WORDS))
_FIRST_WORDS = frozenset(several[0] for several in PRODUCT_TYPES_OF_SEVERAL_WORDS)
PAIR = 2  # characters
MIN_TAIL = 4  # letters of the kind in a compound
MISSPELT_FROM = 6  # letters
ENDS = 3  # letters of a word's beginning and end, of which one slip leaves either alone
LONG = 8  # letters of a name beside which there is hardly another word
VOWELS = frozenset("aeiouy")
_TAILS = frozenset(word[-MIN_TAIL:] for word in PRODUCT_TYPES if len(word) >= MIN_TAIL)
_STARTS = _FIRST_WORDS | PRODUCT_TYPES.keys()


def _by_ends() -> dict[str, tuple[str, ...]]:
    """English names of product types under their beginning, and under first letter and end."""
    found: dict[str, tuple[str, ...]] = {}
    for languages in _load("product_types.json").values():
        for name in languages["en"]:
            if len(name) >= MISSPELT_FROM and name.isalpha() and name in PRODUCT_TYPES:
                for ends in (name[:ENDS], f"{name[0]}…{name[-ENDS:]}"):
                    found[ends] = (*found.get(ends, ()), name)
    return found


_KINDS_BY_ENDS = _by_ends()
_GERMANIC = frozenset(
    folded
    for languages in _load("product_types.json").values()
    for name in (*languages["de"], *languages["nl"])
    if len(folded := name.lower()) > MIN_TAIL
    and folded.isascii()
    and folded not in _COUNTS
    and folded not in MAKERS_ALONE
)
HEARD = frozenset(_RARITY) | _STARTS | UNSURE_PRODUCT_TYPES.keys() | ORDINARY_ABROAD
"""Every word of which anything is known; of all others, only letters and length tell what they may be."""


@remembered
def abroad_tail(word: str) -> str:
    """The word of another language that an unknown long word ends with ("Luftdruckrakete"); "" for none."""
    return compound_tail(word)


def compound_tail(word: str) -> str:
    """`abroad_tail`, not remembered."""
    if word[-MIN_TAIL_ABROAD:] not in _TAILS_ABROAD or len(word) < COMPOUND_ABROAD_FROM or word in _KNOWN_IN_ENGLISH:
        return ""
    if not word.isalpha() or not word.isascii():
        return ""
    tails = (word[place:] for place in range(MIN_HEAD, len(word) - MIN_TAIL_ABROAD + 1))
    return next((tail for tail in tails if tail in ENDS_ABROAD), "")


def unsure_types_of(word: str) -> frozenset[str]:
    """The product types, or English last words of names, that a folded word may name in another language or sense."""
    return UNSURE_PRODUCT_TYPES.get(word) or UNSURE_PRODUCT_TYPES.get(abroad_tail(word), frozenset())


@remembered
def is_abroad_word(word: str) -> bool:
    """Whether a folded word is one of another language than English, and no name."""
    return (
        word in ORDINARY_ABROAD
        or bool(abroad_tail(word))
        or word in _STOP_WORDS_ABROAD
        or (word in PRODUCT_TYPES and word not in IN_ENGLISH)
        or is_germanic_compound(word)
        or (word.isalpha() and not word.isascii())
    )


def product_types_in(folded: Sequence[str]) -> list[tuple[str, int, int]]:
    """The product types in a row of folded words: (product type, first word, word after the last), longest names first."""
    begins = [*map(begins_a_product_type, folded)]
    if True not in begins:
        return []
    found, taken = [], 0
    inside: set[str] = set()  # the pairs of characters of a longer name, which name nothing else
    for place, word in enumerate(folded):
        if not begins[place] or place < taken or word in inside:
            continue
        taken = place + 1
        if not word.isascii() and CJK_RUN.fullmatch(word):
            inside.update(map("".join, pairwise(word)) if len(word) > PAIR else ())
        if word in _FIRST_WORDS:
            for length in range(min(MAX_PRODUCT_TYPE_WORDS, len(folded) - place), 1, -1):
                if product_type := PRODUCT_TYPES_OF_SEVERAL_WORDS.get(tuple(folded[place : place + length])):
                    found.append((product_type, place, place + length))
                    taken = place + length
                    break
        if taken == place + 1 and (product_type := PRODUCT_TYPES.get(word) or compound_product_type(word)):
            found.append((product_type, place, place + 1))
    return found


@remembered
def begins_a_product_type(word: str) -> bool:
    """Whether the name of a product type may begin with this word."""
    return word in _STARTS or bool(compound_product_type(word))


@remembered
def compound_product_type(word: str) -> str:
    """The product type that a joined word names with its end ("babycrib", "Kaffeebecher"), or that a word is a slip of
    the pen for ("stroler"); "" for none. What stands before an end must be a word, too, that recalls or listings use, or
    a product type, unless the end is a German or Dutch word and no English one."""
    return compound_type(word)


def compound_type(word: str) -> str:
    """`compound_product_type`, not remembered."""
    if len(word) < MISSPELT_FROM or word in _COUNTS or not word.isalpha() or not word.isascii():
        return ""
    if len(word) < COMPOUND_FROM or word[-MIN_TAIL:] not in _TAILS:
        return _misspelt_type(word)
    for place in range(3, len(word) - MIN_TAIL + 1):
        head, tail = word[:place], word[place:]
        if (product_type := PRODUCT_TYPES.get(tail)) and (
            tail in _GERMANIC or head in _COUNTS or head in PRODUCT_TYPES or head.removesuffix("s") in _COUNTS
        ):
            return product_type
    return _misspelt_type(word)


def is_germanic_compound(word: str) -> bool:
    """Whether an unknown word ends with a kind of goods in German or Dutch ("Gaskocher")."""
    if len(word) < COMPOUND_FROM or word in _COUNTS or word[-MIN_TAIL:] not in _TAILS or not word.isalpha():
        return False
    return any(word[place:] in _GERMANIC for place in range(3, len(word) - MIN_TAIL + 1))


def _misspelt_type(word: str) -> str:
    """The product type whose English name this unknown word is but for one slip of the pen ("stroler", "dehumidifer")."""
    if word in PRODUCT_TYPES or word in UNSURE_PRODUCT_TYPES or word in _FIRST_WORDS:
        return ""
    beside = _KINDS_BY_ENDS.get(word[:ENDS], ()) + _KINDS_BY_ENDS.get(f"{word[0]}…{word[-ENDS:]}", ())
    for name in beside:
        if abs(len(name) - len(word)) <= 1 and _is_slip(name, word):
            return PRODUCT_TYPES[name]
    return ""


def _is_slip(name: str, word: str) -> bool:
    """Whether a word is a name with two letters swapped or one doubled, or in a long name with any letter more or less or
    another vowel. Short names have real words beside them ("bender", "cleanser", "hummer")."""
    if DamerauLevenshtein.distance(name, word, score_cutoff=1) != 1:
        return False
    if len(name) != len(word):
        return len(name) >= LONG or single(name) == single(word)
    differ = [(one, other) for one, other in zip(name, word, strict=True) if one != other]
    return len(differ) > 1 or (len(name) >= LONG and VOWELS.issuperset(differ[0]))


def breadth(name: frozenset[str]) -> float:
    """From 0 (hardly known) to 1 (everywhere): how many products a maker makes, so how weak its name alone is as
    evidence."""
    return min(1.0, math.log1p(_OF_MAKER.get(name, 0)) / math.log1p(MANY_PRODUCTS))


def leading_maker(folded: Sequence[str]) -> tuple[str, ...]:
    """The known maker's name that these folded words begin with; empty if they begin with none."""
    if not folded or folded[0] not in _FIRST_OF_MAKERS:
        return ()
    for length in range(min(MAX_MAKER_WORDS, len(folded)), 0, -1):
        if (name := tuple(folded[:length])) in MAKERS:
            return name
    return ()


def type_of(word: str) -> str:
    """The word of `TYPES` that a folded word means; "" for none."""
    return _SAME_TYPE.get(word, word) if word in _TYPE_WORDS else ""


def phrase_pattern(name: str) -> re.Pattern[str]:
    """All phrases of one list as one pattern over lower-case text."""
    return re.compile("|".join(sorted(PHRASES[name], key=len, reverse=True)))
