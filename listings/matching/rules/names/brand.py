"""The brand: the same, misspelled, only in the description, a different one, or not stated."""

from listings.matching.brands import named_in
from listings.matching.lexicon import (
    COMPONENTS,
    PRODUCT_TYPES,
    STOP_WORDS,
    breadth,
    is_abroad_word,
    is_name,
    rarity,
)
from listings.matching.listing import ListingReading
from listings.matching.normalise import texts_of
from listings.matching.pair import (
    brand_word,
    coverage,
    is_host,
    is_own_name,
    misspelling,
    names_a_model,
    names_line,
    near_a_name,
    other_maker,
    same_number,
)
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence, Span

SIGNALS = (
    "same_brand",
    "misspelled_brand",
    "different_brand",
    "different_maker",
    "brand_not_stated",
    "brand_not_named",
)

IN_DESCRIPTION = 0.6
BESIDE_ANOTHER = 0.4  # the title says the recall's brand, but the brand field another one
BEHIND_ANOTHER = 0.4  # it says the recall's brand, but begins with another maker's name
WHOLE, WORTH = 0.9, 0.5  # share of the product's own name, and squared rarities that it must have
UNKNOWN_MAKER = 0.5  # a name that nobody knows for a maker
MAKER_BEGINS, MAKER_LETTERS, MAKER_FROM = 12, 4, 0.75  # characters before it, letters, rarity
OWN_FROM = 0.9  # rarity of a name that is the recalled product's own, whoever sells it
MIN_SHARE = 0.3  # share of a brand on very many products; a brand on few counts in full


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:  # noqa: PLR0911  one for each answer
    """The recalled brand is evidence for, a different brand evidence against; a recall without a brand gives no
    evidence."""
    if not recall.brand_names:
        return None
    word = brand_word(recall, listing)
    if (
        word
        and recall.host
        and (other := _other_brand(recall, listing, product_index))
        and not is_host(recall, listing)
    ):
        detail = f"A part by {listing.text.brand[:60]} for what {listing.words[word].text} makes."
        return found("different_brand", detail, recall.brands[word], listing.words[other])
    if word:
        shares = [*map(share_of, (word, *_named_beside(recall, listing, word)))]
        if _has_whole_line(recall, product_index, listing):
            shares += [share_of_whole(name) for name in recall.brand_names if _is_whole(name, listing)]
        share = max(shares)
        if (
            _other_brand(recall, listing, product_index) is not None
            and named_in(recall.brand_names, listing.brand_words) is None
        ):
            share *= BESIDE_ANOTHER
        elif not listing.brand_words and other_maker(recall, listing):
            share *= BEHIND_ANOTHER
        detail = f"Same brand: {listing.words[word].text}."
        return found("same_brand", detail, recall.brands[word], listing.words[word], share=share)
    is_component = not COMPONENTS.isdisjoint(recall.products[product_index].parts.product_types)
    for word in recall.brands:
        if (span := _misspelt(word, recall, listing)) is not None and (
            is_component or not _is_there(word, span, listing)
        ):
            detail = f"“{span.text}” is close to the brand “{recall.brands[word].text[:40]}”."
            return found("misspelled_brand", detail, recall.brands[word], span)
    if word := named_in(recall.brand_names, listing.more_words):
        detail = f"The description mentions the brand: {listing.more_words[word].text}."
        return found("same_brand", detail, recall.brands[word], listing.more_words[word], share=IN_DESCRIPTION)
    first = next(iter(recall.brands.values()))
    if other := _other_brand(recall, listing, product_index):
        return found(
            "different_brand",
            f"The listing has a different brand: {listing.text.brand[:60]}.",
            first,
            listing.words[other],
        )
    if not listing.brand_words and (maker := _maker(recall, product_index, listing, first)) is not None:
        return maker
    if _is_named(recall, product_index, listing):
        return found("brand_not_stated", "The listing does not mention the recalled brand.", first, None)
    detail = "The listing mentions neither the recalled brand nor the product name."
    return found("brand_not_named", detail, first, None)


def _made_for(recall: RecallReading, listing: ListingReading) -> Span | None:
    """The recall's brand behind "for", on a listing that says to have none itself."""
    return next(
        (
            listing.words[word.text]
            for word in listing.title_words
            if word.start >= listing.goes_with and word.text in recall.brands
        ),
        None,
    )


def _is_named(recall: RecallReading, product_index: int, listing: ListingReading) -> bool:
    """Whether the listing has a word of the product's own name that is a name and no ordinary word."""
    if names_a_model(recall, product_index, listing) or same_number(recall, product_index, listing):
        return True
    covered = coverage(recall, product_index, listing)
    return covered is not None and names_line(recall, covered)


