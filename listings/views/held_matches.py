"""Pages of held-back listings: which notices have some, what these have in common, and the regulator's answer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext

from listings import services, tasks
from listings.filters import held_notices_of
from listings.held_forms import FlagLimitForm, HeldDismissForm, HeldReleaseForm
from listings.signal_titles import TITLES
from portal.background.hurry import hurry
from portal.http.cursors import keyset_page
from portal.http.language import add_refusal
from portal.http.requests import ActingRequest
from recalls.models import Notice


def held_notices(request: ActingRequest) -> HttpResponse:
    """The notices with held-back listings, the longest unanswered first."""
    page = keyset_page(held_notices_of(request.actor), request, ordering=["-held_back", "-pk"])
    context = {"page": page, "may_set": request.actor.may("flag_limit.set")}
    return render(request, "listings/held/notices.html", context)


def held(request: ActingRequest, pk: int) -> HttpResponse:
    row = _notice(request, pk)
    summary = services.summary_of(row)
    context = {
        "notice": row,
        "summary": summary,
        "shares": [(TITLES.get(each.signal, each.signal), each) for each in summary.shares],
        "may_answer": request.actor.may("held.answer") and summary.held > summary.released,
        "may_revise": request.actor.may("recall.edit"),
    }
    return render(request, "listings/held/held.html", context)


def _notice(request: ActingRequest, pk: int) -> Notice:
    rows = Notice.objects.visible_to(request.actor).select_related("recall", "platform", "version")
    return get_object_or_404(rows, pk=pk)


def held_release(request: ActingRequest, pk: int) -> HttpResponse:
    """Asks from which score on; then a sweep flags these listings."""
    row = _notice(request, pk)
    form = HeldReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            count = services.release_held(
                notice=row,
                from_score=(given["from_score"] or 0) / 100,
                reason=given["reason"],
                actor=request.actor,
            )
        except ValidationError as error:
            add_refusal(form, error)
        else:
            hurry(tasks.follow_held_due)
            detail = ngettext(
                "%(count)s listing is released. Its flag is opened within minutes.",
                "%(count)s listings are released. Their flags are opened within minutes.",
                count,
            )
            messages.success(request, detail % {"count": count})
            return redirect("listings:held", pk)
    return _asked(
        request,
        form,
        row,
        title=gettext("Release held-back listings"),
        text=gettext("The platform gets a flag for each, and its time starts. You cannot undo this."),
        submit=gettext("Release listings"),
    )


def held_dismiss(request: ActingRequest, pk: int) -> HttpResponse:
    """Asks for the reason, and below which score."""
    row = _notice(request, pk)
    form = HeldDismissForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        below = form.cleaned_data["below"]
        try:
            count = services.dismiss_held(
                notice=row,
                below=None if below is None else below / 100,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
            )
        except ValidationError as error:
            add_refusal(form, error)
        else:
            detail = ngettext("%(count)s listing is dismissed.", "%(count)s listings are dismissed.", count)
            messages.success(request, detail % {"count": count})
            return redirect("listings:held", pk)
    return _asked(
        request,
        form,
        row,
        title=gettext("Dismiss held-back listings"),
        text=gettext(
            "They are not the product. A listing is matched again if its text or the recall changes and it matches "
            "more strongly."
        ),
        submit=gettext("Dismiss listings"),
    )


def _asked(
    request: ActingRequest,
    form: HeldReleaseForm | HeldDismissForm,
    notice: Notice,
    *,
    title: str,
    text: str,
    submit: str,
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "text": text,
        "submit": submit,
        "translated": True,
        "back": reverse("listings:held", args=[notice.pk]),
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


def flag_limit(request: ActingRequest) -> HttpResponse:
    """The limit of undecided flags per notice of the admin's own regulator."""
    regulator = request.user.organisation
    form = FlagLimitForm(request.POST or None, initial={"flags": services.limit_of(regulator.pk)})
    if request.method == "POST" and form.is_valid():
        services.set_flag_limit(regulator=regulator, **form.cleaned_data, actor=request.actor)
        hurry(tasks.follow_held_due)
        messages.success(request, gettext_noop("The flag limit was saved."))
        return redirect("listings:rules")
    return render(
        request,
        "portal/form.html",
        {"form": form, "title": gettext("Flag limit"), "submit": gettext("Save")},
        status=422 if form.errors else 200,
    )
