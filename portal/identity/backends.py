"""Who is signed in, by the number that their session has: read on every request, together with where they work."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.contrib.auth.backends import BaseBackend
from django.db import connections, router
from django.db.models import Model

from portal.models import Organisation, User

M = TypeVar("M", bound=Model)


class SignedInBackend(BaseBackend):
    """Knows people by their number alone; passwords are checked by Django's own backend beside it."""

    def get_user(self, user_id: int) -> User | None:
        """The person with their organisation, in one query; None for an account that is locked or gone.

        The statement is made once: it never changes, and to make it takes Django three times as long as all the rest.
        """
        alias = router.db_for_read(User)
        with connections[alias].cursor() as cursor:
            cursor.execute(_statement(), [user_id])
            row = cursor.fetchone()
        if row is None:
            return None
        split = len(User._meta.concrete_fields)
        person = _row_of(User, row[:split], alias)
        User._meta.get_field("organisation").set_cached_value(person, _row_of(Organisation, row[split:], alias))
        return person


@cache
def _statement() -> str:
    """All columns of a person, then all of where they work."""
    person, organisation = (f'"{model._meta.db_table}"' for model in (User, Organisation))
    columns = [
        f'{table}."{field.column}"'
        for table, model in ((person, User), (organisation, Organisation))
        for field in model._meta.concrete_fields
    ]
    return (
        f"SELECT {', '.join(columns)} FROM {person} INNER JOIN {organisation}"  # noqa: S608  names of our own
        f' ON {organisation}."id" = {person}."organisation_id" WHERE {person}."id" = %s AND {person}."is_active"'
    )


def _row_of(model: type[M], values: Sequence[Any], alias: str) -> M:
    fields = model._meta.concrete_fields
    read = [
        convert(value, None, connections[alias]) if (convert := getattr(field, "from_db_value", None)) else value
        for field, value in zip(fields, values, strict=True)
    ]
    return model.from_db(alias, [field.attname for field in fields], read)
