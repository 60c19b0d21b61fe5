"""A product's name in parts: its product type, and the words that distinguish it from others of its type."""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from listings.matching.identifiers import is_measure, is_standard
from listings.matching.lexicon import (
    COMPONENTS,
    GOODS,
    PRODUCT_TYPES,
    STOP_WORDS,
    TYPES_IN_ENGLISH,
    VOID_NOUNS,
    is_name,
    leading_maker,
    product_types_in,
    rarity,
)
from listings.matching.model_years import with_years_apart
from listings.matching.normalise import JOINED_FROM, JOINED_TO, Word, canonical_model, joined_word, words
from listings.matching.sizes import UNIT_WORDS
from listings.matching.texts import Span

TAIL = re.compile(
    r"\s*(?:(?<=\s)on(?=\s)|\b(?:with|for|sold|used|using|includ\w+|that|which|from|made by|manufactured|by|compatible|"
    r"distributed|in|models?|style numbers?)\b|\bsizes?:? (?=\d|[SMLX]\b)|\(|;).*",
    re.IGNORECASE | re.DOTALL,
)
_ALTERNATIVES = re.compile(r",|;|/(?!(?:in|out)door)|(?<!['’])\b(?:and|or)\b(?!['’])|&", re.IGNORECASE)  # not "L'Or"
_LISTED = re.compile(
    r",? ?\(?\b(?:also|formerly|sometimes) (?:known|sold|called|marketed|referred to)(?: as)?\b,? ?|,? ?\(?\ba\.?k\.?a\.?,? |"
    r"[;:] (?:and |or )?",
    re.IGNORECASE,
)
MIN_NAME_LENGTH, MAX_LISTED = 6, 24  # characters; names in a list
_LEAD = re.compile(
    r"^\s*(?:all(?: models of)?|various|certain|some|model years? [\d -]+(?:and \d+)?|models?|brand)\b\s*",
    re.IGNORECASE,
)
MIXED = {2: 0.4, 3: 0.8}  # the weight of short words of letters and digits; longer ones have 1
STANDARD = 0.4  # the weight of "PAR38": that of a short number
ORDINARY = 0.8  # the weight of a word that is not a name, relative to an equally rare name
DISTINCTIVE_FROM = 0.3  # rarity below which a word says nothing about which product it is
STRONG_FROM = 0.3  # weight below which a word of a title says nothing about what it is
ALTERNATIVE_FROM = 0.5  # squared rarities that one of several names must have to count alone


_SERIES = re.compile(r"(?<![\w.-])(?P<number>[A-Z]?\d{2,4}) Series\b", re.IGNORECASE)
_DESCRIBING = ("ing", "less", "able")  # endings of words that nobody counts
GENERATIONS = frozenset({"gen", "generation"})
GENERATION = "generation"  # the number of a line or of a brand's only product: "Gen. 3", "2nd generation", "v2"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_GENERATION = re.compile(
    rf"\b(?:(?P<nth>\d{{1,2}})(?:st|nd|rd|th)|(?P<ordinal>{'|'.join(_ORDINALS)}))[ -]gen(?:eration)?s?\b|"
    r"(?<=[ (])(?:v|ver\.? ?|version |mk\.? ?|mark )(?P<version>\d)(?![\w.,-])",
    re.IGNORECASE,
)
_OF_MAKER = frozenset({"recall title", "brand"})
COUNTED = (
    STOP_WORDS
    | UNIT_WORDS
    | VOID_NOUNS  # "Versa 3 pack"
    | frozenset(
        one + end
        for one in (
            "blade", "burner", "compartment", "cup", "door", "drawer", "function", "gear", "layer", "level", "light", "mode",
            "motor", "outlet", "panel", "person", "player", "pocket", "port", "position", "quart", "row", "seat", "setting",
            "shelf", "slice", "slot", "socket", "speed", "stage", "step", "tier", "wheel", "zone",
        )
        for end in ("", "s")
    )
)  # fmt: skip
"""What a number in front of it counts."""
_SIZED = frozenset(
    {"girl", "boy", "kid", "man", "woman", "men", "women", "toddler", "infant", "child", "youth", "age", "size"}
)
"""Those after whom a number is a size or an age."""
_HALF_OF_SIZE = re.compile(rf"[.,]\d+[ -]?(?:{'|'.join(sorted(UNIT_WORDS, key=len, reverse=True))})s?\b", re.IGNORECASE)
_ONLY_A_GAP = re.compile(r"\.? ?")
ROMAN = {"II": "2", "III": "3", "IV": "4", "VI": "6", "VII": "7", "VIII": "8"}


