"""The seller's deadline: a seller who does not reply in time does not delay the flag."""

from django.urls import reverse
from django.utils import timezone

from listings.models import Flag
from listings.services.decisions import record_decision
from listings.states import DecisionKind, FlagStatus
from portal.background import sweeping
from portal.identity.actors import Actor
from portal.notifications.outbox import notify, still_at

AT_ONCE = 200
SWEEP = "sellers' answers"


def reopen_unanswered() -> int:
    """Open the flags again whose seller did not reply in time, and notify whoever asked. Returns how many."""
    due = Flag.objects.filter(status=FlagStatus.ASKED_SELLER, seller_due_at__lte=timezone.now())
    sweeping.forget_others(due, sweep=SWEEP)
    rows = sweeping.ready(due, sweep=SWEEP).order_by("seller_due_at")
    return sweeping.each(rows[:AT_ONCE], _reopen, sweep=SWEEP).done


def _reopen(seen: Flag) -> None:
    held = Flag.objects.select_for_update(of=("self",), skip_locked=True)
    flag = held.filter(pk=seen.pk, status=FlagStatus.ASKED_SELLER, seller_due_at__lte=timezone.now()).first()
    if flag is None:
        return
    asked = flag.decisions.filter(kind=DecisionKind.ASK_SELLER).select_related("user").first()
    note = f"The seller had until {flag.seller_due_at:%Y-%m-%d %H:%M} UTC to reply."
    decision = record_decision(flag, DecisionKind.SELLER_SILENT, note=note, actor=Actor.system("seller's clock"))
    if asked is not None and (people := still_at(flag.platform_id, [asked.user])):
        notify(
            people=people,
            key=f"decision:{decision.pk}",
            subject=f"Seller did not reply: {flag.listing.title}",
            body=f"{note} Listing {flag.listing} is open for a decision again.",
            link=reverse("listings:flag", args=[flag.pk]),
        )
