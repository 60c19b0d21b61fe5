"""System checks that refuse settings under which a promise of the product would not hold."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import DatabaseError

from portal.database import replica, roles, sorting


@register(deploy=True)
def mail_can_leave(**_kwargs: Any) -> list[Error]:
    """Notices and escalations are mailed; without a sender address of one's own they bounce."""
    if settings.PRODUCTION and settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        return [
            Error("DEFAULT_FROM_EMAIL is not set: notices would leave from offshelf@localhost.", id="offshelf.E001")
        ]
    return []


@register(Tags.database)
def the_replica_follows(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """A second server that does not follow the first draws no page; whoever set it wants to know. Asked like the next one."""
    if "default" not in (databases or ()) or not replica.is_configured():
        return []
    try:
        behind = replica.seconds_behind()
    except DatabaseError as error:
        return [Caution(f"The replica does not answer: {error}", id="offshelf.W004")]
    hint = "Make it from the primary with pg_basebackup --write-recovery-conf (docs/operations/database.md, A replica)."
    return [] if behind is not None else [Caution("The replica follows nobody.", hint=hint, id="offshelf.W005")]


@register(Tags.database)
def the_role_cannot_change_the_log(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Append-only is a promise of the grants: a role that could change the log is an error in production.

    Asked by `check --database default`; the migrating owner is not meant.
    """
    if "default" not in (databases or ()) or (settings.OWNER_DATABASE and roles.acting_as_owner()):
        return []
    try:
        found = roles.problems()
    except DatabaseError as error:
        return [Caution(f"The database does not answer: {error}", id="offshelf.W002")]
    kind, code = (Error, "offshelf.E002") if settings.PRODUCTION else (Caution, "offshelf.W003")
    hint = "Set DATABASE_URL to the application's role and OWNER_DATABASE_URL to the owner's, and run migrate."
    return [kind(text, hint=hint, id=code) for text in found]


@register(Tags.database)
def texts_sort_by_their_bytes(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """An index of texts is wrong, silently, once the C library sorts them otherwise than when it was made."""
    if "default" not in (databases or ()):
        return []
    try:
        order = sorting.order_of_a_language()
    except DatabaseError as error:
        return [Caution(f"The database does not answer: {error}", id="offshelf.W002")]
    hint = "Restore a backup into a database that sorts by bytes (docs/operations/database.md, How texts are sorted)."
    said = f"The database sorts texts as {order} does: an upgrade of the C library can break its indexes."
    return [Caution(said, hint=hint, id="offshelf.W006")] if order else []
