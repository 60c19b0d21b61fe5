"""The links by which a seller without an account writes about one flag: giving, opening, revoking and closing them."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop

from listings.models import Flag, SellerLink
from listings.states import CLOSED
from portal import audit
from portal.database.acting import as_system
from portal.identity import throttle
from portal.identity.account_links import SELLER, fits, number_in, token_for
from portal.identity.actors import Actor
from portal.identity.throttle import SELLER_OPENINGS, Limit
from portal.models import Mail
from portal.texts import in_written_order, without_links
from portal.transitions import IllegalTransition

PAGE = "enforcement:seller_link"
"""The page that a link opens. It is above this app, so it is named."""
MAIL = "mail is nobody's to read"
MAX_OPEN = 5  # links of one flag
A_DAY = Limit("seller links of a platform", 1_000, timedelta(days=1))  # a stolen key is no mail relay
MAX_TITLE = 80  # characters of the listing's title in a mail

SUBJECT = gettext_noop("%(platform)s: question about your listing “%(listing)s”")
BODY = (
    gettext_noop(
        "%(platform)s writes to you about your listing “%(listing)s”: it may be a product that %(regulator)s has recalled."
    ),
    gettext_noop(
        "Open the link below to read what is said about it, and to answer, to appeal, or to send proof of a correction or "
        "of disposal. You need no account."
    ),
    gettext_noop(
        "The link is open until %(until)s (UTC), or until the case is closed. Whoever has it can answer in your place, so "
        "do not pass it on. If you do not sell on %(platform)s, ignore this mail."
    ),
)
"""The paragraphs of the mail."""


@dataclass(frozen=True, slots=True)
class GivenLink:
    """A link that was just made. `token` opens it: it is shown once where the link is handed over, and else not at all."""

    link: SellerLink
    token: str


def give_seller_link(*, flag: Flag, address: str = "", language: str = "en", actor: Actor) -> GivenLink:
    """Make a link for the seller of a flag's listing: mailed to `address` in that language, or handed over by the actor.

    It is open for SELLER_LINK_DAYS, until it is revoked or the case is closed. Raises ValidationError by field (address,
    language), IllegalTransition for a closed case, PermissionDenied where the flag is of another platform.
    """
    actor.require("seller_link.give")
    if actor.organisation_id != flag.platform_id:
        raise PermissionDenied(gettext_noop("Only the platform of the listing can give its seller a link."))
    address = address.strip()
    if address and flag.platform.is_sandbox:
        detail = gettext_noop("No mail leaves a sandbox. Leave the address empty and open the link yourself.")
        raise ValidationError({"address": detail})
    _check(address, language)
    with transaction.atomic():
        flag = _locked(flag)
        if flag.status in CLOSED:
            raise IllegalTransition(gettext_noop("The case is closed, so there is nothing to ask the seller."))
        now = timezone.now()
        if flag.seller_links.filter(closed_at=None, expires_at__gt=now).count() >= MAX_OPEN:
            detail = gettext_noop("This flag has %(most)s open links. Revoke one first.")
            raise ValidationError({"address": ValidationError(detail, params={"most": MAX_OPEN})})
        if not throttle.take(A_DAY, str(flag.platform_id)).allowed:
            detail = gettext_noop("Your platform has given %(most)s links today. Try again tomorrow.")
            raise ValidationError({"address": ValidationError(detail, params={"most": A_DAY.most})})
        link = SellerLink.objects.create(
            flag=flag,
            address=address,
            language=language,
            made_by=actor.label[:300],
            made_by_user_id=actor.user_id,
            created_at=now,
            expires_at=now + timedelta(days=settings.SELLER_LINK_DAYS),
        )
        if address:
            link.mail = _mail(link)
            link.save(update_fields=["mail"])
        after = {"flag": flag.pk, "address": address, "language": language, "expires_at": link.expires_at}
        audit.record(actor=actor, action="seller_link.given", subject=link, after=after)
    return GivenLink(link, "" if address else token_for(link.pk, link.nonce, kind=SELLER))


@as_system("a link is looked up before it is known whose case it is")
def find_seller_link(token: str) -> SellerLink | None:
    """The link that a token opens, if it opens one still. Looking uses nothing up."""
    number = number_in(token)
    if number is None:
        return None
    related = (
        "flag__listing",
        "flag__platform",
        "flag__regulator",
        "flag__recall",
        "flag__notice__version",
        "flag__product",
    )
    link = SellerLink.objects.select_related(*related).filter(pk=number).first()
    return link if link is not None and fits(token, link.nonce, kind=SELLER) and link.is_open else None


def open_seller_link(*, link: SellerLink, seen_by: Actor | None = None) -> bool:
    """Note that a link was opened; False where that was too often in an hour, and then it is not to be shown.

    `seen_by`: who is signed in, where somebody is. Then it is noted as theirs, and the link does not count as opened.
    """
    if not throttle.take(SELLER_OPENINGS, str(link.pk)).allowed:
        return False
    with transaction.atomic():
        row = SellerLink.objects.select_for_update(of=("self",)).select_related("flag").get(pk=link.pk)
        if seen_by is not None:
            audit.record(actor=seen_by, action="seller_link.previewed", subject=row)
            return True
        row.opened_at, row.openings = row.opened_at or timezone.now(), row.openings + 1
        row.save(update_fields=["opened_at", "openings"])
        opened = {"opening": row.openings}
        audit.record(actor=Actor.seller(claimed_label(row)), action="seller_link.opened", subject=row, after=opened)
    return True


def claimed_label(link: SellerLink, *, name: str = "", passed_on_by: str = "") -> str:
    """How the audit calls whoever wrote through a link: what is known of them is the link, and all else is a claim."""
    way = f"that was sent to {link.address}" if link.address else f"that {link.made_by} handed over"
    label = f"Seller (claimed), through the link {way}"
    if passed_on_by:
        label += f", passed on by {passed_on_by}"
    return (label + f", under the name “{name}”" if name else label)[:300]


def revoke_seller_link(*, link: SellerLink, actor: Actor) -> SellerLink:
    """Close a link at once: it opens nothing any more, and does not leave where it still waits.

    Raises PermissionDenied where it is another platform's, IllegalTransition where it is closed already.
    """
    actor.require("seller_link.give")
    with transaction.atomic():
        row = SellerLink.objects.select_for_update(of=("self",)).select_related("flag").get(pk=link.pk)
        if actor.organisation_id != row.flag.platform_id:
            raise PermissionDenied(gettext_noop("Only the platform of the listing can revoke the link."))
        if row.closed_at is not None:
            raise IllegalTransition(gettext_noop("The link is already closed."))
        return _close(row, "seller_link.revoked", actor, "")


def close_seller_links(*, flag: Flag, actor: Actor, reason: str) -> None:
    """Close every link of a flag whose case is closed, in the transaction that closes it; an open case later opens none."""
    rows = SellerLink.objects.select_for_update(of=("self",)).select_related("flag")
    for row in rows.filter(flag=flag, closed_at=None).order_by("pk"):
        _close(row, "seller_link.closed", actor, reason)


def _close(row: SellerLink, action: str, actor: Actor, reason: str) -> SellerLink:
    row.closed_at, row.closed_by = timezone.now(), actor.label[:300]
    row.save(update_fields=["closed_at", "closed_by"])
    if row.mail_id is not None:
        with as_system(MAIL):
            Mail.objects.filter(pk=row.mail_id).exclude(status=Mail.Status.SENT).delete()
    audit.record(actor=actor, action=action, subject=row, reason=reason)
    return row


def _check(address: str, language: str) -> None:
    errors: dict[str, str] = {}
    if address:
        try:
            validate_email(address)
        except ValidationError:
            errors["address"] = gettext_noop("Enter an email address, for example shop@example.com.")
    if language not in dict(settings.LANGUAGES):
        errors["language"] = gettext_noop("Choose a language.")
    if errors:
        raise ValidationError(errors)


def _locked(flag: Flag) -> Flag:
    related = ("listing", "platform", "regulator")
    return Flag.objects.select_for_update(of=("self",)).select_related(*related).get(pk=flag.pk)


@as_system(MAIL)
def mail_to_seller(*, link: SellerLink, key: str, subject: str, text: str) -> None:
    """Mail `text` where a link was mailed to, in the transaction of what it tells of; nothing for one that was handed over.

    `subject` is marked for translation, with the places listing and platform. It opens nothing: a closed case stays so.
    """
    if link.address:
        with translation.override(link.language):
            shown = gettext(subject) % _words(link)
        Mail.objects.create(
            key=f"{key}:seller", to=link.address, subject=in_written_order(shown)[:200], body=in_written_order(text)
        )


def _words(link: SellerLink) -> dict[str, str]:
    """What the texts of mails to sellers name."""
    flag = link.flag
    title = without_links(" ".join(str(flag.listing_as_flagged.get("title") or flag.listing.title).split()))
    return {
        "platform": flag.platform.name,
        "regulator": flag.regulator.name,
        "listing": title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1]}…",
        "until": f"{link.expires_at:%Y-%m-%d %H:%M}",
    }


@as_system(MAIL)
def _mail(link: SellerLink) -> Mail:
    """The queued mail. Its address is made as it leaves, so neither the queue nor the table of links holds one."""
    words = _words(link)
    with translation.override(link.language):
        subject = gettext(SUBJECT) % words
        body = "\n\n".join(gettext(paragraph) % words for paragraph in BODY)
    return Mail.objects.create(
        key=f"seller-link:{link.pk}",
        to=link.address,
        subject=in_written_order(subject)[:200],
        body=f"{in_written_order(body)}\n",
        secret_page={"page": PAGE, "kind": SELLER, "number": link.pk, "nonce": link.nonce},
    )