class Distinctive(NamedTuple):
    """A word of a name: its weight and its place."""

    weight: float
    span: Span


class Name(NamedTuple):
    """`lines`: for each way to name the product, the words beyond brand and type; empty for "Maclaren strollers".

    `product_types` are the types it names last (a crib mattress is a mattress), `parts` all types that it names,
    `heads` its last words, for types that the lexicon does not know. `codes` are words of lines that only the recall's
    description has, and that sellers may leave out: a listing without them lacks nothing.
    """

    words: dict[str, Distinctive]
    lines: tuple[dict[str, Distinctive], ...]
    product_types: frozenset[str]
    parts: frozenset[str]
    heads: frozenset[str]
    codes: frozenset[str] = frozenset()

    def beside(self, lines: Sequence[dict[str, Distinctive]]) -> "Name":
        """The same with lines that only the recall's description has, each a way to name it that sellers may leave out."""
        more = {word: each for line in lines for word, each in line.items()}
        codes = self.codes.union(more)
        every = self.lines + tuple(lines)
        return Name(more | self.words, every, self.product_types, self.parts, self.heads, codes)

    @property
    def own_lines(self) -> tuple[dict[str, Distinctive], ...]:
        """`lines` without those of `codes`."""
        return tuple(line for line in self.lines if self.codes.isdisjoint(line)) if self.codes else self.lines


def read_name(name: str, brands: frozenset[str], models: Collection[str] = ()) -> Name:
    """The parts of a product's name; of a list of names ("Zep cleaners: Toilet Bowl Cleaner; Stain Remover; …") those
    of each, as ways to name it."""
    name = with_years_apart(name)
    cuts = [(0, 0), *(match.span() for match in _LISTED.finditer(name)), (len(name), len(name))]
    listed = [
        " " * begin + name[begin:end] for (_, begin), (end, _) in pairwise(cuts) if end - begin >= MIN_NAME_LENGTH
    ]
    if not 1 < len(listed) <= MAX_LISTED:
        return _read_name(name, brands, models)
    read = [_read_name(each, brands, models) for each in listed]
    words_of_all: dict[str, Distinctive] = {}
    for each in reversed(read):
        words_of_all |= each.words
    lines = tuple(line for each in read for line in each.lines if worth(line) >= ALTERNATIVE_FROM)
    return Name(
        words_of_all,
        lines or tuple(line for each in read for line in each.lines),
        frozenset().union(*(each.product_types for each in read)),
        frozenset().union(*(each.parts for each in read)),
        frozenset().union(*(each.heads for each in read)),
    )


def taken_for_brands(name: str, brands: Mapping[str, Span]) -> frozenset[str]:
    """Words of a list of names that pass for brands and are lines ("Chloe, Sophie and Audrey soft dolls"): those that
    only the product's name has, where the recall names its maker elsewhere and no known makers."""
    if " brand" in name.lower() or not any(span.field in _OF_MAKER for span in brands.values()):
        return frozenset()
    pieces = _pieces(name, 0, len(name))
    if sum(is_name(piece[0].text) and name[piece[0].start].isupper() for piece in pieces) < 2:
        return frozenset()
    if any(all(word.text in brands and brands[word.text].field in _OF_MAKER for word in piece) for piece in pieces):
        return frozenset()  # "JELD-WEN and Reliabilt doors": beside a maker's name alone stand others
    first = {piece[0].text for piece in pieces}
    return frozenset(
        word for word, span in brands.items() if word in first and span.field == "product" and not leading_maker([word])
    )


