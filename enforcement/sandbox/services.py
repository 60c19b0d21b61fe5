"""Creating, resetting and removing a platform's sandbox: a platform and a regulator that nobody but its engineers sees.

Both are tenants like all others, so that what keeps tenants apart keeps test data apart (portal/identity/tenancy.py):
its recalls go to its own platform alone, and its listings are matched with its own recalls alone. Nobody belongs to
them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement.policies.services import create_policy, freeze
from enforcement.sandbox.content import POLICY, RECALLS
from listings.models import Decision, Exclusion, Flag, HeldMatch, Listing
from portal import audit
from portal import services as portal
from portal.database.acting import as_system
from portal.identity import api_keys, throttle
from portal.identity.actors import Actor
from portal.identity.throttle import Limit
from portal.models import ApiKey, Organisation, WebhookEndpoint
from portal.transitions import IllegalTransition
from recalls import services as recalls
from recalls.models import Notice
from recalls.states import RecallStatus

MANAGE = "sandbox.manage"
A_DAY = Limit("sandboxes of a platform", 5, timedelta(days=1))
CLOSED = "The sandbox was removed."
NONE = gettext_noop("%(platform)s has no sandbox. Reload the page.")


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A platform's sandbox as its page shows it, and what would be lost with it."""

    platform: Organisation
    keys: Sequence[ApiKey]
    listings: int
    flags: int
    decisions: int
    endpoints: int


def create_sandbox(*, platform: Organisation, actor: Actor) -> Organisation:
    """Give a platform its sandbox, filled with notices; returns the sandbox's platform. `remove_sandbox` undoes it.

    Raises IllegalTransition where it has one, ValidationError after too many within a day, PermissionDenied for others
    than its managers and operators.
    """
    _require(platform, actor)
    with _locked(platform):
        if _open(platform):
            raise IllegalTransition(gettext_noop("%(platform)s has a sandbox already."), {"platform": platform.name})
        sandbox = _create(platform)
        audit.record(actor=actor, action="sandbox.created", subject=platform, after={"sandbox": sandbox.slug})
    return sandbox


def reset_sandbox(*, platform: Organisation, actor: Actor) -> Organisation:
    """Replace a platform's sandbox by a new one, as it was when it was first created. What was in the old one is lost,
    its keys too. Not reversible. Raises as `create_sandbox`, and IllegalTransition where there is none."""
    _require(platform, actor)
    with _locked(platform):
        lost = _close(platform)
        sandbox = _create(platform)
        audit.record(
            actor=actor, action="sandbox.reset", subject=platform, before=lost, after={"sandbox": sandbox.slug}
        )
    return sandbox


def remove_sandbox(*, platform: Organisation, actor: Actor) -> None:
    """Close a platform's sandbox: its keys stop working, its clocks stop, and nobody opens what was in it any more; the
    audit log keeps what happened. Not reversible, but a new one can be created. Raises IllegalTransition where there is
    none."""
    _require(platform, actor)
    with _locked(platform):
        audit.record(actor=actor, action="sandbox.removed", subject=platform, before=_close(platform))


@as_system("a sandbox is a tenant of its own, which its platform does not see as itself")
def sandbox_for(*, platform: Organisation, actor: Actor) -> Sandbox | None:
    """The sandbox of a platform, for those who manage it; None where it has none."""
    _require(platform, actor)
    found = Organisation.objects.open_sandboxes_of(platform.pk).platforms().first()
    if found is None:
        return None
    return Sandbox(
        platform=found,
        keys=list(ApiKey.objects.filter(organisation=found).select_related("organisation")),
        listings=Listing.objects.filter(platform=found).count(),
        flags=Flag.objects.filter(platform=found).count(),
        decisions=Decision.objects.filter(flag__platform=found).count(),
        endpoints=WebhookEndpoint.objects.filter(organisation=found).count(),
    )


def _require(platform: Organisation, actor: Actor) -> None:
    actor.require(MANAGE)
    is_theirs = actor.is_operator or actor.organisation_id == platform.pk
    if not platform.is_platform or platform.is_sandbox or not is_theirs:
        raise PermissionDenied(gettext_noop("You can manage the sandbox of your own platform only."))


