"""Decisions as labelled pairs, from which `make fit-weights DECISIONS=…` learns."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.db.models import OuterRef, Subquery

from listings.matching_texts import corrections_of, recall_text
from listings.models import Decision
from listings.states import DecisionKind
from portal.identity.tenancy import sandboxes
from recalls.models import RecallVersion

RIGHT = frozenset({DecisionKind.REMOVED, DecisionKind.GEO_RESTRICTED})
WRONG = frozenset({DecisionKind.NOT_THE_PRODUCT, DecisionKind.APPEAL_GRANTED})
FIELDS = ("title", "description", "brand", "gtin", "mpn", "category")
"""The listing's fields that the engine compares: neither seller nor address leave with them."""


def training_rows() -> Iterator[dict[str, Any]]:
    """One row for each flag that was decided and is final: the recall's text, the listing as flagged, and the label, 1
    where it was the product. Of several decisions the last one that nobody overruled counts."""
    overruled = Decision.objects.filter(overrides__isnull=False).values("overrides")
    counted = Decision.objects.filter(kind__in=RIGHT | WRONG, finalized_at__isnull=False).exclude(pk__in=overruled)
    counted = counted.exclude(flag__platform__in=sandboxes())  # nobody learns from what was tried out
    last = counted.filter(flag=OuterRef("flag")).order_by("-pk").values("pk")[:1]
    decisions = counted.filter(pk=Subquery(last)).select_related("flag__notice__version__recall").order_by("pk")
    texts: dict[int, dict[str, Any]] = {}
    for decision in decisions.iterator(chunk_size=500):
        flag = decision.flag
        version = flag.notice.version
        if version.pk not in texts:
            texts[version.pk] = _recall(version)
        yield {
            "recall": texts[version.pk]["number"],
            "recall_text": texts[version.pk],
            "kind": decision.reason or decision.kind,
            "label": int(decision.kind in RIGHT),
            "id": f"flag-{flag.pk}",
            **{name: str(flag.listing_as_flagged.get(name) or "") for name in FIELDS},
        }


def _recall(version: RecallVersion) -> dict[str, Any]:
    return asdict(recall_text(version, corrections_of(version)))
