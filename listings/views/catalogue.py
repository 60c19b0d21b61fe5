"""The catalogue, one listing with its history, and imports of feeds."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from listings import services, tasks
from listings.filters import ListingFilter
from listings.forms import CatalogueImportForm
from listings.models import CatalogueImport, Flag, Listing
from listings.showing import picture_of
from portal.http import HTMX_STOP_POLLING, ActingRequest
from portal.hurry import hurry
from portal.keyset import keyset_page
from portal.views.exports import export_begun
from portal.views.pictures import picture_response


def catalogue(request: ActingRequest) -> HttpResponse:
    found = ListingFilter(request.GET, Listing.objects.visible_to(request.actor).select_related("platform"))
    page = keyset_page(found.qs, request, ordering=["-pk"])
    return render(
        request,
        "listings/catalogue.html",
        {
            "page": page,
            "filter": found,
            "may_import": request.actor.may("catalogue.import"),
            "is_platform": request.actor.platform_id is not None,
        },
    )


def listing(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Listing.objects.visible_to(request.actor).select_related("platform", "seen_in"), pk=pk)
    flags = Flag.objects.visible_to(request.actor).filter(listing=row).select_related("recall")
    changes = [(change, sorted(change.before.items())) for change in row.changes.all()[:50]]
    context = {"listing": row, "flags": flags, "changes": changes, "picture": picture_of(row)}
    return render(request, "listings/listing.html", context)


@require_safe
def picture(request: ActingRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(Listing.objects.visible_to(request.actor).only("image_link"), pk=pk)
    return picture_response(request, row.image_link)


def import_list(request: ActingRequest) -> HttpResponse:
    page = keyset_page(
        CatalogueImport.objects.visible_to(request.actor).select_related("created_by", "platform"),
        request,
        ordering=["-pk"],
    )
    return render(request, "listings/imports.html", {"page": page})


def import_add(request: ActingRequest) -> HttpResponse:
    form = CatalogueImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        job = services.start_import(
            platform=request.user.organisation,
            file=file,
            filename=file.name,
            kind=form.cleaned_data["kind"],
            actor=request.actor,
        )
        hurry(tasks.run_imports_due)
        return redirect("listings:import_detail", job.pk)
    return render(
        request,
        "portal/form.html",
        {"form": form, "title": gettext("Import a catalogue"), "submit": gettext("Import")},
        status=422 if form.errors else 200,
    )


def _job(request: ActingRequest, pk: int) -> CatalogueImport:
    return get_object_or_404(CatalogueImport.objects.visible_to(request.actor), pk=pk)


def import_detail(request: ActingRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    context = {"job": job, "rejects": job.rejects.all()[:100], "to_match": _to_match(job)}
    return render(request, "listings/import.html", context)


def _to_match(job: CatalogueImport) -> int:
    """How many of the platform's listings have yet to be matched, once the import itself is over."""
    return Listing.objects.filter(platform_id=job.platform_id, match_due=True).count() if job.is_over else 0


def import_progress(request: ActingRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    to_match = _to_match(job)
    is_over = job.is_over and not to_match
    context = {"job": job, "to_match": to_match}
    return render(request, "listings/import.html#bar", context, status=HTMX_STOP_POLLING if is_over else 200)


@require_POST
def import_rejects(request: ActingRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    return export_begun(
        request,
        kind="catalogue_rejects",
        arguments={"import": job.pk},
        stem=f"catalogue-import-{job.pk}-rejects",
        detail=job.filename,
    )


@require_POST
def import_cancel(request: ActingRequest, pk: int) -> HttpResponse:
    services.cancel_import(job=_job(request, pk), actor=request.actor)
    messages.success(request, gettext_noop("The import is cancelled; what it had stored stays."))
    return redirect("listings:import_detail", pk)
