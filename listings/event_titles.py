"""The titles of listings, for the sentences of histories: "dismissed flag 12: tower fan"."""

from collections.abc import Iterable

from listings.models import Flag, Listing
from portal.texts import key_in


def flag_titles(ids: list[str]) -> dict[str, str]:
    """Flag → the title of its listing, of those that the reader may see."""
    return _as_text(Flag.objects.filter(pk__in=_keys(ids)).values_list("pk", "listing__title"))


def listing_titles(ids: list[str]) -> dict[str, str]:
    """Listing → its title, of those that the reader may see."""
    return _as_text(Listing.objects.filter(pk__in=_keys(ids)).values_list("pk", "title"))


def _keys(ids: list[str]) -> set[int]:
    return {key for text in ids if (key := key_in(text)) is not None}


def _as_text(rows: Iterable[tuple[int, str]]) -> dict[str, str]:
    return {str(pk): title for pk, title in rows}
