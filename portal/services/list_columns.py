"""The columns that a person chose for a list. Theirs alone, like a saved view, and not audited."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_noop

from portal.identity.access import ACCESS
from portal.identity.actors import Actor
from portal.list_columns import COLUMNS, offered
from portal.models import User


def choose_columns(*, person: User, page: str, names: Sequence[str]) -> None:
    """Remember the columns of a list in their order; without any, or with none that there is, the usual ones again.

    Raises PermissionDenied for a list without columns to choose, or that the person may not open.
    """
    if page not in COLUMNS:
        raise PermissionDenied(gettext_noop("This list has no columns to choose."))
    Actor.person(person).require(ACCESS[page])
    known = {column.name for column in offered(page, to_platform=person.organisation.is_platform) if not column.fixed}
    wanted = [name for name in dict.fromkeys(names) if name in known]
    with transaction.atomic():
        row = User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
        rest = {name: kept for name, kept in row.list_columns.items() if name != page}
        row.list_columns = rest | ({page: wanted} if wanted else {})
        row.save(update_fields=["list_columns"])
    person.list_columns = row.list_columns
