"""Appeals: submit one, list them, and answer one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from enforcement import services
from enforcement.appeals.filters import AppealFilter
from enforcement.appeals.forms import AppealForm
from enforcement.forms import AnswerForm
from enforcement.models import Appeal, Takedown
from portal.http.cursors import keyset_page_of_parts
from portal.http.language import add_refusal
from portal.http.requests import ActingRequest


def appeal_list(request: ActingRequest) -> HttpResponse:
    """Those that await an answer first."""
    rows = Appeal.objects.visible_to(request.actor).select_related(
        "takedown__platform", "takedown__flag__listing", "takedown__flag__recall"
    )
    is_platform = request.actor.platform_id is not None
    found = AppealFilter(request.GET, rows, one_platform=is_platform)
    context = {
        "page": keyset_page_of_parts(found.qs.in_order(), request),
        "filter": found,
        "is_platform": is_platform,
    }
    return render(request, "enforcement/appeals/appeals.html", context)


def make(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Takedown.objects.visible_to(request.actor).select_related("flag__listing"), pk=pk)
    form = AppealForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.make_appeal(takedown=row, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext_noop("Appeal submitted. The clock keeps running until it is answered."))
            return redirect("enforcement:takedown", pk)
    context = {
        "form": form,
        "title": gettext("Appeal the takedown of %(listing)s") % {"listing": row.flag.listing.external_id},
        "text": gettext("Someone who did not make the decision will answer. The clock keeps running in the meantime."),
        "submit": gettext("Submit appeal"),
        "translated": True,
        "back": reverse("enforcement:takedown", args=[pk]),
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


def appeal(request: ActingRequest, pk: int) -> HttpResponse:
    """One appeal with its case; people with permission answer it (POST)."""
    related = (
        "takedown__platform",
        "takedown__flag__listing",
        "takedown__flag__recall",
        "seller_answer__message__seller_answer__link",
    )
    row = get_object_or_404(Appeal.objects.visible_to(request.actor).select_related(*related), pk=pk)
    may_answer = request.actor.may("appeal.answer") and row.status == "open"
    form = AnswerForm(request.POST if request.method == "POST" and may_answer else None)
    if request.method == "POST" and may_answer and form.is_valid():
        grant = form.cleaned_data["decision"] == "grant"
        try:
            services.answer_appeal(appeal=row, grant=grant, answer=form.cleaned_data["answer"], actor=request.actor)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext_noop("Answer saved. Both sides can read it."))
            return redirect("enforcement:appeal", pk)
    context = {"appeal": row, "form": form, "may_answer": may_answer}
    return render(request, "enforcement/appeals/appeal.html", context, status=422 if form.errors else 200)
