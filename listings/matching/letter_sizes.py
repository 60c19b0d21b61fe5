"""Sizes of clothes, shoes and helmets, in letters and numbers: what a title states, and which ones a recall covers."""

import re

from listings.matching.texts import Span

ORDER = ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl")
_MEANS = {
    "small": "s",
    "medium": "m",
    "large": "l",
    "extra large": "xl",
    "x-large": "xl",
    "extra small": "xs",
    "x-small": "xs",
}
_MEANS |= {"2xl": "xxl", "3xl": "xxxl"}
_WORDS = r"(?i:extra[- ](?:small|large)|x-(?:small|large)|small|medium|large)"
_SIZE = rf"(?:(?:[23]XL|X{{0,3}}[SL]|M|{_WORDS})(?!\w))"
_STATED = re.compile(
    rf"\b(?:sizes?|sz|gr(?:ö|oe)(?:ß|ss)e|gr\.|taille|talla|taglia|tamanho|maat|rozmiar|beden|размер)[ .:]*"
    rf"(?P<size>{_SIZE})(?!['’-]| ?[-–/] ?\w)",
    re.IGNORECASE,
)
_LISTED = re.compile(
    rf"\b[Ss]izes?:? (?:\w+ )?(?P<first>{_SIZE})(?: ?\([^)]{{1,24}}\))?"
    rf"(?P<more>(?:(?:,? and |,? or |, | to | through |-|–|/){_SIZE}(?: ?\([^)]{{1,24}}\))?)*)|\b(?:{_WORDS})[- ]sized?\b"
)
_TO = re.compile(rf"\b(?P<first>{_SIZE})(?: ?\([^)]{{1,24}}\))?(?: to | through |–|-)(?P<last>{_SIZE})")
_ONE = re.compile(rf"(?<![\w'-]){_SIZE}")
_NUMBER_STATED = re.compile(
    r"(?:(?<!king )(?<!queen )(?<!full )(?<!twin )\b(?:sizes?|sz|eu|gr(?:ö|oe)(?:ß|ss)e|gr\.?|taille|pointure|talla|taglia|tamanho|maat|rozm(?:iar)?\.?|velikost|méret|"
    r"storlek|størrelse|str\.?|stl\.?|koko|beden|numara|размер)|[码碼号號])[ .:]*(?P<number>\d{1,2})(?![\w/%-]|[.,]\d|[ -]?(?:\d|T\b|in\b|inch|cm))",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"\bsizes?:? (?P<first>\d{1,2})(?: ?(?:-|–|to|through) ?)(?P<last>\d{1,2})(?![\w.,/-]|[ -]?(?:T\b|in\b|inch|m))",
    re.IGNORECASE,
)
EUROPEAN_FROM = 16  # a shoe's size in Europe; those of America and of clothes for children are smaller
_TABLE = re.compile(r"\bonly\b[^.]{0,60}\bsizes (?:below|listed|in the)|\bfollowing sizes\b", re.IGNORECASE)
_IN_TABLE = re.compile(r"(?<![\w'’.-])(?:[23]XL|X{0,3}[SL]|M)(?![\w'’.-])")
TABLE_READ = 400  # characters


def letter_sizes_in(title: str, field: str) -> dict[str, Span]:
    """Size → where the title states it behind a word for size; a range states none."""
    return {
        _folded(match["size"]): Span(field, match.start("size"), match.end("size"), match["size"])
        for match in _STATED.finditer(title)
    }


def number_stated(title: str, field: str) -> tuple[int, Span] | None:
    """The one size in a number that the title states behind a word for size; None where it states none, or several."""
    found = {int(match["number"]): match for match in _NUMBER_STATED.finditer(title)}
    if len(found) != 1:
        return None
    (number, match), *_ = found.items()
    return number, Span(field, match.start("number"), match.end("number"), match["number"])


def covered_numbers(said: str) -> tuple[int, int] | None:
    """The smallest and the largest size that a recall covers, where it says one range ("sizes 24-28"); sizes of two
    systems ("sizes 5-12") say nothing together."""
    ranges = [(int(match["first"]), int(match["last"])) for match in _NUMBERS.finditer(said)]
    if not ranges or any(first >= last for first, last in ranges):
        return None
    smallest, largest = min(first for first, _ in ranges), max(last for _, last in ranges)
    return (smallest, largest) if is_european(smallest) == is_european(largest) else None


def is_european(number: int) -> bool:
    return number >= EUROPEAN_FROM


def covered_sizes(description: str) -> dict[str, Span]:
    """The sizes that a recall covers → where it says so; empty where it lists none."""
    found: dict[str, Span] = {}
    for listed in _LISTED.finditer(description):
        if listed["first"] and not listed["more"]:
            continue  # the others may be said in another way
        for span in re.finditer(_TO, listed.group()):
            first, last = (ORDER.index(_folded(span[name])) for name in ("first", "last"))
            for size in ORDER[first : last + 1]:
                found.setdefault(size, _at(listed.start() + span.start(), span.group()))
        for one in _ONE.finditer(listed.group()):
            found.setdefault(_folded(one.group()), _at(listed.start() + one.start(), one.group()))
    if table := _TABLE.search(description):
        for one in _IN_TABLE.finditer(description, table.end(), table.end() + TABLE_READ):
            found.setdefault(_folded(one.group()), _at(one.start(), one.group()))
    return found


def _at(start: int, said: str) -> Span:
    return Span("recall description", start, start + len(said), said)


def _folded(said: str) -> str:
    size = said.lower().replace("extra-", "extra ")
    return _MEANS.get(size, size)
