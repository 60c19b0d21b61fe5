"""Brands that a recall's text prints apart from the firm: "Hype Roam brand hoverboards", "“Brightway” is printed on the
plug". Sellers know goods by what is on them, and seldom by who imported them."""

import re
from collections.abc import Iterator

from listings.matching.lexicon import COMPONENTS, PRODUCT_TYPES, breadth, is_name, product_types_in, rarity
from listings.matching.normalise import Word, decode, texts_of, words
from listings.matching.prose_names import UNSPOKEN
from listings.matching.texts import RecallText

_WORD = r"[A-Z][\w&'’]*+(?:-(?!brand)[\w&'’]++)*"  # no way back into a word: its length would count squared
_NAME = rf"(?P<name>(?!(?:Made|MADE|The|Model|Item)\b){_WORD}(?: (?:& )?{_WORD}){{0,2}})"
_PRINTED = re.compile(
    rf"(?:^|[“\"]|\. |\b(?:[Tt]he|[Nn]ames?|[Ll]ogo|[Ww]ords?) ){_NAME}[®™]?,?[”\"]?,?"
    r"(?: (?:brand )?(?:name|logo))? (?:is|are|was|appears?) (?:\w+ly )?"
    r"(?:printed|embroidered|stamped|embossed|molded|imprinted|engraved|stitched|etched|stenciled|silk-?screened)\b"
)
_BRAND_OF_IT = re.compile(rf"{_NAME}[®™]?[”\"]?[- ]brand(?:ed)?\b(?! (?:names?|new)\b)")
_BRAND_NAME = re.compile(
    rf"\b(?:brand ?names?|brand|sold under the)(?: names?)?,?(?: of| is)? [“\"]?{_NAME}[®™]?[”\"]?(?= |[.,;]|$)"
)
READ = 1_200  # characters of a description: what is recalled and where it says so
RARE_FROM = 0.72  # rarity from which one word names a brand
BROAD = 0.8  # breadth of a maker whose name is on goods of others, as that of a licence is ("Disney")
MAX_NAMES = 3
_PLACES = frozenset(
    {"china", "hong", "india", "indonesia", "japan", "korea", "mexico", "taiwan", "thailand", "vietnam"}
)
LONGEST_LETTERS = 4  # letters of what is an abbreviation in capitals


def printed_names(text: RecallText) -> Iterator[str]:
    """Names that the description says are the brand or are printed on the goods, where neither the recall's title nor
    the name of a product has a word of them: those are lines, or read as brands already. None for a part."""
    if any(_is_of_component(product.name) for product in text.products):
        return  # what is named may be the device that it belongs to
    named = {word for product in text.products for word in texts_of(decode(product.name))} | {*texts_of(text.title)}
    said = text.description[:READ]
    found: dict[str, None] = {}
    for pattern in (_BRAND_OF_IT, _BRAND_NAME, _PRINTED):
        for match in pattern.finditer(said):
            name = match["name"]
            read = words(name)
            if named.isdisjoint(word.text for word in read) and _names_a_brand(name, read):
                found.setdefault(name)
    yield from list(found)[:MAX_NAMES]


def _is_of_component(name: str) -> bool:
    return any(kind in COMPONENTS for kind, _, _ in product_types_in(texts_of(decode(name))))


def _names_a_brand(name: str, read: list[Word]) -> bool:
    folded = [word.text for word in read]
    if any(map(str.isdigit, name)) or _PLACES.issuperset(folded[:1]):
        return False
    if name.isupper() and (len(name) <= LONGEST_LETTERS or UNSPOKEN.search(name.lower())):
        return False  # "VIN", "MMDDYYYY"
    rare = [word for word in folded if word not in PRODUCT_TYPES and is_name(word) and rarity(word) >= RARE_FROM]
    return bool(rare) and breadth(frozenset(folded)) < BROAD and breadth(frozenset(rare)) < BROAD
