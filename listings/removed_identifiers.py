"""Numbers that removed listings state and their recall does not: with them in the recall, listings on every platform are
matched by them, where a removal teaches its own platform alone."""

from collections import defaultdict
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from listings.matching import RecallReading
from listings.matching.gtins import codes_in
from listings.matching.normalise import canonical_model
from listings.querysets import FlagQuerySet

MAX_READ = 2_000  # removals, newest first
MAX_SHOWN = 10
GTIN, MODEL = gettext_lazy("GTIN"), gettext_lazy("Model number")


class RemovedIdentifier(NamedTuple):
    """A number as it is written, on how many removed listings it stands and on how many platforms."""

    kind: str | Promise
    number: str
    listings: int
    platforms: int


def not_in_recall(flags: FlagQuerySet, reading: RecallReading) -> list[RemovedIdentifier]:
    """Of `flags`, what those that a person had removed state and the recall does not, most listings first. One query."""
    rows = flags.removed_by_people().order_by("-pk")
    known_codes, known_models = set(reading.all_gtins()), set(reading.all_models()) | set(reading.excluded)
    stated: dict[tuple[str | Promise, str], list[tuple[str, int]]] = defaultdict(list)
    fields = ("platform_id", "listing_as_flagged__gtin", "listing_as_flagged__mpn")
    for platform_id, gtin, mpn in rows.values_list(*fields)[:MAX_READ]:
        for code in codes_in(str(gtin or "")):
            if not code.doubt and code.gtin not in known_codes:
                stated[GTIN, code.gtin].append((code.gtin.lstrip("0").zfill(12), platform_id))
        model = canonical_model(str(mpn or ""))
        if len(model) >= 2 and model not in known_models:
            stated[MODEL, model].append((str(mpn), platform_id))
    found = [
        RemovedIdentifier(kind, seen[0][0], len(seen), len({platform for _, platform in seen}))
        for (kind, _), seen in stated.items()
    ]
    return sorted(found, key=lambda each: (-each.platforms, -each.listings, each.number))[:MAX_SHOWN]
