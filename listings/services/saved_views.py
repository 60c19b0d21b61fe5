"""Saving and deleting a person's own views of the queue. Only that person sees them, so they are not audited."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_noop

from listings.models import SavedView
from portal.models import User

MAX_COUNT = 12  # per person: more would not fit on the page


def save_view(*, person: User, name: str, query: str, known: frozenset[str]) -> SavedView:
    """Save the filters in `query` under a name; a view of the same name is replaced.

    Only parameters that are `known` are kept. Raises ValidationError where there is no name, no filter, or no room.
    """
    name = " ".join(name.split())
    given = QueryDict(query)
    kept = QueryDict(mutable=True)
    for key in sorted(known & set(given)):
        if given[key]:
            kept[key] = given[key]
    if not name or len(name) > SavedView.MAX_NAME_LENGTH:
        raise ValidationError(gettext_noop("Enter a name of up to 40 characters for the view."))
    if not kept:
        raise ValidationError(gettext_noop("Filter the queue first, then save the view."))
    if len(kept.urlencode()) > SavedView.MAX_QUERY_LENGTH:
        raise ValidationError(gettext_noop("These filters are too long to save. Use fewer or shorter ones."))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        others = SavedView.objects.filter(person=person).exclude(name=name)
        if others.count() >= MAX_COUNT:
            detail = gettext_noop("You already have %(most)s views. Delete one first.")
            raise ValidationError(detail, params={"most": MAX_COUNT})
        row, _ = SavedView.objects.update_or_create(person=person, name=name, defaults={"query": kept.urlencode()})
    return row


def drop_view(*, person: User, name: str) -> None:
    """Delete one of a person's views; nothing happens where there is none."""
    SavedView.objects.filter(person=person, name=name).delete()


def forget_views(*, person: User) -> None:
    """A person moved to another organisation: their views of the old one are deleted."""
    SavedView.objects.filter(person=person).delete()
