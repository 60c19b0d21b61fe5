"""Record a check, download the capture of a check, and request a check now."""

import zlib

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from enforcement import services
from enforcement.checks.forms import RecordCheckForm
from enforcement.models import Observation, Takedown
from portal.http.language import refusal_text
from portal.http.requests import ActingRequest
from portal.texts import key_in

PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def check(request: ActingRequest, pk: int) -> HttpResponse:
    """Record what a person saw (POST), or download the page that a check captured (GET with ?observation=)."""
    row = get_object_or_404(Takedown.objects.visible_to(request.actor), pk=pk)
    if request.method != "POST":
        if (wanted := key_in(request.GET.get("observation", ""))) is None:
            raise BadRequest(gettext_noop("Add the number of a check to the address, for example ?observation=1."))
        seen = get_object_or_404(Observation.objects.visible_to(request.actor), pk=wanted, takedown=row)
        if seen.page_is_deleted:
            messages.error(request, gettext_noop("This page was deleted after its time. Its digest is kept."))
            return redirect("enforcement:takedown", pk)
        if "picture" in request.GET:
            return _picture_of(seen)
        body = zlib.decompress(bytes(seen.body)) if seen.body else b""
        kind = seen.headers.get("content-type", "") if seen.rule == "person_looked" else ""
        ending = PICTURES.get(kind, "txt")  # a shop's page is never served with its own content type
        response = HttpResponse(body, content_type=kind if kind in PICTURES else "text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="observation-{seen.pk}.{ending}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response
    form = RecordCheckForm(request.POST, request.FILES)
    if not form.is_valid():
        context = {"form": form, "title": gettext_noop("Record a check"), "submit": gettext_noop("Record check")}
        return render(request, "portal/form.html", context, status=422)
    services.record_person_check(takedown=row, actor=request.actor, **form.cleaned_data)
    messages.success(request, gettext_noop("Your check was recorded."))
    return redirect("enforcement:takedown", pk)


def _picture_of(seen: Observation) -> HttpResponse:
    """What a browser showed: a picture that we drew again."""
    if not seen.picture:
        raise Http404
    response = HttpResponse(bytes(seen.picture), content_type="image/jpeg")
    response["Content-Disposition"] = f'attachment; filename="observation-{seen.pk}.jpg"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def check_now(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Takedown.objects.visible_to(request.actor), pk=pk)
    try:
        services.check_now(takedown=row, actor=request.actor)
    except ValidationError as error:
        messages.error(request, refusal_text(error))
    else:
        messages.success(request, gettext_noop("The listing will be checked within 1 minute."))
    return redirect("enforcement:takedown", pk)
