"""What listings does when notices change."""

from typing import Any

from django.dispatch import receiver

from listings import services, tasks
from portal.hurry import hurry
from recalls.models import Notice
from recalls.signals import notice_sent, notice_withdrawn


@receiver(notice_sent)
def match_soon(**_signal: Any) -> None:
    hurry(tasks.match_notices_due)  # only hurries: the sweep finds the notice by its matched_at


@receiver(notice_withdrawn)
def close_flags(notice: Notice, actor: Any, reason: str, **_signal: Any) -> None:
    services.withdraw_flags(notice=notice, actor=actor, reason=reason)
