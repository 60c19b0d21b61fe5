"""What enforcement does when flags and notices change; all of it inside the transaction that changes them."""

from typing import Any

from django.dispatch import receiver

from enforcement import services
from listings.models import Flag
from listings.signals import decision_final, flag_changed, flag_opened
from portal.actors import Actor
from recalls.models import Notice
from recalls.signals import notice_received


@receiver(flag_opened)
def start_clock(flag: Flag, **_signal: Any) -> None:
    services.start_clock(flag=flag)


@receiver(flag_changed)
def follow_flag(flag: Flag, before: str, actor: Actor, **_signal: Any) -> None:
    services.follow_flag(flag=flag, before=before, actor=actor)


@receiver(decision_final)
def let_out(flag: Flag, **_signal: Any) -> None:
    services.let_out(flag=flag)


@receiver(notice_received)
def retime(notice: Notice, **_signal: Any) -> None:
    services.retime_for_notice(notice=notice)
