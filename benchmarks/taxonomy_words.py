"""python -m benchmarks.taxonomy_words: words of other languages that name a kind of goods, and ordinary ones.

It writes `listings/matching/lexicon/abroad.json`. The source is Shopify's Standard Product Taxonomy (MIT), whose 10,595
categories have one id in every language, and the stop words of the Python package `stopwordsiso` (MIT):

    git clone --depth 1 --branch v2025-03 https://github.com/Shopify/product-taxonomy taxonomy
    pip download --no-deps stopwordsiso && unzip stopwordsiso-*.whl
    python -m benchmarks.taxonomy_words taxonomy/data/localizations/categories stopwordsiso/stopwords-iso.json

The version of each and their licences are in the file that it writes and in docs/vendored.md.

A word names a kind if it stands where a language has its nouns, if most categories that have it there are of that
kind in English, and a good part of the kind's categories have it: "Armbrüste" is in two categories, both of crossbows.
So wide names ("Zubehör", "juegos") and words of several meanings fall out by themselves.
"""

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from listings.matching import heard
from listings.matching.lexicon import (
    ACCESSORY_WORDS,
    COMPOUND_ABROAD_FROM,
    KIT_WORDS,
    MAKERS_ALONE,
    MIN_HEAD,
    MIN_TAIL_ABROAD,
    PART_WORDS,
    PRODUCT_TYPES,
    STOP_WORDS,
    VOID_NOUNS,
    in_recalls,
    product_types_in,
)
from listings.matching.normalise import fold, words
from listings.matching.scripts import CJK_RUN

TARGET = Path(__file__).parents[1] / "listings" / "matching" / "lexicon" / "abroad.json"
VERSION = "2025-03"
LANGUAGES = (
    "cs", "da", "de", "el", "es", "fi", "fr", "hu", "it", "ja", "ko", "nb", "nl", "pl", "pt-BR", "pt-PT", "ro-RO", "ru", "sv",
    "tr", "zh-CN", "zh-TW",
)  # fmt: skip
NOUN_FIRST = frozenset({"es", "fr", "it", "pt", "ro"})
NOUN_LAST = frozenset({"de", "nl", "da", "fi", "sv", "nb", "hu", "tr"})
COMPOUNDING = NOUN_LAST - {"tr"}
WITHOUT_BLANKS = frozenset({"ja", "zh"})
STOP_LANGUAGES = ("de", "es", "fr", "it", "nl", "pl", "pt", "da", "fi", "sv", "no", "cs", "ro", "tr", "hu")
LEFT_OUT = frozenset({"ma", "me", "so", "sh", "bu"})  # adult goods, media, software, services, bundles
SEVERAL = re.compile(
    r"[&,/()+:]|\b(?:and|or|und|oder|y|o|et|ou|e|en|of|i|lub|og|eller|ja|tai|och|a|nebo|és|vagy|și|şi|sau|και|ή|ve|veya|и|или)\b"
    r"|[・、和与及與]",
    re.IGNORECASE,
)
BEHIND = re.compile(
    r"\s+(?:for|with|of|from|in|für|mit|aus|zum|zur|von|im|para|con|de|del|da|di|do|du|des|per|a|à|al|en|em|pour|avec|"
    r"voor|met|van|uit|dla|na|z|ze|od|til|med|af|fra|för|till|av|till|från|i|på|pro|s|se|ke|k|pentru|cu|din|pe|για|με|από|του|της|των|"
    r"для|с|со|из|на|от)\s.*",
    re.IGNORECASE,
)
SURE = 0.6  # share of the categories with a word that must be of one kind
PART = 0.2  # share of a kind's categories that must have the word
SHARE_OF_PART = 0.2  # share of a kind's categories
ORDINARY_IN = 3  # categories that an ordinary word must be in
SHORTEST, SHORTEST_CJK, END_FROM = 4, 2, 5  # letters
MIN_CATEGORIES = 2
_TYPES = frozenset(PRODUCT_TYPES.values())
TOO_WIDE = ACCESSORY_WORDS | PART_WORDS | KIT_WORDS | VOID_NOUNS
_ENDINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "de": (("en", "e"), ("en", ""), ("er", ""), ("e", ""), ("n", "")),
    "nl": (("en", ""),),
    "da": (("er", ""), ("er", "e"), ("e", ""), ("ler", "el")),
    "nb": (("er", ""), ("er", "e"), ("ere", "er"), ("ler", "el"), ("kler", "kkel")),
    "sv": (("ar", ""), ("er", ""), ("or", "a"), ("lar", "el")),
    "fi": (("t", ""), ("imet", "in"), ("ttimet", "tin"), ("htimet", "hdin"), ("ngyt", "nky")),
    "hu": (("ok", ""), ("ek", ""), ("ak", ""), ("k", "")),
    "tr": (
        ("leri", "si"),
        ("leri", "i"),
        ("leri", ""),
        ("lari", "si"),
        ("lari", "i"),
        ("lari", ""),
        ("ler", ""),
        ("lar", ""),
    ),
    "it": (("i", "o"), ("i", "e"), ("e", "a"), ("chi", "co"), ("ghi", "go"), ("che", "ca"), ("ghe", "ga")),
    "es": (("e", ""),),
    "fr": (("eaux", "eau"), ("aux", "al")),
    "pt": (("oe", "ao"), ("i", "l"), ("re", "r"), ("n", "m")),
    "ro": (("uri", ""), ("i", ""), ("e", ""), ("e", "a"), ("le", "")),
    "pl": (("y", ""), ("y", "a"), ("i", ""), ("i", "a"), ("ki", "ek"), ("e", ""), ("e", "a"), ("a", "o"), ("ce", "ec")),
    "cs": (("y", ""), ("y", "a"), ("e", ""), ("a", "o"), ("ky", "ek"), ("i", "")),
    "ru": (("ы", ""), ("ы", "а"), ("и", ""), ("и", "а"), ("и", "ь"), ("и", "я"), ("и", "й"), ("а", "о"), ("ки", "ок")),
    "el": (("α", ""), ("α", "ο"), ("ες", "α"), ("ες", "η"), ("οι", "ος"), ("εις", "η")),
}
"""Endings of the plural, which categories have, and of the singular, which listings have, in folded words whose final
"s" is gone."""
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1$")


