"""The activity of an object and of its related records: a flag has a clock, checks, escalation steps and so on."""

from collections.abc import Iterable

from django.db import models

from enforcement.models import Appeal, Escalation, Extension, Letter, Observation, PublicListing, Takedown
from listings.models import Exclusion, Flag
from portal.identity.actors import Actor
from portal.models import AuditEvent
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


def history_of(*, kind: str, pk: str, actor: Actor) -> models.QuerySet[AuditEvent]:
    """The audit events of an object and of its related records: the whole case of a flag or takedown, the notices of a
    recall. `kind` and `pk` are as in the audit log; a deleted object still has its own events."""
    actor.require("audit.view")
    wanted = models.Q(subject_type__in=kinds_of(kind), subject_id=pk)
    if (number := key_in(pk)) is not None:
        for model, ids in _related(kind, number):
            wanted |= models.Q(
                subject_type__in=kinds_of(model._meta.label_lower), subject_id__in=[str(each) for each in ids]
            )
    return AuditEvent.objects.filter(wanted)


def _related(kind: str, pk: int) -> Iterable[tuple[type[models.Model], Iterable[int]]]:
    if kind == Recall._meta.label_lower:
        yield Notice, _newest(Notice.objects.filter(recall_id=pk))
    if kind not in _TAKEDOWN_OF:
        return
    takedown = Takedown.objects.filter(**{_TAKEDOWN_OF[kind]: pk}).first()
    if takedown is None:
        return
    yield Flag, [takedown.flag_id]
    yield Takedown, [takedown.pk]
    yield Escalation, _newest(takedown.escalations.all())
    yield Extension, _newest(takedown.extensions.all())
    yield Appeal, _newest(takedown.appeals.all())
    yield Observation, _newest(takedown.observations.all())
    yield Letter, _newest(Letter.objects.filter(escalation__takedown=takedown))
    yield PublicListing, _newest(PublicListing.objects.filter(escalation__takedown=takedown))
    yield Exclusion, _newest(Exclusion.objects.filter(flag=takedown.flag_id))


def _newest(rows: models.QuerySet) -> Iterable[int]:
    return rows.order_by("-pk").values_list("pk", flat=True)[:MAX_COUNT]
