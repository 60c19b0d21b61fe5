"""Writing recalls: drafts and new versions. Who approves, publishes and withdraws them is in publishing.py."""

from dataclasses import replace

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity.actors import Actor
from portal.models import Organisation
from portal.transitions import IllegalTransition
from recalls.models import Recall, RecallVersion
from recalls.services.assessments import drop_signature
from recalls.services.content import (
    ProductContent,
    RecallContent,
    as_text,
    content_of,
    last_number,
    show_version,
    version_row,
    write_content,
    write_parts,
)
from recalls.services.recorded import require_recorded
from recalls.states import RecallStatus

__all__ = ["ProductContent", "RecallContent"]


def create_recall(
    *, regulator: Organisation, number: str, content: RecallContent, is_sample: bool = False, actor: Actor
) -> Recall:
    """A new draft with its first version; `is_sample` marks it as invented, wherever it is shown. Raises ValidationError where the regulator already used the number."""
    actor.require("recall.edit")
    if actor.regulator_id not in (None, regulator.pk):
        raise PermissionDenied(gettext_noop("You can create recalls only for your own regulator."))
    _require_whole(content)
    with transaction.atomic():
        try:
            with transaction.atomic():
                recall = Recall.objects.create(
                    regulator=regulator, number=number.strip(), title=content.title, is_sample=is_sample
                )
        except IntegrityError:
            detail = gettext_noop("Recall %(number)s already exists. Open it, or use another number.")
            raise ValidationError({"number": ValidationError(detail, params={"number": number})}) from None
        version = version_row(recall, 1, content, created_by_id=actor.user_id)
        version.save()
        write_parts([(version, content)])
        show_version(recall, version, content)
        audit.record(actor=actor, action="recall.created", subject=recall, after={"title": content.title, "version": 1})
    return recall


def edit_version(*, version: RecallVersion, content: RecallContent, actor: Actor) -> RecallVersion:
    """Replace the content of a version that is not published yet; the audit keeps which fields changed. What was imported
    beside the fields of a recall stays, where `content` has nothing of it."""
    actor.require("recall.edit")
    _require_whole(content)
    with transaction.atomic():
        version = hold_for_writing(version=version, actor=actor)
        before, recall = content_of(version), version.recall
        content = replace(content, facts=content.facts or before.facts, source=content.source or before.source)
        write_content(version, content)
        if recall.current_id == version.pk:
            show_version(recall, version, content)
        fields = [
            name
            for name in RecallContent.__slots__
            if name != "source" and getattr(before, name) != getattr(content, name)
        ]
        audit.record(
            actor=actor,
            action="recall.edited",
            subject=recall,
            before={"version": version.version, **{name: as_text(before, name) for name in fields}},
            after={"version": version.version, **{name: as_text(content, name) for name in fields}},
        )
        if "risk_level" in fields:
            drop_signature(version=version, actor=actor)
    return version


def hold_for_writing(*, version: RecallVersion, actor: Actor) -> RecallVersion:
    """Lock a version for a change of what it says, and remember who makes it: that person cannot approve it.

    Inside the change's transaction. Raises IllegalTransition where it is in force, in review or approved.
    """
    version = RecallVersion.objects.select_for_update().select_related("recall").get(pk=version.pk)
    if version.published_at is not None:
        detail = gettext_noop("Version %(version)s is published and cannot change. Correct the recall instead.")
        raise IllegalTransition(detail, {"version": version.version})
    if not version.is_open_to_change:
        detail = gettext_noop("Recall %(number)s is %(state)s. Return it to draft to change it.")
        recall = version.recall
        raise IllegalTransition(detail, {"number": recall.number}, {"state": recall.get_status_display()})
    if actor.user_id is not None:
        version.writers.add(actor.user_id)
    if version.submitted_at is not None:  # what its reviewer read is no longer what it says
        version.submitted_at = None
        version.save(update_fields=["submitted_at"])
    return version


def revise_recall(*, recall: Recall, actor: Actor) -> RecallVersion:
    """The unpublished next version of a published recall, copied from the current one (or the one already begun)."""
    actor.require("recall.edit")
    if recall.status != RecallStatus.PUBLISHED or recall.current is None:
        raise IllegalTransition(gettext_noop("You can revise only a published recall. Edit a draft instead."))
    with transaction.atomic():
        Recall.objects.select_for_update(no_key=True).get(pk=recall.pk)
        begun = recall.versions.filter(published_at=None).first()
        if begun is not None:
            return begun
        content = content_of(recall.current)
        version = version_row(recall, last_number(recall) + 1, content, created_by_id=actor.user_id)
        version.save()
        write_parts([(version, content)])
        audit.record(actor=actor, action="recall.revision_started", subject=recall, after={"version": version.version})
    return version


def set_priority(*, recall: Recall, priority: str, actor: Actor) -> Recall:
    """Mark a recall urgent or normal; saying the same again changes nothing."""
    actor.require("recall.edit")
    if priority not in Recall.Priority.values:
        detail, params = gettext_noop("Choose one of %(values)s."), {"values": ", ".join(Recall.Priority.values)}
        raise ValidationError({"priority": ValidationError(detail, params=params)})
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
        raise ValidationError({"title": gettext_noop("Enter a title.")})
    if not content.products:
        raise ValidationError({"products": gettext_noop("Enter at least one product.")})
    require_recorded(content)
