"""Finding listings and flags by what people type: an id, a GTIN, a model number, a seller, or words of the title; each
by an index."""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT

from listings.matching.identifiers import gtin14
from listings.models import Flag, Listing
from listings.querysets import TITLE_CONFIG, ListingQuerySet, TitleWords
from portal.database.acting import as_system
from portal.models import Organisation
from portal.texts import key_in, spellings
from recalls.models import Recall

_WORD = re.compile(r"[^\W_]+")
MAX_WORDS = 8
MAX_RESULTS = 5_000  # listings that have an id, a number or a seller in common


def listings_found(value: str) -> ListingQuerySet:
    """Listings whose id, GTIN, model number or seller `value` is, or whose title has words that begin with all of its
    words.

    The caller narrows it to what the person may see. Empty for an empty value.
    """
    rows: ListingQuerySet = Listing.objects.annotate(title_words=TitleWords("title"))
    if not value.strip():
        return rows.none()
    words = _words(value)
    return rows.filter(_exactly(value.strip()) | Q(title_words=words) if words else _exactly(value.strip()))


def is_numbered(value: str) -> Q:
    """Listings that `value`, as typed or in capitals or small letters, is the id or the GTIN of; by an index."""
    found = _on_platforms() & Q(external_id__in=spellings(value))
    return found | Q(keys__overlap=[f"g:{number}"]) if (number := gtin14(value.strip())) else found


@as_system("not everywhere does an index of words serve behind a policy; what is found is read by whoever asks")
def numbers_of(rows: QuerySet[Any], *, at_most: int) -> list[int]:
    """The keys of the newest of `rows`, which the caller has narrowed to what the person may see. Read them again by key."""
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:at_most])


def flags_numbered(flags: QuerySet[Flag], value: str) -> QuerySet[Flag]:
    """Those of `flags` that `value` is the number of, or the id or the GTIN of their listing."""
    listings = list(Listing.objects.filter(is_numbered(value)).order_by().values_list("pk", flat=True)[:MAX_RESULTS])
    numbered = Q(listing__in=listings)
    return flags.filter(numbered | Q(pk=number) if (number := key_in(value.strip())) is not None else numbered)


def flags_found(flags: QuerySet[Flag], value: str, *, or_recall: Q | None = None) -> QuerySet[Flag]:
    """Those of `flags` that have this number, or whose listing `listings_found` finds, of the title what it was when
    flagged; or whose recall is one of those that `or_recall` describes."""
    if not value.strip():
        return flags.none()
    few = list(Listing.objects.filter(_exactly(value.strip())).order_by().values_list("pk", flat=True)[:MAX_RESULTS])
    wanted = Q(listing__in=few)
    if (number := key_in(value.strip())) is not None:
        wanted |= Q(pk=number)
    if or_recall is not None:
        recalls = list(Recall.objects.filter(or_recall).order_by().values_list("pk", flat=True)[:MAX_RESULTS])
        wanted |= Q(recall__in=recalls)
    if words := _words(value):
        flags = flags.annotate(title_words=TitleWords(KT("listing_as_flagged__title")))
        wanted |= Q(title_words=words)
    return flags.filter(wanted)


def _exactly(value: str) -> Q:
    found = _on_platforms() & (Q(external_id__in=spellings(value)) | Q(seller=value))
    keys = [f"g:{number}"] if (number := gtin14(value)) else []
    if (model := "".join(filter(str.isalnum, value.lower()))) and len(model) >= 4:
        keys.append(f"m:{model}")
    return found | Q(keys__overlap=keys) if keys else found


def _on_platforms() -> Q:
    """Written out, so that each part of a condition can use the index that begins with the platform."""
    return Q(platform__in=list(Organisation.objects.platforms().values_list("pk", flat=True)))


def _words(value: str) -> SearchQuery | None:
    words = _WORD.findall(value)[:MAX_WORDS]
    text = " & ".join(f"{word}:*" for word in words)
    return SearchQuery(text, search_type="raw", config=TITLE_CONFIG) if words else None
