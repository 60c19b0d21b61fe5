"""The regulator of a sandbox, which nobody plays: it acts when the platform's engineers ask it to, with test data.

Each act goes through the service of a real one, in the name of the system. It is possible in one's own open sandbox and
nowhere else: its rows are those of the sandbox's two tenants, so nobody outside sees what comes of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement.appeals import services as appeals
from enforcement.clocks.services import timing
from enforcement.escalations.services.steps import escalate
from enforcement.models import Appeal, Extension, Policy, Takedown
from enforcement.policies.services import freeze
from enforcement.sandbox.content import recall_of
from enforcement.states import TakedownStatus
from listings import services as listings
from listings.models import Flag
from portal.database.acting import as_system
from portal.identity.actors import Actor
from portal.models import Organisation
from portal.transitions import IllegalTransition
from recalls import services as recalls
from recalls.models import Notice, Recall
from recalls.services import ProductContent, RecallContent
from recalls.states import NoticeStatus, RecallStatus

ACT = "sandbox.act"
MAX_RECALLS = 50  # of a sandbox, those that it began with too
MAX_MINUTES = 30 * 24 * 60  # that pass at once


@dataclass(frozen=True, slots=True)
class Sample:
    """What a made-up recall is about. Its title, where none is given, names the first product, or is that of the version
    before."""

    products: tuple[ProductContent, ...]
    hazard: str
    title: str = ""

    @property
    def content(self) -> RecallContent:
        title = self.title or f"{self.products[0].name} Recalled"
        return recall_of(f"{title} (sandbox)", self.hazard, *self.products)


def publish_sample(*, sample: Sample, actor: Actor) -> Notice:
    """Publish a made-up recall and send it to the sandbox's platform, under the policy of the sandbox.

    Raises ValidationError where the sandbox has MAX_RECALLS, or the sample has no product.
    """
    if not sample.products:
        raise ValidationError({"products": gettext_noop("Enter at least one product.")})
    with _playing(actor, actor.sandbox_id) as (system, platform):
        siblings = Organisation.objects.open_sandboxes_of(platform.sandbox_of_id or 0)
        regulator = siblings.get(kind=Organisation.Kind.REGULATOR)
        count = Recall.objects.filter(regulator=regulator).count()
        if count >= MAX_RECALLS:
            detail = gettext_noop("A sandbox has at most %(most)s recalls. Reset it to begin again.")
            raise ValidationError(detail, params={"most": MAX_RECALLS})
        recall = recalls.create_recall(
            regulator=regulator, number=f"SANDBOX-{count + 1}", content=sample.content, is_sample=True, actor=system
        )
        for status in (RecallStatus.IN_REVIEW, RecallStatus.PUBLISHED):
            recall = recalls.move_recall(recall=recall, to=status, actor=system)
        policy = Policy.objects.filter(regulator=regulator, is_active=True).order_by("pk")[:1].get()
        return recalls.send_notice(recall=recall, platform=platform, terms=freeze(policy), actor=system)


def publish_next_version(*, notice: Notice, sample: Sample, change_note: str, actor: Actor) -> Notice:
    """Publish a new version of the recall of an active notice, which follows it. Raises IllegalTransition where the notice
    was withdrawn, or the version says what the one in force says."""
    with _playing(actor, notice.platform_id) as (system, _):
        if notice.status != NoticeStatus.ACTIVE:
            raise IllegalTransition(gettext_noop("The notice was withdrawn. Publish another recall."))
        recall = Recall.objects.select_related("current").get(pk=notice.recall_id)
        content = sample.content if sample.title else replace(sample.content, title=recall.title)
        version = recalls.revise_recall(recall=recall, actor=system)
        recalls.edit_version(version=version, content=content, actor=system)
        recalls.publish_version(version=version, change_note=change_note, actor=system)
    return notice


def withdraw_sample(*, notice: Notice, reason: str, actor: Actor) -> Notice:
    """Withdraw a notice of the sandbox: its clocks stop, its open flags close. Not reversible."""
    with _playing(actor, notice.platform_id) as (system, _):
        return recalls.withdraw_notice(notice=notice, reason=reason, actor=system)


def answer_referral(*, flag: Flag, note: str, actor: Actor) -> None:
    """Answer a flag that was escalated to the regulator; it goes back to the queue."""
    with _playing(actor, flag.platform_id) as (system, _):
        listings.answer_referral(flag=flag, note=note, actor=system)


def answer_extension(*, extension: Extension, grant: bool, answer: str, actor: Actor) -> None:
    """Grant or refuse the extension that was requested."""
    with _playing(actor, extension.takedown.platform_id) as (system, _):
        timing.answer_extension(extension=extension, grant=grant, answer=answer, actor=system)


def answer_appeal(*, appeal: Appeal, grant: bool, answer: str, actor: Actor) -> None:
    """Grant or reject an appeal."""
    with _playing(actor, appeal.takedown.platform_id) as (system, _):
        appeals.answer_appeal(appeal=appeal, grant=grant, answer=answer, actor=system)


def let_time_pass(*, takedown: Takedown, minutes: int, actor: Actor) -> Takedown:
    """Count a clock as if so many minutes had gone by, and raise what is due then. Not reversible.

    Raises IllegalTransition where the clock has ended or is paused.
    """
    if not 1 <= minutes <= MAX_MINUTES:
        detail = gettext_noop("Enter a number from 1 to %(most)s.")
        raise ValidationError({"minutes": ValidationError(detail, params={"most": MAX_MINUTES})})
    with _playing(actor, takedown.platform_id) as (system, _):
        return _passed(takedown, minutes, system)


def miss_deadline(*, takedown: Takedown, actor: Actor) -> Takedown:
    """Let so much time pass that the deadline of a running clock is over. Raises IllegalTransition where it is already."""
    with _playing(actor, takedown.platform_id) as (system, _):
        Flag.objects.select_for_update(of=("self",)).get(takedown=takedown.pk)  # before its clock, as everywhere
        row = Takedown.objects.select_for_update(of=("self",)).get(pk=takedown.pk)
        left = row.due_at - timezone.now()
        if row.status != TakedownStatus.RUNNING or left <= timedelta():
            raise IllegalTransition(gettext_noop("The deadline is over, or the clock does not run."))
        return _passed(row, left // timedelta(minutes=1) + 1, system)


def _passed(takedown: Takedown, minutes: int, system: Actor) -> Takedown:
    timing.pass_time(takedown=takedown, minutes=minutes, actor=system)
    row = Takedown.objects.get(pk=takedown.pk)
    while row.next_step_at is not None and row.next_step_at <= timezone.now():
        before = row.next_step_at, row.next_step
        escalate(takedown=row)
        row = Takedown.objects.get(pk=takedown.pk)
        if (row.next_step_at, row.next_step) == before:
            break  # somebody else has it in hand
    return row


@contextmanager
def _playing(actor: Actor, platform_id: int | None) -> Iterator[tuple[Actor, Organisation]]:
    """The sandbox's regulator, and its platform: in one transaction, and with the sandbox open until it ends."""
    actor.require(ACT)
    if actor.sandbox_id is None or actor.sandbox_id != platform_id:
        raise PermissionDenied(gettext_noop("This is possible only in your own sandbox."))
    with (
        as_system("the regulator of a sandbox is a tenant of its own, which its platform does not see"),
        transaction.atomic(),
    ):
        still_open = Organisation.objects.select_for_update(no_key=True).filter(
            pk=platform_id, sandbox_of__isnull=False, sandbox_closed_at=None
        )
        platform = still_open.platforms().first()
        if platform is None:
            raise PermissionDenied(gettext_noop("The sandbox was removed. Reload the page."))
        yield Actor.system(f"sandbox regulator, after {actor.label}", sandbox_id=platform.pk), platform
