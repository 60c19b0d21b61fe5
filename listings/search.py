"""Finding listings and flags by what people type: an id, a GTIN, a model number, a seller, or words of the title; each
by an index."""

import re
from functools import cached_property
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchQuery
from django.db.models import Model, Q, QuerySet
from django.db.models.fields.json import KT

from listings.matching.identifiers import gtin14
from listings.models import Flag, Listing
from listings.querysets import TITLE_CONFIG, TitleWords
from portal.database.acting import as_system
from portal.models import Organisation
from portal.texts import key_in, spellings
from recalls.models import Recall

WORD = re.compile(r"[^\W_]+")
MAX_WORDS = 8
MAX_RESULTS = 5_000  # listings that have an id, a number or a seller in common
RARE_UP_TO = 10_000  # rows: what is found in fewer is rare for a catalogue that is read from its end
M = TypeVar("M", bound=Model)


_WHY = "not everywhere does an index of words serve behind a policy; what is found is read by whoever asks"


@as_system(_WHY)
def found_first(found: QuerySet[M], rows: QuerySet[M]) -> QuerySet[M]:
    """`found`, a search in `rows` that the person may see, in the way in which a page of it is shown soonest."""
    numbers = _few(found)
    return found if numbers is None else rows.filter(pk__any_of=numbers)


@as_system(_WHY)
def numbers_of(found: QuerySet[Any], *, at_most: int) -> list[int]:
    """The keys of the newest that a search found in what the person may see. Read them again by key."""
    numbers = _few(found)
    if numbers is None:
        return list(found.order_by("-pk").values_list("pk", flat=True)[:at_most])
    return sorted(numbers, reverse=True)[:at_most]


def _few(found: QuerySet[Any]) -> list[int] | None:
    """The keys of what a search found, in no order; None where that is much.

    PostgreSQL thinks that every word is in half a per cent of the titles. Asked for the newest with a rare word it does not
    take the few from the index: it reads all titles from the newest on, as it believes that it has a page full soon. So
    the order is left out until it is known that a word is frequent, where reading from the newest on is right.
    """
    numbers = list(found.order_by().values_list("pk", flat=True)[: RARE_UP_TO + 1])
    return numbers if len(numbers) <= RARE_UP_TO else None


class Search:
    """What a person typed, and what it finds. The caller narrows that to what the person may see; one for a request, as
    it asks which platforms there are once."""

    def __init__(self, value: str) -> None:
        self.value = value.strip()

    def listings(self, among: QuerySet[Listing] | None = None) -> QuerySet[Listing]:
        """Listings, of all or `among` these, whose id, GTIN, model number or seller was typed, or whose title has words that
        begin with all of the words. Empty where nothing was typed."""
        rows = (Listing.objects.all() if among is None else among).alias(title_words=TitleWords("title"))
        if not self.value:
            return rows.none()
        words = self._words()
        return rows.filter(self._exactly() | Q(title_words=words) if words else self._exactly())

    def is_numbered(self) -> Q:
        """Listings whose id, as typed or in capitals or small letters, or GTIN was typed; by an index."""
        found = self._on_platforms & Q(external_id__in=spellings(self.value))
        return found | Q(keys__overlap=[f"g:{number}"]) if (number := gtin14(self.value)) else found

    def flags_numbered(self, flags: QuerySet[Flag]) -> QuerySet[Flag]:
        """Those of `flags` whose number was typed, or the id or the GTIN of their listing."""
        listings = list(_keys(Listing.objects.filter(self.is_numbered())))
        numbered = Q(listing__in=listings)
        return flags.filter(numbered | Q(pk=number) if (number := key_in(self.value)) is not None else numbered)

    def flags(self, flags: QuerySet[Flag], *, or_recall: Q | None = None) -> QuerySet[Flag]:
        """Those of `flags` that have this number, or whose listing `listings` finds, of the title what it was when
        flagged; or whose recall is one of those that `or_recall` describes. Empty where nothing was typed."""
        if not self.value:
            return flags.none()
        wanted = Q(listing__in=list(_keys(Listing.objects.filter(self._exactly()))))
        if (number := key_in(self.value)) is not None:
            wanted |= Q(pk=number)
        if or_recall is not None:
            wanted |= Q(recall__in=list(_keys(Recall.objects.filter(or_recall))))
        if words := self._words():
            flags = flags.alias(title_words=TitleWords(KT("listing_as_flagged__title")))
            wanted |= Q(title_words=words)
        return flags.filter(wanted)

    def _exactly(self) -> Q:
        found = self._on_platforms & (Q(external_id__in=spellings(self.value)) | Q(seller=self.value))
        keys = [f"g:{number}"] if (number := gtin14(self.value)) else []
        if (model := "".join(filter(str.isalnum, self.value.lower()))) and len(model) >= 4:
            keys.append(f"m:{model}")
        return found | Q(keys__overlap=keys) if keys else found

    @cached_property
    def _on_platforms(self) -> Q:
        """Written out, so that each part of a condition can use the index that begins with the platform."""
        return Q(platform__in=list(Organisation.objects.platforms().values_list("pk", flat=True)))

    def _words(self) -> SearchQuery | None:
        words = WORD.findall(self.value)[:MAX_WORDS]
        text = " & ".join(f"{word}:*" for word in words)
        return SearchQuery(text, search_type="raw", config=TITLE_CONFIG) if words else None


def _keys(rows: QuerySet[Any]) -> QuerySet[Any, int]:
    return rows.order_by().values_list("pk", flat=True)[:MAX_RESULTS]