def _read_name(name: str, brands: frozenset[str], models: Collection[str]) -> Name:
    """The parts of a product's name. `models` are compared as numbers, not as words; what follows "with", "for" or
    "sold" belongs to something else."""
    every: dict[str, Distinctive] = {}
    for word in words(name):
        if (weight := distinctiveness(word.text)) > 0:
            every.setdefault(word.text, Distinctive(weight, _span(name, word)))
    lead = _LEAD.match(name)
    start = lead.end() if lead else 0
    tail = TAIL.search(name, start + 1)
    end = tail.start() if tail and tail.start() > start else len(name)
    if end < len(name) and not _names_a_product_type(name[start:end]) and _names_a_product_type(name[end:]):
        end = _end_behind(name, start, tail.start() if tail else end)
    pieces = _pieces(name, start, end)
    repeated = _repeat_their_beginning(pieces, brands)
    product_types: set[str] = set()
    parts: set[str] = set()
    heads: set[str] = set()
    lines: list[dict[str, Distinctive]] = []
    named_alone: list[bool] = []
    complete: list[bool] = []
    for piece in pieces:
        folded = [word.text for word in piece]
        named = product_types_in(folded)
        kind_words = {
            folded[place]
            for _, first, last in named
            for place in range(first, last)
            if folded[place] in PRODUCT_TYPES or last - first > 1 or not _is_camel(name, piece, place)
        }
        parts |= {product_type for product_type, _, _ in named}
        last_is_void = folded[-1] in VOID_NOUNS or is_name(folded[-1]) or has_digit(folded[-1])
        if named and named[-1][2] >= len(folded) - last_is_void:
            product_types.add(named[-1][0])
            same = TYPES_IN_ENGLISH.get(" ".join(folded[named[-1][1] : named[-1][2]]), frozenset())
            product_types |= same
            parts |= same
            if named[-1][2] - named[-1][1] > 1 and (last := PRODUCT_TYPES.get(folded[named[-1][2] - 1])):
                product_types.add(last)  # a bath seat is a seat
        complete.append(folded[-1] in kind_words)
        ends_it = folded[-1] in kind_words or (
            piece is pieces[-1] and (not is_name(folded[-1]) or _is_goods(name, piece[-1]))
        )
        if ends_it:
            heads.add(folded[-1])
        line: dict[str, Distinctive] = {}
        for word in piece[:-1] if ends_it else piece:
            if word.text in brands or word.text in kind_words or canonical_model(word.text) in models:
                continue
            if word.text.isdigit() and len(word.text) <= 3 and _counts_something(name, word):
                continue
            if (weight := distinctiveness(word.text)) >= DISTINCTIVE_FROM:
                line.setdefault(word.text, Distinctive(weight, _span(name, word)))
        lines.append(line)
        for text, distinctive in line.items():  # what is cut inside a word has words of its own
            every.setdefault(text, distinctive)
        named_alone.append(
            repeated
            or any(word in brands or is_name(word) for word in folded)
            or any(each.text in line and _is_capital(name, each, piece) for each in piece)
        )
    _share_tail(lines, [] if repeated else complete)
    heads -= brands
    return Name(
        every,
        _alternatives(lines, named_alone),
        frozenset(product_types or (parts if heads <= VOID_NOUNS else ())),
        frozenset(parts),
        frozenset(heads),
    )


def _repeat_their_beginning(pieces: Sequence[Sequence[Word]], brands: frozenset[str]) -> bool:
    """Whether the names of a list, of two words at least, begin alike ("Kid Comfort, Kid Comfort Pro and Kid Comfort
    Active"): each is whole. One word that begins all of them alone may be a brand's."""
    named = [[word.text for word in piece if word.text not in brands] for piece in pieces]
    return len(pieces) > 1 and min(map(len, named)) > 1 and len({each[0] for each in named}) == 1