_ID = re.compile(r" {4}([a-z]{2}(?:-\d+)*):\n")
_NAME = re.compile(r" {6}name: (.+)\n")


def read(folder: Path, language: str) -> dict[str, str]:
    """Category's id → its name, of a file with one line each for id, name and context, as the repository's program
    writes it."""
    names: dict[str, str] = {}
    category = ""
    with (folder / f"{language}.yml").open(encoding="utf-8") as lines:
        for line in lines:
            if found := _ID.fullmatch(line):
                category = found[1]
            elif (found := _NAME.fullmatch(line)) and category.partition("-")[0] not in LEFT_OUT:
                names[category] = found[1].strip("'\"").replace("\xad", "")
    return names


def kind_in_english(name: str) -> str:
    """The product type of the lexicon that a category's English name ends with, or else its last word; "" where it names
    several things or something too wide."""
    if SEVERAL.search(name):
        return ""
    folded = [word.text for word in words(BEHIND.sub("", name))]
    if not folded or folded[-1] in TOO_WIDE or not folded[-1].isalpha():
        return ""
    named = product_types_in(folded)
    is_named = named and named[-1][2] == len(folded) and (folded[-1] in PRODUCT_TYPES or named[-1][1] < len(folded) - 1)
    kind = named[-1][0] if is_named else folded[-1]
    return kind if kind in _TYPES or in_recalls(kind) > 1 or kind in heard.COUNTS else ""


def nouns(language: str, name: str) -> Iterator[str]:
    """The folded words of a name that may say what it is."""
    if SEVERAL.search(name):
        return
    name = BEHIND.sub("", name)
    if language in WITHOUT_BLANKS:
        runs = CJK_RUN.findall(name)
        if runs and name.endswith(runs[-1]):
            yield from (fold(runs[-1][place:])[0] for place in range(len(runs[-1]) - 1))
        return
    if language == "ko":
        yield fold(name.split()[-1])[0]
        return
    folded = [word.text for word in words(name) if word.text.isalpha()]
    if language in NOUN_FIRST:
        yield from folded[:1]
    elif language in NOUN_LAST:
        yield from folded[-1:]
    else:
        yield from dict.fromkeys(folded)


def kinds_of_categories(english: dict[str, str]) -> dict[str, str]:
    """Category's id → its kind, in the parts of the taxonomy where a good share of the kind's categories are: "joggers"
    among clothes are no strollers."""
    kinds = {category: kind for category, name in english.items() if (kind := kind_in_english(name))}
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    for category, kind in kinds.items():
        parts[kind][category.partition("-")[0]] += 1
    return {
        category: kind
        for category, kind in kinds.items()
        if parts[kind][category.partition("-")[0]] >= SHARE_OF_PART * parts[kind].total()
    }


def aligned(language: str, english: dict[str, str], names: dict[str, str]) -> dict[str, set[str]]:
    """Folded word → the kinds that it names."""
    kinds = kinds_of_categories(english)
    of_kind = Counter(kinds.values())
    together: dict[str, Counter[str]] = defaultdict(Counter)
    every: Counter[str] = Counter()
    alone: dict[str, set[str]] = defaultdict(set)
    for category, name in names.items():
        said = [
            word
            for word in nouns(language, name)
            if len(word) >= (SHORTEST_CJK if language in WITHOUT_BLANKS or language == "ko" else SHORTEST)
        ]
        every.update(said)
        if category not in kinds or name == english[category]:
            continue
        for word in said:
            together[word][kinds[category]] += 1
        is_one = len(words(english[category])) == 1 or (language in COMPOUNDING and kinds[category] in _TYPES)
        for word in said if is_one and " " not in name else ():
            alone[word].add(kinds[category])
    found: dict[str, set[str]] = {}
    for word, of_word in together.items():
        kind, count = of_word.most_common(1)[0]
        if count >= SURE * every[word] and (
            (count >= MIN_CATEGORIES and count >= PART * of_kind[kind]) or (kind in alone.get(word, ()))
        ):
            found[word] = {kind}
    if language in WITHOUT_BLANKS:
        whole = {fold(run)[0] for name in names.values() for run in CJK_RUN.findall(name)}  # others begin inside a word
        found = {word: kind for word, kind in found.items() if word in whole}
        found = {
            word: kind
            for word, kind in found.items()
            if not any(found.get(word[cut:]) == kind for cut in range(1, len(word) - 1))
        }  # "自転車用ヘルメット" ends with "ヘルメット": the longer one says no more
    return found


