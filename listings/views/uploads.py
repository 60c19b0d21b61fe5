"""Uploads in parts for the page that imports a catalogue: its script speaks tus, and people delete what they gave up."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from listings import services, tasks, tus, upload_protocol
from listings.import_forms import UploadedForm
from listings.models import CatalogueUpload
from portal.background.hurry import hurry
from portal.http.problems import problem_body
from portal.http.requests import ActingRequest

View = Callable[..., HttpResponseBase]


def _refusing(view: View) -> View:
    """Refusals as problem details: the script shows their `detail`, in the reader's language."""

    @wraps(view)
    def shown(request: ActingRequest, **given: int) -> HttpResponseBase:
        try:
            answer = view(request, **given)
        except services.UploadRefused as refused:
            detail = gettext(refused.message) % refused.params if refused.params else gettext(refused.message)
            body = problem_body(refused.code, detail)
            answer = JsonResponse(body, status=body["status"], content_type="application/problem+json")
            if refused.code == "unsupported_version":
                answer["Tus-Version"] = tus.VERSION
        answer["Tus-Resumable"] = tus.VERSION
        return answer

    return shown


def _upload(request: ActingRequest, pk: int) -> CatalogueUpload:
    return get_object_or_404(CatalogueUpload.objects.visible_to(request.actor), pk=pk)


@_refusing
def uploads(request: ActingRequest) -> HttpResponseBase:
    """Begin one; or what the server can do (OPTIONS)."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=upload_protocol.capabilities())
    if request.method != "POST":
        return HttpResponseNotAllowed(["OPTIONS", "POST"])
    made = upload_protocol.begun(request.headers, platform=request.user.organisation, actor=request.actor)
    headers = upload_protocol.state(made) | {"Location": reverse("listings:upload", args=[made.pk])}
    return HttpResponse(status=201, headers=headers)


@_refusing
def upload(request: ActingRequest, pk: int) -> HttpResponseBase:
    """Where it is (HEAD), one part more (PATCH), or no more of it (DELETE)."""
    method = upload_protocol.method_of(request.method, request.headers)
    if method not in upload_protocol.METHODS:
        return HttpResponseNotAllowed(sorted(upload_protocol.METHODS))
    found = _upload(request, pk)
    if method == "HEAD":
        return HttpResponse(headers=upload_protocol.asked(request.headers, found))
    if method == "PATCH":
        headers = upload_protocol.appended(request.headers, request, found, request.actor)
        return HttpResponse(status=204, headers=headers)
    upload_protocol.deleted(request.headers, found, request.actor)
    return HttpResponse(status=204)


@require_POST
@_refusing
def upload_import(request: ActingRequest, pk: int) -> HttpResponseBase:
    """Import one that is whole; Location is the import's page."""
    found, form = _upload(request, pk), UploadedForm(request.POST)
    if not form.is_valid():
        raise services.UploadRefused("invalid", gettext_noop("Choose a kind, and send the SHA-256 of the file."))
    job = services.import_upload(upload=found, **form.cleaned_data, actor=request.actor)
    hurry(tasks.run_imports_due)
    return HttpResponse(status=201, headers={"Location": reverse("listings:import_detail", args=[job.pk])})


@require_POST
def upload_delete(request: ActingRequest, pk: int) -> HttpResponse:
    """For a person: delete an upload that will not be continued."""
    try:
        services.delete_upload(upload=_upload(request, pk), actor=request.actor)
    except services.UploadRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, gettext_noop("The unfinished upload was deleted."))
    return redirect("listings:import_add")
