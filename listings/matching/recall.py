"""Reading a recall: what its products are called, by whom, which models it names and which it leaves out."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from listings.matching.apart_models import add_apart, written_apart
from listings.matching.brands import corrected_brands, read_brands
from listings.matching.circumstances import COLOURS, Circumstances, read_circumstances
from listings.matching.contested import contested_models
from listings.matching.described_names import (
    listed_names_beside,
    names_in,
    pairs_of_names_in,
    words_with_capitals,
    words_without_capitals,
)
from listings.matching.gtins import codes_in
from listings.matching.hosts import Host, host_in
from listings.matching.identifiers import gtin14, gtins_in, models_in
from listings.matching.letter_sizes import covered_numbers, covered_sizes
from listings.matching.lexicon import COMPONENTS, breadth, type_of
from listings.matching.misread_models import misread_models
from listings.matching.model_stems import model_stems
from listings.matching.model_years import model_years_in
from listings.matching.names import (
    TAIL,
    Distinctive,
    Name,
    joins_of,
    read_name,
    taken_for_brands,
    versions_in,
    with_number,
)
from listings.matching.normalise import canonical_model, decode, texts_of, words
from listings.matching.piece_counts import pieces_in
from listings.matching.press_releases import of_the_product
from listings.matching.prose_models import (
    DIGITS_ALONE,
    model_beginnings,
    model_endings,
    models_of_prose,
    sentences_left_out,
    without_left_out,
)
from listings.matching.prose_names import with_letter_codes, with_name_of_prose
from listings.matching.sizes import Size, as_volume, dimensions_in, listed_sizes, sizes_in
from listings.matching.texts import Correction, Corrections, ProductText, RecallText, Span

_EVERY = re.compile(
    r"\ball\b(?: \w+){0,3} (?:models?|styles?|colors?|sizes?|versions?|units?)\b|^All\b|"
    r"\binvolves all\b|\bincludes all\b",
    re.IGNORECASE,
)
_FOR_OTHERS = re.compile(r"\b(?:for|sold with|used with|used in|compatible with)\b.*", re.IGNORECASE | re.DOTALL)
_WHO = re.compile(r"^.{2,60}?(?= (?:Expands|Reannounces|Recalls?|Announces?|Issues)\b)")  # "WD-40 Company Recalls"
_WHAT = re.compile(
    r"\bRecalls?(?: of)? (?!Due|Because|After|for\b)(?P<what>.+?)(?=,? (?:Due|Because|After|Following|for|to|Sold|with)\b|[;(]|$)"
)  # "Peloton Recalls Tread+ Treadmills After …"
_NAME_WITH_DIGIT = re.compile(r"^[a-z]{4,}\d$")
_NAME_AND_NUMBER = re.compile(r"^([a-z]{4,})\d{1,2}$")
_CORD = re.compile(r"\b(?:power|electrical|electric|AC|line|supply) cords?\b|\bcord rewind\b", re.IGNORECASE)
_BATTERY = re.compile(r"\b(?:cordless|batter(?:y|ies)|rechargeable|charg(?:ers?|ing))\b", re.IGNORECASE)
DESCRIPTION_READ = 3_000  # characters of a description whose words are kept
NAME_READ, PROSE_READ, LISTED = 500, 12_000, 2_000  # characters, characters, entries: no real recall has more
MAX_DIGITS = 5  # digits that are found beside their brand only; more are a key of their own
SHORT_BRAND = 7  # letters of a brand that sellers write in one with a number, and that keys join to one
SIZES_IN = 800  # characters of a description
_SAID_MODEL = re.compile(
    r"\b[Mm]odels? (?:[Nn]umbers? |[Nn]os?\.? ?|#)?(?P<number>(?=[\w/-]*\d)[A-Z][\w/-]{3,}|\d{4,})(?![\w/-])"
)  # "2005 Kawasaki model KLX110-A4 off-highway motorcycle"
_IS_SO_LONG = re.compile(
    r"\b(?:is|are|measures?|has a diameter of) (?:about |approximately |roughly )?$", re.IGNORECASE
)
DISTINCTIVE_SIZES = frozenset(
    {"volume", "storage", "charge", "power", "voltage", "gauge"}
)  # lengths and weights may be of anything
LIMITED_BY_NAMES = 0.8  # against models, which limit in full
PLAINLY_SAID, MUCH_SAID = 160, 500  # characters: a sentence that repeats brand and kind; what describes some of them


@dataclass(frozen=True, eq=False)
class ProductReading:
    """One product: its name taken apart, and its own model numbers, GTINs and sizes; `joins` are the words that a word of
    its name makes with the one beside it, written as one; `doubted` GTINs that are no sole proof → why."""

    index: int
    name: str
    parts: Name
    gtins: dict[str, Span]
    models: dict[str, Span]
    sizes: tuple[Size, ...]
    versions: dict[str, dict[str, Span]]
    joins: dict[str, frozenset[str]]
    doubted: dict[str, str]

    @property
    def name_words(self) -> dict[str, Distinctive]:
        return self.parts.words


@dataclass(frozen=True, eq=False)
class RecallReading:
    """`models` are in the recall's text and apply to all its products; `excluded` it says are not recalled.
    `contested` it names as recalled and as not recalled: where it says so, and where it says the other (contested.py).

    `misread` are its numbers with S and 5, or B and 8, in place of each other; `stems` are those without the letters at
    their end.

    `proper` are words that the description writes with a capital inside a sentence, `ordinary` those that it writes
    without. `described` are the rare names in its description, `described_pairs` its names of two words ("Summer
    Breeze"); `every` is whether it says that all models are recalled.
    """

    text: RecallText
    products: tuple[ProductReading, ...]
    brands: dict[str, Span]
    brand_names: tuple[frozenset[str], ...]
    models: dict[str, Span]
    beginnings: dict[str, Span]
    endings: dict[str, Span]
    excluded: dict[str, Span]
    contested: dict[str, tuple[Span, Span]]
    misread: dict[str, Span]
    stems: dict[str, Span]
    gtins: dict[str, Span]
    described: dict[str, Span]
    described_pairs: dict[tuple[str, str], Span]
    all_words: frozenset[str]
    every: bool
    proper: frozenset[str]
    ordinary: frozenset[str]
    dimensions: dict[tuple[float, float], Span]
    sizes: tuple[Size, ...]

    @property
    def number(self) -> str:
        return self.text.number

    def all_models(self) -> dict[str, Span]:
        """Those of the text and of every product, by canonical number."""
        return {**self.models, **{number: span for product in self.products for number, span in product.models.items()}}

    def all_gtins(self) -> dict[str, Span]:
        """Those of the text and of every product."""
        return {**self.gtins, **{gtin: span for product in self.products for gtin, span in product.gtins.items()}}

    @cached_property
    def named_words(self) -> frozenset[str]:
        """The words of its title and its products' names."""
        return frozenset(texts_of(self.text.title)).union(*(texts_of(product.name) for product in self.products))

    def types(self, product_index: int) -> dict[str, Span]:
        """Words of the product's name, or else of the title, of which only one of a group can be true."""
        return self._types[product_index]

    @cached_property
    def _types(self) -> tuple[dict[str, Span], ...]:
        title = _types_in(self.text.title, "recall title")
        corded = _corded(self.text.description, self.text.title)
        return tuple({**corded, **(_types_in(product.name, "product") or title)} for product in self.products)

    def colours(self, product_index: int) -> dict[str, Span]:
        """The colors in the product's name, unless they belong to the brand's ("Black & Decker")."""
        name = self.products[product_index].name
        return {
            word.text: Span("product", word.start, word.end, name[word.start : word.end])
            for word in words(name)
            if word.text in COLOURS and word.text not in self.brands
        }

    @cached_property
    def breadth(self) -> float:
        """How many products its best-known brand makes, from 0 to 1; 1 where it names none."""
        return max((breadth(name) for name in self.brand_names), default=1.0)

    def limits(self, product_index: int) -> tuple[float, str]:
        """How much the recall is limited to some products of the type, from 0 to 1, and to what."""
        if self.models or self.products[product_index].models or self.beginnings or self.endings:
            return 1.0, "certain models"
        if self.described_pairs or self.described:
            return LIMITED_BY_NAMES, "names in its description"
        length = len(self.text.description)
        return min(1.0, max(0, length - PLAINLY_SAID) / MUCH_SAID), "the products it describes"

    @cached_property
    def model_years(self) -> frozenset[str]:
        """The model years that its description says it covers; empty where it says none."""
        return model_years_in(without_left_out(self.text.description))

    @cached_property
    def sizes_left_out(self) -> tuple[Size, ...]:
        """Those in sentences about what is not recalled."""
        said = " ".join(sentence.group() for sentence in sentences_left_out(self.text.description))
        return listed_sizes(said, "recall description") if said else ()

    @cached_property
    def versions_left_out(self) -> dict[str, frozenset[str]]:
        """Names with the numbers of them that only sentences about what is not recalled have ("Glide 2 … not included")."""
        found: dict[str, frozenset[str]] = {}
        for sentence in sentences_left_out(self.text.description):
            said = sentence.group()
            for word, numbers in versions_in(said, words(said), "recall description", of_recall=True).items():
                found[word] = found.get(word, frozenset()) | numbers.keys()
        if found:
            recalled = without_left_out(self.text.description)
            meant = versions_in(recalled, words(recalled), "recall description", of_recall=True)
            found = {word: numbers - meant.get(word, {}).keys() for word, numbers in found.items()}
        return found

    @cached_property
    def letter_sizes(self) -> dict[str, Span]:
        """The sizes of clothes that it covers; empty where it lists none."""
        return covered_sizes(self.text.description)

    @cached_property
    def size_numbers(self) -> tuple[int, int] | None:
        """The smallest and the largest size in numbers that it covers; None where it says no such range."""
        return covered_numbers("\n".join((*(product.name for product in self.products), self.text.description)))

    @cached_property
    def pieces(self) -> frozenset[int]:
        """How many pieces the sets have that its title and description mention."""
        return frozenset(pieces_in(f"{self.text.title}\n{self.text.description}", "recall description"))

    @cached_property
    def circumstances(self) -> Circumstances:
        """Colours, lots, and where and when it was sold."""
        return read_circumstances(self.text)

    @cached_property
    def host(self) -> Host | None:
        """What the recalled part belongs to, where the recalled product is a part of something."""
        if not any(product.parts.product_types & COMPONENTS for product in self.products):
            return None
        return host_in([product.name for product in self.products], self.text.title, self.text.description)


def read_recall(text: RecallText) -> RecallReading:
    """Everything the rules need to know of a recall. Fields that the regulator filled in win over its prose."""
    title = decode(text.title, NAME_READ)
    description = of_the_product(decode(text.description, PROSE_READ))
    text = replace(
        text,
        title=title,
        description=description,
        products=tuple(map(_readable, text.products)),
        firms=tuple(firm[:NAME_READ] for firm in text.firms[:LISTED]),
        sold_at=text.sold_at[:NAME_READ],
    )
    said = text.corrections
    lines = frozenset[str]()
    found = read_brands(text)
    for product in text.products:
        lines |= taken_for_brands(decode(product.name), found.words)
    brands = corrected_brands(found.without(lines), said.brands)
    brand_words = frozenset(brands.words)
    only = description if len(text.products) == 1 else ""
    products = tuple(_product(index, each, brand_words, said, only) for index, each in enumerate(text.products))
    if len(products) == 1:
        products = (_with_kind_of_title(products[0], title, brand_words),)
    models, left_out = _models(title, description)
    left_out = _corrected(left_out, said.excluded, canonical_model)
    models = _corrected(models, said.models, canonical_model)
    contested, excluded = contested_models(models, left_out, [product.models for product in products], said)
    models = {number: span for number, span in models.items() if number not in excluded}
    for stated in (models, *(product.models for product in products)):
        _add_with_and_without_brand(stated, brand_words)
    named = {word for product in products for word in product.name_words} | set(texts_of(title))
    joined = {both for product in products for joins in product.joins.values() for both in joins}
    read = description[:DESCRIPTION_READ]
    recalled = without_left_out(description)
    said_of_it = recalled[:DESCRIPTION_READ]
    by_firm = brand_words - brands.printed
    pairs = pairs_of_names_in(said_of_it, named | by_firm, by_firm)
    pairs |= listed_names_beside(by_firm, said_of_it, named | by_firm)
    numbers = [models, *(product.models for product in products)]
    return RecallReading(
        text=text,
        products=products,
        brands=brands.words,
        brand_names=brands.names,
        models=models,
        beginnings=model_beginnings(description),
        endings=model_endings(description),
        excluded=excluded,
        contested=contested,
        misread=misread_models(numbers, excluded),
        stems=model_stems(numbers, excluded),
        gtins=_corrected(gtins_in(description, "recall description"), said.gtins, gtin14),
        described=names_in(said_of_it, named | by_firm),
        described_pairs={pair: span for pair, span in pairs.items() if not brands.printed.issuperset(pair)},
        all_words=frozenset(named.union(texts_of(read), joined, brand_words)),
        every=any(_EVERY.search(said) for said in (description[:400], *(product.name for product in text.products))),
        proper=words_with_capitals(read),
        ordinary=words_without_capitals(read),
        dimensions=dimensions_in(description, "recall description") if "size" in description else {},
        sizes=_sizes(title, recalled[:SIZES_IN]),
    )


def _readable(product: ProductText) -> ProductText:
    """The product with texts and lists no longer than any real ones, so that reading it takes a bounded time."""
    return ProductText(
        product.name[:NAME_READ],
        product.brand[:NAME_READ],
        tuple(given[:NAME_READ] for given in product.models[:LISTED]),
        tuple(given[:NAME_READ] for given in product.gtins[:LISTED]),
        tuple(given[:NAME_READ] for given in product.sizes[:LISTED]),
        product.description[:PROSE_READ],
    )


def _models(title: str, description: str) -> tuple[dict[str, Span], dict[str, Span]]:
    """The models that title and prose name, and those that the prose leaves out; a number can be in both."""
    named, left_out = models_of_prose(description)
    models = {
        **models_in(_WHO.sub(lambda who: " " * len(who.group()), _FOR_OTHERS.sub("", title)), "recall title"),
        **named,
    }
    return models, left_out


def _sizes(title: str, description: str) -> tuple[Size, ...]:
    """Capacities and the like that title and description give, of each dimension those of the title first."""
    found = (*listed_sizes(title, "recall title"), *listed_sizes(description, "recall description"))
    lengths = [size for size in found if size.dimension == "length"]
    is_its_own = len(lengths) == 1 and _IS_SO_LONG.search(description, 0, lengths[0].span.start)
    return tuple(
        size
        for size in found
        if size.dimension in DISTINCTIVE_SIZES
        or as_volume(size).dimension == "volume"
        or (is_its_own and size in lengths)
    )


def _corded(description: str, title: str) -> dict[str, Span]:
    """ "corded", where the description has the product's power cord and nothing of a battery."""
    match = _CORD.search(description)
    if match is None or _BATTERY.search(description) or _BATTERY.search(title):
        return {}
    return {"corded": Span("recall description", match.start(), match.end(), match.group())}


def _types_in(text: str, field: str) -> dict[str, Span]:
    return {
        kind: Span(field, word.start, word.end, text[word.start : word.end])
        for word in words(text)
        if (kind := type_of(word.text))
    }


def _add_with_and_without_brand(models: dict[str, Span], brand_words: frozenset[str]) -> None:
    """ "GN9120" by GN is sold as "GN 9120", too, and "1040" by HP as "HP1040"; "HD 7810" also as "7810"."""
    for number, span in list(models.items()):
        if (
            number in brand_words
            or brand_words.issuperset(texts_of(span.text))
            or (span.field != "model" and _NAME_WITH_DIGIT.match(number))
            or (
                (name := _NAME_AND_NUMBER.match(span.text.lower())) and span.field != "model" and name[1] in brand_words
            )
        ):
            del models[number]  # "Step2", "Hover-1", "blendjet2": names
            continue
        letters = number.rstrip("0123456789")
        bare = number[len(letters) :] if letters in brand_words else number
        if span.field != "model" and " " in span.text:
            bare = next(filter(str.isdigit, span.text.split(" ")), bare)
        if len(bare) < DIGITS_ALONE:
            continue
        models.setdefault(bare, span)
        if bare.isdigit() and len(bare) <= MAX_DIGITS:
            for brand in brand_words:
                if brand.isascii() and brand.isalpha() and len(brand) <= SHORT_BRAND:
                    models.setdefault(canonical_model(f"{brand}{bare}"), span)


def _with_kind_of_title(product: ProductReading, title: str, brands: frozenset[str]) -> ProductReading:
    """The product with the kind that the recall's title says, where its own name is a line alone ("Tread+")."""
    parts = product.parts
    if parts.parts or parts.heads or not parts.lines or (what := _WHAT.search(title)) is None:
        return product
    read = read_name(what["what"], brands)
    return replace(
        product, parts=Name(parts.words, parts.lines, read.product_types, read.parts, parts.heads, parts.codes)
    )


def _corrected(
    read: dict[str, Span], correction: Correction, canonical: Callable[[str], str | None]
) -> dict[str, Span]:
    """What was read, without what a person dropped and with what a person added."""
    dropped = {canonical(given) for given in correction.drop}
    found = {value: span for value, span in read.items() if value not in dropped}
    for given in correction.add:
        if value := canonical(given):
            found[value] = Span("correction", 0, len(given), given)
    return found


def _product(
    index: int, product: ProductText, brands: frozenset[str], said: Corrections, description: str
) -> ProductReading:
    """One product; `description` is the recall's, where it is about this product alone."""
    name = decode(product.name)
    gtins = {
        code.gtin: Span("gtin", code.start, code.end, given[code.start : code.end])
        for given in product.gtins
        for code in codes_in(given)
    }
    doubted = {code.gtin: code.doubt for given in product.gtins for code in codes_in(given) if code.doubt}
    models = {
        canonical_model(given): Span("model", 0, len(given), given) for given in product.models if len(given) >= 2
    }
    for number, span in models_in(TAIL.sub("", name) or name, "product", digits_alone=True).items():
        models.setdefault(number, span)
    if said_model := _SAID_MODEL.search(name):
        number = said_model["number"]
        models.setdefault(canonical_model(number), Span("model", 0, len(number), number))
    add_apart(models, written_apart(TAIL.sub("", name) or name, "product"))
    models = _corrected(models, Correction(drop=said.models.drop + said.excluded.add), canonical_model)
    gtins = _corrected(gtins, Correction(drop=said.gtins.drop), gtin14)
    sizes = sizes_in(name, "product") + tuple(size for given in product.sizes for size in sizes_in(given, "size"))
    parts = with_name_of_prose(read_name(name, brands, models), description, brands)
    parts = with_letter_codes(parts, description, brands)
    versions = versions_in(name, words(name), "product", of_recall=True)
    joins: dict[str, set[str]] = {}
    for line in parts.lines:
        for both, pair in joins_of(line).items():
            for word in pair:
                joins.setdefault(word, set()).add(both)
        for word in line.keys() & versions.keys():
            joins.setdefault(word, set()).update(filter(None, (with_number(word, each) for each in versions[word])))
    return ProductReading(
        index,
        name,
        parts,
        gtins,
        models,
        sizes,
        versions,
        {word: frozenset(both) for word, both in joins.items()},
        doubted,
    )
