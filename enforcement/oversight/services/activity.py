"""The activity of an object and of its related records: a flag has a clock, checks, escalation steps and so on; a recall,
a notice, a listing and a seller have all the cases of their flags."""

from collections.abc import Iterable

from django.db import models

from enforcement.models import Appeal, Escalation, Extension, Letter, Observation, PublicListing, Takedown
from listings.models import Exclusion, Flag, Listing, Message, SellerLink
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation
from portal.subjects import kinds_of
from portal.texts import key_in
from recalls.models import Notice, Recall

MAX_COUNT = 500  # of one kind, the newest
_TAKEDOWN_OF: dict[str, str] = {
    Flag._meta.label_lower: "flag_id",
    Takedown._meta.label_lower: "pk",
    **{
        model._meta.label_lower: f"{path}__pk"
        for model, path in (
            (Escalation, "escalations"),
            (Extension, "extensions"),
            (Appeal, "appeals"),
            (Observation, "observations"),
            (Letter, "escalations__letter"),
            (PublicListing, "escalations__public_listing"),
        )
    },
}


SELLER = "listings.seller"
"""Not an object of the log: a seller's name, under which `pk` is one of the listings."""
_OF_A_FLAG: tuple[tuple[type[models.Model], str], ...] = (
    (Flag, "pk"), (Exclusion, "flag"), (Message, "flag"), (SellerLink, "flag"), (Takedown, "flag"),
    (Escalation, "takedown__flag"), (Extension, "takedown__flag"), (Appeal, "takedown__flag"), (Observation, "takedown__flag"),
    (Letter, "escalation__takedown__flag"), (PublicListing, "escalation__takedown__flag"),
)  # fmt: skip
"""What belongs to the case of a flag, and how it leads to the flag."""


def history_of(*, kind: str, pk: str, actor: Actor) -> models.QuerySet[AuditEvent]:
    """The audit events of an object and of its related records, of each kind of these the newest MAX_COUNT: the whole case
    of a flag or takedown; of a recall its notices and all their cases; of a seller (SELLER) every listing and case under
    that name, on every platform. `kind` and `pk` are as in the audit log; a deleted object still has its own events."""
    actor.require("audit.view")
    wanted = models.Q(subject_type__in=kinds_of(kind), subject_id=pk)
    if (number := key_in(pk)) is not None:
        for model, ids in _related(kind, number):
            wanted |= models.Q(
                subject_type__in=kinds_of(model._meta.label_lower), subject_id__in=[str(each) for each in ids]
            )
    return AuditEvent.objects.visible_to(actor).filter(wanted)


def seller_of(pk: str) -> str:
    """The seller that a listing names; empty where there is none."""
    number = key_in(pk)
    return Listing.objects.filter(pk=number).values_list("seller", flat=True).first() or "" if number else ""


def _related(kind: str, pk: int) -> Iterable[tuple[type[models.Model], Iterable[int]]]:
    if kind == Recall._meta.label_lower:
        yield Notice, _newest(Notice.objects.filter(recall_id=pk))
        yield from _cases(Flag.objects.filter(recall_id=pk))
    elif kind == Notice._meta.label_lower:
        yield from _cases(Flag.objects.filter(notice_id=pk))
    elif kind == Listing._meta.label_lower:
        yield from _cases(Flag.objects.filter(listing_id=pk))
    elif kind == SELLER and (seller := seller_of(str(pk))):
        # Platforms are named, so that the index by platform and seller finds them.
        platforms = list(Organisation.objects.platforms().values_list("pk", flat=True))
        listings = list(_newest(Listing.objects.filter(platform__in=platforms, seller=seller)))
        yield Listing, listings
        yield from _cases(Flag.objects.filter(platform__in=platforms, listing__seller=seller))
    elif kind in _TAKEDOWN_OF:
        takedowns = Takedown.objects.filter(**{_TAKEDOWN_OF[kind]: pk}).values("flag_id")
        yield from _cases(Flag.objects.filter(pk__in=takedowns))


def _cases(flags: models.QuerySet[Flag]) -> Iterable[tuple[type[models.Model], Iterable[int]]]:
    found = list(_newest(flags))
    for model, path in _OF_A_FLAG:
        if found:
            yield model, _newest(models.QuerySet(model).filter(**{f"{path}__in": found}))


def _newest(rows: models.QuerySet) -> Iterable[int]:
    return rows.order_by("-pk").values_list("pk", flat=True)[:MAX_COUNT]
