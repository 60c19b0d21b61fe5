"""Appeals: submitted by a platform, for itself or its seller; answered by someone who did not decide before."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement.models import Appeal, Takedown
from enforcement.states import AppealStatus, TakedownStatus
from listings import services as listings
from listings.models import Flag, SellerAnswer
from portal import audit
from portal.identity.actors import Actor
from portal.models import User
from portal.notifications.events import Event
from portal.notifications.outbox import notify
from portal.transitions import IllegalTransition, move

APPEAL_GRANTED = gettext_noop("Your appeal about “%(listing)s” on %(platform)s was granted")
APPEAL_REJECTED = gettext_noop("Your appeal about “%(listing)s” on %(platform)s was rejected")


def make_appeal(
    *, takedown: Takedown, side: str, text: str, seller_answer: SellerAnswer | None = None, actor: Actor
) -> Appeal:
    """Submit an appeal: the listing is not the recalled product. The clock keeps running.

    `seller_answer`: what a seller wrote through a link. An appeal for the seller without one says that it was passed on,
    and by whom: nobody speaks as the seller without the seller's link.

    Raises ValidationError by field, IllegalTransition where an appeal is already open or the flag was dismissed.
    """
    actor.require("appeal.make")
    errors = {}
    if side not in Appeal.Side.values:
        errors["side"] = gettext_noop("Choose the platform or the seller.")
    if not text.strip():
        errors["text"] = gettext_noop("Explain why the listing is not the recalled product.")
    if errors:
        raise ValidationError(errors)
    with transaction.atomic():
        row = (
            Takedown.objects.select_for_update(of=("self",))
            .select_related("flag__recall", "flag__listing")
            .get(pk=takedown.pk)
        )
        if row.status == TakedownStatus.CANCELLED:
            raise IllegalTransition(gettext_noop("The flag is dismissed or withdrawn. There is nothing to appeal."))
        try:
            with transaction.atomic():
                appeal = Appeal.objects.create(
                    takedown=row,
                    side=side,
                    text=text,
                    made_by=(seller_answer.message.actor_label if seller_answer else actor.label)[:300],
                    made_by_user_id=actor.user_id,
                    seller_answer=seller_answer,
                )
        except IntegrityError:
            raise IllegalTransition(gettext_noop("An appeal is already open. It must be answered first.")) from None
        after = {"side": side, "origin": appeal.origin, "seller_answer": seller_answer.pk if seller_answer else None}
        audit.record(actor=actor, action="appeal.made", subject=appeal, after=after, reason=text)
        notify(
            people=User.objects.filter(
                organisation_id=row.flag.recall.regulator_id, role="regulator_staff", is_active=True
            ),
            key=f"appeal:{appeal.pk}",
            subject=f"Appeal: {row.flag.listing.title}",
            body=f"{appeal.origin.label}: {appeal.made_by}\n\n{text}",
            link=reverse("enforcement:appeal", args=[appeal.pk]),
        )
    return appeal


def answer_appeal(*, appeal: Appeal, grant: bool, answer: str, actor: Actor) -> Appeal:
    """Grant or reject an appeal, with a reason. A grant dismisses the flag and adds an exclusion for the listing.

    Raises PermissionDenied where the actor submitted the appeal or ever decided on the flag, whoever did since.
    """
    actor.require("appeal.answer")
    if not answer.strip():
        raise ValidationError({"answer": gettext_noop("Give the reason. Both sides can read it.")})
    with transaction.atomic():
        # Before its flag is held, somebody may be deciding on it, who would then judge what they decided.
        Flag.objects.select_for_update(of=("self",)).get(takedown__appeals=appeal.pk)
        appeal = (
            Appeal.objects.select_for_update(of=("self",))
            .select_related("takedown__flag__listing", "takedown__platform", "seller_answer__link__flag")
            .get(pk=appeal.pk)
        )
        flag = appeal.takedown.flag
        decided = {appeal.made_by_user_id, *flag.decisions.values_list("user_id", flat=True)} - {None}
        if actor.user_id in decided:
            raise PermissionDenied(
                gettext_noop("You decided on this flag or submitted the appeal. Another person must answer.")
            )
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
            event=Event("appeal.answered", {"flag_id": flag.pk, "granted": grant}),
        )
        if appeal.seller_answer is not None:
            listings.mail_to_seller(
                link=appeal.seller_answer.link,
                key=f"appeal:{appeal.pk}:answered",
                subject=APPEAL_GRANTED if grant else APPEAL_REJECTED,
                text=answer,
            )
    return appeal
