"""Choosing the columns of a catalogue file: a preview of its first rows as listings, and a new import."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_noop

from listings import services, tasks
from listings.column_forms import ColumnsForm
from listings.models import CatalogueImport
from portal.background.hurry import hurry
from portal.http.language import add_refusal
from portal.http.requests import ActingRequest


def import_columns(request: ActingRequest, pk: int) -> HttpResponse:
    """The choice and its preview; sent with `import`, the stored file is imported again. htmx gets the preview alone."""
    job = get_object_or_404(CatalogueImport.objects.visible_to(request.actor), pk=pk)
    if not job.may_choose_columns:
        messages.error(request, gettext_noop("The columns of this file are not known. Upload the file again."))
        return redirect("listings:import_detail", pk)
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        columns=job.report["columns"],
        initial=services.chosen_for(job),
    )
    if "import" in request.POST and form.is_valid():
        try:
            made = services.import_with_columns(job=job, mapping=form.cleaned_data, actor=request.actor)
        except ValidationError as refused:
            add_refusal(form, refused)
        else:
            hurry(tasks.run_imports_due)
            return redirect("listings:import_detail", made.pk)
    chunk, unused = services.preview(job, form.so_far())
    context = {
        "job": job,
        "form": form,
        "listings": list(chunk.rows.values()),
        "rejects": chunk.rejects,
        "unused": unused,
        "live": bool(request.htmx),
    }
    if request.htmx:
        return render(request, "listings/_columns_preview.html", context)
    return render(request, "listings/import_columns.html", context, status=422 if form.errors else 200)
