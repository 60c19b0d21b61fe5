"""Messages on a flag: each is posted for good, with its audit event, and the people concerned are notified."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.mentions import mentions_in
from listings.models import Attachment, Flag, Message, MessagesRead
from listings.services.message_files import Errors, attach, check_text, kept_files, record_posted, stored
from portal.identity.actors import Actor
from portal.media.attachments import Kept
from portal.models import Role, User
from portal.notifications.events import Event
from portal.notifications.outbox import Draft, notify_all
from portal.services.kept_files import content_of as content_of_kept

Audience = Message.Audience
TWICE_WITHIN = timedelta(seconds=30)


def people_of(flag: Flag) -> QuerySet[User]:
    """Everyone who can read messages to both sides: the people of the platform and of the recall's regulator."""
    sides = (flag.platform_id, flag.recall.regulator_id)
    return User.objects.filter(organisation__in=sides, is_active=True).select_related("organisation")


def post_message(
    *,
    flag: Flag,
    audience: str,
    text: str,
    mentions: Collection[User] = (),
    attachments: Sequence[File] = (),
    actor: Actor,
) -> Message:
    """Write a message to both sides of a flag, or a note for the actor's own side. It cannot be edited or deleted.

    People who are mentioned (in `mentions`, or by an @ in the text) are notified. So are, of a message to both sides,
    the people of the other side who took part, or all of them where no one took part yet. Raises ValidationError by
    field (text, audience, mentions, attachments), PermissionDenied where the actor is on neither side. Posting the same
    message again within TWICE_WITHIN returns the one that exists.
    """
    actor.require("message.post")
    if actor.organisation_id not in (flag.platform_id, flag.recall.regulator_id):
        raise PermissionDenied(gettext_noop("Only the platform and the regulator of the recall can post messages."))
    text = "\n".join(text.split("\r\n")).strip()
    errors: Errors = defaultdict(list)
    _complete(audience, text, errors)
    kept = kept_files(attachments, errors)
    meant = _meant(flag, audience, text, mentions, actor, errors)
    if errors:
        raise ValidationError(dict(errors))
    with transaction.atomic():
        Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)  # so that a later message has a higher number
        if (same := _posted_just_now(flag, audience, text, meant, kept, actor)) is not None:
            return same
        return _post(flag, audience, text, meant, kept, actor)


def _posted_just_now(
    flag: Flag, audience: str, text: str, meant: Sequence[User], kept: Sequence[Kept], actor: Actor
) -> Message | None:
    """The same message by the same author, moments ago: a double click, or a program that retried."""
    mine = {"user_id": actor.user_id, "actor_kind": actor.kind, "actor_label": actor.label[:300]}
    rows = Message.objects.filter(flag=flag, audience=audience, text=text, at__gt=timezone.now() - TWICE_WITHIN, **mine)
    people, files = {person.pk for person in meant}, sorted(each.sent_sha256 for each in kept)
    for row in rows.order_by("-pk").prefetch_related("mentioned", "attachments"):
        theirs = sorted(each.sent_sha256 for each in row.attachments.all())
        if theirs == files and {person.pk for person in row.mentioned.all()} == people:
            return row
    return None


def _post(flag: Flag, audience: str, text: str, meant: Sequence[User], kept: Sequence[Kept], actor: Actor) -> Message:
    with stored(kept) as rows, transaction.atomic():
        message = Message.objects.create(
            flag=flag, organisation_id=actor.organisation_id or 0, audience=audience, text=text,
            actor_kind=actor.kind, actor_label=actor.label[:300], user_id=actor.user_id,
        )  # fmt: skip
        message.mentioned.set(meant)
        attach(message, rows)
        record_posted(message, rows, actor=actor, mentioned=[person.pk for person in meant])
        notify_all(_drafts(message, meant, [row.name for row in rows]))
    return message


