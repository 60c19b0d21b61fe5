"""The queue and the review of flags."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import IntegerField, Q, QuerySet, Subquery
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.http import require_POST

from listings import services
from listings.filters import VIEWS, FlagFilter, in_view
from listings.forms import DecisionForm, HandOverForm, NoteForm
from listings.models import Decision, Flag, SavedView
from listings.services import Held, Stale
from listings.states import DecisionKind
from listings.views.review import claim_context, review_context
from listings.views.thread import thread_context, with_unread
from portal.http.cursors import keyset_page
from portal.http.language import add_refusal, refusal_text, shown_inside
from portal.http.requests import ActingRequest, go_on, is_enhanced, keys_in
from portal.models import User
from portal.texts import key_in
from portal.transitions import IllegalTransition, LostRace

SHOWN, MAX_COUNTED = 40, 999
ASKED_TO_OVERRULE = gettext_noop("Request recorded. The dismissal is overruled when a second person agrees.")
LISTED = ("due_at", "score", "status", "relisted_from", "recall__number", "platform__name", "listing__title")


class _Count(Subquery):
    """How many rows a query has, as a column, for many counts in one query."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def _flags(request: ActingRequest) -> QuerySet[Flag]:
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
    found = FlagFilter(given, _flags(request), one_platform=request.actor.platform_id is not None)
    return found, in_view(found.qs, view, request.actor).filter(due_at__isnull=False), view


def queue(request: ActingRequest) -> HttpResponse:
    """The flags of a view, most urgent first, with the first (or the chosen) one opened beside the list."""
    found, flags, view = filtered(request, request.GET)
    total = flags.count()
    current = None
    if (wanted := key_in(request.GET.get("flag", ""))) is not None:
        current = flags.filter(pk=wanted).first()
    lean = flags.select_related(None).select_related("recall", "platform", "listing").only(*LISTED)
    page = keyset_page(with_unread(lean, request.actor), request, ordering=["due_at", "pk"], size=SHOWN)
    if current is None and page.rows:
        current = flags.filter(pk=page.rows[0].pk).first()
    kept = request.GET.copy()
    for name in ("flag", "after", "before"):
        kept.pop(name, None)
    context = {
        "page": page,
        "filter": found,
        "views": [
            (name, label, name == view) for name, label in VIEWS if name != "mine" or request.actor.may("flag.claim")
        ],
        "view": view,
        "total": total,
        "kept": kept.urlencode(),
        "saved": _saved(request, kept),
        "kept_pairs": list(kept.items()),
        "is_platform": request.actor.platform_id is not None,
        "may_claim": request.actor.may("flag.claim"),
    }
    if current is not None:
        before = Q(due_at__lt=current.due_at) | Q(due_at=current.due_at, pk__lt=current.pk)
        context |= {
            "position": flags.filter(before).count() + 1,
            "previous": flags.filter(before).order_by("-due_at", "-pk").values_list("pk", flat=True).first(),
            "next": flags.exclude(before)
            .exclude(pk=current.pk)
            .order_by("due_at", "pk")
            .values_list("pk", flat=True)
            .first(),
            **review_context(current, request.actor),
        }
    return render(request, "listings/queue.html", context)


def _saved(request: ActingRequest, kept: QueryDict) -> list[dict[str, object]]:
    """The person's own views, each with how many flags it holds (up to MAX_COUNTED) and whether it is the one shown."""
    here = {key: value for key, value in kept.items() if value}
    views = [(saved, QueryDict(saved.query)) for saved in SavedView.objects.filter(person=request.user)]
    counts = [_Count(filtered(request, query)[1].order_by().values("pk")[: MAX_COUNTED + 1]) for _, query in views]
    found = User.objects.filter(pk=request.user.pk).values_list(*counts).get() if counts else ()
    return [
        {"name": saved.name, "query": saved.query, "count": count, "current": query.dict() == here}
        for (saved, query), count in zip(views, found, strict=True)
    ]


def flag(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_flags(request), pk=pk)
    context = {"single": True, "may_claim": request.actor.may("flag.claim"), **review_context(row, request.actor)}
    if request.GET.get("messages") == "all":
        context |= thread_context(row, request.actor, every=True)
    return render(request, "listings/flag.html", context)


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


@require_POST
def claim(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_flags(request), pk=pk)
    services.claim_flag(flag=row, actor=request.actor)
    if is_enhanced(request):  # the page renews the claim while a person works on it
        return _claim_component(request, get_object_or_404(_flags(request), pk=pk))
    return redirect(_back(request, pk))


def _claim_component(request: ActingRequest, row: Flag, form: HandOverForm | None = None) -> HttpResponse:
    """Only the component that says who has claimed the flag: enhance.js replaces the old one and nothing else."""
    context = {
        "flag": row,
        "single": "kept" not in request.POST,
        "kept": request.POST.get("kept", ""),
        **claim_context(row, request.actor, form),
    }
    return render(request, "listings/_claim.html", context, status=422 if form else 200)


@require_POST
def release(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_flags(request), pk=pk)
    services.release_flag(flag=row, actor=request.actor)
    return redirect(_back(request, pk))


