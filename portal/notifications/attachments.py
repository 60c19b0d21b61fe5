"""Files that go with a mail, so that a program can read what people are told. Each app registers what makes them.

They are made when the mail leaves, from what its message is about: the queue holds no copy of it.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from portal.models import Mail
from portal.texts import key_in

logger = logging.getLogger(__name__)
MAX_EACH, MAX_TOGETHER = 256 * 1024, 1024 * 1024  # bytes
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Attachment:
    """JSON in UTF-8 under a file name of ours; `address` is where the API answers the same."""

    name: str
    content: bytes
    address: str


Maker = Callable[[int], Attachment | None]
_MAKERS: dict[str, Maker] = {}


def register(kind: str, maker: Maker) -> None:
    """Have each mail whose key begins with `kind:NUMBER` carry what `maker(NUMBER)` makes, where that is not None."""
    if kind in _MAKERS:
        raise ValueError(f"There are two attachments of {kind}.")
    _MAKERS[kind] = maker


def attachment_of(mail: Mail) -> Attachment | None:
    """What goes with the mail, or None. A file that cannot be made is logged: its mail leaves without it, and no other
    mail waits for it."""
    kind, _, rest = mail.key.partition(":")
    number = key_in(rest.partition(":")[0])
    if kind not in _MAKERS or number is None:
        return None
    try:
        with transaction.atomic():
            return _MAKERS[kind](number)
    except Exception:
        logger.exception("The file for mail %s cannot be made", mail.key)
        return None


def fitting(attachments: Sequence[Attachment]) -> tuple[list[Attachment], list[Attachment]]:
    """Those that a mail can carry, and those that are too large or find no room. Each once, however often it is named."""
    room, carried, too_large = MAX_TOGETHER, [], []
    for each in dict.fromkeys(attachments):
        if len(each.content) > min(MAX_EACH, room):
            too_large.append(each)
        else:
            carried.append(each)
            room -= len(each.content)
    return carried, too_large
