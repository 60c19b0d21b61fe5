"""What enforcement does when flags and notices change, inside the transaction that changes them, and when people open
the home page."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from enforcement import services
from enforcement.oversight.pictures import recall_funnel
from enforcement.oversight.recall_history import recall_history
from listings.models import Decision, Flag, Listing
from listings.signals import (
    decision_final,
    flag_changed,
    flag_opened,
    listing_off_sale,
    listing_on_sale,
    notice_matching,
)
from portal.charts import RowChart
from portal.database.acting import as_system
from portal.identity.actors import Actor
from portal.models import User
from portal.signals import home_opened, person_away, person_left
from recalls.models import Notice, Recall
from recalls.removals import Removals
from recalls.signals import incident_opened, notice_received, recall_opened


@receiver(home_opened)
def lead_to_getting_started(person: User, actor: Actor, **_signal: Any) -> str | None:
    """Until a person finishes or hides it, the getting started page comes first."""
    if person.getting_started_hidden_at is not None:
        return None
    is_done = all(step.done for step in services.getting_started(person=person, actor=actor))
    return None if is_done else reverse("enforcement:getting_started")


@receiver(flag_opened)
@as_system("clocks and ladders belong to both sides")
def start_clocks(flags: Sequence[Flag], **_signal: Any) -> None:
    services.start_clocks(flags=flags)


@receiver(notice_matching)
@as_system("clocks and ladders belong to both sides")
def require_countable(notice: Notice, **_signal: Any) -> None:
    services.require_countable(notice=notice)


@receiver(flag_changed)
@as_system("clocks and ladders belong to both sides")
def follow_flag(flag: Flag, before: str, actor: Actor, **_signal: Any) -> None:
    services.follow_flag(flag=flag, before=before, actor=actor)


@receiver(decision_final)
@as_system("clocks and ladders belong to both sides")
def follow_final_decision(decision: Decision, flag: Flag, **_signal: Any) -> None:
    services.follow_final_decision(flag=flag, decided_by=decision.actor_label)


@receiver(listing_off_sale)
@as_system("clocks and ladders belong to both sides")
def note_off_sale(listing: Listing, actor: Actor, **_signal: Any) -> None:
    services.record_off_sale(listing=listing, actor=actor)


@receiver(listing_on_sale)
@as_system("clocks and ladders belong to both sides")
def note_on_sale(listing: Listing, actor: Actor, **_signal: Any) -> None:
    services.record_on_sale(listing=listing, actor=actor)


@receiver(recall_opened)
def draw_progress(recall: Recall, actor: Actor, **_signal: Any) -> RowChart:
    return recall_funnel(recall=recall, actor=actor)


@receiver(recall_opened)
def draw_history(recall: Recall, actor: Actor, **_signal: Any) -> RowChart | None:
    return recall_history(recall=recall, actor=actor)


@receiver(incident_opened)
def count_removals(recalls: Sequence[int], **_signal: Any) -> list[Removals]:
    return services.removals_of(recalls)


@receiver(notice_received)
@as_system("clocks and ladders belong to both sides")
def retime(notice: Notice, **_signal: Any) -> None:
    services.retime_for_notice(notice=notice)


@receiver(person_left)
@as_system("clocks and ladders belong to both sides")
def let_go(person: User, actor: Actor, **_signal: Any) -> None:
    key = f"left:{person.pk}:{timezone.now():%Y%m%d%H%M%S}"
    services.pass_on_escalations(person=person, to=None, reason=f"{person.name} left.", key=key, actor=actor)


@receiver(person_away)
@as_system("clocks and ladders belong to both sides")
def pass_on(person: User, stand_in: User | None, reason: str, key: str, actor: Actor, **_signal: Any) -> None:
    services.pass_on_escalations(person=person, to=stand_in, reason=reason, key=key, actor=actor)
