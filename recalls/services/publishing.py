"""From a draft to what platforms see: review by a second person, embargo, publication, withdrawal."""

import hashlib
import json
import logging
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.background import sweeping
from portal.identity.actors import Actor
from portal.models import AuditEvent, User
from portal.notifications.outbox import notify, still_at
from portal.transitions import IllegalTransition, LostRace, lost_race, move
from recalls.models import Recall, RecallVersion
from recalls.services.content import as_json, content_of, show_version
from recalls.services.effects import widens
from recalls.services.incident_news import announce
from recalls.services.notices import follow_new_version, withdraw_notice
from recalls.states import RecallStatus

MAX_EMBARGO = timedelta(days=366)
FAILED = "recall.publication_failed"
CHANGED = gettext_noop("Recall %(number)s was changed after you opened it. Read it again before you approve it.")
EMBARGOES, FAILURES = "embargoes", "failed publications"

logger = logging.getLogger(__name__)


def move_recall(*, recall: Recall, to: str, actor: Actor, reason: str = "", seen: str | None = None) -> Recall:
    """Submit, return, publish or withdraw a recall, or cancel its embargo; publishing publishes its draft version,
    withdrawing its notices too.

    Publishing what is in review is its approval: PermissionDenied for everyone who wrote on it, LostRace where its text
    is no longer the one that was `seen` (`seen_text`). A withdrawn recall cannot come back: the regulator writes a new
    one. An embargo is begun by `embargo_recall`.
    """
    with transaction.atomic():
        _hold(recall)
        before, now = recall.status, timezone.now()
        ends = {"publish_at": None} if before == RecallStatus.EMBARGOED else {}
        if to == RecallStatus.EMBARGOED:
            raise IllegalTransition(gettext_noop("Enter when the embargo ends."))
        if to == RecallStatus.PUBLISHED:
            if before == RecallStatus.IN_REVIEW:
                _require_approval(_submitted(recall), actor, seen)
            move(recall, to, actor=actor, reason=reason, published_at=now, **ends)
            RecallVersion.objects.filter(recall=recall, published_at=None).update(published_at=now)
        else:
            move(recall, to, actor=actor, reason=reason, **ends)
        if to == RecallStatus.WITHDRAWN:
            for notice in recall.notices.active().select_related("recall", "platform"):
                withdraw_notice(notice=notice, reason=reason, actor=actor)
            announce(recall=recall, happened="is withdrawn", key=f"withdrawn:{recall.pk}")
        _notify_colleagues(recall, before, actor, reason)
    return recall


def embargo_recall(*, recall: Recall, until: datetime, actor: Actor, seen: str | None = None) -> Recall:
    """Approve a recall in review, to be published at `until` by the sweep; until then no platform sees it.

    Reversible: it can be published at once, or its embargo cancelled. PermissionDenied for everyone who wrote on it;
    LostRace where its text is no longer the one that was `seen`; ValidationError where the moment is not in the future,
    or more than a year away.
    """
    now = timezone.now()
    if until <= now:
        raise ValidationError(
            {"publish_at": gettext_noop("This time has passed. Choose a time in the future, or publish now.")}
        )
    if until > now + MAX_EMBARGO:
        raise ValidationError({"publish_at": gettext_noop("This is more than a year away. Check the year.")})
    with transaction.atomic():
        _hold(recall)
        if recall.status == RecallStatus.IN_REVIEW:
            _require_approval(_submitted(recall), actor, seen)
        move(recall, RecallStatus.EMBARGOED, actor=actor, publish_at=until)
    return recall


