"""What the app listings does when notices change."""

from typing import Any

from django.dispatch import receiver

from listings import services, tasks
from listings.presenters import contradictions_in
from portal.background.hurry import hurry
from portal.identity.actors import Actor
from portal.models import User
from portal.signals import person_left
from recalls.models import Notice, RecallVersion
from recalls.signals import notice_sent, notice_withdrawn, version_checked


@receiver(notice_sent)
def match_soon(**_signal: Any) -> None:
    hurry(tasks.match_notices_due)  # only hurries: the sweep finds the notice by its matched_at


@receiver(version_checked)
def report_contradictions(version: RecallVersion, **_signal: Any) -> list[str]:
    return contradictions_in(services.read_version(version))


@receiver(notice_withdrawn)
def close_flags(notice: Notice, actor: Any, reason: str, **_signal: Any) -> None:
    services.withdraw_flags(notice=notice, actor=actor, reason=reason)


@receiver(person_left)
def let_go(person: User, moved: bool, actor: Actor, **_signal: Any) -> None:
    services.let_go_flags(person=person, actor=actor)
    if moved:
        services.forget_views(person=person)
