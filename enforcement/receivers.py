"""What enforcement does when flags and notices change, inside the transaction that changes them, and when people open
the home page."""

from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from enforcement import services
from listings.models import Decision, Flag, Listing
from listings.signals import decision_final, flag_changed, flag_opened, listing_off_sale, notice_matching
from portal.identity.actors import Actor
from portal.models import User
from portal.signals import home_opened, person_left
from recalls.models import Notice
from recalls.signals import notice_received


@receiver(home_opened)
def lead_to_getting_started(person: User, actor: Actor, **_signal: Any) -> str | None:
    """Until a person finishes or hides it, the getting started page comes first."""
    if person.getting_started_hidden_at is not None:
        return None
    is_done = all(step.done for step in services.getting_started(person=person, actor=actor))
    return None if is_done else reverse("enforcement:getting_started")


@receiver(flag_opened)
def start_clock(flag: Flag, **_signal: Any) -> None:
    services.start_clock(flag=flag)


@receiver(notice_matching)
def require_countable(notice: Notice, **_signal: Any) -> None:
    services.require_countable(notice=notice)


@receiver(flag_changed)
def follow_flag(flag: Flag, before: str, actor: Actor, **_signal: Any) -> None:
    services.follow_flag(flag=flag, before=before, actor=actor)


@receiver(decision_final)
def follow_final_decision(decision: Decision, flag: Flag, **_signal: Any) -> None:
    services.follow_final_decision(flag=flag, decided_by=decision.actor_label)


@receiver(listing_off_sale)
def note_off_sale(listing: Listing, actor: Actor, **_signal: Any) -> None:
    services.record_off_sale(listing=listing, actor=actor)


@receiver(notice_received)
def retime(notice: Notice, **_signal: Any) -> None:
    services.retime_for_notice(notice=notice)


@receiver(person_left)
def let_go(person: User, actor: Actor, **_signal: Any) -> None:
    services.let_go_escalations(person=person, actor=actor)
