"""Telling people of the audit events that fit a saved view they subscribed to.

A subscription keeps its place in the chain, so each event is told of once. Who may read what is asked when the message
is made, never when the view was saved. Events that come together are one message: it waits until QUIET has passed without
another one that fits (at the longest LATEST), and the next message to the same person waits for PAUSE, so that an import of thousands is one
message with their number and a link to them. By mail it leaves as the person's settings say.
"""

import html
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags

from portal.audit.sentences import sentence, with_titles
from portal.audit_filter import AuditFilter
from portal.background import sweeping
from portal.database.acting import acting
from portal.http.moments import moment_words
from portal.identity.actors import Actor
from portal.models import AuditEvent, AuditSeal, Notification, SavedView, Subscription
from portal.notifications.outbox import notify_personally
from portal.services.saved_views import MAY_SUBSCRIBE, message_key

logger = logging.getLogger(__name__)
SWEEP = "audit subscriptions"
QUIET, LATEST, PAUSE = timedelta(minutes=1), timedelta(minutes=10), timedelta(minutes=30)
MAX_LISTED = 10  # events that a message tells one by one
MAX_AT_ONCE = 100_000  # positions of the chain that one turn looks through


def notify_subscribers_due() -> int:
    """Tell every subscriber of what fits and was sealed since their last message; returns how many were dealt with."""
    head = AuditSeal.objects.order_by("-position").values_list("position", flat=True).first() or 0
    behind = Subscription.objects.filter(place__lt=head).order_by("next_at", "pk")
    sweeping.forget_others(behind, sweep=SWEEP)
    due = sweeping.ready(behind.filter(next_at__lte=timezone.now()), sweep=SWEEP)
    return sweeping.each(due, partial(_notify, head=head), sweep=SWEEP).done


def events_of(view: SavedView, actor: Actor, *, after: int, until: int) -> QuerySet[AuditEvent]:
    """The events that fit a view and have their place in a stretch of the chain, as the actor may see them.

    Raises ValueError where its filters no longer hold: a filter left out would let everything through.
    """
    found = AuditFilter(QueryDict(view.query), AuditEvent.objects.visible_to(actor))
    if not found.is_valid():
        raise ValueError(f"The filters of the saved view {view.name} are not valid any more: {dict(found.errors)}")
    fitting: QuerySet[AuditEvent] = found.qs
    return fitting.filter(seal__position__gt=after, seal__position__lte=until)


def _notify(subscription: Subscription, *, head: int) -> None:
    """One message, or none, and the place of the next; both in the caller's transaction."""
    locked = Subscription.objects.select_for_update(of=("self",)).select_related("view", "person__organisation")
    row = locked.get(pk=subscription.pk)
    until = min(head, row.place + MAX_AT_ONCE)
    if row.place >= head:
        return
    if not _may_read(row):
        Subscription.objects.filter(pk=row.pk).update(place=until)
        return
    person, now = row.person, timezone.now()
    actor = Actor.person(person)
    with acting(actor.principal), timezone.override(person.zone), translation.override("en"):
        found = events_of(row.view, actor, after=row.place, until=until)
        span = found.aggregate(first=Min("at"), last=Max("at"))
        if span["last"] is not None and _goes_on(span["first"], span["last"], now):
            return
        count = found.count()
        lines = list(_lines(found)) if count else []
    if count:
        notify_personally(
            people=[person],
            key=message_key(row.pk, until),
            subject=f"{count:,} audit event{'' if count == 1 else 's'}: {row.view.name}",
            body="\n".join([*lines, *([f"and {count - len(lines):,} more"] if count > len(lines) else [])]),
            link=_link(row.view, after=row.place, until=until),
        )
    Subscription.objects.filter(pk=row.pk).update(place=until, next_at=now + PAUSE if count else now)


def _link(view: SavedView, *, after: int, until: int) -> str:
    """The list of just these events, also once the view is changed or deleted; by the view's number where its filters are
    too long for a link."""
    stretch = f"sealed_after={after}&sealed_until={until}"
    whole = f"{reverse('portal:audit')}?{view.query}&{stretch}"
    most = Notification._meta.get_field("link").max_length or 0
    return whole if len(whole) <= most else f"{reverse('portal:audit')}?saved={view.pk}&{stretch}"


def _may_read(row: Subscription) -> bool:
    """Whether the person may read the audit log at this moment, and open the view."""
    person, view = row.person, row.view
    at_home = person.organisation_id == row.organisation_id == view.organisation_id
    return at_home and Actor.person(person).may(MAY_SUBSCRIBE) and (view.shared or view.person_id == person.pk)


def _goes_on(first: datetime, last: datetime, now: datetime) -> bool:
    """Whether more may belong to the same message. What is dated ahead of the clock, or long ago, holds nothing up."""
    return now - QUIET < last <= now and now - LATEST < first


def _lines(found: QuerySet[AuditEvent]) -> Iterator[str]:
    """The newest of the events, a line each. One that cannot be shown costs its own line its sentence."""
    for pk in found.order_by("-pk").values_list("pk", flat=True)[:MAX_LISTED]:
        yield _line(pk)


def _line(pk: int) -> str:
    try:
        with transaction.atomic():
            event = with_titles([AuditEvent.objects.get(pk=pk)])[0]
            return f"{moment_words(event.at)}: {html.unescape(strip_tags(sentence(event)))}"
    except Exception as error:
        if sweeping.database_is_gone(error):
            raise
        logger.exception("Audit event %s cannot be told in words", pk)
        return f"Event {pk}"
