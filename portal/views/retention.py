"""What is deleted after how many days, for operators; and what is kept because of a legal hold, for admins, too."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_noop

from portal import services
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.models import LegalHold, Pulse
from portal.reason_forms import ReasonForm
from portal.retention.registry import HOLDABLE
from portal.retention.running import PULSE, preview
from portal.retention_forms import HoldForm, RetentionForm


def retention(request: ActingRequest) -> HttpResponse:
    """What a run would delete, by the days that are saved or by those that were entered to be tried."""
    form = RetentionForm(request.POST or None)
    tried = None
    if request.method == "POST" and form.is_valid():
        if "try" in request.POST:
            tried = form.cleaned_data
        else:
            services.change_retention(days=form.cleaned_data, actor=request.actor)
            messages.success(request, gettext_noop("Retention is saved. The next run deletes by it."))
            return redirect("portal:retention")
    context = {
        "form": form,
        "tried": tried is not None,
        "rows": preview(tried),
        "last": Pulse.objects.filter(name=PULSE).first(),
    }
    return render(request, "portal/retention.html", context, status=422 if form.errors else 200)


def legal_holds(request: ActingRequest) -> HttpResponse:
    """Every legal hold that there is or was; a POST places one."""
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hold = services.place_hold(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, gettext_noop("The legal hold is placed. From now on, nothing that it covers is deleted.")
            )
            return redirect("portal:legal_hold", hold.pk)
    page = keyset_page(LegalHold.objects.select_related("placed_by"), request, ordering=["-pk"])
    return render(request, "portal/legal_holds.html", {"form": form, "page": page}, status=422 if form.errors else 200)


def legal_hold(request: ActingRequest, pk: int) -> HttpResponse:
    """One hold; a POST asks for its release, confirms it or refuses it."""
    hold = get_object_or_404(LegalHold.objects.select_related("placed_by", "release_asked_by", "released_by"), pk=pk)
    if request.method == "POST":
        try:
            messages.success(request, _act(request, hold, request.POST.get("act", "")))
        except ValidationError as error:
            messages.error(request, error.messages[0])
        return redirect("portal:legal_hold", pk)
    kind = HOLDABLE[hold.subject_type].title if hold.subject_type in HOLDABLE else hold.subject_type
    return render(request, "portal/legal_hold.html", {"hold": hold, "kind": kind, "reason": ReasonForm()})


def _act(request: ActingRequest, hold: LegalHold, act: str) -> str:
    if act == "ask":
        form = ReasonForm(request.POST)
        if not form.is_valid():
            raise ValidationError(gettext_noop("Enter a reason."))
        services.ask_release(hold=hold, reason=form.cleaned_data["reason"], actor=request.actor)
        return gettext_noop("Another admin must now confirm the release.")
    if act == "confirm":
        services.release_hold(hold=hold, actor=request.actor)
        return gettext_noop("The legal hold is released.")
    if act == "refuse":
        services.refuse_release(hold=hold, actor=request.actor)
        return gettext_noop("The request was refused. The legal hold stays.")
    raise ValidationError(gettext_noop("This is no longer possible. Reload the page."))