@require_POST
def hand_over(request: ActingRequest, pk: int) -> HttpResponse:
    """Give the flag to a colleague; a refused form comes back with its entries."""
    row = get_object_or_404(_flags(request), pk=pk)
    form = HandOverForm(request.POST, people=services.colleagues(flag=row, actor=request.actor))
    if form.is_valid():
        try:
            services.hand_over_flag(flag=row, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            words = {"number": pk, "person": form.cleaned_data["to"].name}
            messages.success(request, gettext("You handed flag %(number)d to %(person)s.") % words)
            return redirect(_back(request, pk))
    if is_enhanced(request):
        return _claim_component(request, row, form)
    context = {
        "single": True,
        "may_claim": True,
        "kept": request.POST.get("kept", ""),
        **review_context(row, request.actor),
        "hand_form": form,
    }
    return render(request, "listings/flag.html", context, status=422)


@require_POST
def undo(request: ActingRequest) -> HttpResponse:
    """Undo one's own decisions, one or several; shows the flag where it is one."""
    detail = gettext_noop("No valid decision numbers. Undo decisions in the queue.")
    numbers = keys_in(request.POST.getlist("decision"), refusal=detail)
    rows = Decision.objects.filter(pk__in=numbers, flag__in=Flag.objects.visible_to(request.actor))
    done, refused = [], ""
    for row in rows.select_related("flag").order_by("pk"):
        try:
            done.append(services.undo_decision(decision=row, actor=request.actor).pk)
        except (IllegalTransition, LostRace) as error:
            refused = refusal_text(error)
    if refused:
        messages.error(request, refused)
    if done:
        detail = ngettext("%(count)d decision undone.", "%(count)d decisions undone.", len(done))
        messages.success(request, detail % {"count": len(done)})
    return redirect(_address(request, done[0] if len(done) == 1 else None))


@require_POST
def claim_next(request: ActingRequest) -> HttpResponse:
    row = services.claim_next(actor=request.actor)
    if row is None:
        messages.success(request, gettext_noop("No flags to claim. Every open flag is claimed or decided."))
        return redirect("listings:queue")
    return redirect(f"{reverse('listings:queue')}?flag={row.pk}")


@require_POST
def decide(request: ActingRequest, pk: int) -> HttpResponse:
    """Take a decision, then show the next flag of the same view. A stale page gets 409 and keeps what was entered."""
    row = get_object_or_404(_flags(request), pk=pk)
    form = DecisionForm(request.POST)
    following = _next_after(request, row)
    status, refusal = 422, ""
    if form.is_valid():
        try:
            decision = services.decide(flag=row, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        except (Stale, Held) as error:
            status, refusal = 409, refusal_text(error)
            row = get_object_or_404(_flags(request), pk=pk)
        else:
            messages.success(request, _done(pk, decision))
            there = (
                _address(request, following)
                if following or "kept" in request.POST
                else reverse("listings:flag", args=[pk])
            )
            return go_on(there) if is_enhanced(request) else redirect(there)
    context = {
        "single": True,
        "refusal": refusal,
        "may_claim": True,
        "kept": request.POST.get("kept", ""),
        **review_context(row, request.actor, form),
    }
    return render(request, "listings/flag.html", context, status=status)


def _done(pk: int, decision: Decision) -> str:
    words = {"number": pk, "decision": shown_inside(decision.get_kind_display())}
    return gettext("Flag %(number)d: %(decision)s.") % words


def _address(request: ActingRequest, pk: int | None) -> str:
    kept = request.POST.get("kept", "")
    chosen = f"flag={pk}" if pk else ""
    query = "&".join(part for part in (kept, chosen) if part)
    return f"{reverse('listings:queue')}{f'?{query}' if query else ''}"


def _back(request: ActingRequest, pk: int) -> str:
    return _address(request, pk) if "kept" in request.POST else reverse("listings:flag", args=[pk])


def _next_after(request: ActingRequest, row: Flag) -> int | None:
    if "kept" not in request.POST or row.due_at is None:
        return None
    _, flags, _ = filtered(request, QueryDict(request.POST["kept"]))
    later = Q(due_at__gt=row.due_at) | Q(due_at=row.due_at, pk__gt=row.pk)
    return flags.filter(later).order_by("due_at", "pk").values_list("pk", flat=True).first()


@require_POST
def answer(request: ActingRequest, pk: int) -> HttpResponse:
    return _noted(
        request, pk, services.answer_referral, gettext_noop("Answer sent. The flag is in the platform's queue again.")
    )


@require_POST
def overrule(request: ActingRequest, pk: int) -> HttpResponse:
    return _noted(
        request,
        pk,
        services.overrule,
        gettext_noop("Dismissal overruled. The flag is open again with the same deadline."),
    )


def _noted(request: ActingRequest, pk: int, service: Callable[..., Decision], done: str) -> HttpResponse:
    row = get_object_or_404(_flags(request), pk=pk)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            decision = service(flag=row, note=form.cleaned_data["note"], actor=request.actor)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, ASKED_TO_OVERRULE if decision.kind == DecisionKind.ASK_OVERRULE else done)
            return redirect("listings:flag", pk)
    context = {"single": True, **review_context(row, request.actor), "note_form": form}
    return render(request, "listings/flag.html", context, status=422)
