"""Pages of recall imports: upload, progress, what was refused."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from portal.http import HTMX_STOP_POLLING, ActingRequest
from portal.hurry import hurry
from portal.keyset import keyset_page
from portal.views.exports import export_begun
from recalls import services, tasks
from recalls.forms import RecallImportForm
from recalls.models import RecallImport


def import_list(request: ActingRequest) -> HttpResponse:
    page = keyset_page(
        RecallImport.objects.visible_to(request.actor).select_related("created_by"), request, ordering=["-pk"]
    )
    return render(request, "recalls/imports.html", {"page": page})


def import_add(request: ActingRequest) -> HttpResponse:
    form = RecallImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        job = services.start_recall_import(
            regulator=request.user.organisation,
            file=file,
            filename=file.name,
            publish=form.cleaned_data["publish"],
            actor=request.actor,
        )
        hurry(tasks.run_recall_imports_due)
        return redirect("recalls:import_detail", job.pk)
    return render(
        request,
        "portal/form.html",
        {"form": form, "title": gettext("Import recalls"), "submit": gettext("Import")},
        status=422 if form.errors else 200,
    )


def import_detail(request: ActingRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(RecallImport.objects.visible_to(request.actor), pk=pk)
    return render(request, "recalls/import.html", {"job": job, "rejects": job.rejects.all()[:100]})


def import_progress(request: ActingRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(RecallImport.objects.visible_to(request.actor), pk=pk)
    return render(request, "recalls/import.html#bar", {"job": job}, status=HTMX_STOP_POLLING if job.is_over else 200)


@require_POST
def import_rejects(request: ActingRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(RecallImport.objects.visible_to(request.actor), pk=pk)
    return export_begun(
        request,
        kind="recall_rejects",
        arguments={"import": job.pk},
        stem=f"recall-import-{job.pk}-rejects",
        detail=job.filename,
    )


@require_POST
def import_cancel(request: ActingRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(RecallImport.objects.visible_to(request.actor), pk=pk)
    services.cancel_recall_import(job=job, actor=request.actor)
    messages.success(request, gettext_noop("The import is cancelled; what it had stored stays."))
    return redirect("recalls:import_detail", pk)
