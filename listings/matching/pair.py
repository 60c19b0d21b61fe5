"""What several rules need to know of one pair: which brand is named, how much of the name is there, is it the part's
host."""

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from listings.matching.accessories import accessory_word, is_part
from listings.matching.brands import named_in
from listings.matching.hosts import Host
from listings.matching.identifiers import is_measure, is_standard
from listings.matching.lexicon import (
    DOCUMENT_WORDS,
    IN_ENGLISH,
    MAX_LOWER_CASE,
    ORDINARY_ABROAD,
    PRODUCT_TYPES,
    abroad_tail,
    counted,
    is_abroad_word,
    is_name,
    rarity,
    unsure_types_of,
)
from listings.matching.listing import ListingReading
from listings.matching.memory import remembered
from listings.matching.names import STRONG_FROM, Name, distinctiveness, has_digit, worth
from listings.matching.normalise import canonical_model, texts_of
from listings.matching.recall import RecallReading
from listings.matching.sizes import UNIT_WORDS
from listings.matching.texts import Span

IN_DESCRIPTION = 0.7  # what a word in the description counts, against one in title or brand
WHAT_IT_IS_FOR = 0.35  # "stand for MacBook Pro"
LEADING = 0.3  # what the first word of a longer name counts where it is missing: sellers leave out the maker
MISSPELT = 0.9
SISTERS_TO = 6  # letters: of the misspellings that sellers make, few change a letter of a word as short as this
MAX_HOST_NUMBERS = 4  # hosts' numbers up to which even "Z9" says enough
HOST_NUMBER = 3  # letters and digits of a host's number that say enough: "G5" is on every second notebook
BEGINNING = 2  # digits
MANY_MODELS = 4  # numbers from which a recall is taken to list all models of the host


_NONE: list[str] = []


class Coverage(NamedTuple):
    """`share` of the squared rarities of the best-covered line of the name, and `worth` of that line."""

    share: float
    worth: float
    shared: tuple[str, ...]
    missing: tuple[str, ...]


@lru_cache(maxsize=8)
def coverage(recall: RecallReading, product_index: int, listing: ListingReading) -> Coverage | None:
    """How much of what the name says beyond brand and kind the listing says too; None where it says nothing beyond."""
    best: Coverage | None = None
    joins = recall.products[product_index].joins
    for line in recall.products[product_index].parts.lines:
        total, own = worth(line), listing.own_words
        leading = next(iter(line), "")
        covered = 0.0
        shared, missing = [], []
        for word, distinctive in line.items():
            value = distinctive.weight * distinctive.weight
            if word in own:
                covered += value
                shared.append(word)
            elif word in listing.words:
                covered += value * WHAT_IT_IS_FOR
                shared.append(word)
            elif word in listing.more_words:
                covered += value * IN_DESCRIPTION
                shared.append(word)
            elif (word in joins and not joins[word].isdisjoint(own)) or (
                (number := _joined(word)) and number in listing.models
            ):
                covered += value
                shared.append(word)
            elif misspelling(word, listing) is not None:
                covered += value * MISSPELT
                shared.append(word)
            else:
                missing.append(word)
                if word == leading and len(line) > 2 and is_name(word):
                    total -= value * (1 - LEADING)
        if not covered and not line.keys().isdisjoint(recall.products[product_index].parts.codes):
            continue
        found = Coverage(covered / total if total else 0.0, total, tuple(shared), tuple(missing))
        if best is None or _better(found) > _better(best):
            best = found
    return best


MAX_COUNT = 3  # digits of a number that may as well be a count or a part of one ("80,000")
NAMED_FROM, PROPER_FROM = 0.6, 0.25  # rarity of a word that names a line; of one that the recall writes as a name


def names_line(recall: RecallReading, covered: Coverage) -> bool:
    """Whether among the words that are there is a name, which only this maker's product has, and no ordinary word."""
    return any(is_own_name(recall, word) for word in covered.shared)


def is_own_name(recall: RecallReading, word: str) -> bool:
    """Whether a word of a product's name is a name: the recall's own prose writes it with a capital and never without;
    or, where its prose does not have it, hardly any recall writes it without. What measures ("18-Gauge 2" Brad Nailer")
    names nothing."""
    if word in PRODUCT_TYPES or word in recall.ordinary or word in UNIT_WORDS or word in DOCUMENT_WORDS:
        return False
    if word.isdigit() and len(word) <= MAX_COUNT:
        return False
    if word in recall.proper:
        return rarity(word) >= PROPER_FROM
    return is_name(word) and rarity(word) >= NAMED_FROM


