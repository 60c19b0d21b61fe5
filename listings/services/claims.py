"""Claims: a moderator holds a flag for a while, so that two people never work on the same one."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.models import Flag
from listings.states import UNDECIDED, FlagStatus
from portal import audit
from portal.identity.actors import Actor
from portal.models import User
from portal.notifications.outbox import notify
from portal.transitions import IllegalTransition, LostRace

CLAIM_MINUTES = 15
HAND_OVER_HOURS = 8  # whoever gets a flag may be away at the moment


class Held(LostRace):
    """Someone else holds the flag; the message says who and until when."""


def claim_flag(*, flag: Flag, actor: Actor, person: User | None = None) -> Flag:
    """Hold a flag for 15 minutes; claiming again renews, and never shortens what was handed over for longer. An API
    client claims for `person`.

    Raises Held where someone else holds it, IllegalTransition where it is already decided.
    """
    actor.require("flag.claim")
    holder_id = person.pk if person else actor.user_id
    if flag.status not in UNDECIDED:
        raise _already_decided(flag)
    if holder_id is None:
        raise IllegalTransition(gettext_noop("Name the person who claims the flag. A program alone cannot hold one."))
    now = timezone.now()
    free = Q(claimed_by=None) | Q(claim_expires_at__lte=now) | Q(claimed_by=holder_id)
    with transaction.atomic():
        renewed = flag.claimed_by_id == holder_id and (flag.claim_expires_at or now) > now
        expires = now + timedelta(minutes=CLAIM_MINUTES)
        if renewed and flag.claim_expires_at is not None:
            expires = max(expires, flag.claim_expires_at)
        held = Flag.objects.filter(free, pk=flag.pk, status__in=UNDECIDED).update(
            claimed_by=holder_id, claim_expires_at=expires
        )
        if not held:
            raise _who_holds(flag)
        flag.claimed_by_id, flag.claim_expires_at = holder_id, expires
        if not renewed:
            audit.record(
                actor=actor,
                action="flag.claimed",
                subject=flag,
                after={"claimed_by": holder_id, "claim_expires_at": expires},
            )
    return flag


def release_flag(*, flag: Flag, actor: Actor) -> Flag:
    """Release a flag that the actor holds. Raises Held where someone else holds it."""
    actor.require("flag.claim")
    with transaction.atomic():
        if not Flag.objects.filter(pk=flag.pk, claimed_by=actor.user_id).update(claimed_by=None, claim_expires_at=None):
            raise _who_holds(flag)
        flag.claimed_by, flag.claim_expires_at = None, None
        audit.record(actor=actor, action="flag.released", subject=flag)
    return flag


def let_go_flags(*, person: User, actor: Actor) -> None:
    """A person left: the flags they hold are free for their colleagues."""
    held = Flag.objects.select_for_update(of=("self",)).filter(claimed_by=person).order_by("pk")
    rows = list(held.select_related("platform"))
    Flag.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_by=None, claim_expires_at=None)
    reason = f"{person.name} left."
    audit.record_many(
        audit.event_for(
            actor=actor, action="flag.released", subject=row, before={"claimed_by": person.pk}, reason=reason
        )
        for row in rows
        if row.claim_expires_at and row.claim_expires_at > timezone.now()
    )


def colleagues(*, flag: Flag, actor: Actor) -> QuerySet[User]:
    """The people to whom the actor can hand a flag over: everyone of its platform, except the actor."""
    people = User.objects.filter(organisation=flag.platform_id, is_active=True)
    return people.exclude(pk=actor.user_id).order_by("name", "pk")


def hand_over_flag(*, flag: Flag, to: User, note: str = "", actor: Actor) -> Flag:
    """Give a flag that the actor holds, or that is free, to a colleague, who is notified and holds it for 8 hours.

    Raises Held where a third person holds it, ValidationError where `to` is not a colleague, IllegalTransition where it
    is already decided. The colleague can release it.
    """
    actor.require("flag.claim")
    with transaction.atomic():
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        if flag.status not in UNDECIDED:
            raise _already_decided(flag)
        require_not_held(flag, actor)
        if not colleagues(flag=flag, actor=actor).filter(pk=to.pk).exists():
            detail = gettext_noop("%(name)s cannot decide flags of %(platform)s. Choose a colleague.")
            params = {"name": to.name, "platform": flag.platform}
            raise ValidationError({"to": ValidationError(detail, params=params)})
        before = {"claimed_by": flag.claimed_by_id}
        flag.claimed_by, flag.claim_expires_at = to, timezone.now() + timedelta(hours=HAND_OVER_HOURS)
        flag.save(update_fields=["claimed_by", "claim_expires_at"])
        after = {"claimed_by": to.pk, "claim_expires_at": flag.claim_expires_at}
        event = audit.record(
            actor=actor, action="flag.handed_over", subject=flag, before=before, after=after, reason=note
        )
        notify(
            people=[to],
            key=f"flag:{flag.pk}:handed:{event.pk}",
            subject=f"{actor.label} handed you a flag: {flag.listing.title}",
            body=note.strip() or f"Listing {flag.listing}, recall {flag.recall.number}.",
            link=reverse("listings:flag", args=[flag.pk]),
        )
    return flag


def claim_next(*, actor: Actor) -> Flag | None:
    """Claim the most urgent open flag that no one holds. Two people who ask at once get two different flags."""
    now = timezone.now()
    with transaction.atomic():
        free = Flag.objects.visible_to(actor).filter(
            Q(claimed_by=None) | Q(claim_expires_at__lte=now), status=FlagStatus.OPEN
        )
        flag = free.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "pk").first()
        return claim_flag(flag=flag, actor=actor) if flag else None


def require_not_held(flag: Flag, actor: Actor) -> None:
    """Raise Held while someone other than the actor holds the flag. The platform's programs respect the claim too."""
    if (
        flag.claimed_by_id
        and flag.claimed_by_id != actor.user_id
        and (flag.claim_expires_at or timezone.now()) > timezone.now()
    ):
        raise _who_holds(flag)


def _already_decided(flag: Flag) -> IllegalTransition:
    detail = gettext_noop("Flag %(flag)s is already decided (%(state)s).")
    return IllegalTransition(detail, {"flag": flag.pk}, {"state": flag.get_status_display()})


def _who_holds(flag: Flag) -> Held:
    now = Flag.objects.select_related("claimed_by").get(pk=flag.pk)
    if now.claimed_by is None:
        detail = gettext_noop("You do not hold flag %(flag)s, or it has been decided since (%(state)s).")
        return Held(detail, {"flag": flag.pk}, {"state": now.get_status_display()})
    until = timezone.localtime(now.claim_expires_at)
    detail = gettext_noop("%(name)s has claimed flag %(flag)s until %(until)s.")
    return Held(detail, {"name": now.claimed_by.name, "flag": flag.pk, "until": f"{until:%H:%M %Z}"})
