"""Formal letters and the public listing of late platforms: the ladder drafts them, people release them, each state
change has its audit event."""

import hashlib
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement.clocks.reasons import deadline_text
from enforcement.letters import texts
from enforcement.models import Escalation, Letter, LetterTemplate, PublicListing, Takedown
from enforcement.states import LetterStatus, PublicListingStatus, StepKind, TakedownStatus
from portal import audit
from portal.identity.actors import Actor
from portal.models import Language, Organisation, User
from portal.notifications.events import Event
from portal.notifications.outbox import notify
from portal.reasons import require_reason
from portal.texts import in_written_order
from portal.transitions import IllegalTransition, LostRace, move


def draft_what_steps_ask_for(raised: Iterable[Escalation]) -> None:
    """Draft the letters and public listings of steps just raised, in their transaction. None is sent automatically."""
    drafts = [_draft(row) for row in raised if row.kind == StepKind.LETTER]
    Letter.objects.bulk_create(drafts)
    public_listings = [
        PublicListing(escalation=row, platform=row.platform) for row in raised if row.kind == StepKind.NAMING
    ]
    PublicListing.objects.bulk_create(public_listings)


def _draft(escalation: Escalation) -> Letter:
    takedown, platform = escalation.takedown, escalation.platform
    flag = takedown.flag
    language, version, text = template_for(flag.recall.regulator, platform.language)
    values = {
        "regulator": flag.recall.regulator.name,
        "platform": platform.name,
        "date": f"{timezone.now():%Y-%m-%d}",
        "recall": flag.recall.number,
        "recall_title": flag.recall.title,
        "hazard": flag.notice.version.hazard or "–",
        "listing": flag.listing.external_id,
        "listing_title": flag.listing.title,
        "seller": flag.listing.seller or "–",
        "sent": f"{flag.notice.sent_at:%Y-%m-%d %H:%M} UTC",
        "flagged": f"{flag.opened_at:%Y-%m-%d %H:%M} UTC",
        "due": f"{takedown.due_at:%Y-%m-%d %H:%M} UTC",
        "deadline_reason": deadline_text(takedown, language),
    }
    # Text by sellers is put on one line, so that it cannot look like a line of ours.
    written = texts.filled_in(text, {name: " ".join(value.split()) for name, value in values.items()})
    return Letter(
        escalation=escalation,
        platform=platform,
        language=language,
        template_version=version,
        subject=in_written_order(written.subject)[:300],
        body=in_written_order(written.body),
    )


def template_for(regulator: Organisation, language: str) -> tuple[str, int, texts.LetterText]:
    """Language, version and text of the template for a platform's language: the regulator's newest, else the standard
    one; English where there is neither."""
    for wanted in (language, Language.ENGLISH):
        own = LetterTemplate.objects.filter(regulator=regulator, language=wanted).order_by("-version").first()
        if own is not None:
            return wanted, own.version, texts.LetterText(own.subject, own.body)
        if wanted in texts.SHIPPED:
            return wanted, 0, texts.SHIPPED[wanted]
    raise LookupError("There is no English template.")


def write_template(*, regulator: Organisation, language: str, subject: str, body: str, actor: Actor) -> LetterTemplate:
    """A new version of a template, for letters drafted from now on. Raises ValidationError by field."""
    actor.require("policy.edit")
    if actor.regulator_id not in (None, regulator.pk):
        raise PermissionDenied(gettext_noop("You can write templates only for your own regulator."))
    errors = {}
    if language not in Language.values:
        errors["language"] = ValidationError(gettext_noop("Choose a language."))
    for name, text in (("subject", subject), ("body", body)):
        if not text.strip():
            errors[name] = ValidationError(gettext_noop("Enter a text."))
        try:
            texts.check(texts.LetterText(text, ""))
        except texts.UnknownField as error:
            errors[name] = ValidationError(error.detail, params=error.params)
    if errors:
        raise ValidationError(errors)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=regulator.pk)  # versions are numbered one by one
        last = LetterTemplate.objects.filter(regulator=regulator, language=language).order_by("-version").first()
        row = LetterTemplate.objects.create(
            regulator=regulator,
            language=language,
            version=last.version + 1 if last else 1,
            subject=subject.strip(),
            body=body.strip(),
            made_by=actor.label,
        )
        audit.record(actor=actor, action="letter.template_written", subject=row, after={"subject": row.subject})
    return row


def seen_of(letter: Letter) -> str:
    """Digests of the letter's text and of its receiver as a page shows them, to send back with the decision."""
    text = f"{letter.subject}\x1f{letter.body}"
    receiver = f"{letter.platform_id}\x1f{letter.platform.name}\x1f{letter.platform.contact_email}"
    return "-".join(hashlib.sha256(part.encode()).hexdigest()[:16] for part in (text, receiver))


def edit_letter(*, letter: Letter, subject: str, body: str, actor: Actor) -> Letter:
    """Change the text of a draft. Raises ValidationError for an empty text, IllegalTransition once it is no longer a
    draft."""
    actor.require("letter.review")
    given = (("subject", subject), ("body", body))
    errors = {name: gettext_noop("Enter a text.") for name, text in given if not text.strip()}
    if errors:
        raise ValidationError(errors)
    with transaction.atomic():
        letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
        if letter.status != LetterStatus.DRAFT:
            raise IllegalTransition(gettext_noop("The letter is no longer a draft. You cannot change its text."))
        before = {"subject": letter.subject, "body": letter.body}
        letter.subject, letter.body, letter.edited_by = subject.strip()[:300], body.strip(), actor.label
        letter.save(update_fields=["subject", "body", "edited_by"])
        after = {"subject": letter.subject, "body": letter.body}
        audit.record(actor=actor, action="letter.edited", subject=letter, before=before, after=after)
    return letter