def publish_embargoed_due() -> int:
    """Publish the recalls whose embargo is over; returns how many. Twice is once: only what is embargoed moves. One that
    breaks stops none: it is set aside with its error, tried again at each sweep, as each of them matters and they are few,
    and its regulator's staff are notified why it broke."""
    actor, broken = Actor.system("embargo"), []
    over = Recall.objects.embargo_over(timezone.now()).order_by("publish_at", "pk")
    sweeping.forget_others(over, sweep=EMBARGOES)

    def publish(recall: Recall) -> None:
        try:
            move_recall(recall=recall, to=RecallStatus.PUBLISHED, actor=actor, reason="The embargo is over.")
        except LostRace:
            return  # a person published it or cancelled the embargo in the meantime
        except Exception as error:
            logger.exception("recall %s could not be published; it is tried again", recall.number)
            broken.append((recall, sweeping.error_text(error)))
            raise

    swept = sweeping.each(list(over), publish, sweep=EMBARGOES)
    reasons = {recall.pk: reason for recall, reason in broken}
    rows = [recall for recall, _ in broken]  # last, so that reporting one holds up the publication of none
    sweeping.each(rows, lambda recall: _notify_of_failure(recall.pk, reasons[recall.pk], actor), sweep=FAILURES)
    return swept.done


def failed_publication(recall: Recall) -> AuditEvent | None:
    """The newest failure to publish a recall at the end of the embargo that it is under, if there was one."""
    if recall.status != RecallStatus.EMBARGOED:
        return None
    events = audit.events_about(recall).filter(action=FAILED, at__gte=recall.publish_at)
    return events.order_by("-id").first()


def publish_version(
    *, version: RecallVersion, change_note: str, actor: Actor, seen: str | None = None
) -> RecallVersion:
    """Put a revision in force, as another person than who wrote it. If it widens the recall, active notices are matched
    again and people are notified.

    Raises IllegalTransition where nothing relevant changed, LostRace where it was published in the meantime or its text is
    no longer the one that was `seen`, PermissionDenied where the actor wrote on it.
    """
    actor.require("recall.publish")
    with transaction.atomic():
        Recall.objects.select_for_update(of=("self",), no_key=True).get(pk=version.recall_id)
        _require_approval(version, actor, seen)
        return put_in_force(version=version, change_note=change_note, actor=actor)


def put_in_force(*, version: RecallVersion, change_note: str, actor: Actor) -> RecallVersion:
    """`publish_version` without asking who wrote it: only for what the operator of the machine imports by command."""
    actor.require("recall.publish")
    with transaction.atomic():
        recall = (
            Recall.objects.select_for_update(of=("self",), no_key=True)
            .select_related("current")
            .get(pk=version.recall_id)
        )
        if recall.status != RecallStatus.PUBLISHED or recall.current is None:
            raise IllegalTransition(gettext_noop("Publish the recall before you publish a new version."))
        version = RecallVersion.objects.select_related("recall").get(pk=version.pk, recall=recall)
        before, content = content_of(recall.current), content_of(version)
        if before.digest == content.digest:
            raise IllegalTransition(gettext_noop("The revision changes nothing. Edit it before you publish it."))
        version.published_at = timezone.now()
        version.change_note = change_note
        version.widens = widens(before, content)
        published = RecallVersion.objects.filter(pk=version.pk, published_at=None).update(
            published_at=version.published_at, change_note=change_note, widens=version.widens, digest=content.digest
        )
        if published != 1:
            raise LostRace(
                gettext_noop("Someone else already published version %(version)s."), {"version": version.version}
            )
        recall.current = version
        show_version(recall, version, content)
        audit.record(
            actor=actor,
            action="recall.version_published",
            subject=recall,
            before={"version": version.version - 1},
            after={"version": version.version, "widens": version.widens},
            reason=change_note,
        )
        follow_new_version(recall=recall, version=version, actor=actor)
        announce(recall=recall, happened="has a new version", key=f"version:{version.pk}")
    return version


def writers_of(version: RecallVersion) -> list[User]:
    """Everybody who began or changed a version, by name."""
    people = {person for person in (version.created_by, *version.writers.all()) if person is not None}
    return sorted(people, key=lambda person: (person.name, person.pk))


def may_approve(version: RecallVersion, actor: Actor) -> bool:
    """Whether `actor` is a person who may publish, and who wrote nothing of this version."""
    person = actor.user_id
    return person is not None and actor.may("recall.publish") and person not in {one.pk for one in writers_of(version)}


