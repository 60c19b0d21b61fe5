"""What the app listings does when notices change."""

from typing import Any

from django.dispatch import receiver

from listings import services, tasks
from listings.presenters import contradictions_in
from portal.background.hurry import hurry
from portal.database.acting import as_system
from portal.identity.actors import Actor
from portal.models import User
from portal.signals import person_away, person_left
from recalls.effects import NoticeEffects, VersionOutcome
from recalls.models import Notice, Recall, RecallVersion
from recalls.signals import (
    notice_sent,
    notice_withdrawn,
    version_checked,
    version_discarded,
    version_followed,
    version_previewed,
    versions_shown,
)


@receiver(notice_sent)
def match_soon(**_signal: Any) -> None:
    hurry(tasks.match_notices_due)  # only hurries: the sweep finds the notice by its matched_at


@receiver(version_followed)
@as_system("flags belong to both sides")
def judge_flags(notice: Notice, **_signal: Any) -> None:
    services.begin_coverage_check(notice=notice)
    hurry(tasks.check_coverage_due)


@receiver(versions_shown)
def tell_outcomes(recall: Recall, actor: Actor, **_signal: Any) -> dict[int, VersionOutcome]:
    return services.outcomes_of(recall=recall, actor=actor)


@receiver(version_discarded)
@as_system("a dry run counts in catalogues that the regulator does not see")
def forget_version(version: RecallVersion, **_signal: Any) -> None:
    services.forget_version(version=version)


@receiver(version_checked)
def report_contradictions(version: RecallVersion, **_signal: Any) -> list[str]:
    return contradictions_in(services.read_version(version))


@receiver(version_previewed)
@as_system("catalogues that the regulator searches by its notices and does not see: only counts leave")
def count_effects(version: RecallVersion, notices: list[Notice], widens: bool, **_signal: Any) -> list[NoticeEffects]:
    return services.effects_on_notices(version=version, notices=notices, widens=widens)


@receiver(notice_withdrawn)
@as_system("flags belong to both sides")
def close_flags(notice: Notice, actor: Any, reason: str, **_signal: Any) -> None:
    services.withdraw_flags(notice=notice, actor=actor, reason=reason)
    services.drop_held(notice=notice, actor=actor)


@receiver(person_left)
@as_system("flags belong to both sides")
def let_go(person: User, actor: Actor, **_signal: Any) -> None:
    services.let_go_flags(person=person, actor=actor)


@receiver(person_away)
@as_system("flags belong to both sides")
def pass_on(person: User, stand_in: User | None, reason: str, key: str, actor: Actor, **_signal: Any) -> None:
    services.pass_on_flags(person=person, to=stand_in, reason=reason, key=key, actor=actor)
