"""Reading a recall: what its products are called, by whom, which models it names and which it leaves out."""

import re
from dataclasses import dataclass

from listings.matching.identifiers import Size, gtin14, gtins_in, models_in, sizes_in
from listings.matching.lexicon import THINGS, rarity, things_in
from listings.matching.normalise import canonical_model, decode, words
from listings.matching.texts import ProductText, RecallText, Span

_EXCLUDES = re.compile(r"\b(?:not (?:included|affected|part of|involved|subject)|excluded|does not (?:include|affect)|are not)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.;\n]+(?:\.(?=\S)[^.;\n]+)*")
_MODEL_WORDS = re.compile(r"\b(?:models?|item|style|sku|part|product|catalog|mpn|numbers?|nos?\.)\b", re.IGNORECASE)
_NOT_MODELS = re.compile(r"\b(?:serial|lot|date codes?|batch|manufactur\w+ dates?|tracking)\b", re.IGNORECASE)
_RANGE = re.compile(r"\b([A-Z]{0,6}-?)(\d{2,6})([A-Z]?) (?:to|through|thru|–|-) ([A-Z]{0,6}-?)(\d{2,6})([A-Z]?)\b")
_FIRM = re.compile(r"^(?:[^,;(]*?\bdba\s+)?([^,;(]+)")
_COMPANY = re.compile(
    r"\b(?:inc|llc|ltd|co|corp|corporation|company|gmbh|international|usa|u s a|america|north america|industries|group|products|limited|of|the|brands|trading|technology|holdings?|manufacturing|mfg)\b\.?",
    re.IGNORECASE,
)
_TITLE_BRAND = re.compile(r"^(?:CPSC,?\s+(?:and\s+)?)?(?P<name>[\w&'’.®™+ -]{2,40}?)\s+(?:Expands|Reannounces|Recalls?\b|Recalled\b|Announces?\b|Issues)")
_BY = re.compile(r"\bRecalled by (?P<name>[\w&'’.®™+ -]{2,40}?)(?: Due| Because|;|,|$)")
_MARKED = re.compile(r"(?P<name>[A-Z0-9][\w&'’.-]*(?: [A-Z0-9][\w&'’.-]*){0,2}) ?[®™]")
_PART_OF = re.compile(r"\b(?:used (?:in|with)|sold with|included (?:in|with)|for use (?:in|with)|for)\b", re.IGNORECASE)
_CUT = re.compile(r"\b(?:with|for|sold|used|includ\w+|that|which|in|from|and|by)\b|[,(;/]", re.IGNORECASE)
LONGEST_RANGE = 500


@dataclass(frozen=True)
class ProductReading:
    """One product: the words of its name with their weight, its brands' words, model numbers, GTINs and sizes."""

    index: int
    name: str
    name_words: dict[str, tuple[float, Span]]
    things: frozenset[str]
    gtins: dict[str, Span]
    models: dict[str, Span]
    sizes: tuple[Size, ...]


@dataclass(frozen=True)
class RecallReading:
    """`models` stand in the recall's text and hold for all its products; `excluded` it says are not recalled."""

    text: RecallText
    products: tuple[ProductReading, ...]
    brands: dict[str, Span]
    models: dict[str, Span]
    excluded: dict[str, Span]
    gtins: dict[str, Span]
    is_component: bool
    all_words: frozenset[str]

    @property
    def number(self) -> str:
        return self.text.number


def read_recall(text: RecallText) -> RecallReading:
    """Everything the rules need to know of a recall. Fields that the regulator filled in win over what its prose says."""
    title, description = decode(text.title), decode(text.description)
    text = RecallText(text.number, title, description, text.products, text.firms, text.sold_at)
    models, excluded = _models_of_prose(description)
    title_models = models_in(title, "recall title")
    products = tuple(_product(index, product) for index, product in enumerate(text.products))
    stated = [number for product in products for number in product.models]
    models = {**title_models, **models}
    for number in stated:
        excluded.pop(number, None)
    for number in excluded:
        models.pop(number, None)
    every = {word for product in products for word in product.name_words}
    every |= {word.text for word in words(f"{title} {description[:1500]}")}
    return RecallReading(
        text=text,
        products=products,
        brands=_brands(text),
        models=models,
        excluded=excluded,
        gtins=gtins_in(description, "recall description"),
        is_component=bool(_PART_OF.search(" ".join(product.name for product in text.products))),
        all_words=frozenset(every),
    )