def send_letter(*, letter: Letter, seen: str, actor: Actor) -> Letter:
    """Send a letter that a person has reviewed: by mail to the platform's contact, and to the inboxes of its people.

    Raises LostRace where text or receiver are not those `seen`, ValidationError where the platform has no contact
    address, IllegalTransition where the deadline lies ahead again. Cannot be undone.
    """
    with transaction.atomic():
        letter = (
            Letter.objects.select_for_update(of=("self",))
            .select_related("platform", "escalation__takedown")
            .get(pk=letter.pk)
        )
        _require_seen(letter, seen)
        _require_past_deadline(letter.escalation.takedown)
        if not letter.platform.contact_email:
            detail = gettext_noop("%(platform)s has no contact address. Ask an operator to add one.")
            raise ValidationError(detail, params={"platform": str(letter.platform)})
        now = timezone.now()
        move(letter, LetterStatus.SENT, actor=actor, reviewed_by=actor.label, reviewed_at=now)
        notify(
            people=User.objects.filter(organisation=letter.platform, is_active=True),
            key=f"letter:{letter.pk}",
            subject=letter.subject,
            body=letter.body,
            link=reverse("enforcement:letter", args=[letter.pk]),
            mail_to=[letter.platform.contact_email],
            platform=letter.platform,
            event=Event("letter.sent", {"letter_id": letter.pk}),
        )
    return letter


def _require_past_deadline(takedown: Takedown) -> None:
    """An extension, or a recount, can move a deadline that was missed: then the platform is not late any more."""
    if takedown.status == TakedownStatus.RUNNING and takedown.due_at > timezone.now():
        raise IllegalTransition(gettext_noop("The deadline was moved and has not passed. The platform is not late."))


def _require_seen(letter: Letter, seen: str) -> None:
    current = seen_of(letter)
    if seen == current:
        return
    if seen.partition("-")[0] != current.partition("-")[0] and letter.edited_by:
        detail = gettext_noop("%(name)s changed the letter. Read it again before you send it.")
        raise LostRace(detail, {"name": letter.edited_by})
    detail = gettext_noop(
        "The letter or its receiver changed: it would now go to %(platform)s, %(address)s. Read it again before you send it."
    )
    raise LostRace(detail, {"platform": letter.platform.name, "address": letter.platform.contact_email or "–"})


def discard_letter(*, letter: Letter, reason: str, actor: Actor) -> Letter:
    """Discard the letter: it will not be sent. Needs a reason; the letter stays on record."""
    require_reason(reason)
    changes = {"reviewed_by": actor.label, "reviewed_at": timezone.now()}
    return move(letter, LetterStatus.DISCARDED, actor=actor, reason=reason, **changes)


def agree_to_public_listing(*, public_listing: PublicListing, reason: str, actor: Actor) -> PublicListing:
    """The agreement of the first person, or of the second, which publishes it. Raises PermissionDenied if both are the
    same, IllegalTransition where the deadline lies ahead again."""
    with transaction.atomic():
        public_listing = (
            PublicListing.objects.select_for_update(of=("self",))
            .select_related("platform", "escalation__takedown")
            .get(pk=public_listing.pk)
        )
        _require_past_deadline(public_listing.escalation.takedown)
        if public_listing.status == PublicListingStatus.PROPOSED:
            changes = {"first_by": actor.label, "first_user_id": actor.user_id}
            return move(public_listing, PublicListingStatus.AGREED, actor=actor, reason=reason, **changes)
        if public_listing.status == PublicListingStatus.AGREED and actor.user_id in (
            None,
            public_listing.first_user_id,
        ):
            raise PermissionDenied(gettext_noop("You already agreed. Another person must agree too."))
        now = timezone.now()
        move(
            public_listing,
            PublicListingStatus.PUBLISHED,
            actor=actor,
            reason=reason,
            second_by=actor.label,
            published_at=now,
        )
        notify(
            people=User.objects.filter(organisation=public_listing.platform, is_active=True),
            key=f"naming:{public_listing.pk}",
            subject=f"{public_listing.platform} was named publicly because of a listing of a recalled product",
            body=reason,
            link=reverse("enforcement:takedown", args=[public_listing.escalation.takedown_id]),
            mail_to=[public_listing.platform.contact_email],
            platform=public_listing.platform,
            event=Event("public_listing.published", {"flag_id": public_listing.escalation.takedown.flag_id}),
        )
    return public_listing


def withdraw_public_listing(*, public_listing: PublicListing, reason: str, actor: Actor) -> PublicListing:
    """Withdraw the public listing, published or not. Needs a reason and cannot be undone for this step."""
    require_reason(reason)
    return move(public_listing, PublicListingStatus.WITHDRAWN, actor=actor, reason=reason, withdrawn_at=timezone.now())


def take_back(*, takedown: Takedown, reason: str, actor: Actor) -> None:
    """The flag is dismissed or withdrawn: withdraw its public listings and discard its letters."""
    for public_listing in PublicListing.objects.filter(escalation__takedown=takedown).exclude(
        status=PublicListingStatus.WITHDRAWN
    ):
        withdraw_public_listing(public_listing=public_listing, reason=reason, actor=actor)
    for letter in Letter.objects.filter(escalation__takedown=takedown, status=LetterStatus.DRAFT):
        discard_letter(letter=letter, reason=reason, actor=actor)
