"""Files of a recall: added, shown to platforms or hidden from them, removed. What one is, is read from its content."""

import hashlib
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity.actors import Actor
from portal.retention.running import require_not_held
from portal.services.kept_files import content_of, kept
from portal.transitions import IllegalTransition
from recalls.models import Recall, RecallFile
from recalls.states import RecallStatus


def add_file(
    *, recall: Recall, file: File, kind: str, title: str, for_platforms: bool = False, actor: Actor
) -> RecallFile:
    """Keep a file with a recall; no platform sees it unless `for_platforms`. If anything fails, no file stays behind.

    Raises ValidationError for what is too large, of no accepted type or one too many, IllegalTransition for a recall that
    is withdrawn.
    """
    actor.require("recall.edit")
    title = title.strip()
    if not title or len(title) > 200 or kind not in RecallFile.Kind.values:
        raise ValidationError({"title": gettext_noop("Enter a title of up to 200 characters, and choose a kind.")})
    try:
        found = kept(file)
    except ValidationError as error:
        raise ValidationError({"file": error}) from None
    row = RecallFile(
        recall=recall, kind=kind, title=title, name=found.name, content_type=found.content_type, size=len(found.data),
        sha256=hashlib.sha256(found.data).hexdigest(), sent_sha256=found.sent_sha256, for_platforms=for_platforms,
        uploaded_by_id=actor.user_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            held = _held(recall, actor)
            _require_room(held)
            row.file.save(row.sha256, ContentFile(found.data), save=False)
            row.save(force_insert=True)
            audit.record(actor=actor, action="recall.file_added", subject=held, after=_said(row))
    except BaseException:
        if row.file.name:
            row.file.storage.delete(row.file.name)
        raise
    return row


def set_file_audience(*, file: RecallFile, for_platforms: bool, actor: Actor) -> RecallFile:
    """Show a file to the platforms that the recall is sent to, or hide it; the same again changes nothing."""
    actor.require("recall.edit")
    with transaction.atomic():
        recall = _held(file.recall, actor)
        if (
            not RecallFile.objects.filter(pk=file.pk)
            .exclude(for_platforms=for_platforms)
            .update(for_platforms=for_platforms)
        ):
            return file
        before = _said(file)
        file.for_platforms = for_platforms
        audit.record(actor=actor, action="recall.file_audience_set", subject=recall, before=before, after=_said(file))
    return file


def remove_file(*, file: RecallFile, actor: Actor) -> None:
    """Delete a file for good; the audit log keeps its title and digests. Raises IllegalTransition where the recall is
    withdrawn or under a legal hold."""
    actor.require("recall.edit")
    with transaction.atomic():
        require_not_held(file.recall)
        recall = _held(file.recall, actor)
        before, storage, name = _said(file), file.file.storage, str(file.file.name)
        if not RecallFile.objects.filter(pk=file.pk).delete()[0]:
            return
        audit.record(actor=actor, action="recall.file_removed", subject=recall, before=before)
        transaction.on_commit(lambda: storage.delete(name))


def file_content(file: RecallFile) -> bytes:
    """The bytes of a file. Raises Damaged where it is missing or has changed."""
    return content_of(file.file, file.sha256, name=f"file {file.pk} of recall {file.recall}")


def _held(recall: Recall, actor: Actor) -> Recall:
    held = Recall.objects.select_for_update(of=("self",), no_key=True).get(pk=recall.pk)
    if actor.regulator_id not in (None, held.regulator_id):
        raise PermissionDenied(gettext_noop("Only staff of the regulator can change the files of a recall."))
    if held.status == RecallStatus.WITHDRAWN:
        raise IllegalTransition(gettext_noop("The recall is withdrawn, so its files cannot change."))
    return held


def _require_room(recall: Recall) -> None:
    if recall.files.count() >= RecallFile.MAX_COUNT:
        detail = gettext_noop("A recall can have up to %(most)s files. Remove one first.")
        raise ValidationError({"file": ValidationError(detail, params={"most": RecallFile.MAX_COUNT})})


def _said(row: RecallFile) -> dict[str, Any]:
    return {
        "file_name": row.name, "title": row.title, "kind": row.kind, "bytes": row.size, "sha256": row.sha256,
        "sent_sha256": row.sent_sha256, "for_platforms": row.for_platforms,
    }  # fmt: skip
