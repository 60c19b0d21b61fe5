"""Files that people send and that are kept: checked before they are stored, and compared with their digest when they leave."""

import hashlib

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_noop

from portal.media.attachments import Kept, NotKept, checked
from portal.media.limits import MAX_BYTES


class Damaged(Exception):
    """A file is missing, or is not the one that was kept. Restore the folder from a backup."""


def kept(file: File) -> Kept:
    """A sent file as it is kept. Raises ValidationError, with its name, for what is too large or of no accepted type."""
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


def content_of(file: File, sha256: str, *, name: str) -> bytes:
    """A kept file's bytes; `name` is how errors call it. Raises Damaged where it is missing or has changed."""
    try:
        with file.open("rb") as opened:
            data = bytes(opened.read(MAX_BYTES + 1))
    except FileNotFoundError:
        raise Damaged(f"The file of {name} is missing.") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Damaged(f"The file of {name} is not the one that was kept.")
    return data
