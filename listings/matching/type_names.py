"""What a type of product is called, in all languages of the lexicon: for finding titles that name it by an index of words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from listings.matching.heard import load
from listings.matching.lexicon import ABROAD


def names_of_type(product_type: str) -> list[str]:
    """The names as they are written, the type's own first: of a type that the lexicon knows, or of an English last word of
    names ("humidifier"), which is its own name."""
    known = _names()[0].get(product_type, ())
    return list(dict.fromkeys((product_type, *known, *_names()[1].get(product_type, ()))))


@cache
def _names() -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]:
    """Type → its sure names; type or English last word → words for it in other languages, folded."""
    own = {
        product_type: [name for language, names in languages.items() if language != "also" for name in names]
        for product_type, languages in load("product_types.json").items()
    }
    abroad: defaultdict[str, list[str]] = defaultdict(list)
    for word, kinds in ABROAD.items():
        for kind in kinds:
            abroad[kind].append(word)
    return own, abroad
