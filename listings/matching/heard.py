"""The words of which anything is counted, and those of makers' names: what tells a hidden word from a model number.

Below `normalise`, which reads words, and so below `lexicon`, which knows more of them.
"""

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "lexicon"
NAME_LOWER_CASE = 2  # recalls that write a name without a capital letter
NAME_FROM = 4  # letters


def load(name: str) -> Any:
    """A file of the lexicon."""
    return json.loads((_FOLDER / name).read_text(encoding="utf-8"))


COUNTS: dict[str, list[int]] = load("word_counts.json")
"""Folded word → in how many recalls' names it is, in how many listings' titles, in how many recalls without a capital."""
MAKERS: dict[str, int] = load("makers.json")
"""Folded names of makers and brands, their words apart, and how much there is of each (scripts/count_makers.py)."""
_OF_MAKERS = {word for name in MAKERS for word in name.split()}
HEARD_OF = COUNTS.keys() | _OF_MAKERS
NAMES = frozenset(
    word
    for word in HEARD_OF
    if len(word) >= NAME_FROM
    and word.isascii()
    and word.isalpha()
    and (word in _OF_MAKERS or (COUNTS[word][0] > 0 and COUNTS[word][2] <= NAME_LOWER_CASE))
)
"""Words of makers' names, and those of recalls that hardly any recall writes without a capital letter."""
ABROAD: dict[str, Any] = load("abroad.json")
"""Words of other languages, out of a taxonomy of goods (benchmarks/taxonomy_words.py)."""
OF_KINDS = frozenset(
    word
    for languages in load("product_types.json").values()
    for names in languages.values()
    for name in names
    for word in name.lower().split()
).union(ABROAD["kinds"])
"""Words in the names of product types, in any language, in lower case."""
IN_SCRIPTS: dict[str, tuple[str, ...]] = {
    written: tuple(maker.split())
    for maker, spellings in load("maker_scripts.json")["makers"].items()
    for written in spellings
}
"""A maker's name in Chinese, Japanese, Korean or Arabic letters → the words of the name that recalls know."""
ALONE = frozenset(load("maker_scripts.json")["alone"])
"""Those of these names that are ordinary words, too ("doctor", "north star"), and are names only where they stand alone."""