def _maker(recall: RecallReading, product_index: int, listing: ListingReading, brand: Span) -> Evidence | None:
    """The other maker with whose name the title begins; or none, of a part for what the brand makes."""
    if listing.text.unbranded and (made_for := _made_for(recall, listing)) is not None:
        return found("different_brand", f"A part without a brand for what {made_for.text} makes.", brand, made_for)
    if maker := other_maker(recall, listing):
        span = listing.words[maker]
        return found("different_maker", f"The title begins with a different maker: {span.text}.", brand, span)
    if (name := _unknown_maker(recall, product_index, listing)) is not None:
        detail = f"The title begins with a name that the recall does not mention: {name.text}."
        return found("different_maker", detail, brand, name, share=UNKNOWN_MAKER)
    return None


def _unknown_maker(recall: RecallReading, product_index: int, listing: ListingReading) -> Span | None:
    """The name with which a title begins where makers stand ("ProCom 80,000 BTU portable convection heater"), where what
    it shares with the product's name are ordinary words, as others use them; not in other languages than English."""
    title = listing.text.title
    first = next((word for word in listing.title_words if word.text not in STOP_WORDS), None)
    if first is None or first.start > MAKER_BEGINS or not title[first.start].isupper() or title.isupper():
        return None
    if (
        len(first.text) < MAKER_LETTERS
        or not (first.text.isascii() and first.text.isalpha())
        or not is_name(first.text)
        or rarity(first.text) < MAKER_FROM
        or first.text in PRODUCT_TYPES
        or first.text in recall.all_words
        or is_abroad_word(first.text)
        or near_a_name(first.text, recall, product_index)
    ):
        return None
    covered = coverage(recall, product_index, listing)
    if covered is None or any(is_own_name(recall, word) and rarity(word) >= OWN_FROM for word in covered.shared):
        return None
    if names_a_model(recall, product_index, listing) or same_number(recall, product_index, listing):
        return None
    return listing.words[first.text]


def _misspelt(word: str, recall: RecallReading, listing: ListingReading) -> Span | None:
    """Where the listing has a word of a brand misspelt; not where it has the word itself: "Plumbing", of "Crane
    Plumbing", is half of a brand and no slip of the pen; nor where the recall has that word, too: "creamer", where
    CreaMiser makes creamer dispensers."""
    is_half = word in listing.words and word not in listing.joined and frozenset({word}) not in recall.brand_names
    span = None if is_half else misspelling(word, listing)
    if span is None or any(said != word and said in recall.all_words for said in texts_of(span.text)):
        return None
    return span


def _is_there(word: str, span: Span, listing: ListingReading) -> bool:
    """Whether the title has the brand itself there, behind "for": what a chain is made for is not its own brand. (A
    recalled battery is sold "for" it.)"""
    return span.field == "title" and any(
        each.text == word and each.start == span.start >= listing.goes_with for each in listing.title_words
    )


def _named_beside(recall: RecallReading, listing: ListingReading, word: str) -> list[str]:
    """The words of the product's name that pass for brands and that the listing has beside the one with `word`: maker
    and line ("IKEA MATVRÅ"). Not one name written both ways ("Fisher-Price", "Fisherprice")."""
    own = listing.own_words
    first = next(name for name in recall.brand_names if word in name)
    return [
        each
        for name in recall.brand_names
        if first.isdisjoint(name) and own.keys() >= name
        for each in name
        if recall.brands[each].field == "product"
        and each not in listing.joined
        and not any(len(part) > 1 and part in each for part in first)
    ]


def share_of(word: str) -> float:
    """What a brand counts that this word names: a common one little."""
    return max(MIN_SHARE, (rarity(word) - 0.5) * 2)


def share_of_whole(name: frozenset[str]) -> float:
    """What a name of several words counts that stands as a whole: ordinary words ("Holiday Time") are seldom in a row,
    unless it is that of a maker of very many products."""
    return max(MIN_SHARE, (min(1.0, sum(map(rarity, name))) - 0.5) * 2 * (1 - breadth(name))) if len(name) > 1 else 0.0


def _has_whole_line(recall: RecallReading, product_index: int, listing: ListingReading) -> bool:
    """Whether beside the brand all of the product's own name is there."""
    covered = coverage(recall, product_index, listing)
    return covered is not None and covered.share >= WHOLE and covered.worth >= WORTH


def _is_whole(name: frozenset[str], listing: ListingReading) -> bool:
    """Whether words of a brand stand in a row in the title, or all in the brand field."""
    if len(name) < 2:
        return False
    if name.issubset(listing.brand_words):
        return True
    if not listing.own_words.keys() >= name:
        return False
    said = [word.text for word in listing.title_words]
    return any(name == frozenset(said[place : place + len(name)]) for place in range(len(said) - len(name) + 1))


def _other_brand(recall: RecallReading, listing: ListingReading, product_index: int) -> str | None:
    """A distinctive word of the listing's brand field, where the recall says none of them anywhere, not even misspelt."""
    distinct = [word for word in listing.brand_words if word not in PRODUCT_TYPES and rarity(word) > 0]
    if not distinct or any(word in recall.all_words for word in distinct):
        return None
    named = recall.products[product_index].name_words
    misspelt = any(
        (span := misspelling(word, listing)) is not None and span.text in listing.text.brand for word in named
    )
    return None if misspelt else distinct[0]
