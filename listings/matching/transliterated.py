"""Names of makers and lines in Cyrillic letters: "Филипс", "Макси-Кози", "Хонда".

Sellers write a name as it is spoken, so the same letter stands for several Latin ones. Only a word that comes out as a
known name is read so, and none that names a kind or is counted in listings: those are mostly ordinary words.
"""

from itertools import islice, product

from listings.matching.heard import COUNTS, NAMES, OF_KINDS
from listings.matching.memory import remembered

SHORTEST = 4  # letters
MOST = 512  # ways to write a word that are tried: real names have up to some hundred
_LATIN = {
    "а": ("a",), "б": ("b",), "в": ("v", "w"), "г": ("g", "h"), "ґ": ("g",), "д": ("d",), "е": ("e",), "ё": ("o", "e"),
    "ж": ("j", "g"), "з": ("z", "s"), "и": ("i", "y"), "і": ("i",), "ї": ("i",), "й": ("y", "i"), "к": ("k", "c", "ck"),
    "л": ("l", "ll"), "м": ("m",), "н": ("n",), "о": ("o",), "п": ("p", "pp"), "р": ("r",), "с": ("s",), "т": ("t",),
    "у": ("u",), "ф": ("f", "ph"), "х": ("h", "kh"), "ц": ("z", "ts", "c"), "ч": ("ch",), "ш": ("sh", "ch"), "щ": ("sch",),
    "ъ": ("",), "ы": ("y",), "ь": ("",), "э": ("e",), "ю": ("u", "yu"), "я": ("ya", "a", "ia"), "є": ("e",),
}  # fmt: skip
_TOGETHER = {
    "кс": ("x", "ks"),
    "дж": ("j", "g"),
    "ей": ("ay", "ey"),
    "эй": ("a", "ay"),
    "ай": ("i", "ai"),
    "кв": ("qu", "kv"),
}


@remembered
def known_name(word: str) -> str:
    """The known name that a folded word in Cyrillic letters is; "" for none."""
    if len(word) < SHORTEST or word in COUNTS or word in OF_KINDS:
        return ""
    ways: list[tuple[str, ...]] = []
    place = 0
    while place < len(word):
        if together := _TOGETHER.get(word[place : place + 2]):
            ways.append(together)
            place += 2
            continue
        if not (letters := _LATIN.get(word[place])):
            return ""
        ways.append(letters)
        place += 1
    written = map("".join, islice(product(*ways), MOST))
    return next((name for name in written if name in NAMES or name.removesuffix("s") in NAMES), "")