def _product(index: int, product: ProductText) -> ProductReading:
    name = decode(product.name)
    name_words: dict[str, tuple[float, Span]] = {}
    for word in words(name):
        weight = rarity(word.text)
        if weight > 0:
            name_words.setdefault(word.text, (weight, Span("product", word.start, word.end, name[word.start : word.end])))
    gtins = {number: Span("gtin", 0, len(given), given) for given in product.gtins if (number := gtin14(given))}
    models = {canonical_model(given): Span("model", 0, len(given), given) for given in product.models if len(given) >= 2}
    for number, span in models_in(name, "product", digits_alone=True).items():
        models.setdefault(number, span)
    head = [word.text for word in words(_CUT.split(name)[0] or name)]
    things = _things(head) or _things([word.text for word in words(name)])
    sizes = sizes_in(name, "product") + tuple(size for given in product.sizes for size in sizes_in(given, "size"))
    return ProductReading(index, name, name_words, things, gtins, models, sizes)


def _things(folded: list[str]) -> frozenset[str]:
    """The things named, and for a name of several words also what its last word alone names (a bath seat is a seat)."""
    named = things_in(folded)
    last = {THINGS[folded[end - 1]] for _, start, end in named if end - start > 1 and folded[end - 1] in THINGS}
    return frozenset({thing for thing, _, _ in named} | last)


def _models_of_prose(description: str) -> tuple[dict[str, Span], dict[str, Span]]:
    """Model numbers named in the description, and those it says are not recalled."""
    named: dict[str, Span] = {}
    left_out: dict[str, Span] = {}
    for sentence in _SENTENCE.finditer(description):
        said = sentence.group()
        if not any(character.isdigit() for character in said):
            continue
        about_models = _MODEL_WORDS.search(said)
        if _NOT_MODELS.search(said) and not about_models:
            continue
        negated = _EXCLUDES.search(said)
        for number, span in models_in(said, "recall description", digits_alone=bool(about_models)).items():
            start = sentence.start() + span.start
            placed = Span("recall description", start, start + len(span.text), span.text)
            digits_only = number.isdigit()
            if digits_only and (not about_models or about_models.start() > span.start or len(number) < 4):
                continue
            before = said[max(0, span.start - 60) : span.start]
            if (cut := _NOT_MODELS.search(before)) and not _MODEL_WORDS.search(before[cut.end() :].replace("number", "").replace("numbers", "")):
                continue
            (left_out if negated else named).setdefault(number, placed)
        if about_models and not negated:
            for number in _ranges(said):
                named.setdefault(number, Span("recall description", sentence.start(), sentence.end(), said))
    return named, left_out


def _ranges(said: str) -> list[str]:
    found = []
    for match in _RANGE.finditer(said):
        prefix, first, _, other_prefix, last, _ = match.groups()
        if not prefix.strip("-") or (other_prefix and other_prefix != prefix):
            continue
        low, high = int(first), int(last)
        if low < high and high - low <= LONGEST_RANGE:
            found += [canonical_model(f"{prefix}{number:0{len(first)}d}") for number in range(low, high + 1)]
    return found


def _brands(text: RecallText) -> dict[str, Span]:
    """Words of brand names: given fields first, then the title ("X Recalls …", "… Recalled by X"), then the firms."""
    found: dict[str, Span] = {}

    def take(name: str, field: str, *, words_at_most: int = 3) -> None:
        plain = _COMPANY.sub(" ", name)
        for word in words(plain)[:words_at_most]:
            if len(word.text) > 1 and rarity(word.text) > 0.4 and word.text not in THINGS and not word.text.isdigit():
                found.setdefault(word.text, Span(field, 0, len(name), name))

    for product in text.products:
        if product.brand:
            take(decode(product.brand), "brand")
    for pattern in (_TITLE_BRAND, _BY):
        if match := pattern.search(text.title):
            take(match["name"], "recall title")
    for product in text.products:
        if match := _MARKED.search(product.name):
            take(match["name"], "product")
    for firm in text.firms:
        if match := _FIRM.search(decode(firm)):
            take(match.group(1), "firm", words_at_most=2)
    shared = {word.text for word in words(text.title)}
    for product in text.products:
        name = decode(product.name)
        for word in words(name)[:2]:
            if word.text in shared and word.text not in THINGS and rarity(word.text) > 0.7 and name[word.start : word.start + 1].isupper():
                found.setdefault(word.text, Span("product", word.start, word.end, name[word.start : word.end]))
    return found
