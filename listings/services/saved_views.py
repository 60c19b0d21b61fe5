"""Saving and dropping a person's own views of the queue. They are nobody else's, so the audit log does not tell of them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_noop

from listings.models import SavedView
from portal.models import User

MAX_COUNT = 12  # of one person: more would be no overview


def save_view(*, person: User, name: str, query: str, known: frozenset[str]) -> SavedView:
    """Save the filters in `query` under a name; one of the same name is replaced.

    Only parameters that are `known` are kept. Raises ValidationError where there is no name, no filter, or no room.
    """
    name = " ".join(name.split())
    given = QueryDict(query)
    kept = QueryDict(mutable=True)
    for key in sorted(known & set(given)):
        if given[key]:
            kept[key] = given[key]
    if not name or len(name) > SavedView.MAX_NAME_LENGTH:
        raise ValidationError(gettext_noop("Give the view a name of up to 40 characters."))
    if not kept:
        raise ValidationError(gettext_noop("Filter the queue first: there is nothing to save."))
    if len(kept.urlencode()) > SavedView.MAX_QUERY_LENGTH:
        raise ValidationError(gettext_noop("These filters are too long to save."))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        others = SavedView.objects.filter(person=person).exclude(name=name)
        if others.count() >= MAX_COUNT:
            raise ValidationError(f"You have {MAX_COUNT} views already: remove one first.")
        row, _ = SavedView.objects.update_or_create(person=person, name=name, defaults={"query": kept.urlencode()})
    return row


def drop_view(*, person: User, name: str) -> None:
    """Remove one of a person's views; nothing happens where there is none."""
    SavedView.objects.filter(person=person, name=name).delete()


def forget_views(*, person: User) -> None:
    """Somebody moved to another organisation: what they looked for at the old one is not taken along."""
    SavedView.objects.filter(person=person).delete()
