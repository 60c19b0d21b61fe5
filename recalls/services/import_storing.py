"""The first two steps of an import: preview what a file would change, and store it. The third is in import_publishing.py."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity.actors import Actor
from portal.models import AuditEvent
from portal.transitions import LostRace, move
from recalls.importers.records import ImportedRecall, Reading, Reject
from recalls.importers.text import show
from recalls.models import Recall, RecallImport, RecallImportRow, RecallReject, RecallVersion
from recalls.services.assessments import drop_signature
from recalls.services.content import (
    as_json,
    last_number,
    search_text,
    show_version,
    version_row,
    write_content,
    write_parts,
)
from recalls.services.import_judging import Judged, judge
from recalls.services.publishing import put_in_force
from recalls.states import ImportStatus, RecallStatus

BATCH = 250
IMPORTED_BUT = "imported, but "
"""How the reason of a reject begins if its recall was imported without one part."""

Progress = Callable[[int, int], None] | None


def preview(job: RecallImport, reading: Reading, on_progress: Progress) -> dict[str, int]:
    """Store, for the page, what the file would add and change and what is refused; returns the counts. Recalls do not
    change."""
    job.rejects.all().delete()
    job.rows.all().delete()
    counts = dict.fromkeys(("added", "revised", "unchanged", "rejected"), 0)
    for done, batch in _batches(reading):
        with transaction.atomic():
            judged = list(judge(job, _recalls(batch)))
            RecallImportRow.objects.bulk_create(_preview_row(job, each) for each in judged if each.outcome in _SHOWN)
            rejects = _rejects(job, batch, judged)
            RecallReject.objects.bulk_create(rejects)
        _count(counts, judged, rejects)
        _report_progress(job, done, len(reading.rows), on_progress, reading, counts)
    return counts


_SHOWN = {"new": RecallImportRow.Outcome.NEW, "changed": RecallImportRow.Outcome.CHANGED}


def _preview_row(job: RecallImport, judged: Judged) -> RecallImportRow:
    changed = judged.outcome == "changed"
    return RecallImportRow(
        job=job,
        record=judged.row.record,
        number=judged.row.number,
        title=judged.content.title,
        outcome=_SHOWN[judged.outcome],
        recall=judged.recall,
        content=as_json(judged.content) if changed else None,
    )


def store(job: RecallImport, reading: Reading, actor: Actor, on_progress: Progress) -> dict[str, int]:
    """Store what the preview showed, and return the counts. Safe to run again: recalls that are stored are unchanged."""
    job.rejects.all().delete()
    counts = dict.fromkeys(("added", "revised", "unchanged", "rejected"), 0)
    for done, batch in _batches(reading):
        with transaction.atomic():
            judged = list(judge(job, _recalls(batch), hold=True))
            _add(job, [each for each in judged if each.outcome == "new"], actor)
            for each in judged:
                if each.outcome == "changed":
                    _change(job, each, actor)
            rejects = _rejects(job, batch, judged)
            RecallReject.objects.bulk_create(rejects)
        _count(counts, judged, rejects)
        _report_progress(job, done, len(reading.rows), on_progress, reading, {})
    if job.attempts > 1:  # recalls that an earlier attempt stored are counted too
        counts["added"] = job.versions.filter(version=1).count()
        counts["revised"] = job.versions.exclude(version=1).count()
    return counts


def _batches(reading: Reading) -> Iterator[tuple[int, list[ImportedRecall | Reject]]]:
    rows, done = iter(reading.rows), 0
    while batch := list(islice(rows, BATCH)):
        done += len(batch)
        yield done, batch


def _recalls(batch: Sequence[ImportedRecall | Reject]) -> Iterator[ImportedRecall]:
    return (row for row in batch if isinstance(row, ImportedRecall))


def _rejects(
    job: RecallImport, batch: Sequence[ImportedRecall | Reject], judged: Sequence[Judged]
) -> list[RecallReject]:
    found = [
        RecallReject(job=job, record=row.record, number=row.number[:80], reason=row.reason, content=row.content)
        for row in batch
        if isinstance(row, Reject)
    ]
    for each in judged:
        row = each.row
        if each.outcome == "refused":
            found.append(
                RecallReject(
                    job=job, record=row.record, number=row.number, reason=each.reason, content=show(row.source)
                )
            )
            continue
        found += [
            RecallReject(job=job, record=row.record, number=row.number, reason=f"{IMPORTED_BUT}{note}", content="")
            for note in row.notes
        ]
    return found


def _count(counts: dict[str, int], judged: Sequence[Judged], rejects: Sequence[RecallReject]) -> None:
    for each in judged:
        if name := {"new": "added", "changed": "revised", "unchanged": "unchanged"}.get(each.outcome):
            counts[name] += 1
    counts["rejected"] += sum(not reject.reason.startswith(IMPORTED_BUT) for reject in rejects)


def _report_progress(
    job: RecallImport, done: int, total: int, on_progress: Progress, reading: Reading, counts: dict[str, int]
) -> None:
    changes = {"total": reading.records, "progress": min(99, 100 * done // total), "heartbeat_at": timezone.now()}
    if not RecallImport.objects.filter(pk=job.pk, status=ImportStatus.RUNNING).update(**changes, **counts):
        raise LostRace(gettext_noop("The import was cancelled."))
    if on_progress:
        on_progress(done, total)


def _add(job: RecallImport, fresh: list[Judged], actor: Actor) -> None:
    now = timezone.now()
    status = RecallStatus.DRAFT
    if job.publish:
        status = RecallStatus.PUBLISHED if job.approved_at else RecallStatus.IN_REVIEW
    published_at = now if status == RecallStatus.PUBLISHED else None
    recalls = Recall.objects.bulk_create(
        [
            Recall(
                regulator=job.regulator,
                number=each.row.number,
                status=status,
                title=each.content.title,
                recalled_on=each.content.recalled_on,
                search=search_text(each.row.number, each.content),
                findability=each.content.findability.score,
                is_sample=job.is_sample,
                published_at=published_at,
            )
            for each in fresh
        ]
    )
    contents = [each.content for each in fresh]
    versions = RecallVersion.objects.bulk_create(
        [
            version_row(
                recall, 1, content, created_by_id=job.confirmed_by_id, published_at=published_at, imported_by=job
            )
            for recall, content in zip(recalls, contents, strict=True)
        ]
    )
    for recall, version in zip(recalls, versions, strict=True):
        recall.current = version
    Recall.objects.bulk_update(recalls, ["current"])
    write_parts(zip(versions, contents, strict=True))
    _remember_writers(job, versions)
    after = {"status": status, "version": 1, "import": job.pk}
    audit.record_many(_event(job, actor, recall, "recall.imported", after) for recall in recalls)


def _change(job: RecallImport, judged: Judged, actor: Actor) -> None:
    """Put the content of the file into the draft, or into the next version of a published recall, which someone else
    publishes."""
    recall, content = judged.recall, judged.content
    if recall is None or recall.current is None:
        return
    if judged.pending is not None:
        version = judged.pending
        version.imported_by = job
        relevelled = version.risk_level != content.risk_level
        write_content(version, content)
        if relevelled:
            drop_signature(version=version, actor=actor)
        action = "recall.edited"
    else:
        number = last_number(recall) + 1
        version = version_row(recall, number, content, created_by_id=job.confirmed_by_id, imported_by=job)
        version.save()
        write_parts([(version, content)])
        action = "recall.revision_started"
    _remember_writers(job, [version])
    if recall.current_id == version.pk:
        show_version(recall, version, content)
    after = {"version": version.version, "import": job.pk}
    audit.record_many([_event(job, actor, recall, action, after)])
    if recall.status == RecallStatus.DRAFT and job.publish:
        move(recall, RecallStatus.IN_REVIEW, actor=actor, reason=reason_of(job))
    if job.publish and job.approved_at:
        _publish_at_once(job, recall, version, actor)


def _publish_at_once(job: RecallImport, recall: Recall, version: RecallVersion, actor: Actor) -> None:
    """An import by command, by the operator of the server, needs no second reviewer."""
    if recall.status == RecallStatus.PUBLISHED:
        put_in_force(version=version, change_note=f"Imported from {job.filename}", actor=actor)
        return
    now = timezone.now()
    move(recall, RecallStatus.PUBLISHED, actor=actor, reason=reason_of(job), published_at=now)
    RecallVersion.objects.filter(pk=version.pk).update(published_at=now)


def _remember_writers(job: RecallImport, versions: Sequence[RecallVersion]) -> None:
    """Those who uploaded and confirmed count as writers: neither can approve it."""
    people = {job.created_by_id, job.confirmed_by_id} - {None}
    link = RecallVersion.writers.through
    link.objects.bulk_create(
        [link(recallversion_id=version.pk, user_id=person) for version in versions for person in people],
        ignore_conflicts=True,
    )


def reason_of(job: RecallImport) -> str:
    """Why a recall changed, as the audit log has it."""
    return f"Import {job.pk} of {job.filename}"


def _event(job: RecallImport, actor: Actor, recall: Recall, action: str, after: dict[str, Any]) -> AuditEvent:
    return audit.event_for(actor=actor, action=action, subject=recall, after=after, reason=reason_of(job))
