"""The queue: a view's flags in a list, and one of them under review. A refused act shows the same page again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from listings import services
from listings.filters import VIEWS, FlagFilter, in_view
from listings.forms import DecisionForm
from listings.models import Flag, SavedView
from listings.returning import CHOSEN
from listings.search import flags_numbered
from listings.views.review import review_context, undo_context
from listings.views.thread import with_unread
from portal.database.row_counts import row_counts
from portal.http.active_filters import active_filters
from portal.http.cursors import keyset_page
from portal.http.language import refusal_text
from portal.http.requests import ActingRequest
from portal.models import User
from portal.texts import key_in

SHOWN, MAX_COUNTED = 40, 999
NOT_KEPT = ("flag", "after", "before", *CHOSEN)
"""Parameters of the queue that say where one is and what is chosen there, not what one filters by."""
LISTED = ("due_at", "score", "status", "relisted_from", "recall__number", "platform__name", "listing__title")


def flags_of(request: ActingRequest) -> QuerySet[Flag]:
    related = (
        "recall",
        "platform",
        "listing__platform",
        "product",
        "notice__version",
        "claimed_by",
        "relisted_from",
        "takedown",
    )
    return Flag.objects.visible_to(request.actor).select_related(*related)


def filtered(request: ActingRequest, given: QueryDict) -> tuple[FlagFilter, QuerySet[Flag], str]:
    """The filter, the visible flags that match it in the view asked for, and that view's name."""
    view = given.get("view", "undecided")
    found = FlagFilter(given, flags_of(request), one_platform=request.actor.platform_id is not None)
    return found, in_view(found.qs, view, request.actor).filter(due_at__isnull=False), view


def queue(request: ActingRequest) -> HttpResponse:
    """The flags of a view, most urgent first, with the first (or the chosen) one opened beside the list."""
    return render(request, "listings/queue.html", _context(request, request.GET))


def review_again(request: ActingRequest, flag: Flag, *, status: int, refusal: str = "", **forms: Any) -> HttpResponse:
    """The page on which an act was refused, with the reason: in the queue with list, position and the way on, or else
    the flag's own page. `forms`: the refused ones, by their names in the template's context."""
    more = {"refusal": refusal, **forms}
    if "kept" not in request.POST:
        may = {"single": True, "may_claim": request.actor.may("flag.claim")}
        context = {**may, **review_context(flag, request.actor, form=forms.get("form")), **more}
        return render(request, "listings/flag.html", context, status=status)
    request.GET = QueryDict(request.POST["kept"])  # what is shown is the queue as it was asked for
    context = {**_context(request, request.GET, flag, form=forms.get("form")), **more}
    context["list_url"] = reverse("listings:queue")  # links of the list lead there, not to where the form went
    return render(request, "listings/queue.html", context, status=status)


def _context(
    request: ActingRequest, given: QueryDict, current: Flag | None = None, form: DecisionForm | None = None
) -> dict[str, Any]:
    """`current`: the flag to show, also where it has left the view; None: the one that `given` names, or the first."""
    found, flags, view = filtered(request, given)
    total = flags.count()
    if current is None and (wanted := key_in(given.get("flag", ""))) is not None:
        current = flags.filter(pk=wanted).first()
    lean = flags.select_related(None).select_related("recall", "platform", "listing").only(*LISTED)
    rows, asked = with_unread(lean, request.actor), given.get("q", "").strip()
    exact = flags_numbered(rows, asked) if asked else None
    page = keyset_page(rows, request, ordering=["due_at", "pk"], size=SHOWN, exact=exact)
    if current is None and page.rows:
        current = flags.filter(pk=page.rows[0].pk).first()
    kept = given.copy()
    for name in NOT_KEPT:
        kept.pop(name, None)
    saved = _saved(request, kept)
    own = next((row for row in saved if row["current"]), None)
    active = active_filters(found.form, given, aside=NOT_KEPT)
    context = {
        "page": page,
        "filter": found,
        "views": [
            (name, label, name == view and own is None)
            for name, label in VIEWS
            if name != "mine" or request.actor.may("flag.claim")
        ],
        "view": view,
        "total": total,
        "kept": kept.urlencode(),
        "saved": saved,
        "own_view": own,
        "active": active,
        "cleared": f"view={view}",
        "kept_pairs": list(kept.items()),
        "is_platform": request.actor.platform_id is not None,
        "may_claim": request.actor.may("flag.claim"),
    }
    if current is not None:
        review = review_context(current, request.actor, form, chosen=given)
        return context | _neighbours(flags, current, total) | review
    return context | undo_context(request.actor)  # the last decision may have emptied the view


def _neighbours(flags: QuerySet[Flag], current: Flag, total: int) -> dict[str, int | None]:
    """The place of a flag in its view, and the flags before and after it."""
    if current.due_at is None:
        return {}
    before = Q(due_at__lt=current.due_at) | Q(due_at=current.due_at, pk__lt=current.pk)
    later = flags.exclude(before).exclude(pk=current.pk)
    return {
        "position": min(flags.filter(before).count() + 1, total),
        "previous": flags.filter(before).order_by("-due_at", "-pk").values_list("pk", flat=True).first(),
        "next": later.order_by("due_at", "pk").values_list("pk", flat=True).first(),
    }


def _saved(request: ActingRequest, kept: QueryDict) -> list[dict[str, object]]:
    """The person's own views, each with how many flags it holds (up to MAX_COUNTED) and whether it is the one shown."""
    here = {key: value for key, value in kept.items() if value}
    views = [(saved, QueryDict(saved.query)) for saved in SavedView.objects.filter(person=request.user)]
    held = [filtered(request, query)[1] for _, query in views]
    found = row_counts(User.objects.filter(pk=request.user.pk), held, at_most=MAX_COUNTED)
    rows = [
        {"name": saved.name, "query": saved.query, "count": count, "current": query.dict() == here}
        for (saved, query), count in zip(views, found, strict=True)
    ]
    for row in [row for row in rows if row["current"]][1:]:
        row["current"] = False  # of two views with the same filters, only one is where one is
    return rows


@require_POST
def view_save(request: ActingRequest) -> HttpResponse:
    """Save the filters of the queue under a name, or delete the view of that name."""
    name, kept = request.POST.get("name", ""), request.POST.get("kept", "")
    if request.POST.get("do") == "remove":
        services.drop_view(person=request.user, name=name)
        messages.success(request, gettext("View %(name)s deleted.") % {"name": name})
        return redirect("listings:queue")
    known = frozenset(FlagFilter.base_filters) | {"view"}
    try:
        saved = services.save_view(person=request.user, name=name, query=kept, known=known)
    except ValidationError as error:
        messages.error(request, refusal_text(error))
        return redirect(f"{reverse('listings:queue')}?{kept}")
    messages.success(request, gettext("View %(name)s saved.") % {"name": saved.name})
    return redirect(f"{reverse('listings:queue')}?{saved.query}")
