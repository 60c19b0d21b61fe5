"""What every message has, whoever writes it: a text that can be stored, files that were checked, and the event that proves
both."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_noop

from listings.models import Attachment, Message
from portal import audit
from portal.identity.actors import Actor
from portal.media.attachments import Kept
from portal.services.kept_files import kept
from portal.texts import is_storable

Errors = defaultdict[str, list[ValidationError]]


def check_text(text: str, errors: Errors) -> None:
    """An error under `text` where it is empty, too long or cannot be stored."""
    if not text:
        errors["text"].append(ValidationError(gettext_noop("Enter a message.")))
    elif len(text) > Message.MAX_LENGTH or not is_storable(text):
        detail = gettext_noop("A message can have up to %(most)s characters.")
        errors["text"].append(ValidationError(detail, params={"most": Message.MAX_LENGTH}))


def kept_files(files: Sequence[File], errors: Errors) -> list[Kept]:
    """The files as they are kept; an error under `attachments` for each that is not."""
    if len(files) > Attachment.MAX_COUNT:
        detail = gettext_noop("Attach up to %(most)s files to one message.")
        errors["attachments"].append(ValidationError(detail, params={"most": Attachment.MAX_COUNT}))
        return []
    found = []
    for file in files:
        try:
            found.append(kept(file))
        except ValidationError as error:
            errors["attachments"].append(error)
    return found


@contextmanager
def stored(files: Sequence[Kept]) -> Iterator[list[Attachment]]:
    """Unsaved attachments whose files are written; if anything fails afterwards, the files are deleted."""
    rows: list[Attachment] = []
    try:
        for each in files:
            digest = hashlib.sha256(each.data).hexdigest()
            row = Attachment(
                name=each.name, content_type=each.content_type, size=len(each.data), sha256=digest, sent_sha256=each.sent_sha256
            )  # fmt: skip
            row.file.save(digest, ContentFile(each.data), save=False)
            rows.append(row)
        yield rows
    except BaseException:
        for row in rows:
            row.file.storage.delete(str(row.file.name))
        raise


def attach(message: Message, rows: Sequence[Attachment]) -> None:
    """Save files whose content is written as those of a message."""
    for row in rows:
        row.message = message
        row.save(force_insert=True)


def record_posted(message: Message, rows: Sequence[Attachment], *, actor: Actor, **facts: Any) -> None:
    """The event that proves a message and its files (enforcement/evidence_packs/), with further `facts`."""
    after = {
        "message": message.pk,
        "flag": message.flag_id,
        "audience": message.audience,
        "text_sha256": hashlib.sha256(message.text.encode()).hexdigest(),
        "attachments": [
            {"name": row.name, "bytes": row.size, "sha256": row.sha256, "sent_sha256": row.sent_sha256} for row in rows
        ],
    }
    audit.record(actor=actor, action="message.posted", subject=message, after=after | facts)
