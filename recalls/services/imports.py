"""Imports of recall files: a file is read and previewed, one person confirms, another approves publication."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.background.jobs import turn, work_on
from portal.background.sweeping import run_jobs_due
from portal.identity.actors import Actor
from portal.models import Organisation, User
from portal.notifications.outbox import notify
from portal.transitions import IllegalTransition, move, move_back
from recalls.importers.records import ImportedRecall, Reading, UnreadableFile
from recalls.importers.registry import read
from recalls.importers.template import FIELDS, ColumnsUnknown
from recalls.models import RecallFeed, RecallImport
from recalls.models.imports import SUBMITTED_BY
from recalls.services.import_publishing import publish, return_to_draft, submit_drafts, waiting_versions
from recalls.services.import_storing import preview, store
from recalls.states import COLUMNS_NAMED, SUBMIT_ASKED, ImportStatus, RecallStatus

IMPORT_LOCK = 0x0FF5_0001  # advisory lock class: one worker per job
TURN_LOCK = 0x0FF5_0012  # advisory lock class: one worker imports recalls, the others go on with other files
MAX_REPORTED = 100  # unknown names or words that a job's report keeps
SYSTEM = "recall import"


def start_recall_import(
    *,
    regulator: Organisation,
    file: File,
    filename: str,
    actor: Actor,
    feed: RecallFeed | None = None,
    is_sample: bool = False,
) -> RecallImport:
    """Accept a file; a worker reads it and shows what it would change. Nothing changes before a person confirms."""
    actor.require("recall.import")
    if actor.regulator_id not in (None, regulator.pk):
        raise PermissionDenied(gettext_noop("You can import recalls only for your own regulator."))
    with transaction.atomic():
        job = RecallImport.objects.create(
            regulator=regulator,
            created_by_id=actor.user_id,
            feed=feed,
            file=file,
            filename=filename[:255],
            is_sample=is_sample,
        )
        after = {"filename": filename, "feed": feed.name if feed else ""}
        audit.record(actor=actor, action="recall_import.queued", subject=job, after=after)
    return job


def name_columns(*, job: RecallImport, mapping: dict[str, str], actor: Actor) -> RecallImport:
    """Choose which column of a table is which of our fields; the file is read and previewed again.

    Raises ValidationError if a field is unknown, a column is not in the file, or a column is used twice.
    """
    columns = job.report.get("columns", [])
    if unknown := [
        name for name, column in mapping.items() if name not in FIELDS or (columns and column not in columns)
    ]:
        raise ValidationError(gettext_noop("Unknown field or column: %(names)s."), params={"names": ", ".join(unknown)})
    if len(set(mapping.values())) < len(mapping):
        raise ValidationError(gettext_noop("Choose each column for one field only."))
    return move_back(
        job, ImportStatus.QUEUED, undoings=COLUMNS_NAMED, actor=actor, mapping=mapping, attempts=0, progress=0
    )


def confirm_recall_import(*, job: RecallImport, publish: bool, actor: Actor) -> RecallImport:
    """Store a previewed import. New recalls become drafts; changes of published recalls become their next versions.

    With `publish` everything is submitted for publication, which someone who neither uploaded nor confirmed approves.
    An import by command, by the operator of the server (a system actor), counts as approved.
    """
    if job.asks_for_columns:
        raise ValidationError(gettext_noop("Choose the columns first."))
    now = timezone.now()
    by_command = publish and actor.kind == "system"
    return move(
        job,
        ImportStatus.QUEUED,
        actor=actor,
        publish=publish,
        confirmed_by_id=actor.user_id,
        confirmed_at=now,
        approved_at=now if by_command else None,
        attempts=0,
        progress=0,
    )


def may_approve_import(job: RecallImport, actor: Actor) -> bool:
    """Whether `actor` is a person who may publish, and neither uploaded nor confirmed the import."""
    person = actor.user_id
    return person is not None and actor.may("recall.publish") and person not in {job.created_by_id, job.confirmed_by_id}


def approve_recall_import(*, job: RecallImport, actor: Actor) -> RecallImport:
    """Publish what an import submitted, as the second reviewer; a worker does it. Cannot be undone."""
    actor.require("recall.publish")
    if not may_approve_import(job, actor):
        raise PermissionDenied(gettext_noop("Someone who did not import this file must approve it."))
    return move(
        job,
        ImportStatus.QUEUED,
        actor=actor,
        approved_by_id=actor.user_id,
        approved_at=timezone.now(),
        attempts=0,
        progress=0,
    )


def return_recall_import(*, job: RecallImport, reason: str, actor: Actor) -> RecallImport:
    """Return an import to draft: its new recalls become drafts again, and those who imported them get the reason."""
    with transaction.atomic():
        move(job, ImportStatus.DONE, actor=actor, reason=reason, finished_at=timezone.now(), progress=100)
        return_to_draft(job, actor, reason)
        people = User.objects.filter(pk__in={job.created_by_id, job.confirmed_by_id} - {None}).exclude(pk=actor.user_id)
        _notify(
            job,
            people,
            "returned",
            f"Recall import {job.filename} was returned",
            f"Returned by {actor.label}. Reason: {reason}",
        )
    return job


def submit_recall_import(*, job: RecallImport, actor: Actor) -> RecallImport:
    """Submit the drafts of a finished import for publication: a worker puts them into review in the actor's name, and
    someone who did not import them approves.

    Raises ValidationError if nothing in it is left to publish.
    """
    actor.require("recall.import")
    with transaction.atomic():
        changes = {"publish": True, "finished_at": None, "attempts": 0, "progress": 0}
        move_back(job, ImportStatus.QUEUED, undoings=SUBMIT_ASKED, actor=actor, **changes)
        if not waiting_versions(job).exists():
            raise ValidationError(gettext_noop("Nothing in this import is left to publish."))
        _note_submitter(job, actor.user_id)
    return job


def _note_submitter(job: RecallImport, person: int | None) -> None:
    job.report[SUBMITTED_BY] = person
    job.save(update_fields=["report"])


def _submitted(job: RecallImport, actor: Actor, on_progress: Callable[[int, int], None] | None) -> RecallImport:
    """Put the drafts into review, and ask for approval of all that waits for it."""
    submitter = job.report[SUBMITTED_BY]
    person = _as(job, User.objects.filter(pk=submitter).first()) if submitter else actor
    submit_drafts(job, person, on_progress)
    with transaction.atomic():
        del job.report[SUBMITTED_BY]
        job.save(update_fields=["report"])
        waiting = waiting_versions(job).exclude(recall__status=RecallStatus.DRAFT).count()
        if not waiting:  # all were published or discarded one by one in the meantime
            return _done(job, actor)
        move(job, ImportStatus.REVIEW, actor=person, progress=100)
        _notify_approvers(job, waiting, person)
    return job


def _notify_approvers(job: RecallImport, waiting: int, actor: Actor) -> None:
    noun, verb = ("recall", "is") if waiting == 1 else ("recalls", "are")
    detail = f"{waiting:,} {noun} of the import {job.filename} {verb} waiting for your approval"
    happened = f"review:{timezone.now().timestamp()}"
    _notify(job, approvers_of_import(job), happened, detail, f"{actor.label} imported and submitted them.")


def cancel_recall_import(*, job: RecallImport, actor: Actor, reason: str = "") -> RecallImport:
    """Stop an import; data stored so far is kept. Raises IllegalTransition while it is being submitted: half of its recalls
    would be in review, with nobody to approve them together."""
    if job.is_submitting:
        raise IllegalTransition(
            gettext_noop("These recalls are being submitted. Once they are in review, you can return them to draft.")
        )
    return move(job, ImportStatus.CANCELLED, actor=actor, reason=reason, finished_at=timezone.now())


def run_recall_imports_due() -> None:
    """Run waiting imports, and those whose worker died, in one worker at a time; the others return at once."""
    with turn(TURN_LOCK, 1) as mine:
        if mine:
            run_jobs_due(RecallImport.objects.all(), run_recall_import, owner="regulator", sweep="recall imports")


def run_recall_import(job: RecallImport, *, on_progress: Callable[[int, int], None] | None = None) -> RecallImport:
    """Run or resume a job's next step; safe to call again after a crash and by two workers at once (the second does
    nothing). `on_progress` is called with (records done, total records)."""
    actor = Actor.system(SYSTEM)
    return work_on(
        job,
        lock=(IMPORT_LOCK, job.pk),
        unreadable=(UnreadableFile, FileNotFoundError, PermissionDenied),
        actor=actor,
        run=lambda job: _run(job, actor, on_progress),
    )


def _run(job: RecallImport, actor: Actor, on_progress: Callable[[int, int], None] | None) -> RecallImport:
    if job.is_submitting:
        return _submitted(job, actor, on_progress)
    if job.approved_at and job.approved_by_id:
        published = publish(job, _as(job, job.approved_by), on_progress)
        return _done(job, actor, published=published)
    return _from_file(job, actor, on_progress)


def _from_file(job: RecallImport, actor: Actor, on_progress: Callable[[int, int], None] | None) -> RecallImport:
    """The steps for which the file is read: the preview, and storing it."""
    if not job.file:
        raise UnreadableFile("The file was deleted after its time. Upload it again.")
    with job.file.open("rb") as source:
        data = source.read()
    try:
        reading = read(data, job.mapping or None)
    except ColumnsUnknown as unknown:
        return _ask_for_columns(job, unknown, actor)
    if job.confirmed_at is None:
        return _previewed(job, reading, preview(job, reading, on_progress), actor)
    person = _as(job, job.confirmed_by) if job.confirmed_by_id else actor
    counts: dict[str, Any] = {**store(job, reading, person, on_progress)}
    if not job.publish or not job.versions.exists():
        return _done(job, actor, **counts)
    if job.approved_at:
        return _done(job, actor, published=job.versions.exclude(published_at=None).count(), **counts)
    with transaction.atomic():
        move(job, ImportStatus.REVIEW, actor=actor, progress=100, **counts)
        _notify_approvers(job, counts["added"] + counts["revised"], person)
    return job


def _done(job: RecallImport, actor: Actor, **counts: Any) -> RecallImport:
    return move(job, ImportStatus.DONE, actor=actor, finished_at=timezone.now(), progress=100, **counts)


def _as(job: RecallImport, person: User | None) -> Actor:
    """The person in whose name a step runs. Raises PermissionDenied if they have left the regulator since then."""
    if person is None or not person.is_active or person.organisation_id != job.regulator_id:
        raise PermissionDenied(
            gettext_noop("The person who requested this is no longer active. Upload the file again.")
        )
    return Actor.person(person)


def _previewed(job: RecallImport, reading: Reading, counts: dict[str, Any], actor: Actor) -> RecallImport:
    """Wait for a person if there is something to confirm; be done if there is not; fail if nothing in the file can be
    used."""
    known: dict[str, Any] = {"format": reading.format, "publisher": reading.publisher, "total": reading.records}
    RecallImport.objects.filter(pk=job.pk).update(report=_report(reading), **known)
    if not any(isinstance(row, ImportedRecall) for row in reading.rows):
        first = (
            reading.rows[0].reason
            if reading.rows and not isinstance(reading.rows[0], ImportedRecall)
            else "the file is empty"
        )
        raise UnreadableFile(f"None of the {reading.records:,} records can be used. Reason for the first one: {first}.")
    if not counts["added"] and not counts["revised"]:
        return _done(job, actor, **known, **counts)
    with transaction.atomic():
        move(job, ImportStatus.WAITING, actor=actor, progress=100, **known, **counts)
        if job.feed_id is not None:
            detail = f"Feed {job.feed}: {counts['added']:,} new and {counts['revised']:,} changed recalls are waiting for confirmation"
            _notify(job, _staff(job), "waiting", detail, "Nothing changes until someone confirms the import.")
    return job


def _report(reading: Reading) -> dict[str, Any]:
    found = reading.report
    return {
        "remarks": found.remarks[:MAX_REPORTED],
        "fields": dict(found.fields.most_common(MAX_REPORTED)),
        "words": {
            name: dict(words.most_common(MAX_REPORTED)) for name, words in list(found.words.items())[:MAX_REPORTED]
        },
        "broke_off": reading.broke_off,
    }


def _ask_for_columns(job: RecallImport, unknown: ColumnsUnknown, actor: Actor) -> RecallImport:
    guess = unknown.guess | _as_last_time(job, unknown.header)
    job.report = {"columns": unknown.header, "sample": unknown.sample, "guess": guess, "reason": str(unknown)}
    with transaction.atomic():
        job.save(update_fields=["report"])
        return move(job, ImportStatus.WAITING, actor=actor, progress=100)


def _as_last_time(job: RecallImport, header: list[str]) -> dict[str, str]:
    """The mapping that the regulator last gave for a table with these columns."""
    before = RecallImport.objects.filter(regulator=job.regulator, pk__lt=job.pk).exclude(mapping={}).order_by("-pk")
    for mapping in before.values_list("mapping", flat=True)[:20]:
        if set(mapping.values()) <= set(header):
            return dict(mapping)
    return {}


def _staff(job: RecallImport) -> list[User]:
    staff = User.objects.filter(organisation=job.regulator_id, role="regulator_staff", is_active=True)
    return list(staff.order_by("name"))


def approvers_of_import(job: RecallImport) -> list[User]:
    """The regulator's staff who may approve an import: those who neither uploaded nor confirmed it."""
    return [person for person in _staff(job) if person.pk not in {job.created_by_id, job.confirmed_by_id}]


def _notify(job: RecallImport, people: Any, happened: str, subject: str, body: str) -> None:
    link = reverse("recalls:import_detail", args=[job.pk])
    notify(people=people, key=f"recall-import:{job.pk}:{happened}", subject=subject, body=body, link=link)
