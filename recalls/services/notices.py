"""Sending notices, and the facts that follow: delivered, acknowledged, matched, withdrawn."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, Count, Exists, Min, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, Left
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.background import sweeping
from portal.identity.actors import Actor
from portal.models import Mail, Notification, Organisation
from portal.notifications.events import Event
from portal.notifications.outbox import Draft, notify, notify_all
from portal.transitions import IllegalTransition, move
from recalls.models import Notice, Recall, RecallVersion, Sending
from recalls.services.incident_news import announce
from recalls.signals import notice_received, notice_sent, notice_withdrawn, version_followed
from recalls.states import NoticeStatus, RecallStatus
from recalls.terms import terms_in_words

BATCH = 200
UNMATCHED_TOO_OLD = timedelta(minutes=5)
DELIVERIES = "deliveries to confirm"


def send_notice(
    *,
    recall: Recall,
    platform: Organisation,
    terms: dict[str, Any],
    message: str = "",
    sending: Sending | None = None,
    actor: Actor,
) -> Notice:
    """Put a published recall on a platform's list, under terms frozen from now on; its people are notified.

    Raises IllegalTransition where the recall is not published or already is on the list. Withdrawing is possible,
    unsending is not.
    """
    actor.require("notice.send")
    with transaction.atomic():
        # Whoever withdraws it, or puts a version in force, comes before this notice or finds it.
        held = Recall.objects.select_for_update(of=("self",), no_key=True).select_related("current", "regulator")
        recall = held.get(pk=recall.pk)
        if recall.status != RecallStatus.PUBLISHED or recall.current is None:
            raise not_published(recall)
        try:
            with transaction.atomic():
                notice = Notice.objects.create(
                    recall=recall,
                    version=recall.current,
                    platform=platform,
                    terms=terms,
                    message=message,
                    sending=sending,
                    sent_by_id=actor.user_id,
                    sent_at=timezone.now(),
                )
        except IntegrityError:
            raise already_sent(recall, platform) from None
        audit.record(
            actor=actor,
            action="notice.sent",
            subject=notice,
            after={"version": recall.current.version, "terms": terms},
            reason=message,
        )
        notify_all([notification_of(notice)])
        _tell_other_regulators(notice)
        notice_sent.send(sender=Notice, notice=notice)
    return notice


def _tell_other_regulators(notice: Notice) -> None:
    """Once for each sending, whatever number of platforms it goes to."""
    key = f"sending:{notice.sending_id}" if notice.sending_id else f"notice:{notice.pk}"
    announce(recall=notice.recall, happened="was sent to platforms as a notice", key=key)


def not_published(recall: Recall) -> IllegalTransition:
    """The refusal of a notice about a recall that no platform may see."""
    detail = gettext_noop("Recall %(number)s is %(state)s. Publish it first.")
    return IllegalTransition(detail, {"number": recall.number}, {"state": recall.get_status_display()})


def already_sent(recall: Recall, platform: Organisation) -> IllegalTransition:
    """The refusal of a second notice about a recall to the same platform."""
    detail = gettext_noop("Recall %(number)s was already sent to %(platform)s.")
    return IllegalTransition(detail, {"number": recall.number, "platform": platform.name})


def notification_of(notice: Notice) -> Draft:
    """The message that a platform gets with a notice; its delivery is confirmed by the mail of this message."""
    recall = notice.recall
    subject = f"Recall notice {recall.number}: {recall.title}"
    return _draft(notice, key=f"notice:{notice.pk}", subject=subject, event="notice.sent")


def _draft(notice: Notice, *, key: str, subject: str, event: str) -> Draft:
    version = notice.version
    body = (
        f"{notice.recall.regulator} sends you a recall of {', '.join(product.name for product in list(version.products.all())[:3])}.\n"
        f"Hazard: {version.hazard or 'see the recall'}\n"
        f"{_risk_line(version)}"
        f"Time limit for taking down its listings: {terms_in_words(notice.terms)}.\n{notice.message}"
    )
    return Draft(
        people=list(notice.platform.people.filter(is_active=True)),
        key=key,
        subject=subject,
        body=body.strip(),
        link=reverse("recalls:notice", args=[notice.pk]),
        mail_to=[notice.platform.contact_email],
        platform=notice.platform,
        event=_event(notice, event),
    )


def _risk_line(version: RecallVersion) -> str:
    return f"Risk level: {version.risk_level}\n" if version.risk_level else ""


def _event(notice: Notice, name: str) -> Event:
    return Event(name, {"notice_id": notice.pk, "recall_number": notice.recall.number})


def record_delivery(*, notice: Notice, actor: Actor) -> Notice:
    """Note that the notice reached the platform: its mail was accepted, or its program fetched it. Once; later calls do nothing."""
    with transaction.atomic():
        now = timezone.now()
        if Notice.objects.filter(pk=notice.pk, delivered_at=None, status=NoticeStatus.ACTIVE).update(delivered_at=now):
            notice.delivered_at = now
            audit.record(actor=actor, action="notice.delivered", subject=notice, after={"delivered_at": now})
            notice_received.send(sender=Notice, notice=notice)
    return notice


def confirm_deliveries() -> int:
    """Mark as delivered what by now has left: the mail to the platform's contact was accepted, or, where the platform
    has no contact address, the notice stands in its people's inboxes. Returns how many, BATCH at most."""
    actor = Actor.system("delivery")
    key = Concat(Value("notice:"), Cast(OuterRef("pk"), CharField()))
    address = Concat(key, Value(":"), OuterRef("platform__contact_email"), output_field=CharField())
    mail = Mail.objects.filter(key=Left(address, 120), status=Mail.Status.SENT)
    inbox = Notification.objects.filter(key=key, person__organisation=OuterRef("platform"))
    waiting = Notice.objects.active().filter(delivered_at=None)
    arrived = waiting.filter(Exists(mail) | (Q(platform__contact_email="") & Exists(inbox))).order_by("pk")
    sweeping.forget_others(waiting, sweep=DELIVERIES)
    rows = sweeping.ready(arrived, sweep=DELIVERIES).select_related("recall", "platform")
    return sweeping.each(
        rows[:BATCH], lambda notice: record_delivery(notice=notice, actor=actor), sweep=DELIVERIES
    ).done