class Said(NamedTuple):
    """What the title says beside the recall: `share` of its distinctive words that the recall knows, and what the names
    and the ordinary words among the others are worth (squared rarities); `known` is the first word that it knows."""

    share: float
    names: float
    ordinary: float
    more: tuple[Span, ...]
    known: Span | None
    known_worth: float


ABROAD_FROM = 2  # words of another language that tell a title in it from a name ("Kaffe Lungo")


@lru_cache(maxsize=8)
def title_statement(recall: RecallReading, product_index: int, listing: ListingReading) -> Said | None:
    """What of the title the recall knows; None where the title has no distinctive word. Words in another script than
    the recall's are not counted: whether it knows them is unknown."""
    parts = recall.products[product_index].parts
    same_kind = [
        (span.start, span.end)
        for product_type, span in listing.named_types
        if product_type in parts.parts
        and (span == listing.product_types[product_type] or IN_ENGLISH.isdisjoint(texts_of(span.text)))
    ]  # "Schnorchel, snorkel" says the same twice, "stapler and nailer" two things
    is_abroad = _is_abroad(recall, listing)
    _, of_kind = unsure_kind(parts, listing) or ("", None)
    total = names = ordinary = 0.0
    more: list[tuple[float, Span]] = []
    known = None
    own_number = listing.text.mpn.lower()
    no_models = not recall.models and not recall.products[product_index].models
    measured = [(size.span.start, size.span.end) for size in listing.sizes]
    seen: set[str] = set()
    uncovered = {
        span.start
        for word, span in listing.disguised.items()
        if span.field == "title" and (word in recall.brands or word in parts.words)
    }  # "Z3lpr1o" says what is read under its digits, and nothing else
    of_known = {
        part
        for one, other in pairwise(listing.title_words)
        if (both := one.text + other.text) in listing.joined and (both in recall.all_words or both in recall.brands)
        for part in (one.text, other.text)
    }
    for word in (*listing.title_words, *listing.detail_words):
        if word.text in seen or not word.text.isascii() or (distinctive := distinctiveness(word.text)) < STRONG_FROM:
            continue
        if word.text.isdigit() and (len(word.text) <= 2 or any(start <= word.start < end for start, end in measured)):
            continue  # a count or a size
        span = listing.words[word.text]
        known_here = (
            word.text in recall.all_words
            or word.text in recall.brands
            or word.text in of_known
            or (span.field == "title" and word.start in uncovered)
            or any(start <= word.start < end for start, end in same_kind)
            or canonical_model(word.text) in recall.models
            or span == of_kind
        )
        states_nothing = (
            (no_models and word.text in own_number)  # its own model number, which this recall just does not say
            or span.field == "description"  # details, which are many
            or (is_abroad and word.text in ORDINARY_ABROAD)
            or abroad_tail(word.text)
            or near_a_name(word.text, recall, product_index)  # perhaps a misspelt name, perhaps another one
        )
        if not known_here and states_nothing:
            continue
        seen.add(word.text)
        value = distinctive * distinctive
        total += value
        if known_here:
            known = known or span
            continue
        more.append((value, span))
        if is_name(word.text):
            names += value
        else:
            ordinary += value
    if not total:
        return None
    more.sort(key=lambda item: -item[0])
    return Said(
        1 - (names + ordinary) / total,
        names,
        ordinary,
        tuple(span for _, span in more),
        known,
        total - names - ordinary,
    )


def _is_abroad(recall: RecallReading, listing: ListingReading) -> bool:
    """Whether a title is in another language than English: more than a word of one, and no fewer than of English."""
    said = [word.text for word in listing.title_words]
    abroad = sum(is_abroad_word(word) for word in said if word not in recall.all_words)
    in_english = sum(counted(word)[2] > MAX_LOWER_CASE for word in said if word not in recall.brands)
    return abroad >= ABROAD_FROM and abroad >= in_english


def unsure_kind(parts: Name, listing: ListingReading) -> tuple[str, Span] | None:
    """A kind of the recall that a word of the listing may name in another language or sense, and where."""
    for word, span in listing.words.items():
        if span.start < listing.goes_with:
            for kind in sorted(unsure_types_of(word)):
                if kind in parts.product_types or kind in parts.heads:
                    return kind, span
    return None


