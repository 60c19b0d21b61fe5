"""Finding listings by what people type: an id, a GTIN, a model number, a seller, or words of the title; each by an index."""

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from listings.matching.identifiers import gtin14
from listings.models import Listing
from listings.querysets import TITLE_CONFIG
from portal.models import Organisation

_WORD = re.compile(r"\w+")
MOST_WORDS = 8


def listings_found(value: str) -> QuerySet[Listing]:
    """Listings whose id, GTIN, model number or seller `value` is, or whose title has words that begin with all of its words.

    The caller narrows it to what somebody may see. Empty for an empty value.
    """
    value = value.strip()
    rows = Listing.objects.annotate(title_words=SearchVector("title", config=TITLE_CONFIG))
    if not value:
        return rows.none()
    # Written out, so that each part of the condition can use the index that begins with the platform.
    platforms = list(Organisation.objects.platforms().values_list("pk", flat=True))
    found = Q(platform__in=platforms) & (Q(external_id=value) | Q(seller=value))
    keys = [f"g:{number}"] if (number := gtin14(value)) else []
    if (model := "".join(filter(str.isalnum, value.lower()))) and len(model) >= 4:
        keys.append(f"m:{model}")
    if keys:
        found |= Q(keys__overlap=keys)
    if words := _WORD.findall(value.replace("_", " "))[:MOST_WORDS]:
        query = SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config=TITLE_CONFIG)
        found |= Q(title_words=query)
    return rows.filter(found)