def _end_behind(name: str, start: int, cut: int) -> int:
    """Where a name ends whose kind stands behind a first cut: at the next one, if a component follows it ("Zelprio (Gen.
    3) Speakers with Lithium Batteries" are speakers), or at its end ("Hearth & Hand with Magnolia Tea Kettles")."""
    while (tail := TAIL.search(name, cut + 1)) is not None:
        cut = max(cut + 1, tail.start())
        if _names_a_product_type(name[start:cut]):
            behind = product_types_in([word.text for word in words(name[cut:])])
            return cut if any(product_type in COMPONENTS for product_type, _, _ in behind) else len(name)
    return len(name)


def joins_of(line: dict[str, Distinctive]) -> dict[str, tuple[str, str]]:
    """The words of a line that are side by side, written as one ("quickaction") → the two."""
    return {
        both: (one, other)
        for (one, here), (other, there) in pairwise(line.items())
        if there.span.start - here.span.end == 1 and (both := joined_word(one, other) or with_number(one, other))
    }


def with_number(one: str, other: str) -> str:
    """A name and a number beside it as one ("Recoil 360" and "Recoil360"); "" where they may not be."""
    both = one + other
    fits = one.isascii() and other.isascii() and JOINED_FROM <= len(both) <= JOINED_TO
    return both if fits and has_digit(both) and not both.isdigit() else ""


def distinctiveness(word: str) -> float:
    """The weight of a word of a name: 1 for a model number, 0 for a size or the end of a count ("80,000")."""
    if has_digit(word):
        if is_measure(word) or not word.strip("0"):
            return 0.0
        if is_standard(word):
            return STANDARD
        if any(map(str.isalpha, word)):
            return MIXED.get(len(word), 1.0)
        return 0.7 if len(word) > 2 else 0.4
    if len(word) < 3 and word.isascii():
        return 0.0
    return rarity(word) * (1.0 if is_name(word) else ORDINARY)


def worth(line: dict[str, Distinctive]) -> float:
    return sum(distinctive.weight * distinctive.weight for distinctive in line.values())


def _is_capital(name: str, word: Word, piece: Sequence[Word]) -> bool:
    """Whether a word is written as a name beside words that are not: "Quick Action" in "Quick Action travel mugs"."""
    return name[word.start].isupper() and name[piece[-1].start].islower()


def _names_a_product_type(said: str) -> bool:
    return bool(product_types_in([word.text for word in words(said)]))


def _is_camel(name: str, piece: Sequence[Word], place: int) -> bool:
    """Whether a joined word before the last is written as a name: a "KingQuad" is a quad, and a line."""
    written = name[piece[place].start : piece[place].end]
    return place < len(piece) - 1 and any(map(str.isupper, written[1:])) and not written.isupper()


def _is_goods(name: str, word: Word) -> bool:
    """Whether a word names goods, and in the plural: "Desktop Calculators"."""
    return word.text in GOODS and name[word.end - 1].lower() == "s" and not word.text.endswith("s")


def _counts_something(name: str, number: Word) -> bool:
    """Whether an ordinary word follows the number ("42-inch", "4 outlet", "12 drawer"), or it is half of a size
    ("1.7-liter")."""
    if _HALF_OF_SIZE.match(name, number.end):
        return True
    after = words(name[number.end : number.end + 24])[:1]
    return bool(after) and after[0].start <= 1 and after[0].text.isalpha() and not is_name(after[0].text)


def _pieces(name: str, start: int, end: int) -> list[list[Word]]:
    pieces, begin = [], start
    for cut in [*(match.span() for match in _ALTERNATIVES.finditer(name, start, end)), (end, end)]:
        piece = [
            Word(word.text, word.start + begin, word.end + begin, word.disguised)
            for word in words(name[begin : cut[0]])
        ]
        if piece:
            pieces.append(piece)
        begin = cut[1]
    return pieces