def mark_read(*, flag: Flag, up_to: int, actor: Actor) -> None:
    """A person has read a flag's messages up to the one with this number; what they read before stays read."""
    actor.require("message.view")
    if actor.user_id is None:
        raise PermissionDenied(gettext_noop("Only a person can mark messages as read."))
    shown = Message.objects.visible_to(actor).filter(flag=flag, pk__lte=up_to).order_by("-pk").first()
    if shown is None:
        return
    mine = {"flag": flag, "person_id": actor.user_id}
    _, fresh = MessagesRead.objects.get_or_create(**mine, defaults={"up_to": shown.pk})
    if not fresh:
        MessagesRead.objects.filter(**mine, up_to__lt=shown.pk).update(up_to=shown.pk)


def content_of(attachment: Attachment) -> bytes:
    """The attachment's bytes. Raises Damaged where the file is missing or has changed."""
    return content_of_kept(attachment.file, attachment.sha256, name=f"attachment {attachment.pk}")


def _complete(audience: str, text: str, errors: Errors) -> None:
    if audience not in Audience.values:
        errors["audience"].append(ValidationError(gettext_noop("Choose who can read the message.")))
    check_text(text, errors)


def _meant(flag: Flag, audience: str, text: str, chosen: Collection[User], actor: Actor, errors: Errors) -> list[User]:
    """The people whom a message mentions; an error where one of them could not read it. People on neither side are
    unknown."""
    known = {person.pk: person for person in people_of(flag)}
    found = mentions_in(text, [(person.pk, person.name) for person in known.values()])
    if any(person.pk not in known for person in chosen):
        errors["mentions"].append(ValidationError(gettext_noop("Choose people who have access to this case.")))
    no_one = gettext_noop(
        "No one with access to this case has the name %(names)s. Choose people below, or remove the @."
    )
    several = gettext_noop("Several people have the name %(names)s. Enter the full name, or choose people below.")
    for names, detail in ((found.unknown, no_one), (found.several, several)):
        if names:
            errors["text"].append(ValidationError(detail, params={"names": ", ".join(f"@{name}" for name in names)}))
    meant = [person for pk, person in known.items() if pk in found.people | {person.pk for person in chosen}]
    away = [person.name for person in meant if person.organisation_id != actor.organisation_id]
    if audience == Audience.OWN and away:
        detail = gettext_noop("%(names)s cannot read notes of your side. Write to both sides, or do not mention them.")
        errors["mentions"].append(ValidationError(detail, params={"names": ", ".join(away)}))
    return [person for person in meant if person.pk != actor.user_id]


def _drafts(message: Message, mentioned: Sequence[User], names: Sequence[str]) -> list[Draft]:
    flag = message.flag
    what = f"flag {flag.pk}: {flag.listing_as_flagged.get('title') or flag.listing.title}"
    kind = "wrote" if message.audience == Audience.BOTH else "added a note for their own side"
    body = f"{message.actor_label} {kind}:\n\n{message.text}"
    if names:
        body += f"\n\nAttached: {', '.join(names)}"
    link = f"{reverse('listings:flag', args=[flag.pk])}#messages"
    drafts = []
    if mentioned:
        subject = f"You were mentioned on {what}"
        drafts.append(Draft(f"message:{message.pk}:mention", subject, body, mentioned, link))
    if message.audience == Audience.BOTH:
        notified = {person.pk for person in mentioned}
        others = [person for person in _other_side(message) if person.pk not in notified]
        program = flag.platform if message.organisation_id != flag.platform_id else None
        subject = f"Message on {what}"
        event = Event("message.posted", {"flag_id": flag.pk, "message_id": message.pk})
        drafts.append(Draft(f"message:{message.pk}", subject, body, others, link, platform=program, event=event))
    return drafts


def _other_side(message: Message) -> list[User]:
    """The people of the other side who wrote, decided or hold the flag; or else everyone there except admins."""
    flag = message.flag
    from_platform = message.organisation_id == flag.platform_id
    other = flag.recall.regulator_id if from_platform else flag.platform_id
    took_part = {*flag.messages.values_list("user_id", flat=True), *flag.decisions.values_list("user_id", flat=True)}
    if flag.claimed_by_id and flag.claim_expires_at and flag.claim_expires_at > timezone.now():
        took_part.add(flag.claimed_by_id)
    people = User.objects.filter(organisation_id=other, is_active=True).select_related("organisation")
    return list(people.filter(pk__in=took_part - {None})) or list(people.exclude(role=Role.ADMIN))
