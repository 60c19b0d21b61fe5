"""Views of lists under a name: saving, changing, sharing with colleagues, deleting, subscribing.

Views that are one person's alone are not audited; those that colleagues see are.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_noop

from portal import audit
from portal.database.acting import as_system
from portal.identity.access import ACCESS
from portal.identity.actors import Actor
from portal.models import AuditSeal, Mail, SavedView, Subscription, User
from portal.saved_lists import LISTS, SUBSCRIBABLE

MAX_COUNT = 12  # own views of a list, per person: more would not fit on the page
MAX_SHARED = 12  # of a list, per organisation
MAY_SUBSCRIBE = "audit.view"


def save_view(*, person: User, page: str, name: str, query: str, shared: bool = False) -> SavedView:
    """Save the filters in `query` under a name; the person's own view of the same name is replaced.

    Only parameters that the list knows are kept. Raises ValidationError where there is no name, no filter, or no room,
    PermissionDenied where the person may not open the list.
    """
    name, kept = _name(name), QueryDict(mutable=True)
    actor = _may_open(person, page)
    given = QueryDict(query)
    for key in sorted(LISTS[page] & set(given)):
        if given[key]:
            kept[key] = given[key]
    if not kept:
        raise ValidationError(gettext_noop("Filter the list first, then save the view."))
    if len(kept.urlencode()) > SavedView.MAX_QUERY_LENGTH:
        raise ValidationError(gettext_noop("These filters are too long to save. Use fewer or shorter ones."))
    with transaction.atomic():
        _one_at_a_time(person)
        mine = SavedView.objects.filter(person=person, organisation_id=person.organisation_id, page=page)
        row = mine.filter(name=name).first()
        if row is None and mine.count() >= MAX_COUNT:
            detail = gettext_noop("You already have %(most)s views. Delete one first.")
            raise ValidationError(detail, params={"most": MAX_COUNT})
        row = row or SavedView(person=person, organisation_id=person.organisation_id, page=page, name=name)
        return _stored(row, actor, query=kept.urlencode(), shared=shared)


def change_view(*, view: SavedView, person: User, name: str, shared: bool) -> SavedView:
    """Rename a view, and share it with colleagues or no longer. Raises ValidationError for a name that is missing or
    taken, PermissionDenied where the view is somebody else's."""
    name, actor = _name(name), _may_change(view, person)
    with transaction.atomic():
        _one_at_a_time(view.person)
        row = SavedView.objects.select_for_update().get(pk=view.pk)
        same = SavedView.objects.filter(
            person=row.person_id, organisation_id=row.organisation_id, page=row.page, name=name
        )
        if same.exclude(pk=row.pk).exists():
            raise ValidationError(gettext_noop("You already have a view of this name."))
        return _stored(row, actor, name=name, shared=shared)


def drop_view(*, view: SavedView, person: User) -> None:
    """Delete a view, with its subscriptions. Raises PermissionDenied where the view is somebody else's."""
    actor = _may_change(view, person)
    with transaction.atomic():
        if view.shared:
            audit.record(actor=actor, action="view.unshared", subject=view, before={"query": view.query})
        view.delete()


def may_change(view: SavedView, person: User) -> bool:
    """The owner may; a shared view whose owner works elsewhere, or no more, is its readers'."""
    if view.organisation_id != person.organisation_id:
        return False
    gone = not view.person.is_active or view.person.organisation_id != view.organisation_id
    return view.person_id == person.pk or (view.shared and gone)


@as_system("views are their organisation's, and whoever manages people is often of another one")
def forget_views(*, person: User, organisation_id: int) -> None:
    """A person moved to another organisation: their own views of the old one are deleted; those they shared stay."""
    SavedView.objects.filter(person=person, organisation_id=organisation_id, shared=False).delete()
    Subscription.objects.filter(person=person, organisation_id=organisation_id).delete()


def subscribe(*, view: SavedView, actor: Actor) -> Subscription:
    """Tell the acting person from now on of audit events that fit a view; a second time changes nothing. Reversible."""
    actor.require(MAY_SUBSCRIBE)
    if view.page != SUBSCRIBABLE or actor.kind != "person" or actor.user_id is None or actor.organisation_id is None:
        raise PermissionDenied(gettext_noop("Only people can subscribe, and only to views of the audit log."))
    newest = AuditSeal.objects.order_by("-position").values_list("position", flat=True).first()
    row, _ = Subscription.objects.get_or_create(
        view=view,
        person_id=actor.user_id,
        defaults={"organisation_id": actor.organisation_id, "place": newest or 0},
    )
    return row


def unsubscribe(*, view: SavedView, actor: Actor) -> None:
    """End the acting person's subscription; nothing happens where there is none."""
    Subscription.objects.filter(view=view, person_id=actor.user_id).delete()


@as_system("mail is nobody's to read")
def drop_subscribed_mail(person: User, *, address: str) -> None:
    """A person may read the audit log no more: digests of it that wait for their morning are dropped."""
    for pk in Subscription.objects.filter(person=person).values_list("pk", flat=True):
        Mail.objects.filter(to=address, key__startswith=message_key(pk, "")).exclude(status=Mail.Status.SENT).delete()


def message_key(subscription: int, place: int | str) -> str:
    """The key of the message that tells of events up to a place in the chain."""
    return f"audit-subscription:{subscription}:{place}"


def _stored(row: SavedView, actor: Actor, **changes: Any) -> SavedView:
    was_shared = row.shared
    before = {"name": row.name, "query": row.query} if was_shared else {}
    for name, value in changes.items():
        setattr(row, name, value)
    if row.shared and not was_shared:
        others = SavedView.objects.filter(organisation_id=row.organisation_id, page=row.page, shared=True)
        if others.count() >= MAX_SHARED:
            detail = gettext_noop("Your organisation already shares %(most)s views of this list. Delete one first.")
            raise ValidationError(detail, params={"most": MAX_SHARED})
    row.save()
    after = {"name": row.name, "query": row.query}
    if row.shared and before != after:
        audit.record(actor=actor, action="view.shared", subject=row, before=before, after=after)
    if was_shared and not row.shared:
        audit.record(actor=actor, action="view.unshared", subject=row, before=before)
        row.subscriptions.exclude(person_id=row.person_id).delete()
    return row


def _name(given: str) -> str:
    name = " ".join(given.split())
    if not name or len(name) > SavedView.MAX_NAME_LENGTH:
        raise ValidationError(gettext_noop("Enter a name of up to 40 characters for the view."))
    return name


def _may_open(person: User, page: str) -> Actor:
    actor = Actor.person(person)
    if page not in LISTS:
        raise PermissionDenied(gettext_noop("This list has no saved views."))
    actor.require(ACCESS[page])
    return actor


def _may_change(view: SavedView, person: User) -> Actor:
    if not may_change(view, person):
        raise PermissionDenied(gettext_noop("This view is a colleague's. Save your own one."))
    return _may_open(person, view.page)


def _one_at_a_time(person: User) -> None:
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
