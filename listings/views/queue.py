"""The queue: a view's flags in a list, and one of them under review. A refused act shows the same page again."""

from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from listings import services
from listings.filters import FOR_SOME, VIEWS, FlagFilter, in_view, opening_view
from listings.forms import DecisionForm
from listings.models import Flag
from listings.returning import CHOSEN
from listings.views.review import review_context, undo_context
from listings.views.thread import with_unread
from portal.database.row_counts import row_counts
from portal.http.active_filters import active_filters
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.identity.actors import Actor
from portal.models import User
from portal.texts import key_in
from portal.views.saved_views import SavedViews, saved_views
from recalls import services as recalls

SHOWN, MAX_COUNTED = 40, 999
NOT_KEPT = ("flag", "after", "before", *CHOSEN)
"""Parameters of the queue that say where one is and what is chosen there, not what one filters by."""
LISTED = (
    "due_at", "score", "status", "relisted_from", "recall__number", "platform__name", "listing__title", "takedown__paused_at",
    "claimed_by", "claim_expires_at",
)  # fmt: skip


def flags_of(request: ActingRequest) -> QuerySet[Flag]:
    related = (
        "recall__regulator",
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
    view = given.get("view", opening_view(request.actor))
    found = FlagFilter(given, flags_of(request), one_platform=request.actor.platform_id is not None)
    return found, in_view(found.qs, view, request.actor).filter(due_at__isnull=False), view


def queue(request: ActingRequest) -> HttpResponse:
    """The flags of a view, most urgent first (of closed ones the latest), with the first, or the chosen one, opened."""
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
    if current is None and (wanted := key_in(given.get("flag", ""))) is not None:
        current = flags.filter(pk=wanted).first()
    lean = flags.select_related(None).select_related("recall", "platform", "listing", "takedown").only(*LISTED)
    rows = with_unread(lean, request.actor)
    exact = found.typed.flags_numbered(rows) if found.typed.value else None
    page = keyset_page(rows, request, ordering=_order(view), size=SHOWN, exact=exact)
    in_work = recalls.versions_in_work(recalls=[row.recall_id for row in page.rows], actor=request.actor)
    for row in page.rows:
        row.revision = in_work.get(row.recall_id)  # type: ignore[attr-defined]
    if current is None and page.rows:
        current = flags_of(request).filter(pk=_first_free(page.rows, request.actor).pk).first()
    kept = given.copy()
    for name in NOT_KEPT:
        kept.pop(name, None)
    saved = _saved(request, kept)
    active = active_filters(found.form, given, aside=NOT_KEPT)
    context = {
        "page": page,
        "filter": found,
        "views": [
            (name, label, name == view and saved.current is None)
            for name, label in VIEWS
            if request.actor.may(FOR_SOME.get(name, "flag.view"))
        ],
        "view": view,
        "opening": opening_view(request.actor),
        "kept": kept.urlencode(),
        "saved": saved,
        "active": active,
        "cleared": f"view={view}",
        "kept_pairs": list(kept.items()),
        "is_platform": request.actor.platform_id is not None,
        "may_claim": request.actor.may("flag.claim"),
    }
    if current is not None:
        review = review_context(current, request.actor, form, chosen=given)
        return context | _place_of(current, flags, request.user, view) | review
    # the last decision may have emptied the view
    return context | {"total": flags.count()} | undo_context(request.actor)


def _first_free(rows: list[Flag], actor: Actor) -> Flag:
    """The first flag that the actor can decide; where colleagues hold all of them, the first."""
    if not actor.may("flag.claim"):
        return rows[0]
    return next((row for row in rows if services.is_free_for(row, actor.user_id)), rows[0])


def _order(view: str) -> list[str]:
    """The most urgent first; of what is closed the latest, which is what people look for there."""
    return ["-due_at", "-pk"] if view == "closed" else ["due_at", "pk"]


def _place_of(current: Flag, flags: QuerySet[Flag], person: User, view: str) -> dict[str, int | None]:
    """How many flags a view has, the place of one among them, and those before and after it."""
    if current.due_at is None:
        return {"total": flags.count()}
    same = Q(due_at=current.due_at)
    before = Q(due_at__lt=current.due_at) | (same & Q(pk__lt=current.pk))
    after = Q(due_at__gt=current.due_at) | (same & Q(pk__gt=current.pk))
    # The bound by itself is what an index begins at: without it, all flags up to this one would be read.
    earlier = flags.filter(before, due_at__lte=current.due_at).order_by("-due_at", "-pk")
    later = flags.filter(after, due_at__gte=current.due_at).order_by("due_at", "pk")
    if _order(view)[0].startswith("-"):
        earlier, later, before = later, earlier, after
    counts = flags.order_by().aggregate(total=Count("pk"), before=Count("pk", filter=before))
    beside = User.objects.filter(pk=person.pk).values_list(
        *(Subquery(rows.values("pk")[:1]) for rows in (earlier, later))
    )
    previous, following = beside.get()
    return {
        "total": counts["total"],
        "position": min(counts["before"] + 1, counts["total"]),
        "previous": previous,
        "next": following,
    }


def _saved(request: ActingRequest, kept: QueryDict) -> SavedViews:
    """The views that the person opens, each with how many flags it holds (up to MAX_COUNTED), but for those that search
    for words: each search costs queries of its own."""
    found = saved_views(request, "listings:queue", kept)
    counted = [(row, query) for row in found.rows if not (query := QueryDict(row.query)).get("q")]
    held = [filtered(request, query)[1] for _, query in counted]
    counts = row_counts(held, at_most=MAX_COUNTED)
    for (row, _), count in zip(counted, counts, strict=True):
        row.count = count
    return found
