"""Reading a listing: its words, identifiers, sizes and product types, each with its place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from listings.matching.gtins import codes_in, doubt_of
from listings.matching.identifiers import gtins_in, models_in
from listings.matching.letter_sizes import letter_sizes_in, number_stated
from listings.matching.lexicon import (
    HEARD,
    MAX_MAKER_WORDS,
    STOP_WORDS,
    is_unknown,
    leading_maker,
    product_types_in,
    type_of,
)
from listings.matching.loose_numbers import loose_numbers
from listings.matching.names import versions_in
from listings.matching.normalise import JOINED_WITHIN, Word, canonical_model, decode, joined_word, words
from listings.matching.sizes import Size, dimensions_in, sizes_in
from listings.matching.texts import ListingText, Span

DESCRIPTION_READ = 1_500  # characters: what comes later is rarely about identity
TITLE_READ, BRAND_READ = 800, 200  # characters: twice the longest of 207,000 real titles, all of a stored brand
MAKER_WITHIN = 3  # words: "New 2024 Norvik heater"
MAX_CATEGORY_LENGTH = 90  # a description as short as this and without a sentence is a category
_FOR = re.compile(
    r"\b(?:for|fits|"
    r"(?<!sure )(?<!slim )(?<!easy )(?<!true )(?<!smart )(?<!perfect )(?<!regular )(?<!relaxed )fit|"
    r"compatible|works with|protects?|made for|designed for|para|pour|für|per|voor|для|dla|için)\b"
    r"|适用|用于|対応",
    re.IGNORECASE,
)
_AUDIENCE = re.compile(
    r"\s*(?:(?:home|kids?|bab(?:y|ies)|toddlers?|infants?|newborns?|child(?:ren)?|boys?|girls?|m[ae]n|wom[ae]n|adults?|dogs?|cats?|pets?|sale|use|"
    r"him|her|indoor|outdoor|camping|hiking|travel|office|kitchen|bedroom|garden|school|parts|life)\b|\d|$)",
    re.IGNORECASE,
)
_STANDS_FOR = re.compile(r"\b[a-z] is $", re.IGNORECASE)  # "J is for Jeep" is a name
_LABEL = re.compile(
    r"\b(?:brand(?: name)?|make|manufacturer|type|model(?: name| number| no\.?)?|product(?: name)?|mpn|"
    r"marke|hersteller|modell|typ|marca|fabricante|modelo|tipo|marque|fabricant|mod[eè]le|modello|produttore|merk|"
    r"producent|marka|üretici|бренд|марка|производитель|модель|тип)\s*:\s*(?P<value>[^;:\n|]{2,80}?)(?=[.;\n|]|\s[\w ]{2,20}:|$)"
    r"|(?:品牌|型号|牌子|ブランド|メーカー|型番)\s*[:：]\s*(?P<value2>[^;。\n|]{2,60})",
    re.IGNORECASE,
)
_AS_IT_IS = (
    r"\bfor (?:parts|spares|repairs?)\b(?! of\b)|\bspares? (?:or|and|&|/) repairs?\b|\bfür bastler\b|\bpour pi[eè]ces\b"
    r"|\bper (?:pezzi di )?ricamb\w+|\bpara (?:piezas|repuestos)\b|\bна запчасти\b"
)
AS_IT_IS = re.compile(_AS_IT_IS, re.IGNORECASE)
"""How a whole product is offered that may not work."""
_PHRASE_ENDS = re.compile(
    r"[,;(|\[]|\s[–—+-]\s|\b(?:(?:with|from|mit|con|avec)\b|w/)|(?<!\d)(?<!\d )(?<!\d-)\b(?:in|by)\b"
    rf"|{_AS_IT_IS}",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\d{1,2}")
_COLOURS_OR_SUCH = re.compile(
    r"only|black|white|blue|navy|red|green|yellow|pink|purple|orange|gr[ea]y|brown|beige|tan|teal|gold|silver|ivory|cream|"
    r"espresso|clear|natural|small|medium|large|xl|pair|set|pc|pack|pk|[a-z]?\d+[a-z]{0,5}"
)
_ABSENT = re.compile(
    r"[^,;.()\[\]|–—-]{2,40}?\s(?:is |are )?(?:not|isn'?t|aren'?t) (?:included|incl\b)[^,;.()|]{0,20}"
    r"|\b(?:without|w/o|excl(?:uding|\.)?|ohne|sans|sin|senza|zonder|sem|bez|без)\s+[^\W\d]+(?:\s(?:pack|case|cover|set))?",
    re.IGNORECASE,
)
_MAY_BE_ABSENT = (
    "not ",
    "n't ",
    "without",
    "w/o",
    "excl",
    "ohne",
    "sans",
    "sin ",
    "senza",
    "zonder",
    "sem ",
    "bez",
    "без",
)
_WITH = re.compile(
    r"\b(?:with|w|and|plus|includes?|including|incl|set)\b|[+&]|[,;(|–] *(?:(?!not\b)\w+ ){1,4}included\b"
    r"|\b(?:mit|samt|inkl|inklusive|inclusief|avec|inclus|con|(?<!\.)com|met|med|kanssa|ze?|со?|incluye|inclui)\b"
    r"|[,;(|–] *(?:\w+ ){1,4}(?:inclus[aeio]?s?|incluid[ao]s?|incluíd[ao]s?|enthalten|inbegriffen|meegeleverd|medföljer)\b"
    r"|\w+(?=付き|附き|付属| 포함)",
    re.IGNORECASE,
)  # also ", spare tire included"


@dataclass(frozen=True, eq=False)
class ListingReading:
    """What every listing is asked for; what only candidates are asked for is read when it is first asked for.

    `words` are those of title, brand and item details (`detail_words`) with their first place; two words of the title
    in a row are among them as one, too (`joined`), as makers' and lines' names are written both ways; `doubted` are
    GTINs that are no sole proof, and why.
    """

    text: ListingText
    title_words: tuple[Word, ...]
    words: dict[str, Span]
    brand_words: tuple[str, ...]
    models: dict[str, Span]
    gtins: dict[str, Span]
    disguised: dict[str, Span]
    detail_words: tuple[Word, ...] = ()
    joined: frozenset[str] = frozenset()
    doubted: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.text.id

    @cached_property
    def more_words(self) -> dict[str, Span]:
        """The words that only the description says."""
        description = self.text.description
        found: dict[str, Span] = {}
        for word in words(description):
            if word.text not in self.words and word.text not in found:
                found[word.text] = Span("description", word.start, word.end, description[word.start : word.end])
        return found

    @cached_property
    def more_models(self) -> dict[str, Span]:
        """The model numbers in the description."""
        return models_in(self.text.description, "description")

    @cached_property
    def types(self) -> dict[str, Span]:
        """Words of the title of which only one of a group can be true: "gas", "cordless"."""
        return {type_of(word.text): self.words[word.text] for word in self.title_words if type_of(word.text)}

    @cached_property
    def maker(self) -> tuple[str, ...]:
        """The known maker with whose name the title begins, behind marks of condition; empty for none."""
        return title_maker([word.text for word in self.title_words])

    @cached_property
    def goes_with(self) -> int:
        """Where the title begins to name what the product is for ("case for …"); its length if it does not."""
        title = self.text.title
        for match in _FOR.finditer(title):
            inside = any(span.start < match.start() < span.end for _, span in self._kinds)
            if (
                (match.start() > 0 or not match.group().isascii())
                and not inside
                and not _STANDS_FOR.search(title, 0, match.start())
                and not _AUDIENCE.match(title, match.end())
            ):
                return match.start()
        return len(title)

    @cached_property
    def extras(self) -> int:
        """Where the title begins to name what comes along ("… with case"); its length if it does not."""
        match = _WITH.search(self.text.title, 1)
        return match.start() if match else len(self.text.title)

    @cached_property
    def head_phrase(self) -> tuple[Word, ...]:
        """The words of the title's first phrase, which ends with what the product is: up to a mark, "with", "for" or
        the like, without its own number, colours and other words that say nothing behind it."""
        title = self.text.title
        cut = _PHRASE_ENDS.search(title, 1)
        end = min(cut.start() if cut else len(title), self.goes_with)
        phrase = [word for word in self.title_words if word.end <= end]
        own_number = canonical_model(self.text.mpn) if self.text.mpn else None
        while len(phrase) > 2 and _COUNT.fullmatch(phrase[-2].text) and title.startswith("-", phrase[-2].end):
            phrase = phrase[:-2]  # "pad holder 2-cup"
        while phrase and (
            phrase[-1].text in STOP_WORDS
            or _COLOURS_OR_SUCH.fullmatch(phrase[-1].text)
            or (len(phrase) > 2 and canonical_model(phrase[-1].text) == own_number)
        ):
            phrase.pop()
        return tuple(phrase)

    @cached_property
    def _kinds(self) -> tuple[tuple[str, Span], ...]:
        title = self.text.title
        found = []
        for product_type, first, last in product_types_in([word.text for word in self.title_words]):
            start, end = self.title_words[first].start, self.title_words[last - 1].end
            found.append((product_type, Span("title", start, end, title[start:end])))
        return tuple(found)

    @cached_property
    def product_types(self) -> dict[str, Span]:
        """The product types that the title names, in any language of the lexicon."""
        return dict(self.named_types)

    @cached_property
    def named_types(self) -> tuple[tuple[str, Span], ...]:
        """Every place where the title names a product type, also one that it names twice ("Schnorchel, snorkel")."""
        return tuple(each for each in self._kinds if each[1].start < self.goes_with)

    @cached_property
    def category(self) -> str:
        """The shop's category, or a description so short that it is one."""
        said = self.text.description
        return self.text.category or (said if is_category("", said) else "")

    @cached_property
    def readable(self) -> float:
        """The share of the title's letters that are Latin or in words of which something is known: product types, makers
        and ordinary words of other languages."""
        if self.text.title.isascii():
            return 1.0
        letters = [*map(str.isalpha, self.text.title)]
        unread = [
            letter and not character.isascii() for letter, character in zip(letters, self.text.title, strict=True)
        ]
        for word in self.title_words:
            if word.text.isascii() or word.text in HEARD:
                unread[word.start : word.end] = [False] * (word.end - word.start)
        return 1 - sum(unread) / max(1, sum(letters))

    @cached_property
    def sizes(self) -> tuple[Size, ...]:
        return sizes_in(self.text.title, "title")

    @cached_property
    def letter_sizes(self) -> dict[str, Span]:
        """The sizes of clothes that the title states: "size L", "Gr. M", "taille small"."""
        return letter_sizes_in(self.text.title, "title")

    @cached_property
    def size_number(self) -> tuple[int, Span] | None:
        """The size in a number that the title states: "size 32", "Gr. 25"."""
        return number_stated(self.text.title, "title")

    @cached_property
    def versions(self) -> dict[str, dict[str, Span]]:
        return versions_in(self.text.title, self.title_words, "title")

    @cached_property
    def lowered(self) -> dict[str, str]:
        """Title and description in lower case, for phrases; every character stays in its place."""
        return {"title": _lower(self.text.title), "description": _lower(self.text.description)}

    @cached_property
    def dimensions(self) -> dict[tuple[float, float], Span]:
        return dimensions_in(self.text.title, "title")

    @cached_property
    def title_pairs(self) -> dict[tuple[str, str], Span]:
        """Two words of the title in a row."""
        title, read = self.text.title, self.title_words
        return {
            (one.text, other.text): Span("title", one.start, other.end, title[one.start : other.end])
            for one, other in pairwise(read)
        }

    @cached_property
    def own_words(self) -> dict[str, Span]:
        """The words of what it is: those of title and brand without what follows "for"."""
        brand = frozenset(self.brand_words)
        return {
            word: span
            for word, span in self.words.items()
            if span.start < self.goes_with or span.field != "title" or word in brand
        }

    @cached_property
    def unknown_words(self) -> dict[str, list[str]]:
        """Words that are hardly known and so may be misspelt ones, under their first letter and under the next two."""
        found: dict[str, list[str]] = {}
        for word in self.words:
            if word in self.joined:
                continue
            if is_unknown(word):
                found.setdefault(word[0], []).append(word)
                found.setdefault(word[1:3], []).append(word)
        return found

    def place_of(self, word: str) -> Span | None:
        """Where a folded word first appears, title and brand before description."""
        return self.words.get(word) or self.more_words.get(word)


