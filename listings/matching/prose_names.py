"""Makers and names that only a recall's first sentence gives, where title and product's name say a firm and a kind:
"Bicycle helmets", "This recall involves Louis Garneau Course Helmets"."""

import re
from itertools import islice

from listings.matching.described_names import PLACEHOLDER
from listings.matching.lexicon import HEARD, compound_product_type, is_name, leading_maker, product_types_in, rarity
from listings.matching.names import Distinctive, Name, read_name
from listings.matching.normalise import texts_of, words
from listings.matching.texts import Span

_INVOLVES = (
    r"[^.]{0,40}?\b(?:involves?|includes?|are|is) "
    r"(?:(?:all|certain|the|both|only|some|various|about|approximately|two|three|four|five|six|several|\d[\d,]*|units of|models? of|brand) )*"
    r"(?:model[- ]years? \d{4}(?:(?:,? and|,? or| through| to|,|-|–)? ?\d{4})* )?"
)
_MAKER = re.compile(_INVOLVES + r"[\"“]?(?P<name>[A-Z0-9][\w&'’.-]*(?: [A-Z0-9][\w&'’.-]*){0,2})(?!-)")
_SAID = re.compile(
    _INVOLVES + r"(?P<name>[\"“]?[A-Z][\w'’&.+-]*[®™”\"]?(?: (?:(?:and|&) )?[\"“]?[A-Z0-9][\w'’&.+/-]*[®™”\"]?){1,6})"
    r"(?P<behind>(?: [a-z][\w-]*){0,4})"
)
_CODE = re.compile(r"(?<![\w-])[A-Z]{4,12}(?![\w-])")
_CODES = re.compile(
    r"\b(?:[Mm]odels?|[Ii]tems?|[Ss]tyles?|SKUs?|[Pp]arts?) (?:numbers?|nos?\.|codes?)? ?[^.;()]{0,200}|\([A-Z]{7,12}\)"
)
UNSPOKEN = re.compile(
    r"[b-df-hj-np-tv-xz]{4}|^[b-df-hj-np-tv-xz]+$|^(?!s[cpt]r|thr|chr|shr|sch|spl)[b-df-hj-np-tv-xz]{3}"
)  # four consonants in a row, three at the beginning
_NO_CODES = frozenset({"ansi", "astm", "cpsc", "dpci", "nfpa"})
CODES_READ = 1_500  # characters of a description
MIN_CODE, MAX_CODES = 4, 4  # letters, codes
_LIKE_IT = ("-style", "-type")
READ = 300  # characters of a description: the first sentence
NAMED_FROM = 0.6  # rarity of a word that names a line, as in `pair`


def involved_maker(description: str) -> tuple[tuple[str, ...], str]:
    """The known maker with which the first sentence begins to say what is recalled ("involves model year 2017 Can-Am
    Maverick X3"), whoever recalls it, and what it says there; nothing where there is none."""
    match = _MAKER.match(description[:READ])
    if match is None or match["name"].endswith(_LIKE_IT):
        return (), ""
    return leading_maker([word.text for word in words(match["name"])]), match["name"]


def with_name_of_prose(parts: Name, description: str, brands: frozenset[str]) -> Name:
    """`parts` of a product's name, with the line that the first sentence names; unchanged where the name has one of its
    own, or the sentence does not begin with the brand, or with a word that nobody else uses, and say that it is of this
    kind."""
    if any(_names(word) for line in parts.lines for word in line) or not parts.parts | parts.heads:
        return parts
    match = _SAID.match(description[:READ])
    begins = texts_of(match["name"])[:2] if match else []
    is_line_alone = brands.isdisjoint(begins)
    if (
        match is None
        or match["behind"].startswith(" style")
        or (is_line_alone and not any(map(_is_unheard, begins[:1])))
    ):
        return parts
    said = f"{match['name']}{match['behind']}"
    folded = texts_of(said)
    kinds = {kind for kind, _, _ in product_types_in(folded)}
    if kinds.isdisjoint(parts.parts) and parts.heads.isdisjoint(folded):
        return parts
    read = read_name(said, brands)
    proper = {word for word in texts_of(match["name"]) if _names(word)}
    lines = tuple(
        {word: _at(match.start("name"), each) for word, each in line.items()}
        for line in read.lines
        if not proper.isdisjoint(line)
    )
    if not lines:
        return parts
    if is_line_alone:
        return parts.beside(lines)
    named = {word: each for line in lines for word, each in line.items()}
    return Name(named | parts.words, lines, parts.product_types, parts.parts, parts.heads)


def with_letter_codes(parts: Name, description: str, brands: frozenset[str]) -> Name:
    """`parts` with the product's codes of letters alone ("model numbers MS40A, MSHP or MSGG", "red (BWTOTCOTRD)"), each a
    way to name it, where it has a name of its own. They look like no number; rare words in capitals behind a word for
    models or in brackets that nobody could speak are codes."""
    found: dict[str, Distinctive] = {}
    for match in _CODES.finditer(description[:CODES_READ]):
        for code in _CODE.finditer(match.group()):
            folded = words(code.group())[0].text
            if (
                folded in brands
                or len(folded) < MIN_CODE
                or folded in HEARD
                or folded in _NO_CODES
                or PLACEHOLDER.fullmatch(folded)
            ):
                continue
            if not UNSPOKEN.search(folded):
                continue  # "SMACKERS": a name in capitals
            start = match.start() + code.start()
            span = Span("recall description", start, start + len(code.group()), code.group())
            found.setdefault(folded, Distinctive(1.0, span))
    return parts.beside([{word: each} for word, each in islice(found.items(), MAX_CODES)])


def _names(word: str) -> bool:
    return word.isalpha() and is_name(word) and rarity(word) >= NAMED_FROM


def _is_unheard(word: str) -> bool:
    """Whether a word is nobody's but this recall's ("involves three Splyt Light modules")."""
    return word.isalpha() and len(word) >= MIN_CODE and word not in HEARD and not compound_product_type(word)


def _at(start: int, word: Distinctive) -> Distinctive:
    span = word.span
    return Distinctive(word.weight, Span("recall description", start + span.start, start + span.end, span.text))
