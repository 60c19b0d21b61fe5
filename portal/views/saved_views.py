"""Saved views of a list: what the list shows of them, and the one address to which their forms go."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from portal import services
from portal.http.language import refusal_text
from portal.http.requests import ActingRequest
from portal.models import SavedView, Subscription
from portal.saved_lists import LISTS, SUBSCRIBABLE
from portal.services.saved_views import MAX_COUNT, MAX_SHARED
from portal.texts import key_in

MAX_SHOWN = MAX_COUNT + MAX_SHARED


@dataclass(slots=True)
class ShownView:
    """One saved view as its list shows it. `count`: how many rows it holds, where the list says so."""

    pk: int
    name: str
    query: str
    owner: str  # empty where it is the reader's own
    shared: bool
    may_change: bool
    subscribed: bool
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class SavedViews:
    """What templates/components/saved_view_forms.html needs: the views that the reader opens of one list."""

    page: str
    kept: str  # the filters that are set, as a query string
    rows: list[ShownView]
    can_subscribe: bool

    @property
    def current(self) -> ShownView | None:
        """The view that is shown: of several with the same filters, one."""
        return next((row for row in self.rows if row.current), None)


def saved_views(request: ActingRequest, page: str, given: QueryDict) -> SavedViews:
    """The views of a list that the person opens, and which of them is shown with the filters that are `given`."""
    here = {name: str(value) for name, value in given.items() if name in LISTS[page] and value}
    subscribed: set[int] = set()
    if page == SUBSCRIBABLE:
        subscribed.update(Subscription.objects.filter(person=request.user).values_list("view_id", flat=True))
    rows = [
        ShownView(
            pk=row.pk,
            name=row.name,
            query=row.query,
            owner="" if row.person_id == request.user.pk else row.person.name,
            shared=row.shared,
            may_change=services.may_change(row, request.user),
            subscribed=row.pk in subscribed,
        )
        for row in SavedView.objects.open_to(request.user, page).select_related("person")[:MAX_SHOWN]
    ]
    rows.sort(key=lambda row: (bool(row.owner), row.name.casefold()))
    shown = next((row for row in rows if here and QueryDict(row.query).dict() == here), None)
    if shown is not None:
        shown.current = True
    kept = QueryDict(mutable=True)
    kept.update(here)
    return SavedViews(page, kept.urlencode(), rows, page == SUBSCRIBABLE)


def opened(request: ActingRequest, page: str) -> HttpResponse | None:
    """Where `?saved=` names a view that the person opens: the way to it, with what else the address says; else None."""
    if (asked := request.GET.get("saved")) is None:
        return None
    key = key_in(asked)
    if key is None:
        raise BadRequest(gettext_noop("This page address is incomplete. Open the list again."))
    view = get_object_or_404(SavedView.objects.open_to(request.user, page), pk=key)
    query = QueryDict(view.query, mutable=True)
    for name, value in request.GET.items():
        if name != "saved":
            query[name] = str(value)
    return redirect(f"{reverse(page)}?{query.urlencode()}")


@require_POST
def saved_view(request: ActingRequest) -> HttpResponse:
    """Save the filters of a list under a name; change, delete or subscribe to a saved view."""
    page, kept = request.POST.get("page", ""), request.POST.get("kept", "")
    if page not in LISTS:
        raise PermissionDenied(gettext_noop("This list has no saved views."))
    try:
        query = _done(request, page, kept)
    except ValidationError as error:
        messages.error(request, refusal_text(error))
        query = kept
    return redirect(f"{reverse(page)}?{query}" if query else page)


def _done(request: ActingRequest, page: str, kept: str) -> str:
    """Do what the form asks; returns the query string of what is shown next."""
    act, name, shared = request.POST.get("do", "save"), request.POST.get("name", ""), "shared" in request.POST
    if act == "save":
        view = services.save_view(person=request.user, page=page, name=name, query=kept, shared=shared)
        messages.success(request, gettext("View %(name)s saved.") % {"name": view.name})
        return view.query
    views = SavedView.objects.open_to(request.user, page).select_related("person")
    view = get_object_or_404(views, pk=key_in(request.POST.get("view", "")))
    if act == "remove":
        services.drop_view(view=view, person=request.user)
        messages.success(request, gettext("View %(name)s deleted.") % {"name": view.name})
        return ""
    if act == "change":
        view = services.change_view(view=view, person=request.user, name=name, shared=shared)
        messages.success(request, gettext("View %(name)s saved.") % {"name": view.name})
    elif act == "subscribe":
        services.subscribe(view=view, actor=request.actor)
        text = gettext(
            "You are notified of new events that match %(name)s, in your inbox and by mail as your account says."
        )
        messages.success(request, text % {"name": view.name})
    elif act == "unsubscribe":
        services.unsubscribe(view=view, actor=request.actor)
        messages.success(request, gettext("You are no longer notified of %(name)s.") % {"name": view.name})
    else:
        raise BadRequest(gettext_noop("This page address is incomplete. Open the list again."))
    return view.query
