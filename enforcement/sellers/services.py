"""What a seller does through a link: one act, whether on the page or passed on by the platform's program."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement.appeals.services import make_appeal
from enforcement.models import Appeal, Takedown
from enforcement.states import AppealStatus, TakedownStatus
from listings import services as listings
from listings.models import SellerAnswer, SellerLink
from listings.states import SellerAct
from portal.identity.actors import Actor


def answer_as_seller(
    *,
    link: SellerLink,
    act: str,
    text: str,
    name: str = "",
    attachments: Sequence[File] = (),
    passed_on_by: Actor | None = None,
) -> SellerAnswer:
    """Answer a question, contest the takedown or send proof, through an open link. Contesting submits an appeal.

    All of it happens or nothing. Raises what `listings.services.post_seller_answer` does, and ValidationError under `act`
    where an appeal is open already: another one can follow its answer, and what belongs to it can be sent as an answer.
    """
    takedown = Takedown.objects.get(flag_id=link.flag_id)
    contests = act == SellerAct.CONTEST
    if contests and not may_contest(takedown) and not _made_just_now(link):
        raise ValidationError({"act": gettext_noop("An appeal is already open. Choose “Answer” to add to it.")})

    def appeal(answer: SellerAnswer) -> None:
        make_appeal(
            takedown=takedown,
            side=Appeal.Side.SELLER,
            text=answer.message.text,
            seller_answer=answer,
            actor=passed_on_by or Actor.seller(answer.message.actor_label),
        )

    return listings.post_seller_answer(
        link=link,
        act=act,
        text=text,
        name=name,
        attachments=attachments,
        passed_on_by=passed_on_by,
        also=appeal if contests else None,
    )


def may_contest(takedown: Takedown) -> bool:
    """Whether there is something to appeal, and no appeal that waits for its answer."""
    is_waiting = takedown.appeals.filter(status=AppealStatus.OPEN).exists()
    return takedown.status != TakedownStatus.CANCELLED and not is_waiting


def _made_just_now(link: SellerLink) -> bool:
    """Whether the open appeal may be this very one, sent twice: then the answer that exists is returned."""
    since = timezone.now() - listings.TWICE_WITHIN
    return Appeal.objects.filter(seller_answer__link=link, status=AppealStatus.OPEN, made_at__gt=since).exists()