def approvers_of(version: RecallVersion) -> list[User]:
    """The regulator's people who may approve a version: those of its staff who did not write on it."""
    staff = User.objects.filter(organisation=version.recall.regulator_id, role="regulator_staff", is_active=True)
    return list(staff.exclude(pk__in=[one.pk for one in writers_of(version)]).order_by("name"))


def require_second_person(version: RecallVersion, actor: Actor) -> None:
    """Raise PermissionDenied unless the actor may approve the version. A sandbox's recalls are invented, and nobody
    belongs to its regulator who could."""
    if actor.kind == "system" and version.recall.regulator.is_sandbox:
        return
    if not may_approve(version, actor):
        raise PermissionDenied(gettext_noop("Someone who did not write this recall must approve it."))


def seen_text(version: RecallVersion) -> str:
    """What a page sends back to say which text its reader approved: another one for every change of what a version says."""
    said = json.dumps(as_json(content_of(version)), sort_keys=True, default=str)
    return f"{version.version}:{hashlib.sha256(said.encode()).hexdigest()}"


def _require_approval(version: RecallVersion, actor: Actor, seen: str | None) -> None:
    """Raise PermissionDenied unless the actor may approve the version, LostRace where they read another text. The caller
    holds the recall's lock."""
    require_second_person(version, actor)
    if seen is not None and seen != seen_text(RecallVersion.objects.select_related("recall").get(pk=version.pk)):
        raise LostRace(CHANGED, {"number": version.recall.number})


def _hold(recall: Recall) -> None:
    """Lock the recall, so that no one writes on it while it is approved; `move` sees whether it moved in the meantime.

    Whoever adds a row that names it (a flag, an exclusion) does not wait: withdrawing waits for some of them.
    """
    Recall.objects.select_for_update(of=("self",), no_key=True).get(pk=recall.pk)


def _submitted(recall: Recall) -> RecallVersion:
    """What waits for approval. Raises LostRace where somebody approved it a moment ago."""
    version = RecallVersion.objects.select_related("recall").filter(recall=recall, published_at=None).first()
    if version is None:
        raise lost_race(recall, recall.status)
    return version


def _draft_of(recall: Recall) -> RecallVersion:
    return RecallVersion.objects.select_related("recall").get(recall=recall, published_at=None)


def _notify_colleagues(recall: Recall, before: str, actor: Actor, reason: str) -> None:
    """Those who have to do something now: who may approve what was submitted, who wrote what came back."""
    if recall.status == RecallStatus.IN_REVIEW:
        people, happened = approvers_of(_draft_of(recall)), "waits for your review"
    elif recall.status == RecallStatus.DRAFT:
        people = writers_of(_draft_of(recall))
        happened = "is a draft again, its embargo cancelled" if before == RecallStatus.EMBARGOED else "was returned"
    elif before == RecallStatus.EMBARGOED:
        people, happened = writers_of(recall.versions.order_by("-version")[0]), "is published, its embargo is over"
    else:
        return
    notify(
        people=[person for person in still_at(recall.regulator_id, people) if person.pk != actor.user_id],
        key=f"recall:{recall.pk}:{recall.status}:{timezone.now().timestamp()}",
        subject=f"Recall {recall.number} {happened}: {recall.title}",
        body=f"{actor.label}. {reason}".strip(),
        link=reverse("recalls:detail", args=[recall.pk]),
    )


def _notify_of_failure(pk: int, reason: str, actor: Actor) -> None:
    """Write down why a recall could not be published, once for each reason, and tell its regulator's staff once."""
    with transaction.atomic():
        recall = Recall.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
        before = failed_publication(recall)
        if recall.publish_at is None or (before is not None and before.reason == reason):
            return
        audit.record(actor=actor, action=FAILED, subject=recall, reason=reason)
        notify(
            people=User.objects.filter(organisation=recall.regulator_id, role="regulator_staff", is_active=True),
            key=f"recall:{pk}:{FAILED}:{recall.publish_at.timestamp()}",
            subject=f"Recall {recall.number} could not be published when its embargo ended: {recall.title}",
            body=f"{reason}. It is tried again at every sweep; until it works no platform sees the recall.",
            link=reverse("recalls:detail", args=[pk]),
        )