def is_category(category: str, description: str) -> bool:
    """Whether the shop's category is known: given, or a description so short that it is one."""
    return bool(category) or (len(description) <= MAX_CATEGORY_LENGTH and ". " not in description)


def read_listing(text: ListingText) -> ListingReading:
    """Everything the rules need to know of a listing."""
    title, description, brand, mpn = (
        decode(text.title, TITLE_READ),
        decode(text.description, DESCRIPTION_READ),
        decode(text.brand, BRAND_READ),
        text.mpn[:BRAND_READ],
    )
    text = replace(text, title=title, description=description, brand=brand, mpn=mpn, image_link="")
    found: dict[str, Span] = {}
    disguised: dict[str, Span] = {}
    title_words = tuple(words(stated(title)))
    brand_words = words(brand) if brand else []
    for where, source, read in (("title", title, title_words), ("brand", brand, brand_words)):
        for word in read:
            span = Span(where, word.start, word.end, source[word.start : word.end])
            found.setdefault(word.text, span)
            if word.disguised:
                disguised.setdefault(word.text, span)
    joined: set[str] = set()
    for one, other in pairwise(title_words[:JOINED_WITHIN]):
        if (both := joined_word(one.text, other.text)) and both not in found:
            found[both] = Span("title", one.start, other.end, title[one.start : other.end])
            joined.add(both)
    details = details_in(description)
    for word in details:
        found.setdefault(word.text, Span("description", word.start, word.end, description[word.start : word.end]))
    models = models_in(title, "title", joined=True, digits_alone=True)
    for number, (start, end) in loose_numbers(title).items():
        models.setdefault(number, Span("title", start, end, title[start:end]))
    if mpn:
        if len(mpn) <= 24:
            models.setdefault(canonical_model(mpn), Span("mpn", 0, len(mpn), mpn))
        for number, span in models_in(mpn, "mpn", digits_alone=True).items():
            models.setdefault(number, span)
    gtins = gtins_in(title, "title") | gtins_in(description, "description")
    doubted = {number: doubt for number in gtins if (doubt := doubt_of(number))}
    for code in codes_in(text.gtin):
        gtins[code.gtin] = Span("gtin", code.start, code.end, text.gtin[code.start : code.end])
        if code.doubt:
            doubted[code.gtin] = code.doubt
    return ListingReading(
        text=text,
        title_words=title_words,
        words=found,
        brand_words=tuple(word.text for word in brand_words),
        models=models,
        gtins=gtins,
        disguised=disguised,
        detail_words=details,
        joined=frozenset(joined),
        doubted=doubted,
    )


def title_maker(folded: Sequence[str]) -> tuple[str, ...]:
    """The known maker with whose name these words of a title begin."""
    for place, word in enumerate(folded[:MAKER_WITHIN]):
        if maker := leading_maker(folded[place : place + MAX_MAKER_WORDS]):
            return maker
        if word not in STOP_WORDS and not word.isdigit():
            return ()
    return ()


def stated(title: str) -> str:
    """The title with blanks in place of what it says is not there: "battery not included", "without wheels"."""
    lowered = title.lower()
    if not any(mark in lowered for mark in _MAY_BE_ABSENT):
        return title
    return _ABSENT.sub(lambda absent: " " * len(absent.group()), title)


def details_in(description: str) -> tuple[Word, ...]:
    """The words that the description gives under "Brand:", "Model:" and the like, as item details do."""
    if ":" not in description and "：" not in description:
        return ()
    found = []
    for match in _LABEL.finditer(description):
        group = "value" if match["value"] else "value2"
        start = match.start(group)
        found += [Word(word.text, start + word.start, start + word.end, word.disguised) for word in words(match[group])]
    return tuple(found)


def _lower(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := character.lower()) == 1 else character for character in text)
