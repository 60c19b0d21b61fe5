"""Exports on pages: asked for, watched, left and come back to, fetched, deleted. Each person sees their own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from portal import services, tasks
from portal.background.hurry import hurry
from portal.exporting.formats import CSV, FORMATS
from portal.exporting.registry import OF, exporter_of, in_format, is_list, is_table
from portal.http.active_filters import CURSORS
from portal.http.cursors import keyset_page
from portal.http.requests import HTMX_STOP_POLLING, ActingRequest
from portal.models import Export, User
from portal.retention.registry import days_of
from portal.services.person_export import KIND
from portal.subjects import page_of


def export_begun(
    request: ActingRequest, *, kind: str, arguments: dict[str, Any], stem: str, detail: str = ""
) -> HttpResponse:
    """Start an export and go to its page; where too many are under way, to the list of them."""
    chosen = request.POST.get("format", CSV.suffix)
    if chosen not in FORMATS:
        raise BadRequest(gettext_noop("Choose a format from the list."))
    kind = in_format(kind, chosen) if is_table(kind) else kind
    try:
        export = services.start_export(kind=kind, arguments=arguments, stem=stem, detail=detail, actor=request.actor)
    except ValidationError as refusal:
        messages.error(request, gettext(str(refusal.message)) % refusal.params)
        return redirect("portal:exports")
    hurry(tasks.run_exports_due)
    return redirect("portal:export", export.pk)


@require_POST
def list_export(request: ActingRequest, kind: str) -> HttpResponse:
    """What a page lists by the filters of its query string, which come along."""
    if not is_list(kind):
        raise Http404
    asked = request.GET.copy()
    for place in CURSORS:  # of the list's pages; the export has all of them
        asked.pop(place, None)
    shown = ((name, ", ".join(map(str, values))) for name, values in asked.lists() if any(values) and name != OF)
    detail = ", ".join(f"{name}: {value}" for name, value in shown)
    return export_begun(request, kind=kind, arguments={"query": asked.urlencode()}, stem=kind, detail=detail)


@require_POST
def person_export(request: ActingRequest, pk: int) -> HttpResponse:
    """Everything that is stored about a person."""
    person = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    return export_begun(request, kind=KIND, arguments={"person": person.pk}, stem=f"person-{person.pk}")


def exports(request: ActingRequest) -> HttpResponse:
    """One's own, newest first."""
    page = keyset_page(Export.objects.visible_to(request.actor), request, ordering=["-pk"])
    return render(request, "portal/exports.html", {"page": page, "days": days_of("export_files")})


def _export(request: ActingRequest, pk: int) -> Export:
    return get_object_or_404(Export.objects.visible_to(request.actor), pk=pk)


def export(request: ActingRequest, pk: int) -> HttpResponse:
    job = _export(request, pk)
    return render(request, "portal/export.html", {"job": job, "about": _about(job)})


def _about(job: Export) -> str:
    """The page of what the export is about; empty where that is no single object."""
    exporter = exporter_of(job.kind)
    return page_of(exporter.subject, str(job.arguments.get(exporter.named, "")))


def export_progress(request: ActingRequest, pk: int) -> HttpResponse:
    job = _export(request, pk)
    return render(request, "portal/export.html#made", {"job": job}, status=HTMX_STOP_POLLING if job.is_over else 200)


@require_POST
def export_cancel(request: ActingRequest, pk: int) -> HttpResponse:
    services.cancel_export(export=_export(request, pk), actor=request.actor)
    messages.success(request, gettext_noop("The export is cancelled. No data was kept."))
    return redirect("portal:export", pk)


@require_POST
def export_delete(request: ActingRequest, pk: int) -> HttpResponse:
    """Delete the file before its days are over."""
    try:
        services.delete_export(export=_export(request, pk), actor=request.actor)
    except services.NotKept:
        messages.error(request, gettext_noop("The file was already deleted."))
    else:
        messages.success(request, gettext_noop("The file is deleted."))
    return redirect("portal:export", pk)


@require_safe
def export_file(request: ActingRequest, pk: int) -> HttpResponseBase:
    """The file, to save; never shown by us."""
    row = _export(request, pk)
    take = services.fetch_export if request.method == "GET" else services.open_export
    try:
        opened = take(export=row, actor=request.actor)
    except services.NotKept:
        messages.error(request, gettext_noop("The file is no longer available. Make the export again."))
        return redirect("portal:export", pk)
    response = FileResponse(
        opened, as_attachment=True, filename=row.filename, content_type=exporter_of(row.kind).content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