@contextmanager
def _locked(platform: Organisation) -> Iterator[None]:
    """One change of a platform's sandbox at a time, in one transaction."""
    with as_system("a sandbox is a tenant of its own, which its platform does not see as itself"), transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=platform.pk)
        yield


def _create(platform: Organisation) -> Organisation:
    if not throttle.take(A_DAY, str(platform.pk)).allowed:
        detail = gettext_noop("A platform can create or reset its sandbox %(most)s times a day. Try again tomorrow.")
        raise ValidationError(detail, params={"most": A_DAY.most})
    sandbox = _organisation(platform, Organisation.Kind.PLATFORM, "sandbox")
    regulator = _organisation(platform, Organisation.Kind.REGULATOR, "sandbox regulator")
    system = Actor.system("sandbox", sandbox_id=sandbox.pk)
    terms = freeze(create_policy(regulator=regulator, content=POLICY, actor=system))
    for number, content in RECALLS:
        recall = recalls.create_recall(
            regulator=regulator, number=number, content=content, is_sample=True, actor=system
        )
        for status in (RecallStatus.IN_REVIEW, RecallStatus.PUBLISHED):
            recall = recalls.move_recall(recall=recall, to=status, actor=system)
        recalls.send_notice(recall=recall, platform=sandbox, terms=terms, actor=system)
    return sandbox


def _organisation(platform: Organisation, kind: str, suffix: str) -> Organisation:
    """One without a contact, a pattern of addresses or people: nothing about it can reach anybody."""
    row = Organisation(
        kind=kind,
        name=f"{platform.name[:80]} {suffix}",
        slug=f"{platform.slug[:35]}-{suffix.replace(' ', '-')}",
        time_zone=platform.time_zone,
        country=platform.country,
        language=platform.language,
        sandbox_of=platform,
    )
    if Organisation.objects.filter(Q(name=row.name) | Q(slug=row.slug)).exists():  # of somebody who is called like it
        row.name, row.slug = f"{row.name} {platform.pk}", f"{row.slug}-{platform.pk}"
    row.full_clean()
    row.save()
    return row


def _open(platform: Organisation) -> list[Organisation]:
    """What is open, locked: no key is made for it meanwhile (portal/identity/api_keys.py)."""
    return list(Organisation.objects.open_sandboxes_of(platform.pk).order_by("pk").select_for_update(no_key=True))


def _close(platform: Organisation) -> dict[str, Any]:
    """Close what is open, and delete what no case holds; returns what there was."""
    found = _open(platform)
    if not found:
        raise IllegalTransition(NONE, {"platform": platform.name})
    sandbox = next(each for each in found if each.is_platform)
    system = Actor.system("sandbox", sandbox_id=sandbox.pk)
    keys = list(ApiKey.objects.filter(organisation=sandbox, revoked_at=None).select_related("organisation"))
    for key in keys:
        api_keys.revoke_key(key=key, actor=system, reason=CLOSED)
    for notice in Notice.objects.filter(platform=sandbox).active().select_related("recall", "platform"):
        recalls.withdraw_notice(notice=notice, reason=CLOSED, actor=system)
    endpoints = list(WebhookEndpoint.objects.filter(organisation=sandbox))
    for endpoint in endpoints:
        portal.delete_endpoint(endpoint=endpoint, actor=system)
    mine = Listing.objects.filter(platform=sandbox)
    lost = {"sandbox": sandbox.slug, "keys": len(keys), "endpoints": len(endpoints), "listings": mine.count()}
    held = (model.objects.filter(listing=OuterRef("pk")) for model in (Flag, HeldMatch, Exclusion))
    mine.exclude(reduce(or_, map(Exists, held))).delete()
    now = timezone.now()
    for each in found:
        each.sandbox_closed_at = now
        each.name, each.slug = f"{each.name[:100]} ({each.pk})", f"{each.slug[:48]}-{each.pk}"
        each.save(update_fields=["sandbox_closed_at", "name", "slug"])
    return lost
