"""Writing recalls: drafts, review, publication, new versions, withdrawal."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal import audit
from portal.actors import Actor
from portal.models import Organisation
from portal.transitions import IllegalTransition, LostRace, move
from recalls.models import Recall, RecallVersion
from recalls.services.content import (
    ProductContent,
    RecallContent,
    content_of,
    last_number,
    search_text,
    version_row,
    write_content,
    write_parts,
)
from recalls.services.notices import follow_new_version, withdraw_notice
from recalls.states import RecallStatus

__all__ = ["ProductContent", "RecallContent"]


def create_recall(*, regulator: Organisation, number: str, content: RecallContent, actor: Actor) -> Recall:
    """A new draft with its first version. Raises ValidationError where the regulator already used the number."""
    actor.require("recall.edit")
    if actor.regulator_id not in (None, regulator.pk):
        raise PermissionDenied("A recall can be written for one's own regulator only.")
    _require_whole(content)
    with transaction.atomic():
        try:
            with transaction.atomic():
                recall = Recall.objects.create(regulator=regulator, number=number.strip(), title=content.title)
        except IntegrityError:
            raise ValidationError(
                {"number": f"There is a recall {number} already: open it, or use another number."}
            ) from None
        version = version_row(recall, 1, content, created_by_id=actor.user_id)
        version.save()
        write_parts([(version, content)])
        _show(recall, version, content)
        audit.record(actor=actor, action="recall.created", subject=recall, after={"title": content.title, "version": 1})
    return recall


def edit_version(*, version: RecallVersion, content: RecallContent, actor: Actor) -> RecallVersion:
    """Replace the content of a version that is not published yet; the audit keeps which fields changed."""
    actor.require("recall.edit")
    _require_whole(content)
    with transaction.atomic():
        version = RecallVersion.objects.select_for_update().select_related("recall").get(pk=version.pk)
        if version.published_at is not None:
            raise IllegalTransition(
                f"Version {version.version} is published and cannot change: revise the recall instead."
            )
        before, recall = content_of(version), version.recall
        write_content(version, content)
        if recall.current_id == version.pk:
            _show(recall, version, content)
        fields = [
            name
            for name in RecallContent.__slots__
            if name != "source" and getattr(before, name) != getattr(content, name)
        ]
        audit.record(
            actor=actor,
            action="recall.edited",
            subject=recall,
            before={"version": version.version, **{name: str(getattr(before, name))[:2000] for name in fields}},
            after={"version": version.version, **{name: str(getattr(content, name))[:2000] for name in fields}},
        )
    return version


def move_recall(*, recall: Recall, to: str, actor: Actor, reason: str = "") -> Recall:
    """Submit, return, publish or withdraw a recall; publishing publishes its draft version, withdrawing its notices too.

    A withdrawn recall cannot come back: the regulator writes a new one.
    """
    with transaction.atomic():
        if to == RecallStatus.PUBLISHED:
            now = timezone.now()
            move(recall, to, actor=actor, reason=reason, published_at=now)
            RecallVersion.objects.filter(recall=recall, published_at=None).update(published_at=now)
        else:
            move(recall, to, actor=actor, reason=reason)
            if to == RecallStatus.WITHDRAWN:
                for notice in recall.notices.active().select_related("recall", "platform"):
                    withdraw_notice(notice=notice, reason=reason, actor=actor)
    return recall


def revise_recall(*, recall: Recall, actor: Actor) -> RecallVersion:
    """The unpublished next version of a published recall, copied from the current one (or the one already begun)."""
    actor.require("recall.edit")
    if recall.status != RecallStatus.PUBLISHED or recall.current is None:
        raise IllegalTransition("Only a published recall is revised; a draft is edited.")
    with transaction.atomic():
        Recall.objects.select_for_update().get(pk=recall.pk)
        begun = recall.versions.filter(published_at=None).first()
        if begun is not None:
            return begun
        content = content_of(recall.current)
        version = version_row(recall, last_number(recall) + 1, content, created_by_id=actor.user_id)
        version.save()
        write_parts([(version, content)])
        audit.record(actor=actor, action="recall.revision_begun", subject=recall, after={"version": version.version})
    return version


def publish_version(*, version: RecallVersion, change_note: str, actor: Actor) -> RecallVersion:
    """Put a revision in force. If it widens the recall, active notices are matched again and people are told.

    Raises IllegalTransition where nothing relevant changed, LostRace where it was published meanwhile.
    """
    actor.require("recall.publish")
    with transaction.atomic():
        recall = Recall.objects.select_for_update(of=("self",)).select_related("current").get(pk=version.recall_id)
        if recall.status != RecallStatus.PUBLISHED or recall.current is None:
            raise IllegalTransition("Only a published recall gets a new version; publish the recall itself first.")
        before, content = content_of(recall.current), content_of(version)
        if before.digest == content.digest:
            raise IllegalTransition("Nothing that matters changed since the version in force: edit the revision first.")
        version.published_at = timezone.now()
        version.change_note = change_note
        version.widens = not content.identifiers <= before.identifiers
        published = RecallVersion.objects.filter(pk=version.pk, published_at=None).update(
            published_at=version.published_at, change_note=change_note, widens=version.widens, digest=content.digest
        )
        if published != 1:
            raise LostRace(f"Version {version.version} was published by somebody else meanwhile.")
        recall.current = version
        _show(recall, version, content)
        audit.record(
            actor=actor,
            action="recall.version_published",
            subject=recall,
            before={"version": version.version - 1},
            after={"version": version.version, "widens": version.widens},
            reason=change_note,
        )
        follow_new_version(recall=recall, version=version, actor=actor)
    return version


def set_priority(*, recall: Recall, priority: str, actor: Actor) -> Recall:
    """Mark a recall urgent or normal; saying the same again changes nothing."""
    actor.require("recall.edit")
    if priority not in Recall.Priority.values:
        raise ValidationError({"priority": f"Choose one of {', '.join(Recall.Priority.values)}."})
    with transaction.atomic():
        before = recall.priority
        if Recall.objects.filter(pk=recall.pk).exclude(priority=priority).update(priority=priority):
            recall.priority = priority
            audit.record(
                actor=actor,
                action="recall.priority_set",
                subject=recall,
                before={"priority": before},
                after={"priority": priority},
            )
    return recall


def _require_whole(content: RecallContent) -> None:
    if not content.title.strip():
        raise ValidationError({"title": "Give the recall a title."})
    if not content.products:
        raise ValidationError({"products": "Name at least one product."})


def _show(recall: Recall, version: RecallVersion, content: RecallContent) -> None:
    """Bring what lists and search read from the recall row in line with the version in force."""
    recall.current = version
    recall.title = content.title
    recall.recalled_on = content.recalled_on or recall.recalled_on
    recall.search = search_text(recall.number, content)
    recall.findability = content.findability.score
    recall.save(update_fields=["current", "title", "recalled_on", "search", "findability"])
