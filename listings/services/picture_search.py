"""Removed products that come back with nothing left of their words but the picture: whose pictures are asked for.

Whoever changes brand, title, description, numbers and seller seldom takes another photo, and what the goods are is still
named, or nobody would find them. So of listings of the same type of product as a removed one, on the same platform, the
pictures are fetched as well, the newest first and so many a day (`PICTURES_A_DAY`); what they show is compared with removed
listings when they come (listings/services/pictures.py).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from listings.matching import RecallReading, read_listing
from listings.matching.lexicon import BROAD_PRODUCT_TYPES
from listings.matching.type_names import names_of_type
from listings.matching_texts import flagged_text, reading_of
from listings.models import Flag, Listing, RemovalTrace
from listings.pictures import Seen, is_same
from listings.querysets import TITLE_CONFIG, TitleWords
from listings.search import WORD, numbers_of
from listings.services.pictures import record_picture
from listings.services.removal_traces import flagged_under
from listings.states import WATCHED
from portal.background import sweeping
from portal.identity.actors import Actor
from recalls.models import Notice

SWEEP = "removals whose picture is searched for"
AT_ONCE = 100  # removals in one turn of the sweep
AGAIN_AFTER = timedelta(hours=1)
SEARCHED_FOR = timedelta(days=90)  # after the removal was learnt: then a seller has come back or gives up
OF_ONE_REMOVAL = 200  # pictures that are asked for because of one removal at a time
COMPARED = 5_000  # pictures of one platform that are known already and compared with a new removal's, newest first
PRICE_WITHIN = 3  # times the removed listing's price, or a third: the same goods hardly cost more or less
_PLURALS = ("", "s", "es", "n", "en")
_ACTOR = "picture search"


def seek_pictures_due(*, until: float | None = None) -> int:
    """Ask for the pictures that removed listings may come back with; returns for how many removals. One that breaks is set
    aside, and the others go on."""
    due = _due(timezone.now())
    sweeping.forget_others(due, sweep=SWEEP)
    rows = sweeping.ready(due, sweep=SWEEP).select_related("flag__listing", "flag__notice__version")[:AT_ONCE]
    return sweeping.each(rows, seek_picture, sweep=SWEEP, until=until).done


def seek_picture(trace: RemovalTrace) -> int:
    """Ask for the pictures of the newest listings of the removed one's type of product and about its price, none of which
    was fetched yet; returns how many. The first time, pictures that are known already are compared with its own."""
    flag, now = trace.flag, timezone.now()
    alike = Listing.objects.filter(platform_id=trace.platform_id, present=True).exclude(flagged_under(flag.recall_id))
    if trace.pictures_sought_at is None:
        _compare_known(alike, flag)
    RemovalTrace.objects.filter(pk=trace.pk).update(pictures_sought_at=now)
    left = min(OF_ONE_REMOVAL, settings.PICTURES_A_DAY - _asked_for(trace.platform_id, since=now - timedelta(days=1)))
    if left <= 0:
        return 0
    rows = alike.filter(picture_seen_at=None, picture_wanted_at=None).exclude(image_link="")
    newest = numbers_of(of_types(rows.filter(_about_its_price(flag.listing)), types_of(flag)), at_most=left)
    return Listing.objects.filter(pk__in=newest, picture_wanted_at=None).update(picture_wanted_at=now)


def types_of(flag: Flag) -> list[str]:
    """What the removed product is, as its recall says, or its title."""
    title = read_listing(flagged_text(flag)).product_types
    return named_types(reading_of(flag.notice.version), title)


def named_types(recall: RecallReading, title: Iterable[str] = ()) -> list[str]:
    """The types of product that a recall's products and a title name, or else the last words of the products' names. Types
    that nearly anything is ("toy") are left out where a narrower one is named."""
    named = {*title, *(name for product in recall.products for name in product.parts.product_types)}
    heads = {head for product in recall.products for head in product.parts.heads}
    return sorted(named - BROAD_PRODUCT_TYPES or named or heads)


def of_types(rows: QuerySet[Listing], types: Iterable[str]) -> QuerySet[Listing]:
    """Those of `rows` whose titles name one of the types, in any language."""
    words = title_words(types)
    return rows.alias(title_words=TitleWords("title")).filter(title_words=words) if words else rows.none()


def title_words(product_types: Iterable[str]) -> SearchQuery | None:
    """The search for titles that name one of the types in any language; None where there is none to search for."""
    names = {name: None for product_type in product_types for name in names_of_type(product_type)}
    phrases = {" <-> ".join(map(_word, WORD.findall(name.lower()))): None for name in names}
    phrases.pop("", None)
    return (
        SearchQuery(" | ".join(f"({phrase})" for phrase in phrases), search_type="raw", config=TITLE_CONFIG)
        if phrases
        else None
    )


def _word(word: str) -> str:
    """A word of a name in the search, with its plurals. Not with whatever follows: PostgreSQL takes a beginning of a word for
    so frequent that it reads every title instead of the index."""
    return f"({' | '.join(word + ending for ending in _PLURALS)})" if word.isascii() else word


def _due(now: datetime) -> QuerySet[RemovalTrace]:
    """Removals whose picture is known, under a notice that still asks for the product."""
    active = Notice.objects.active().filter(recall_id=OuterRef("flag__recall_id"), platform_id=OuterRef("platform_id"))
    rows = RemovalTrace.objects.filter(Exists(active), flag__status__in=WATCHED, platform__sandbox_of=None)
    rows = rows.filter(learnt_at__gt=now - SEARCHED_FOR)
    rows = rows.filter(Q(pictures_sought_at=None) | Q(pictures_sought_at__lte=now - AGAIN_AFTER))
    return rows.exclude(flag__listing__picture_hash="").order_by("pictures_sought_at", "-pk")


def _asked_for(platform_id: int, *, since: datetime) -> int:
    return Listing.objects.filter(platform_id=platform_id, picture_wanted_at__gt=since).order_by().count()


def _about_its_price(listing: Listing) -> Q:
    """Listings that cost about as much; those in another currency, or without a price, may."""
    if not listing.price:
        return Q()
    between = Q(price__gte=listing.price / PRICE_WITHIN, price__lte=listing.price * PRICE_WITHIN)
    return between | Q(price=None) | ~Q(currency=listing.currency)


def _compare_known(alike: QuerySet[Listing], flag: Flag) -> None:
    """Have listings whose picture was fetched before the removal looked at again."""
    known = alike.exclude(picture_hash="").order_by("-pk").only("pk", "image_link", "picture_hash")[:COMPARED]
    for listing in known:
        if is_same(listing.picture_hash, flag.listing.picture_hash):
            record_picture(listing=listing, seen=Seen(listing.picture_hash), actor=Actor.system(_ACTOR))
