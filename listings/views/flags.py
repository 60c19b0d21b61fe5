"""The review of one flag, and what can be done to it: claim, decide, undo, answer, overrule."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.http import require_POST

from listings import services
from listings.forms import DecisionForm, HandOverForm, NoteForm
from listings.models import Decision, Flag
from listings.states import DecisionKind
from listings.views.queue import filtered, flags_of, review_again
from listings.views.review import claim_context, review_context
from listings.views.thread import thread_context
from portal.http.language import add_refusal, refusal_text, shown_inside
from portal.http.requests import ActingRequest, go_on, is_enhanced, keys_in
from portal.transitions import IllegalTransition, LostRace

ASKED_TO_OVERRULE = gettext_noop("Request recorded. The dismissal is overruled when a second person agrees.")


def flag(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(flags_of(request), pk=pk)
    context = {"single": True, "may_claim": request.actor.may("flag.claim")}
    context |= review_context(row, request.actor, chosen=request.GET)
    if request.GET.get("messages") == "all":
        context |= thread_context(row, request.actor, every=True)
    return render(request, "listings/flag.html", context)


@require_POST
def claim(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(flags_of(request), pk=pk)
    try:
        services.claim_flag(flag=row, actor=request.actor)
    except (IllegalTransition, LostRace) as error:
        return _conflict(request, pk, error)
    if is_enhanced(request):  # the page renews the claim while a person works on it
        return _claim_component(request, get_object_or_404(flags_of(request), pk=pk))
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
    row = get_object_or_404(flags_of(request), pk=pk)
    try:
        services.release_flag(flag=row, actor=request.actor)
    except (IllegalTransition, LostRace) as error:
        return _conflict(request, pk, error)
    return redirect(_back(request, pk))


def _conflict(
    request: ActingRequest, pk: int, error: Exception, form: DecisionForm | HandOverForm | None = None
) -> HttpResponse:
    """The flag has changed, or someone else holds it: the page again, with the flag as it is now and what was entered."""
    row = get_object_or_404(flags_of(request), pk=pk)
    forms: dict[str, object] = {}
    if form is not None:
        forms = {"form" if isinstance(form, DecisionForm) else "hand_form": form, "entered": form.entered()}
    return review_again(request, row, status=409, refusal=refusal_text(error), **forms)


@require_POST
def hand_over(request: ActingRequest, pk: int) -> HttpResponse:
    """Give the flag to a colleague; a refused form comes back with its entries."""
    row = get_object_or_404(flags_of(request), pk=pk)
    form = HandOverForm(request.POST, people=services.colleagues(flag=row, actor=request.actor))
    if form.is_valid():
        try:
            handed = services.hand_over_flag(flag=row, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        except (IllegalTransition, LostRace) as error:
            return _conflict(request, pk, error, form)
        else:
            words = {"number": pk, "person": str(handed.claimed_by)}
            messages.success(request, gettext("You handed flag %(number)d to %(person)s.") % words)
            return redirect(_back(request, pk))
    if is_enhanced(request):
        return _claim_component(request, row, form)
    return review_again(request, row, status=422, hand_form=form)


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
    row = get_object_or_404(flags_of(request), pk=pk)
    form = DecisionForm(request.POST)
    following = _next_after(request, row)
    if form.is_valid():
        decision: Decision | None = None
        try:
            decision = services.decide(flag=row, actor=request.actor, **form.decision())
        except ValidationError as error:
            add_refusal(form, error)
        except (IllegalTransition, LostRace) as error:
            decision = services.taken_already(flag=row, actor=request.actor, **form.decision())
            if decision is None:
                return _conflict(request, pk, error, form)
        if decision is not None:
            messages.success(request, _done(pk, decision))
            there = (
                _address(request, following)
                if following or "kept" in request.POST
                else reverse("listings:flag", args=[pk])
            )
            return go_on(there) if is_enhanced(request) else redirect(there)
    return review_again(request, row, status=422, form=form)


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
    """The next flag of the list that no colleague holds; None where there is none, and the queue opens at its first."""
    if "kept" not in request.POST or row.due_at is None:
        return None
    _, flags, _ = filtered(request, QueryDict(request.POST["kept"]))
    later = Q(due_at__gt=row.due_at) | Q(due_at=row.due_at, pk__gt=row.pk)
    free = services.free_for(request.actor.user_id)
    return flags.filter(later, free).order_by("due_at", "pk").values_list("pk", flat=True).first()


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
    row = get_object_or_404(flags_of(request), pk=pk)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            decision = service(flag=row, note=form.cleaned_data["note"], actor=request.actor)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, ASKED_TO_OVERRULE if decision.kind == DecisionKind.ASK_OVERRULE else done)
            return redirect("listings:flag", pk)  # it may have left the view that the list shows
    return review_again(request, row, status=422, note_form=form)
