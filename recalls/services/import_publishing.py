"""The last step of an import: submitted recalls are published in the name of the second reviewer, or return to draft."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity.actors import Actor
from portal.models import AuditEvent
from portal.transitions import IllegalTransition, LostRace, move_all
from recalls.models import Recall, RecallImport, RecallReject, RecallVersion
from recalls.services.import_storing import BATCH, IMPORTED_BUT, Progress, reason_of
from recalls.services.publishing import publish_version
from recalls.states import ImportStatus, RecallStatus

SUBMITTED = "recall_import.submitted"


def publish(job: RecallImport, actor: Actor, on_progress: Progress) -> int:
    """Publish what the import stored, in the name of the person who approved it; returns how many are published.

    A recall that cannot be published stays as it is, with the reason among the rejects: so does one that somebody
    changed after the import was submitted, as its reviewer read something else. Safe to run again.
    """
    submitted = audit.events_about(job).filter(action=SUBMITTED).values_list("pk", flat=True).last()
    waiting = RecallVersion.objects.filter(imported_by=job, published_at=None)
    total, done, after = waiting.count(), 0, 0
    while batch := list(waiting.filter(pk__gt=after).select_related("recall").order_by("pk")[:BATCH]):
        after, done = batch[-1].pk, done + len(batch)
        batch = _as_submitted(job, batch, submitted)
        first = [version for version in batch if version.recall.status == RecallStatus.IN_REVIEW]
        allowed = _others_wrote(job, first, actor)
        _publish_first(job, allowed, actor)
        for version in (
            version for version in batch if version.recall.status == RecallStatus.PUBLISHED and version not in allowed
        ):
            _publish_next(job, version, actor)
        _report_progress(job, done, total)
        if on_progress:
            on_progress(done, total)
    return RecallVersion.objects.filter(imported_by=job).exclude(published_at=None).count()


def _as_submitted(job: RecallImport, versions: list[RecallVersion], submitted: int | None) -> list[RecallVersion]:
    """The versions that say what they said when the import was `submitted` (an event); none was where a command imports."""
    if submitted is None:
        return versions
    edits = AuditEvent.objects.filter(
        subject_type=Recall._meta.label_lower,
        subject_id__in=[str(version.recall_id) for version in versions],
        action="recall.edited",
        pk__gt=submitted,
    )
    edited = set(edits.values_list("subject_id", flat=True))
    changed = [version for version in versions if str(version.recall_id) in edited]
    for version in changed:
        _set_aside(job, version, "it was changed after the import was submitted, so it is approved by itself")
    return [version for version in versions if version not in changed]


def _others_wrote(job: RecallImport, versions: list[RecallVersion], actor: Actor) -> list[RecallVersion]:
    """The versions that the actor did not write; the others are skipped, with the reason among the rejects."""
    link = RecallVersion.writers.through.objects
    ids = [version.pk for version in versions]
    own = set(link.filter(recallversion__in=ids, user=actor.user_id).values_list("recallversion_id", flat=True))
    own |= {version.pk for version in versions if version.created_by_id == actor.user_id}
    for version in versions:
        if version.pk in own:
            _set_aside(job, version, "someone who did not write it must approve it")
    return [version for version in versions if version.pk not in own]


def _publish_first(job: RecallImport, versions: list[RecallVersion], actor: Actor) -> None:
    """First versions together; if that fails, one by one, so that a bad recall costs only itself."""
    try:
        _publish_together(job, versions, actor)
    except LostRace:
        for version in versions:
            try:
                _publish_together(job, [version], actor)
            except (LostRace, IllegalTransition) as error:
                _set_aside(job, version, str(error))


def _publish_together(job: RecallImport, versions: list[RecallVersion], actor: Actor) -> None:
    now = timezone.now()
    with transaction.atomic():
        ids = [version.recall_id for version in versions]
        recalls = list(Recall.objects.select_for_update(no_key=True).filter(pk__in=ids, status=RecallStatus.IN_REVIEW))
        if len(recalls) != len(ids):
            raise LostRace(gettext_noop("A recall is no longer in review because someone else changed it."))
        move_all(
            recalls, RecallStatus.PUBLISHED, actor=actor, reasons=[reason_of(job)] * len(recalls), published_at=now
        )
        RecallVersion.objects.filter(pk__in=[version.pk for version in versions]).update(published_at=now)


def _publish_next(job: RecallImport, version: RecallVersion, actor: Actor) -> None:
    try:
        publish_version(version=version, change_note=f"Imported from {job.filename}", actor=actor)
    except (LostRace, IllegalTransition, PermissionDenied) as error:
        _set_aside(job, version, str(error))


def _set_aside(job: RecallImport, version: RecallVersion, reason: str) -> None:
    RecallReject.objects.create(
        job=job, record=0, number=version.recall.number, reason=f"{IMPORTED_BUT}not published: {reason}"
    )


def return_to_draft(job: RecallImport, actor: Actor, reason: str) -> int:
    """Return the recalls that an import put into review to draft; returns how many."""
    recalls = list(
        Recall.objects.select_for_update(no_key=True).filter(
            status=RecallStatus.IN_REVIEW, current__imported_by=job, current__published_at=None
        )
    )
    move_all(recalls, RecallStatus.DRAFT, actor=actor, reasons=[reason] * len(recalls))
    return len(recalls)


def submit_drafts(job: RecallImport, actor: Actor, on_progress: Progress) -> None:
    """Submit the drafts of an import for review, some hundreds at a time; safe to run again."""
    left = Recall.objects.filter(status=RecallStatus.DRAFT, current__imported_by=job, current__published_at=None)
    total, done = left.count(), 0
    while True:
        with transaction.atomic():
            drafts = list(left.select_for_update(of=("self",), no_key=True).order_by("pk")[:BATCH])
            if not drafts:
                return
            move_all(drafts, RecallStatus.IN_REVIEW, actor=actor, reasons=[reason_of(job)] * len(drafts))
            done += len(drafts)
            _report_progress(job, done, total)
        if on_progress:
            on_progress(done, total)


def _report_progress(job: RecallImport, done: int, total: int) -> None:
    """Show how far the job is. Raises LostRace where somebody cancelled it."""
    changes = {"progress": min(99, 100 * done // max(total, 1)), "heartbeat_at": timezone.now()}
    if not RecallImport.objects.filter(pk=job.pk, status=ImportStatus.RUNNING).update(**changes):
        raise LostRace(gettext_noop("The import was cancelled."))


def waiting_versions(job: RecallImport) -> QuerySet[RecallVersion]:
    """What an import stored and no one has published yet."""
    statuses = (RecallStatus.DRAFT, RecallStatus.IN_REVIEW, RecallStatus.PUBLISHED)
    return RecallVersion.objects.filter(imported_by=job, published_at=None, recall__status__in=statuses)
