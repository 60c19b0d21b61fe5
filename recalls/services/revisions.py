"""The next version of a published recall on its way to its second person and back, and several recalls submitted together."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity.actors import Actor
from portal.models import AuditEvent
from portal.notifications.outbox import notify, still_at
from portal.reasons import require_reason
from portal.retention.running import require_not_held
from portal.transitions import IllegalTransition, LostRace
from recalls.models import Recall, RecallVersion
from recalls.services.content import RecallContent, as_text, content_of
from recalls.services.publishing import approvers_of, move_recall, writers_of
from recalls.signals import version_discarded
from recalls.states import RecallStatus

RETURNED = "recall.version_returned"
DISCARDED = "recall.version_discarded"
SENT_BACK = ("recall.returned", "recall.embargo_cancelled")  # of a first version
SUBMITTED = ("recall.submitted", "recall.version_submitted")
OF_VERSION = (RETURNED, DISCARDED, "recall.version_submitted")
MAX_SUBMITTED = 200  # recalls that are submitted together


def submit_version(*, version: RecallVersion, actor: Actor, change_note: str = "") -> RecallVersion:
    """Submit the next version of a published recall for review: whoever may approve it is notified. Editing it takes it back.

    `change_note`: what its author suggests to tell platforms; who publishes it has the last word.
    Raises IllegalTransition where it is in force, was submitted already, or changes nothing.
    """
    actor.require("recall.edit")
    with transaction.atomic():
        recall = (
            Recall.objects.select_for_update(of=("self",), no_key=True)
            .select_related("current")
            .get(pk=version.recall_id)
        )
        version = RecallVersion.objects.select_for_update(of=("self",)).select_related("recall").get(pk=version.pk)
        if version.published_at is not None or recall.status != RecallStatus.PUBLISHED or recall.current is None:
            raise IllegalTransition(gettext_noop("Only the new version of a published recall can be submitted."))
        if version.submitted_at is not None:
            detail = gettext_noop("Version %(version)s is already in review.")
            raise IllegalTransition(detail, {"version": version.version})
        if content_of(recall.current).digest == content_of(version).digest:
            raise IllegalTransition(gettext_noop("The new version changes nothing. Edit it before you submit it."))
        version.submitted_at = timezone.now()
        version.change_note = change_note or version.change_note
        version.save(update_fields=["submitted_at", "change_note"])
        audit.record(actor=actor, action="recall.version_submitted", subject=recall, after={"version": version.version})
        notify(
            people=[one for one in still_at(recall.regulator_id, approvers_of(version)) if one.pk != actor.user_id],
            key=f"recall:{recall.pk}:v{version.version}:submitted:{version.submitted_at.timestamp()}",
            subject=f"Version {version.version} of recall {recall.number} waits for your review: {version.title}",
            body=actor.label,
            link=reverse("recalls:versions", args=[recall.pk]),
        )
    return version


def return_version(*, version: RecallVersion, reason: str, actor: Actor) -> RecallVersion:
    """Return a version that waits for review to those who wrote it, with a reason; they are notified.

    Raises ValidationError without a reason, IllegalTransition where it is not in review, PermissionDenied where the actor
    may not review recalls.
    """
    actor.require("recall.review")
    require_reason(reason)
    with transaction.atomic():
        recall = Recall.objects.select_for_update(of=("self",), no_key=True).get(pk=version.recall_id)
        version = RecallVersion.objects.select_for_update(of=("self",)).select_related("recall").get(pk=version.pk)
        if version.published_at is not None or version.submitted_at is None:
            detail = gettext_noop("Version %(version)s is not in review.")
            raise IllegalTransition(detail, {"version": version.version})
        since, version.submitted_at = version.submitted_at, None
        version.save(update_fields=["submitted_at"])
        audit.record(
            actor=actor, action=RETURNED, subject=recall, before={"submitted_at": since}, after={"version": version.version},
            reason=reason,
        )  # fmt: skip
        notify(
            people=[one for one in still_at(recall.regulator_id, writers_of(version)) if one.pk != actor.user_id],
            key=f"recall:{recall.pk}:v{version.version}:returned:{since.timestamp()}",
            subject=f"Version {version.version} of recall {recall.number} was returned: {version.title}",
            body=f"{actor.label}. {reason}",
            link=reverse("recalls:versions", args=[recall.pk]),
        )
    return version


def discard_version(*, version: RecallVersion, reason: str, actor: Actor) -> None:
    """Delete the next version of a published recall, in review or not; the version in force is as it was. The audit log
    keeps what it said otherwise, and those who wrote it are notified. The next correction has its number again.

    Raises ValidationError without a reason; IllegalTransition where it is in force, is the first version, is held, or
    another app still works on it.
    """
    actor.require("recall.edit")
    require_reason(reason)
    with transaction.atomic():
        recall = (
            Recall.objects.select_for_update(of=("self",), no_key=True)
            .select_related("current")
            .get(pk=version.recall_id)
        )
        require_not_held(recall)
        version = RecallVersion.objects.select_for_update(of=("self",)).select_related("recall").get(pk=version.pk)
        if version.published_at is not None or recall.status != RecallStatus.PUBLISHED or recall.current is None:
            raise IllegalTransition(gettext_noop("Only the new version of a published recall can be discarded."))
        said, in_force, number, writers = (
            content_of(version),
            content_of(recall.current),
            version.version,
            writers_of(version),
        )
        fields = [
            name
            for name in RecallContent.__slots__
            if name != "source" and getattr(said, name) != getattr(in_force, name)
        ]
        version_discarded.send(sender=RecallVersion, version=version)
        version.delete()
        event = audit.record(
            actor=actor,
            action=DISCARDED,
            subject=recall,
            before={"version": number, **{name: as_text(said, name) for name in fields}},
            after={"version": recall.current.version, **{name: as_text(in_force, name) for name in fields}},
            reason=reason,
        )
        notify(
            people=[one for one in still_at(recall.regulator_id, writers) if one.pk != actor.user_id],
            key=f"recall:{recall.pk}:v{number}:discarded:{event.pk}",
            subject=f"Version {number} of recall {recall.number} was discarded: {said.title}",
            body=f"{actor.label}. {reason}",
            link=reverse("recalls:versions", args=[recall.pk]),
        )


def returned(version: RecallVersion) -> AuditEvent | None:
    """Who returned the version that is being written, and why; None where no one did, or it was submitted again."""
    return returned_of([version]).get(version.recall_id)


def returned_of(versions: Iterable[RecallVersion]) -> dict[int, AuditEvent]:
    """Recall → how its unpublished version was returned, of those that were and wait for their writers. One query."""
    open_ones = {str(row.recall_id): row for row in versions if row.published_at is None and row.submitted_at is None}
    events = AuditEvent.objects.filter(
        subject_type=Recall._meta.label_lower,
        subject_id__in=open_ones,
        action__in=(RETURNED, DISCARDED, *SENT_BACK, *SUBMITTED),
    )
    found: dict[int, AuditEvent] = {}
    for event in events.order_by("id"):
        version = open_ones[event.subject_id]
        is_own = event.action not in OF_VERSION or event.after.get("version") == version.version
        if event.action in (DISCARDED, *SUBMITTED):  # a discarded version's number is used again
            found.pop(version.recall_id, None)
        elif is_own and (event.action == RETURNED or version.version == 1):
            found[version.recall_id] = event
    return found


def versions_in_work(*, recalls: Iterable[int], actor: Actor) -> dict[int, RecallVersion]:
    """Recall → its new version that is not in force yet, of those that the actor may see; a platform sees none."""
    if actor.platform_id is not None:
        return {}
    rows = RecallVersion.objects.visible_to(actor).filter(recall__in=set(recalls), published_at=None)
    return {row.recall_id: row for row in rows.filter(recall__status=RecallStatus.PUBLISHED)}


def versions_to_review(actor: Actor) -> QuerySet[RecallVersion]:
    """New versions of published recalls that were submitted and that the actor may approve: none of those they wrote on."""
    waiting = RecallVersion.objects.visible_to(actor).filter(published_at=None).exclude(submitted_at=None)
    if actor.user_id is None or not actor.may("recall.publish"):
        return waiting.none()
    return waiting.exclude(writers=actor.user_id).exclude(created_by=actor.user_id)


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """One recall of several: `version` is the number of what was submitted; else `refusal` says why nothing was."""

    recall: Recall
    version: int | None = None
    refusal: Exception | None = None


def submit_many(*, recalls: Iterable[Recall], actor: Actor) -> list[SubmitResult]:
    """Submit each draft, and each new version of a published recall, by itself: what is refused costs itself alone."""
    return [_submit(recall, actor) for recall in recalls]


def _submit(recall: Recall, actor: Actor) -> SubmitResult:
    try:
        with transaction.atomic():
            version = _next_version(recall)
            if recall.status == RecallStatus.PUBLISHED:
                submit_version(version=version, actor=actor)
            else:
                move_recall(recall=recall, to=RecallStatus.IN_REVIEW, actor=actor)
    except (IllegalTransition, LostRace, PermissionDenied) as refusal:
        return SubmitResult(recall, refusal=refusal)
    return SubmitResult(recall, version=version.version)


def _next_version(recall: Recall) -> RecallVersion:
    version = recall.versions.filter(published_at=None).first()
    if version is None:
        raise IllegalTransition(gettext_noop("There is no new version to submit. Correct the recall first."))
    return version