def near_a_name(word: str, recall: RecallReading, product_index: int) -> bool:
    """Whether the word is a misspelling of the brand or of a word of the product's name."""
    if len(word) < 5 or not word.isalpha():
        return False
    allowed = 1 if len(word) < 9 else 2
    return any(
        abs(len(other) - len(word)) <= 2
        and DamerauLevenshtein.distance(word, other, score_cutoff=allowed) <= allowed
        and not is_sister(other, word)
        for other in (*recall.brands, *recall.products[product_index].name_words)
        if len(other) >= 5
    )


def _better(covered: Coverage) -> tuple[float, float]:
    return covered.share * min(1.0, covered.worth) ** 0.5, covered.worth


def misspelling(word: str, listing: ListingReading) -> Span | None:
    """The place of a word that is `word` with a letter lost, doubled, changed or swapped, or that begins with it; known
    words are never misspellings."""
    if len(word) < 5:
        return None
    unknown = listing.unknown_words
    near = unknown.get(word[0], _NONE) + unknown.get(word[1:3], _NONE)
    if not near or not word.isalpha() or rarity(word) < 0.6:
        return None
    allowed = 1 if len(word) < 9 else 2
    for other in near:
        if (
            abs(len(other) - len(word)) <= 2
            and DamerauLevenshtein.distance(word, other, score_cutoff=allowed) <= allowed
            and not is_sister(word, other)
        ) or (len(other) > len(word) + 2 and other.startswith(word) and is_name(word)):
            return listing.words[other]
    return None


def is_sister(word: str, other: str) -> bool:
    """Whether two short words of one length differ in one letter only ("Molly", "Polly"), which are rather two names
    than one with a slip of the pen; slips drop, double or swap letters, and hit the first one seldom."""
    if len(word) != len(other):
        return False
    differ = [place for place, letter in enumerate(word) if letter != other[place]]
    return len(differ) == 1 and (differ[0] == 0 or len(word) <= SISTERS_TO)


def named_model(recall: RecallReading, product_index: int, number: str) -> Span | None:
    """Where the recall names this canonical model number for this product or for all of them."""
    return recall.products[product_index].models.get(number) or recall.models.get(number) or recall.misread.get(number)


@lru_cache(maxsize=8)
def contradicted(recall: RecallReading, product_index: int, listing: ListingReading) -> str | None:
    """The MPN that the listing states, where it is built like one of the recalled models and is none of them: what the
    title says of a recalled model is then said of something else."""
    stated = recall.models | recall.products[product_index].models
    for number, span in listing.models.items():
        if span.field != "mpn" or len(number) < 4 or not has_digit(number) or number in stated:
            continue
        if any(built_alike(known, number) for known in stated):
            return number
    return None


def built_alike(known: str, number: str) -> bool:
    """Whether two numbers are built alike; those of digits alone are only if they begin alike, too."""
    if len(known) != len(number) or shape(known) != shape(number):
        return False
    return not number.isdigit() or known[:BEGINNING] == number[:BEGINNING]


@remembered
def shape(number: str) -> str:
    """How a number is built: AB-12C as "ab99a", letters at the beginning as they are, digits as 9."""
    head = len(number) - len(number.lstrip("abcdefghijklmnopqrstuvwxyz"))
    return number[:head] + "".join("9" if character.isdigit() else "a" for character in number[head:])


def names_a_model(recall: RecallReading, product_index: int, listing: ListingReading) -> bool:
    """Whether the listing states, anywhere, a model that the recall names."""
    product = recall.products[product_index].models
    return any(
        number in product or number in recall.models or number in recall.misread or number in recall.stems
        for number in (*listing.models, *listing.more_models)
    )


def same_number(recall: RecallReading, product_index: int, listing: ListingReading) -> bool:
    """Whether a GTIN, or a model number long enough to be sure, is the same."""
    product = recall.products[product_index]
    enough = 4 if brand_word(recall, listing) else 5
    return any(
        len(number) >= enough and named_model(recall, product_index, number) for number in listing.models
    ) or any(
        (number in recall.gtins or number in product.gtins)
        and number not in listing.doubted
        and number not in product.doubted
        for number in listing.gtins
    )


