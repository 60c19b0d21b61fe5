"""Claims: a moderator holds a flag for a while, so that two people never work on the same one."""

from datetime import timedelta
from math import ceil

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.models import Flag
from listings.states import UNDECIDED, FlagStatus
from portal import audit
from portal.http.moments import moment_words
from portal.identity.actors import Actor
from portal.identity.duty import Roster, who_gets
from portal.models import User
from portal.notifications.outbox import notify
from portal.transitions import IllegalTransition, LostRace

CLAIM_MINUTES = 15
HAND_OVER_HOURS = 8  # whoever gets a flag may be away at the moment
OWN_STAND_IN = gettext_noop("You stand in for %(name)s, who is away. Choose someone else.")
MAX_LISTED = 20  # flags named in one message


class Held(LostRace):
    """Someone else holds the flag; the message says who and until when, and `wait` for how many seconds."""


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
    with transaction.atomic():
        renewed = flag.claimed_by_id == holder_id and (flag.claim_expires_at or now) > now
        expires = now + timedelta(minutes=CLAIM_MINUTES)
        if renewed and flag.claim_expires_at is not None:
            expires = max(expires, flag.claim_expires_at)
        held = Flag.objects.filter(free_for(holder_id), pk=flag.pk, status__in=UNDECIDED).update(
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


def release_flag(*, flag: Flag, actor: Actor, person: User | None = None) -> Flag:
    """Release a flag that the actor holds, or `person`, for whom an API client acts. Raises Held where someone else holds
    it."""
    actor.require("flag.claim")
    holder_id = person.pk if person else actor.user_id
    held = Flag.objects.filter(pk=flag.pk, claimed_by=holder_id, claimed_by__isnull=False)
    with transaction.atomic():
        if not held.update(claimed_by=None, claim_expires_at=None):
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


def pass_on_flags(*, person: User, to: User | None, reason: str, key: str, actor: Actor) -> None:
    """A person is away: the flags they hold go to `to`, who is notified; where there is none they are free for everybody
    of the platform, and everybody is notified."""
    now = timezone.now()
    held = Flag.objects.select_for_update(of=("self",)).filter(claimed_by=person, claim_expires_at__gt=now)
    rows = list(held.filter(status__in=UNDECIDED).select_related("platform", "listing").order_by("pk"))
    until = now + timedelta(hours=HAND_OVER_HOURS) if to else None
    Flag.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_by=to, claim_expires_at=until)
    before, after = {"claimed_by": person.pk}, {"claimed_by": to.pk, "claim_expires_at": until} if to else {}
    action = "flag.handed_over" if to else "flag.released"
    audit.record_many(
        audit.event_for(actor=actor, action=action, subject=row, before=before, after=after, reason=reason)
        for row in rows
    )
    for platform in {row.platform for row in rows}:
        mine = [row for row in rows if row.platform == platform]
        others = [each for each in Roster.of([platform.pk]).everybody(platform) if each.pk != person.pk]
        notify(
            people=[to] if to else others,
            key=f"{key}:flags",
            subject=f"Flags handed to you: {len(mine)}" if to else f"Flags free to claim: {len(mine)}",
            body="\n".join([reason, *(row.listing.title for row in mine[:MAX_LISTED])]),
            link=reverse("listings:flag", args=[mine[0].pk]) if len(mine) == 1 else reverse("listings:queue"),
        )


def colleagues(*, flag: Flag, actor: Actor) -> QuerySet[User]:
    """The people to whom the actor can hand a flag over: everyone of its platform, except the actor."""
    people = User.objects.filter(organisation=flag.platform_id, is_active=True)
    return people.exclude(pk=actor.user_id).order_by("name", "pk")


def hand_over_flag(*, flag: Flag, to: User, note: str = "", actor: Actor, person: User | None = None) -> Flag:
    """Give a flag that is free, or that the actor holds, to a colleague, who is notified and holds it for 8 hours; while
    they are away, to whoever stands in for them. An API client acts for `person`.

    Raises Held where a third person holds it, ValidationError where `to` is not a colleague or nobody stands in,
    IllegalTransition where it is already decided. The colleague can release it.
    """
    actor.require("flag.claim")
    with transaction.atomic():
        asked, to = to, who_gets(to)
        if asked != to and to.pk == (person.pk if person else actor.user_id):
            raise ValidationError({"to": ValidationError(OWN_STAND_IN, params={"name": asked.name})})
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        if flag.status not in UNDECIDED:
            raise _already_decided(flag)
        require_not_held(flag, actor, person)
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


def claim_next(*, actor: Actor, person: User | None = None) -> Flag | None:
    """Claim the most urgent open flag that no one holds, as `claim_flag` does. Two people who ask at once get two different flags."""
    with transaction.atomic():
        free = Flag.objects.visible_to(actor).filter(free_for(None), status=FlagStatus.OPEN)
        flag = free.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "pk").first()
        return claim_flag(flag=flag, actor=actor, person=person) if flag else None


def free_for(person: int | None) -> Q:
    """Flags that no one holds at this moment, other than the person of this key."""
    free = Q(claimed_by=None) | Q(claim_expires_at__lte=timezone.now())
    return free | Q(claimed_by=person) if person else free


def is_free_for(flag: Flag, person: int | None) -> bool:
    """`free_for` of a flag that was read."""
    now = timezone.now()
    return flag.claimed_by_id in {None, person} or (flag.claim_expires_at or now) <= now


def require_not_held(flag: Flag, actor: Actor, person: User | None = None) -> None:
    """Raise Held while someone other than the actor holds the flag, or `person`, for whom a program acts. The platform's
    programs respect the claim too."""
    if not is_free_for(flag, person.pk if person else actor.user_id):
        raise _who_holds(flag)


def _already_decided(flag: Flag) -> IllegalTransition:
    detail = gettext_noop("Flag %(flag)s is already decided (%(state)s).")
    return IllegalTransition(detail, {"flag": flag.pk}, {"state": flag.get_status_display()})


def _who_holds(flag: Flag) -> Held:
    now = Flag.objects.select_related("claimed_by").get(pk=flag.pk)
    if now.claimed_by is None:
        detail = gettext_noop("You do not hold flag %(flag)s, or it has been decided since (%(state)s).")
        return Held(detail, {"flag": flag.pk}, {"state": now.get_status_display()})
    detail = gettext_noop("%(name)s has claimed flag %(flag)s until %(until)s.")
    expires = now.claim_expires_at or timezone.now()
    held = Held(detail, {"name": now.claimed_by.name, "flag": flag.pk, "until": moment_words(expires)})
    held.wait = max(1, ceil((expires - timezone.now()).total_seconds()))
    return held
