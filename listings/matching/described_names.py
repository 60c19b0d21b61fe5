"""Names in a recall's description that neither its title nor its products' names have, and how it writes its words."""

import re
from collections.abc import Sequence, Set

from listings.matching.circumstances import COLOURS
from listings.matching.lexicon import DOCUMENT_WORDS, PRODUCT_TYPES, breadth, rarity
from listings.matching.normalise import texts_of
from listings.matching.texts import Span

_TWO_NAMES = re.compile(r"(?<![.!?:] )(?<=[ “\"'(])([A-Z][a-z'’]+)(?= [A-Z][a-z]) (?=([A-Z][a-z'’]+))")
_INSIDE = re.compile(r"(?<=[a-z,’'™®”\"] )[“\"']?[A-Z][\w'’-]*(?:[ -][A-Z][\w'’-]*)*")
_SMALL = re.compile(r"(?<![\w'’-])[a-z][\w'’]*(?:-[a-z]\w*)*")
_CAPITALISED = re.compile(r"(?<!\w)[A-Z\d][\w'’]*")
_LISTED = re.compile(
    r"\b(?:models?|styles?|versions?|collections?)(?: (?:named|called|include|including|are))*:? "
    r"(?P<names>[“\"']?[A-Z][a-zA-Z'’]+[”\"']?(?:(?:,? and|,? or|,) [“\"']?[A-Z][a-zA-Z'’]+[”\"']?)+)"
)
_NAME = re.compile(r"[A-Z][a-zA-Z'’]+")
PLACEHOLDER = re.compile(r"(?=.*(?:[ywdmj]{2}|x{2}|n{2}))(?:d{1,3}|m{2,3}|y{2,4}|w{2}|j{2,3}|x{2,}|n{2,}|s{2,})+")
"""How a date or a serial number is built: "YYWW", "DDMMYYYY", "XXXX"."""
_MATERIALS = frozenset(
    {"aluminum", "cotton", "iron", "leather", "plastic", "polyester", "rubber", "steel", "vinyl", "wood"}
)
_NO_LINE = DOCUMENT_WORDS | COLOURS | _MATERIALS  # "Purchase Order", "Roman Bronze", "Stainless Steel"
_SMALL_NEXT = re.compile(r"[®™]? [a-z]")
BRAND_BEFORE = 24  # characters before a line's name in which the brand's last word stands
DESCRIBED_FROM = 0.8
BROAD = 0.8  # breadth of a maker
PAIRED_FROM = 0.4


def words_with_capitals(read: str) -> frozenset[str]:
    """The words that the description writes with a capital where a sentence goes on: names, as writers see them."""
    return frozenset(texts_of(" ".join(match.group() for match in _INSIDE.finditer(read))))


def names_in(read: str, named: Set[str]) -> dict[str, Span]:
    """Rare names of the description that neither title nor product's name has."""
    found: dict[str, Span] = {}
    for match in _CAPITALISED.finditer(read):
        for word in texts_of(match.group()):
            if word in named or word in found or len(word) < 3 or word.isdigit() or word in DOCUMENT_WORDS:
                continue
            if PLACEHOLDER.fullmatch(word):
                continue
            if word not in PRODUCT_TYPES and rarity(word) >= DESCRIBED_FROM:
                found[word] = Span("recall description", match.start(), match.end(), match.group())
    return found


def pairs_of_names_in(read: str, named: Set[str], brands: Set[str] = frozenset()) -> dict[tuple[str, str], Span]:
    """Two capitalised words in a row that are no sentence's beginning and that neither title nor name has. Right behind
    one of `brands`, where lines stand, ordinary words count, too ("Hampton Bay Fall River chairs")."""
    found: dict[tuple[str, str], Span] = {}
    for match in _TWO_NAMES.finditer(read):
        pair = tuple(texts_of(f"{match[1]} {match[2]}"))
        if len(pair) != 2:
            continue
        if (not set(pair) <= named and _is_line_of(brands, read, match, pair)) or (
            named.isdisjoint(pair) and _NO_LINE.isdisjoint(pair) and all(rarity(word) > PAIRED_FROM for word in pair)
        ):
            found.setdefault(
                pair, Span("recall description", match.start(), match.end(2), read[match.start() : match.end(2)])
            )
    return found


def _is_line_of(brands: Set[str], read: str, match: re.Match[str], pair: Sequence[str]) -> bool:
    """Whether two capitalised words stand right behind a brand and before a word that is written small."""
    if not brands or not _SMALL_NEXT.match(read, match.end(2)) or not COLOURS.isdisjoint(pair):
        return False
    before = texts_of(read[max(0, match.start() - BRAND_BEFORE) : match.start()])
    return bool(before) and before[-1] in brands and any(rarity(word) > PAIRED_FROM for word in pair)


def listed_names_beside(brands: Set[str], read: str, named: Set[str]) -> dict[tuple[str, str], Span]:
    """The brand with each name in a list of models ("models Blade, Elle and Magma"): ordinary words, which are names
    only right behind the brand's. Not behind brands of very many products ("Disney Minnie")."""
    brands = {brand for brand in brands if breadth(frozenset({brand})) < BROAD}
    found: dict[tuple[str, str], Span] = {}
    for listed in _LISTED.finditer(read):
        for match in _NAME.finditer(read, *listed.span("names")):
            for word in texts_of(match.group()):
                if len(word) > 2 and word not in named and word not in PRODUCT_TYPES and word not in _NO_LINE:
                    span = Span("recall description", match.start(), match.end(), match.group())
                    found |= {(brand, word): span for brand in sorted(brands)}
    return found


def words_without_capitals(read: str) -> frozenset[str]:
    """The words that the description writes small: ordinary ones, whatever a title's capitals suggest."""
    return frozenset(texts_of(" ".join(_SMALL.findall(read))))
