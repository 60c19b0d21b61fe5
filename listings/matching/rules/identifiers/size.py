"""A different capacity means another version, and so does another number of pieces in a set; how many are in a pack does
not."""

import re

from listings.matching.letter_sizes import is_european
from listings.matching.listing import ListingReading
from listings.matching.piece_counts import pieces_in
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.sizes import Size, as_volume
from listings.matching.texts import Evidence, Span

SIGNALS = ("different_size", "same_size")

FLUID = frozenset({"mass", "volume"})
IN_PROSE = 0.7  # what only the recall's title or description says may be of something else
SURE = frozenset({"gauge"})  # what prose says of wires is said of the product
LETTERS = 1.5  # what names a size in letters is one garment
ONLY = 2.0  # "Only the 32-ounce bottles are recalled": another size is certainly not
_ONLY = re.compile(r"\bonly\b[^.;]{0,24}$", re.IGNORECASE)
_BUNKS = re.compile(r"\b(?:twin|full|queen|futon)(?:[ -]over[ -]|/)(?:twin|full|queen|futon)\b", re.IGNORECASE)
OF_PIECES = 0.7  # shops count lids and spoons as they like
TOLERANCE = 0.06  # 8 fl oz and 240 ml are the same


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    other = _other_letter_size(recall, listing) if listing.letter_sizes else _other_number(recall, listing)
    other = other or _other_bunks(recall, listing) or _other_pieces(recall, product_index, listing)
    return other or _in_numbers(recall, product_index, listing)


def _in_numbers(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    if listing.dimensions and len(recall.dimensions) > 1 and not listing.dimensions.keys() & recall.dimensions.keys():
        here, there = next(iter(listing.dimensions.values())), next(iter(recall.dimensions.values()))
        return found(
            "different_size",
            f"The listing says {here.text}; the recall lists other sizes ({there.text} …).",
            there,
            here,
        )
    stated, share = recall.products[product_index].sizes, 1.0
    if not listing.sizes:
        return None
    if not any(as_volume(known).dimension == as_volume(size).dimension for known in stated for size in listing.sizes):
        stated, share = recall.sizes, IN_PROSE if any(size.dimension not in SURE for size in listing.sizes) else 1.0
    if not stated:
        return None
    for given in listing.sizes:
        size = given
        same = [known for known in stated if known.dimension == size.dimension]
        if not same and size.dimension in FLUID:
            size, read = as_volume(given), [as_volume(known) for known in stated]
            same = [known for known in read if known.dimension == size.dimension == "volume"]
        if not same:
            continue
        for known in same:
            if abs(known.value - size.value) <= TOLERANCE * known.value:
                detail = f"Same size: {size.span.text}."
                return found("same_size", detail, known.span, size.span, share=share)
        if share < 1 and min(known.value for known in same) < size.value < max(known.value for known in same):
            continue  # prose may name the ends of a range
        detail = f"The listing says {size.span.text}; the recall says {same[0].span.text}."
        if (share < 1 and any(_is_the_only_one(recall, known) for known in same)) or _is_left_out(recall, size):
            share = ONLY
        return found("different_size", detail, same[0].span, size.span, share=share)
    return None


def _other_letter_size(recall: RecallReading, listing: ListingReading) -> Evidence | None:
    """The size in letters that the title states, where the recall lists its sizes and it is none of them."""
    covered = recall.letter_sizes
    if not covered or not covered.keys().isdisjoint(listing.letter_sizes):
        return None
    here, there = next(iter(listing.letter_sizes.values())), next(iter(covered.values()))
    detail = f"The listing is of size {here.text}; the recall lists other sizes ({there.text} …)."
    return found("different_size", detail, there, here, share=LETTERS)


def _other_bunks(recall: RecallReading, listing: ListingReading) -> Evidence | None:
    """The sizes of a bunk bed's two beds ("twin over full"), where the recall says others only."""
    stated = list(_BUNKS.finditer(listing.text.title))
    if not stated:
        return None
    said = " ".join((recall.text.title, *(product.name for product in recall.products), recall.text.description))
    recalled = {_folded(match) for match in _BUNKS.finditer(said)}
    if not recalled or any(_folded(match) in recalled for match in stated):
        return None
    here = Span("title", stated[0].start(), stated[0].end(), stated[0].group())
    return found("different_size", f"The listing says {here.text}; the recall says other sizes.", None, here)


def _other_pieces(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:
    """The number of pieces that the title states, where the product's name has another and the recall nowhere this one."""
    stated = pieces_in(listing.text.title, "title")
    if not stated:
        return None
    named = pieces_in(recall.products[product_index].name, "product")
    if not named or any(number in named or number in recall.pieces for number in stated):
        return None
    here, there = next(iter(stated.values())), next(iter(named.values()))
    detail = f"The listing says {here.text}; the product name says {there.text}."
    return found("different_size", detail, there, here, share=OF_PIECES)


def _folded(bunks: re.Match[str]) -> str:
    return bunks.group().lower().replace("-", " ").replace("/", " over ")


def _other_number(recall: RecallReading, listing: ListingReading) -> Evidence | None:
    """The size in a number that the title states, outside of the sizes that the recall covers."""
    if listing.size_number is None or (covered := recall.size_numbers) is None:
        return None
    number, here = listing.size_number
    smallest, largest = covered
    if smallest <= number <= largest or is_european(number) != is_european(smallest):
        return None
    detail = f"The listing is of size {number}; the recall covers sizes {smallest} to {largest}."
    return found("different_size", detail, None, here, share=LETTERS)


def _is_left_out(recall: RecallReading, size: Size) -> bool:
    """Whether the recall says of just this size that it is not recalled."""
    return any(
        as_volume(known).dimension == size.dimension
        and abs(as_volume(known).value - size.value) <= TOLERANCE * size.value
        for known in recall.sizes_left_out
    )


def _is_the_only_one(recall: RecallReading, known: Size) -> bool:
    said = recall.text.description if known.span.field == "recall description" else recall.text.title
    return _ONLY.search(said, 0, known.span.start) is not None