def acknowledge_notice(*, notice: Notice, actor: Actor) -> Notice:
    """The platform says that it has the notice; that also proves delivery. Once: the first acknowledgement stands."""
    actor.require("notice.acknowledge")
    with transaction.atomic():
        held = Notice.objects.select_for_update(of=("self",), no_key=True).filter(
            pk=notice.pk, status=NoticeStatus.ACTIVE
        )
        if not held.exists():
            detail = gettext_noop("Notice %(notice)s was withdrawn, so you cannot acknowledge it.")
            raise IllegalTransition(detail, {"notice": str(notice)})
        record_delivery(notice=notice, actor=actor)
        now = timezone.now()
        changes = {"acknowledged_at": now, "acknowledged_by": actor.label}
        if Notice.objects.filter(pk=notice.pk, acknowledged_at=None).update(**changes):
            notice.acknowledged_at, notice.acknowledged_by = now, actor.label
            audit.record(actor=actor, action="notice.acknowledged", subject=notice, after=changes)
            notice_received.send(sender=Notice, notice=notice)
    return notice


def withdraw_notice(*, notice: Notice, reason: str, actor: Actor) -> Notice:
    """Take a recall off a platform's list: its clocks stop, its open flags close. Cannot be undone; it can be sent again."""
    with transaction.atomic():
        # Waits for whoever is flagging under it (`stays_active`), so that their flags are closed with it.
        Notice.objects.select_for_update(of=("self",)).filter(pk=notice.pk).first()
        move(notice, NoticeStatus.WITHDRAWN, actor=actor, reason=reason, withdrawn_at=timezone.now())
        notify(
            people=notice.platform.people.filter(is_active=True),
            key=f"notice:{notice.pk}:withdrawn",
            subject=f"Recall notice {notice.recall.number} was withdrawn",
            body=reason,
            link=reverse("recalls:notice", args=[notice.pk]),
            mail_to=[notice.platform.contact_email],
            platform=notice.platform,
            event=_event(notice, "notice.withdrawn"),
        )
        notice_withdrawn.send(sender=Notice, notice=notice, actor=actor, reason=reason)
    return notice


