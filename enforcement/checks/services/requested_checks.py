"""Check now: a regulator or a moderator has a listing's page checked at once, before its scheduled check."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement.models import CheckPlan, Takedown
from enforcement.states import OPEN
from listings.states import PROVED
from portal import audit
from portal.identity.actors import Actor
from portal.models import AuditEvent
from portal.refusals import TooSoon

ASKED = "takedown.check_asked"
APART = timedelta(minutes=1)  # between two requests for one listing
WINDOW, MAX_REQUESTS = timedelta(hours=1), 60  # of one person, or of one key of a platform


def check_now(*, takedown: Takedown, actor: Actor) -> Takedown:
    """Make the page's check due now; the next sweep makes it, at the pace of its host. Raises ValidationError where
    there is nothing to check, and TooSoon after too many requests."""
    actor.require("check.ask")
    with transaction.atomic():
        row = (
            Takedown.objects.select_for_update(of=("self",))
            .select_related("flag__listing__platform")
            .get(pk=takedown.pk)
        )
        if row.status not in OPEN and row.flag.status not in PROVED:
            raise ValidationError(
                gettext_noop("You can request a check only while the clock runs or after the removal is confirmed.")
            )
        if not row.flag.listing.page_url:
            raise ValidationError(gettext_noop("The listing has no address to check. Record what you saw instead."))
        now = timezone.now()
        asked = AuditEvent.objects.filter(action=ASKED)
        last = asked.filter(subject_type=row._meta.label_lower, subject_id=str(row.pk)).order_by("-id").first()
        if last is not None and now - last.at < APART:
            detail = gettext_noop("A check was requested less than 1 minute ago. Wait for its result.")
            raise TooSoon(detail, wait=(last.at + APART - now).total_seconds())
        mine = asked.filter(user=actor.user_id) if actor.user_id else asked.filter(api_key=actor.api_key_id)
        lately = mine.filter(at__gte=now - WINDOW).order_by("-at").values_list("at", flat=True)[:MAX_REQUESTS]
        if len(lately) == MAX_REQUESTS:
            detail = gettext_noop("You requested 60 checks in 1 hour. Wait before you request more.")
            raise TooSoon(detail, wait=(lately[MAX_REQUESTS - 1] + WINDOW - now).total_seconds())
        plan = CheckPlan.objects.select_for_update().get(pk=row.pk)
        before, plan.next_at, plan.attempts = plan.next_at, now, 0
        plan.save(update_fields=["next_at", "attempts"])
        audit.record(
            actor=actor,
            action=ASKED,
            subject=row,
            before={"next_check_at": before},
            after={"next_check_at": now},
        )
    return row
