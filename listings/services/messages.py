"""Messages on a flag: each is posted for good, with its audit event, and the people concerned are notified."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.mentions import mentions_in
from listings.models import Attachment, Flag, Message, MessagesRead
from portal import audit
from portal.identity.actors import Actor
from portal.media.attachments import Kept, NotKept, checked
from portal.media.limits import MAX_BYTES
from portal.models import Role, User
from portal.notifications.events import Event
from portal.notifications.outbox import Draft, notify_all
from portal.texts import is_storable

Audience = Message.Audience
TWICE_WITHIN = timedelta(seconds=30)
Errors = defaultdict[str, list[ValidationError]]


class Damaged(Exception):
    """A stored attachment is not the file that was kept. Restore the folder from a backup."""


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
    kept = _all_kept(attachments, errors)
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
    with _stored(kept) as stored, transaction.atomic():
        message = Message.objects.create(
            flag=flag, organisation_id=actor.organisation_id or 0, audience=audience, text=text,
            actor_kind=actor.kind, actor_label=actor.label[:300], user_id=actor.user_id,
        )  # fmt: skip
        message.mentioned.set(meant)
        for row in stored:
            row.message = message
            row.save(force_insert=True)
        after = {
            "message": message.pk,
            "flag": flag.pk,
            "audience": audience,
            "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
            "mentioned": [person.pk for person in meant],
            "attachments": [
                {"name": row.name, "bytes": row.size, "sha256": row.sha256, "sent_sha256": row.sent_sha256}
                for row in stored
            ],
        }
        audit.record(actor=actor, action="message.posted", subject=message, after=after)
        notify_all(_drafts(message, meant, [row.name for row in stored]))
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
    try:
        with attachment.file.open("rb") as file:
            data = bytes(file.read(MAX_BYTES + 1))
    except FileNotFoundError:
        raise Damaged(f"The file of attachment {attachment.pk} is missing.") from None
    if hashlib.sha256(data).hexdigest() != attachment.sha256:
        raise Damaged(f"The file of attachment {attachment.pk} is not the one that was kept.")
    return data


def _complete(audience: str, text: str, errors: Errors) -> None:
    if audience not in Audience.values:
        errors["audience"].append(ValidationError(gettext_noop("Choose who can read the message.")))
    if not text:
        errors["text"].append(ValidationError(gettext_noop("Enter a message.")))
    elif len(text) > Message.MAX_LENGTH or not is_storable(text):
        detail = gettext_noop("A message can have up to %(most)s characters.")
        errors["text"].append(ValidationError(detail, params={"most": Message.MAX_LENGTH}))


def _all_kept(files: Sequence[File], errors: Errors) -> list[Kept]:
    if len(files) > Attachment.MAX_COUNT:
        detail = gettext_noop("Attach up to %(most)s files to one message.")
        errors["attachments"].append(ValidationError(detail, params={"most": Attachment.MAX_COUNT}))
        return []
    kept = []
    for file in files:
        try:
            kept.append(_kept(file))
        except ValidationError as error:
            errors["attachments"].append(error)
    return kept


def _kept(file: File) -> Kept:
    name = (file.name or "")[-200:]
    file.seek(0)
    try:
        return checked(name, file.read(MAX_BYTES + 1))
    except NotKept as problem:
        detail = (
            gettext_noop("%(name)s is too large. Files can have up to 5 MB, images up to 40 million pixels.")
            if problem.too_large
            else gettext_noop("%(name)s is not a readable file. Attach PNG, JPEG, WebP, PDF or plain text (UTF-8).")
        )
        raise ValidationError(detail, params={"name": name}) from None


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


@contextmanager
def _stored(files: Sequence[Kept]) -> Iterator[list[Attachment]]:
    """Unsaved attachments whose files are written; if anything fails afterwards, the files are deleted."""
    rows: list[Attachment] = []
    try:
        for kept in files:
            digest = hashlib.sha256(kept.data).hexdigest()
            row = Attachment(
                name=kept.name, content_type=kept.content_type, size=len(kept.data), sha256=digest, sent_sha256=kept.sent_sha256
            )  # fmt: skip
            row.file.save(digest, ContentFile(kept.data), save=False)
            rows.append(row)
        yield rows
    except BaseException:
        for row in rows:
            row.file.storage.delete(str(row.file.name))
        raise


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