def stays_active(notice: Notice) -> bool:
    """Whether the notice is active, whatever was read before; then it stays so until the caller's transaction ends, as
    withdrawing it waits for that. Callers hold one another up no more than a reference to the notice does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM recalls_notice WHERE id = %s AND status = %s FOR KEY SHARE",
            [notice.pk, NoticeStatus.ACTIVE],
        )
        return cursor.fetchone() is not None


def follow_new_version(*, recall: Recall, version: RecallVersion, actor: Actor) -> None:
    """Bring the active notices of a recall to its new version. Only one that widens it is matched and told again."""
    notices: Iterable[Notice] = recall.notices.active().select_related("platform", "recall__regulator", "version")
    for notice in notices:
        before = notice.version.version
        notice.version = version
        if version.widens:
            notice.matched_at = None
        notice.save(update_fields=["version", "matched_at"])
        action = "notice.version_widened" if version.widens else "notice.version_followed"
        audit.record(
            actor=actor, action=action, subject=notice, before={"version": before}, after={"version": version.version}
        )
        version_followed.send(sender=Notice, notice=notice)
        if version.widens:
            subject = f"Recall {recall.number} was widened: {recall.title}"
            key = f"notice:{notice.pk}:v{version.version}"
            notify_all([_draft(notice, key=key, subject=subject, event="notice.widened")])
            notice_sent.send(sender=Notice, notice=notice)


def mark_matched(*, notice: Notice, at: datetime, read: int, flags: int, actor: Actor) -> Notice:
    """Note that the whole catalogue was looked through for the notice's version: how many listings were read, how many
    flags that opened."""
    with transaction.atomic():
        changed = Notice.objects.filter(pk=notice.pk, matched_at=None, version_id=notice.version_id).update(
            matched_at=at, listings_read=read
        )
        if changed:
            notice.matched_at, notice.listings_read = at, read
            after = {"matched_at": at, "listings_read": read, "flags_opened": flags}
            audit.record(actor=actor, action="notice.matched", subject=notice, after=after)
    return notice


def count_held_back(*, notice: Notice, count: int, actor: Actor) -> Notice:
    """Note how many listings match the notice and are held back from the queue. The audit log has when that begins and
    when it ends; what becomes of each listing is told by its flag or by the regulator's answer."""
    with transaction.atomic():
        before = Notice.objects.select_for_update().values_list("held_back", flat=True).get(pk=notice.pk)
        if before != count:
            Notice.objects.filter(pk=notice.pk).update(held_back=count)
        if bool(before) != bool(count):
            action = "notice.held_back" if count else "notice.none_held_back"
            audit.record(
                actor=actor, action=action, subject=notice, before={"held_back": before}, after={"held_back": count}
            )
    notice.held_back = count
    return notice


def match_again(*, notice: Notice, reason: str, actor: Actor) -> Notice:
    """Have the whole catalogue looked through for the notice once more; `reason` says what went wrong the last time."""
    with transaction.atomic():
        if (
            Notice.objects.filter(pk=notice.pk, status=NoticeStatus.ACTIVE)
            .exclude(matched_at=None)
            .update(matched_at=None)
        ):
            audit.record(
                actor=actor, action="notice.match_again", subject=notice, before={"matched_at": notice.matched_at}, reason=reason
            )  # fmt: skip
            notice.matched_at = None
    return notice


def unmatched(*, now: datetime) -> sweeping.Backlog:
    """Active notices whose version has waited for its matching for longer than UNMATCHED_TOO_OLD."""
    since = Greatest("sent_at", Coalesce("version__published_at", "sent_at"))
    waiting = Notice.objects.active().filter(matched_at=None).annotate(since=since).order_by()
    late = waiting.filter(since__lt=now - UNMATCHED_TOO_OLD)
    return sweeping.Backlog(**late.aggregate(count=Count("pk"), oldest=Min("since")))
