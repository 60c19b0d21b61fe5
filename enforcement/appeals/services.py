"""Appeals: made by a platform, for itself or its seller; answered by another person than who decided before."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from enforcement.models import Appeal, Takedown
from enforcement.states import AppealStatus, TakedownStatus
from listings import services as listings
from portal import audit
from portal.identity.actors import Actor
from portal.models import User
from portal.notifications.outbox import notify
from portal.transitions import IllegalTransition, move


def make_appeal(*, takedown: Takedown, side: str, text: str, actor: Actor) -> Appeal:
    """Contest that the listing is the recalled product. The clock goes on, and the page says that it is contested.

    Raises ValidationError by field, IllegalTransition where an appeal is open already or the flag was dismissed.
    """
    actor.require("appeal.make")
    errors = {}
    if side not in Appeal.Side.values:
        errors["side"] = "Say who contests."
    if not text.strip():
        errors["text"] = "Say why it is not the recalled product."
    if errors:
        raise ValidationError(errors)
    with transaction.atomic():
        row = (
            Takedown.objects.select_for_update(of=("self",))
            .select_related("flag__recall", "flag__listing")
            .get(pk=takedown.pk)
        )
        if row.status == TakedownStatus.CANCELLED:
            raise IllegalTransition("The flag is dismissed or withdrawn: there is nothing to contest.")
        try:
            with transaction.atomic():
                appeal = Appeal.objects.create(
                    takedown=row, side=side, text=text, made_by=actor.label, made_by_user_id=actor.user_id
                )
        except IntegrityError:
            raise IllegalTransition("An appeal is open already: it has to be answered first.") from None
        audit.record(actor=actor, action="appeal.made", subject=appeal, after={"side": side}, reason=text)
        notify(
            people=User.objects.filter(
                organisation_id=row.flag.recall.regulator_id, role="regulator_staff", is_active=True
            ),
            key=f"appeal:{appeal.pk}",
            subject=f"Contested: {row.flag.listing.title}",
            body=text,
            link=reverse("enforcement:appeal", args=[appeal.pk]),
        )
    return appeal


def answer_appeal(*, appeal: Appeal, grant: bool, answer: str, actor: Actor) -> Appeal:
    """Grant or reject an appeal; either needs its reason. Granted, the flag is dismissed and the listing known innocent.

    Raises PermissionDenied where the actor made the appeal or took the last decision on the flag.
    """
    actor.require("appeal.answer")
    if not answer.strip():
        raise ValidationError({"answer": "Give the reason: both sides read it."})
    with transaction.atomic():
        appeal = (
            Appeal.objects.select_for_update(of=("self",))
            .select_related("takedown__flag__listing", "takedown__platform")
            .get(pk=appeal.pk)
        )
        flag = appeal.takedown.flag
        last = flag.decisions.order_by("-pk").first()
        decided = {appeal.made_by_user_id, last.user_id if last else None} - {None}
        if actor.user_id in decided:
            raise PermissionDenied("Another person than who decided or contested has to answer.")
        changes = {"answered_by": actor.label, "answered_at": timezone.now(), "answer": answer}
        move(appeal, AppealStatus.GRANTED if grant else AppealStatus.REJECTED, actor=actor, reason=answer, **changes)
        if grant:
            listings.dismiss_on_appeal(flag=flag, note=answer, actor=actor)
        notify(
            people=appeal.takedown.platform.people.filter(is_active=True),
            key=f"appeal:{appeal.pk}:answered",
            subject=f"Appeal {'granted' if grant else 'rejected'}: {flag.listing.title}",
            body=answer,
            link=reverse("enforcement:takedown", args=[appeal.takedown_id]),
            platform=appeal.takedown.platform,
        )
    return appeal