def _share_tail(lines: list[dict[str, Distinctive]], complete: Sequence[bool]) -> None:
    """In "Nordic and Zelprio inversion benches" both are inversion benches: ordinary last words belong to each name
    that does not name its kind itself. What tells one from a sister of the same beginning ("Flair Lux and Flair Vintage
    vehicles") belongs to it alone."""
    first = next(iter(lines[-1]), "") if lines else ""
    if any(len(line) > 1 and next(iter(line)) == first for line in lines[:-1]):
        return
    tail: dict[str, Distinctive] = {}
    for word, distinctive in reversed(lines[-1].items() if lines else ()):
        if is_name(word):
            break
        tail[word] = distinctive
    for line, has_kind in zip(lines[:-1], complete, strict=False):
        for word, distinctive in tail.items() if not has_kind else ():
            line.setdefault(word, distinctive)


def _alternatives(
    lines: Sequence[dict[str, Distinctive]], named_alone: Sequence[bool]
) -> tuple[dict[str, Distinctive], ...]:
    """Each name on its own where it has a brand or a name in it and says enough, else all words together."""
    together: dict[str, Distinctive] = {}
    for line in lines:
        together.update(line)
    named = [line for line, alone in zip(lines, named_alone, strict=True) if alone and line]
    enough = [line for line in (named or lines) if worth(line) >= ALTERNATIVE_FROM or (len(named) > 1 and line)]
    if len(enough) > 1:
        return tuple(enough)
    return (together,) if together else ()


def versions_in(text: str, read: Sequence[Word], field: str, *, of_recall: bool = False) -> dict[str, dict[str, Span]]:
    """Names followed by a number of one or two digits that counts nothing ("Versa 2", "Series 1"); and the numbers of
    series ("400 Series"), under "series". In titles, what an ordinary word follows may be a count ("2 scooters");
    `of_recall` are a recall's words, which name one product ("Versa 2 electric scooters")."""
    found: dict[str, dict[str, Span]] = {}
    for match in _SERIES.finditer(text):
        span = Span(field, match.start(), match.end(), match.group())
        found.setdefault("series", {})[match["number"].lower()] = span
    for match in _GENERATION.finditer(text):
        ordinal = (match["ordinal"] or "").lower()
        number = match["nth"] or match["version"] or str(_ORDINALS.index(ordinal) + 1)
        found.setdefault(GENERATION, {})[number] = Span(field, match.start(), match.end(), match.group())
    for word, said, after in zip(read, read[1:], [*read[2:], None], strict=False):
        number = said
        if roman := ROMAN.get(text[said.start : said.end]):
            number = Word(roman, said.start, said.end)
        if not number.text.isdigit() or len(number.text) > 2 or not word.text.isalpha() or len(word.text) < 3:
            continue
        if word.text in GENERATIONS:
            if not _ONLY_A_GAP.fullmatch(text, word.end, number.start):
                continue
        elif (
            text[word.end : number.start] != " "
            or (after and _is_counted(text, number, after, of_recall=of_recall))
            or rarity(word.text) < DISTINCTIVE_FROM
            or word.text in _SIZED
        ):
            continue
        key = GENERATION if word.text in GENERATIONS else word.text
        found.setdefault(key, {})[number.text] = Span(field, word.start, number.end, text[word.start : number.end])
    return found


def _is_counted(text: str, number: Word, after: Word, *, of_recall: bool) -> bool:
    between = text[number.end : after.start]
    if text[number.start : number.end] in ROMAN or after.text.endswith(_DESCRIBING):
        return False
    if between not in {" ", ", "}:
        return True
    if of_recall:
        return after.text in COUNTED and after.text not in STOP_WORDS
    return is_measure(f"{number.text}{after.text}") or (between == " " and not is_name(after.text))


def _span(name: str, word: Word) -> Span:
    return Span("product", word.start, word.end, name[word.start : word.end])


def has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))