@lru_cache(maxsize=8)
def other_maker(recall: RecallReading, listing: ListingReading) -> str | None:
    """The first word of the known maker with whose name the title begins, where the recall says it nowhere."""
    maker = listing.maker
    if not maker or all(word in recall.all_words for word in maker):
        return None
    return maker[0] if maker[0] in listing.words else None


def is_of_another(recall: RecallReading, listing: ListingReading) -> bool:
    """Whether the brand field names a different brand than the recall."""
    distinct = [word for word in listing.brand_words if word not in PRODUCT_TYPES and rarity(word) > 0]
    return bool(distinct) and recall.all_words.isdisjoint(distinct)


@lru_cache(maxsize=8)
def brand_word(recall: RecallReading, listing: ListingReading) -> str | None:
    """The word by which title or brand field names the recall's brand."""
    return named_in(recall.brand_names, listing.own_words)


@lru_cache(maxsize=8)
def is_host(recall: RecallReading, listing: ListingReading) -> bool:
    """Whether the listing is what the recalled part was sold in or with: of the host's kind, by its name or model."""
    host = recall.host
    if host is None or brand_word(recall, listing) is None:
        return False
    product_types = [span for product_type, span in listing.product_types.items() if product_type in host.product_types]
    if not product_types or accessory_word(listing, product_types[0]) is not None or is_part(listing):
        return False
    stated = [
        number
        for word in listing.title_words
        if word.start < listing.goes_with and (number := canonical_model(word.text)) and has_digit(number)
    ]
    named = [
        word
        for word in listing.words
        if (word in host.words or word in recall.described)
        and word not in recall.brands
        and word not in PRODUCT_TYPES
        and rarity(word) > 0.65
        and is_name(word)
    ]
    if host.numbers or len(recall.models) >= MANY_MODELS:
        if any(_is_number_of(recall, host, number, is_named=bool(named)) for number in stated):
            return True
        if _states_another_number(recall, host, listing, stated):
            return False
    elif host.series and not _is_of_series(host, listing):
        return False
    return len(named) >= (2 if host.numbers else 1) or not recall.described_pairs.keys().isdisjoint(listing.title_pairs)


def _is_number_of(recall: RecallReading, host: Host, number: str, *, is_named: bool) -> bool:
    """Whether the recall names this number of the host; without its letters ("320E" for "Edge 320") only beside the name
    of its line."""
    if is_standard(number) or (
        len(number) < HOST_NUMBER and (number.isdigit() or len(host.numbers) > MAX_HOST_NUMBERS)
    ):
        return False
    return number in host.numbers or number in recall.models or (is_named and _digits(number) in host.numbers)


def _states_another_number(recall: RecallReading, host: Host, listing: ListingReading, stated: list[str]) -> bool:
    """Whether the listing has a number of its own, where the recall lists the host's."""
    if not host.numbers and any(
        number.isdigit() and len(number) > HOST_NUMBER and number not in recall.all_words for number in stated
    ):
        return True  # "Inspiron 1545", where the recall lists others
    others = [number for number in stated if not number.isdigit() and not is_measure(number)]
    if (host.numbers and others) or any(len(number) >= 3 and not is_standard(number) for number in others):
        return True
    if any(
        span.field == "mpn" and not number.isdigit() and has_digit(number) and number not in recall.all_words
        for number, span in listing.models.items()
    ):
        return True  # "Pavilion Gaming 15", of which the MPN says "15-dk"
    return any(
        word.text in host.words and after.text.isdigit() and len(after.text) >= 3
        for word, after in pairwise(listing.title_words)
    )  # "LabelWriter 450", where the recall says 400


def _is_of_series(host: Host, listing: ListingReading) -> bool:
    """Whether a number begins with a letter of the host's series ("U260" of the U-series), or there is none."""
    said = [word.text for word in listing.title_words if word.start < listing.goes_with and has_digit(word.text)]
    own = [
        word
        for word in said
        if len(word) >= HOST_NUMBER and not word.isdigit() and not is_measure(word) and not is_standard(word)
    ]
    return not own or any(word[0] in host.series and word[1].isdigit() for word in own)


def _digits(number: str) -> str:
    """The digits of "e420": the series may be written without its letter; two of them say too little."""
    digits = "".join(filter(str.isdigit, number))
    return digits if len(digits) >= 3 and len(number) - len(digits) <= 2 else number


def _joined(word: str) -> str:
    return word if any(map(str.isdigit, word)) and len(word) >= 4 else ""