def singulars(language: str, word: str) -> Iterator[str]:
    """The word, and what its singular may be."""
    yield word
    for plural, one in _ENDINGS.get(language, ()):
        if word.endswith(plural) and len(word) - len(plural) + len(one) >= SHORTEST:
            shorter = word.removesuffix(plural) + one
            yield shorter
            if language == "nl" and not one:
                yield _DOUBLED.sub(r"\1", shorter)


def is_taken(word: str) -> bool:
    """Whether a word is known to recalls or as a name, in English or otherwise."""
    return (
        heard.COUNTS.get(word, (0,))[0] > 0
        or word in STOP_WORDS
        or word in MAKERS_ALONE
        or word in heard.NAMES
        or word in PRODUCT_TYPES
    )


def ordinary_words(names: Iterable[dict[str, str]], stop_words: Iterable[str]) -> list[str]:
    """Stop words, and words in several categories' names of a language, that nobody knows as names."""
    found = {word for said in stop_words for word in _folded(said) if word.isascii() and len(word) > 2}
    for of_language in names:
        counted = Counter(word for name in of_language.values() for word in set(_folded(name)))
        found |= {word for word, count in counted.items() if count >= ORDINARY_IN and word.isascii() and len(word) > 2}
    return sorted(word for word in found if word.isalpha() and not is_taken(word))


def ends_of_compounds(names: dict[str, dict[str, str]]) -> list[str]:
    """Nouns of languages that write what goods are in one word, which a longer one may end with."""
    last = {
        (language, plural)
        for language in sorted(COMPOUNDING & names.keys())
        for name in names[language].values()
        for plural in nouns(language, name)
    }
    ends = Counter(word[cut:] for _, word in last for cut in range(len(word) - END_FROM + 1))
    found = {
        word
        for language, plural in last
        if ends[plural] >= MIN_CATEGORIES
        for word in singulars(language, plural)
        if word.isascii() and len(word) >= END_FROM and not is_taken(word)
    }
    return sorted(word for word in found if not any(word[cut:] in found for cut in range(1, len(word) - END_FROM + 1)))


def is_read_by_its_end(word: str, kinds: dict[str, set[str]], ends: frozenset[str]) -> bool:
    """Whether the word that a compound ends with (`lexicon.compound_tail`) is of the same kind, and says enough."""
    if len(word) < COMPOUND_ABROAD_FROM or not word.isascii():
        return False
    tails = (word[place:] for place in range(MIN_HEAD, len(word) - MIN_TAIL_ABROAD + 1))
    return kinds.get(next((tail for tail in tails if tail in ends), "")) == kinds[word]


def _folded(said: str) -> list[str]:
    return [word.text for word in words(said)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="data/localizations/categories of the taxonomy")
    parser.add_argument("stop_words", type=Path, help="stopwords-iso.json of the Python package stopwordsiso")
    given = parser.parse_args()
    english = read(given.folder, "en")
    names = {language: read(given.folder, language) for language in LANGUAGES}
    stop_words: dict[str, list[str]] = json.loads(given.stop_words.read_text(encoding="utf-8"))
    found: dict[str, set[str]] = defaultdict(set)
    for language, of_language in names.items():
        spoken = language.partition("-")[0]
        for plural, kinds in aligned(spoken, english, of_language).items():
            for word in singulars(spoken, plural):
                if word not in kinds and not is_taken(word):
                    found[word] |= kinds
    ends = ends_of_compounds(names)
    sure = {word: kinds for word, kinds in found.items() if len(kinds) == 1}
    kept = {word for word in sure if not is_read_by_its_end(word, sure, frozenset(ends))}
    said = {
        "source": f"Shopify's Standard Product Taxonomy {VERSION}, MIT licence; made by benchmarks/taxonomy_words.py",
        "english": sorted({kind for kind in kinds_of_categories(english).values() if kind.isalpha()} - _TYPES),
        "ends": ends,
        "kinds": {word: sorted(sure[word]) for word in sorted(kept)},
        "ordinary": ordinary_words(
            names.values(), (word for language in STOP_LANGUAGES for word in stop_words[language])
        ),
    }
    TARGET.write_text(json.dumps(said, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
