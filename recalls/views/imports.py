"""Pages of recall imports: upload, preview, confirmation, approval by a second reviewer, rejects."""

from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from portal.background.hurry import hurry
from portal.http.cursors import KeysetPage, keyset_page
from portal.http.requests import HTMX_STOP_POLLING, ActingRequest
from portal.reason_forms import ReasonForm
from portal.views.exports import export_begun
from recalls import services, tasks
from recalls.import_forms import FIELD_LABELS, ColumnsForm, ConfirmImportForm, RecallImportForm
from recalls.importers import template
from recalls.models import RecallImport
from recalls.services.import_preview import preview_of
from recalls.services.import_publishing import waiting_versions
from recalls.states import ImportStatus

TEMPLATES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHOWN = ("changed", "new", "rejects")
ROWS = 25


def import_list(request: ActingRequest) -> HttpResponse:
    page = keyset_page(
        RecallImport.objects.visible_to(request.actor).select_related("created_by", "feed"), request, ordering=["-pk"]
    )
    return render(request, "recalls/imports.html", {"page": page})


def import_add(request: ActingRequest) -> HttpResponse:
    form = RecallImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        job = services.start_recall_import(
            regulator=request.user.organisation, file=file, filename=file.name, actor=request.actor
        )
        hurry(tasks.run_recall_imports_due)
        return redirect("recalls:import_detail", job.pk)
    return render(request, "recalls/import_add.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def import_template(_request: ActingRequest, form: str) -> HttpResponse:
    if form not in TEMPLATES:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="offshelf-recalls.{form}"'}
    return HttpResponse(template.blank(form), content_type=TEMPLATES[form], headers=headers)


def import_detail(request: ActingRequest, pk: int) -> HttpResponse:
    return _detail(request, _job(request, pk))


def _job(request: ActingRequest, pk: int) -> RecallImport:
    jobs = RecallImport.objects.visible_to(request.actor)
    return get_object_or_404(
        jobs.select_related("created_by", "confirmed_by", "approved_by", "feed", "regulator"), pk=pk
    )


def _detail(
    request: ActingRequest,
    job: RecallImport,
    *,
    confirm: ConfirmImportForm | None = None,
    columns: ColumnsForm | None = None,
) -> HttpResponse:
    show = request.GET.get("show", "")
    counts = {"changed": job.revised, "new": job.added, "rejects": job.rejects.count()}
    if show not in SHOWN:
        show = next((name for name in SHOWN if counts[name]), "rejects")
    context: dict[str, Any] = {
        "job": job,
        "show": show,
        "tabs": [(name, counts[name]) for name in SHOWN],
        "page": (page := _page(request, job, show)),
        "changes": [(row, preview_of(job, row)) for row in page.rows] if show == "changed" else [],
        "has_rejects": counts["rejects"] > 0,
        "may_submit": job.status == ImportStatus.DONE and not job.published and waiting_versions(job).exists(),
        "may_approve": services.may_approve_import(job, request.actor),
        "approvers": services.approvers_of_import(job) if job.status == ImportStatus.REVIEW else [],
    }
    if job.asks_for_columns:
        context["columns"] = columns or ColumnsForm(columns=job.report["columns"], initial=job.report["guess"])
        context["sample"] = job.report["sample"]
    elif job.status == ImportStatus.WAITING:
        context["confirm"] = confirm or ConfirmImportForm()
    context["used"] = [(FIELD_LABELS[name], column) for name, column in job.mapping.items() if name in FIELD_LABELS]
    bad = (confirm is not None and confirm.errors) or (columns is not None and columns.errors)
    return render(request, "recalls/import.html", context, status=422 if bad else 200)


def _page(request: ActingRequest, job: RecallImport, show: str) -> KeysetPage[Any]:
    if show == "rejects":
        return keyset_page(job.rejects.all(), request, ordering=["record", "pk"], size=100)
    rows = job.rows.filter(outcome=show).select_related("recall__current__recall")
    if show == "changed":
        rows = rows.prefetch_related("recall__current__products", "recall__current__pictures")
    return keyset_page(rows, request, ordering=["pk"], size=ROWS if show == "changed" else 100)


def import_progress(request: ActingRequest, pk: int) -> HttpResponse:
    """The progress bar while the job runs; when it waits for a person or is over, the whole page is reloaded."""
    job = _job(request, pk)
    ended = job.is_over or job.waits_for_person
    response = render(request, "recalls/import.html#bar", {"job": job}, status=HTMX_STOP_POLLING if ended else 200)
    if ended and request.htmx:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def import_columns(request: ActingRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    form = ColumnsForm(request.POST, columns=job.report.get("columns", []))
    if job.asks_for_columns and not form.is_valid():
        return _detail(request, job, columns=form)
    services.name_columns(
        job=job,
        mapping={name: column for name, column in form.cleaned_data.items() if column} if form.is_valid() else {},
        actor=request.actor,
    )
    hurry(tasks.run_recall_imports_due)
    return redirect("recalls:import_detail", pk)


@require_POST
def import_confirm(request: ActingRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    form = ConfirmImportForm(request.POST)
    try:
        services.confirm_recall_import(
            job=job, publish=form.is_valid() and form.cleaned_data["publish"], actor=request.actor
        )
    except ValidationError as error:
        messages.error(request, gettext(str(error.message)))
    else:
        hurry(tasks.run_recall_imports_due)
    return redirect("recalls:import_detail", pk)


def import_approve(request: ActingRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    if request.method == "POST":
        services.approve_recall_import(job=job, actor=request.actor)
        hurry(tasks.run_recall_imports_due)
        return redirect("recalls:import_detail", pk)
    count = intcomma(job.added + job.revised)
    context = {
        "title": gettext("Publish %(number)s recalls from %(file)s") % {"number": count, "file": job.filename},
        "text": gettext(
            "You approve them as the second reviewer, and they are published immediately. Published versions cannot be "
            "changed; corrections become new versions."
        ),
        "submit": gettext("Publish %(number)s recalls") % {"number": count},
        "back": reverse("recalls:import_detail", args=[pk]),
        "translated": True,
    }
    return render(request, "components/confirm.html", context)


@require_POST
def import_submit(request: ActingRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    try:
        services.submit_recall_import(job=job, actor=request.actor)
    except ValidationError as error:
        messages.error(request, gettext(str(error.message)))
    else:
        hurry(tasks.run_recall_imports_due)
    return redirect("recalls:import_detail", pk)


def import_return(request: ActingRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.return_recall_import(job=job, reason=form.cleaned_data["reason"], actor=request.actor)
        messages.success(request, gettext_noop("The recalls of this import were returned to draft."))
        return redirect("recalls:import_detail", pk)
    context = {
        "form": form,
        "title": gettext("Return the import %(file)s to draft") % {"file": job.filename},
        "text": gettext("Nothing in this import is published. The people who imported it receive your reason."),
        "submit": gettext("Return to draft"),
        "back": reverse("recalls:import_detail", args=[pk]),
        "translated": True,
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


@require_POST
def import_rejects(request: ActingRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    return export_begun(
        request,
        kind="recall_rejects",
        arguments={"import": job.pk},
        stem=f"recall-import-{job.pk}-rejects",
        detail=job.filename,
    )


@require_POST
def import_cancel(request: ActingRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    services.cancel_recall_import(job=job, actor=request.actor)
    messages.success(request, gettext_noop("The import was cancelled. Data that it already stored is kept."))
    return redirect("recalls:import_detail", pk)
