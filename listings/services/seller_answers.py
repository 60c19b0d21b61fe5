"""What a seller writes through a link: a message to both sides of the flag, said to be theirs as a claim."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.models import Flag, Message, SellerAnswer, SellerLink
from listings.services.decisions import record_decision
from listings.services.message_files import Errors, attach, check_text, kept_files, record_posted, stored
from listings.services.messages import TWICE_WITHIN
from listings.services.seller_links import claimed_label
from listings.states import DecisionKind, FlagStatus, SellerAct
from portal.identity.actors import Actor
from portal.media.attachments import Kept
from portal.models import Role, User
from portal.notifications.events import Event
from portal.notifications.outbox import notify, still_at
from portal.texts import is_storable
from portal.transitions import IllegalTransition

MAX_ANSWERS = 20  # through one link
MAX_NOTE = 2_000  # characters of the answer that stand in the decision, too
NOT_OPEN = gettext_noop("This link is no longer open: it has expired, was revoked, or the case is closed.")


def post_seller_answer(
    *,
    link: SellerLink,
    act: str,
    text: str,
    name: str = "",
    attachments: Sequence[File] = (),
    passed_on_by: Actor | None = None,
    also: Callable[[SellerAnswer], None] | None = None,
) -> SellerAnswer:
    """Keep what was written through an open link, by whoever has it; a flag that waits for the seller is open again.

    `passed_on_by`: who of the platform sends it with the link's token for the seller. `also` is done with it or nothing is;
    files are checked before anything is locked, as hostile ones take their time. Raises ValidationError by field
    (act, text, name, attachments), IllegalTransition where the link is not open any more or was used MAX_ANSWERS times.
    The same answer again within TWICE_WITHIN returns the one that exists.
    """
    if passed_on_by is not None:
        passed_on_by.require("message.post")
        if passed_on_by.organisation_id != link.flag.platform_id:
            raise PermissionDenied(gettext_noop("Only the platform of the listing can pass on an answer."))
    text, name = "\n".join(text.split("\r\n")).strip(), " ".join(name.split())
    kept = _checked(act, text, name, attachments)
    with transaction.atomic():
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=link.flag_id)
        row = SellerLink.objects.select_for_update(of=("self",)).select_related("flag").get(pk=link.pk)
        if not row.is_open:
            raise IllegalTransition(NOT_OPEN)
        if (same := _posted_just_now(row, act, text, name, kept)) is not None:
            return same
        if row.answers >= MAX_ANSWERS:
            detail = gettext_noop("This link was used %(most)s times. Ask the marketplace for another one.")
            raise IllegalTransition(detail, {"most": MAX_ANSWERS})
        answer = _post(row, act, text, name, kept, passed_on_by, also)
        if flag.status == FlagStatus.ASKED_SELLER:
            reader = Actor.system("seller's link")
            record_decision(flag, DecisionKind.SELLER_ANSWERED, note=text[:MAX_NOTE], actor=reader)
        _tell(answer)
    return answer


def _checked(act: str, text: str, name: str, attachments: Sequence[File]) -> list[Kept]:
    errors: Errors = defaultdict(list)
    if act not in SellerAct.values:
        errors["act"].append(ValidationError(gettext_noop("Choose what you want to do.")))
    check_text(text, errors)
    if len(name) > SellerAnswer.MAX_NAME or not is_storable(name):
        detail = gettext_noop("A name can have up to %(most)s characters.")
        errors["name"].append(ValidationError(detail, params={"most": SellerAnswer.MAX_NAME}))
    kept = kept_files(attachments, errors)
    if errors:
        raise ValidationError(dict(errors))
    return kept


def _posted_just_now(link: SellerLink, act: str, text: str, name: str, kept: Sequence[Kept]) -> SellerAnswer | None:
    """The same answer moments ago: a double click, or a program that retried."""
    rows = link.given_answers.filter(
        act=act, name=name, message__text=text, message__at__gt=timezone.now() - TWICE_WITHIN
    )
    files = sorted(each.sent_sha256 for each in kept)
    for row in rows.select_related("message").order_by("-pk"):
        if sorted(row.message.attachments.values_list("sent_sha256", flat=True)) == files:
            return row
    return None


def _post(
    link: SellerLink,
    act: str,
    text: str,
    name: str,
    kept: Sequence[Kept],
    passed_on_by: Actor | None,
    also: Callable[[SellerAnswer], None] | None,
) -> SellerAnswer:
    by = passed_on_by.label if passed_on_by else ""
    seller = Actor.seller(claimed_label(link, name=name, passed_on_by=by))
    with stored(kept) as files, transaction.atomic():
        message = Message.objects.create(
            flag_id=link.flag_id,
            organisation_id=link.flag.platform_id,
            audience=Message.Audience.BOTH,
            text=text,
            actor_kind=seller.kind,
            actor_label=seller.label,
        )
        attach(message, files)
        answer = SellerAnswer.objects.create(message=message, link=link, act=act, name=name, passed_on_by=by[:300])
        now = timezone.now()
        SellerLink.objects.filter(pk=link.pk).update(answers=F("answers") + 1, answered_at=now)
        claims = {"seller_link": link.pk, "act": act, "name": name, "mentioned": []}
        record_posted(message, files, actor=passed_on_by or seller, **claims)
        if also is not None:
            also(answer)
    return answer


def _tell(answer: SellerAnswer) -> None:
    """Whoever gave the link and whoever asked hear of it, or else everyone of the platform who decides flags."""
    flag, message = answer.link.flag, answer.message
    asked = flag.decisions.filter(kind=DecisionKind.ASK_SELLER).select_related("user").first()
    people = still_at(flag.platform_id, {answer.link.made_by_user, asked.user if asked else None})
    if not people:
        roles = (Role.MODERATOR, Role.PLATFORM_MANAGER)
        people = list(User.objects.filter(organisation=flag.platform_id, role__in=roles, is_active=True))
    title = flag.listing_as_flagged.get("title") or flag.listing.title
    notify(
        people=people,
        key=f"message:{message.pk}",
        subject=f"The seller wrote about flag {flag.pk}: {title}",
        body=f"{message.actor_label}:\n\n{message.text}",
        link=f"{reverse('listings:flag', args=[flag.pk])}#messages",
        platform=flag.platform,
        event=Event("seller.answered", {"flag_id": flag.pk, "message_id": message.pk}),
    )
