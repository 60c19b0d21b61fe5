"""Catalogue imports: upload, progress, and confirming or refusing a full feed that waits."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from listings import services, tasks
from listings.import_forms import CatalogueImportForm, FeedRuleForm
from listings.models import CatalogueImport, CatalogueUpload, Listing
from portal.background.hurry import hurry
from portal.http.cursors import keyset_page
from portal.http.language import add_refusal
from portal.http.requests import HTMX_STOP_POLLING, ActingRequest
from portal.reason_forms import ReasonForm
from portal.views.exports import export_begun

PART = 8 << 20
"""Bytes of a part that the page sends, and of the largest file that it sends as a whole."""


def import_list(request: ActingRequest) -> HttpResponse:
    page = keyset_page(
        CatalogueImport.objects.visible_to(request.actor).select_related("created_by", "platform").defer("report"),
        request,
        ordering=["-pk"],
    )
    return render(request, "listings/imports.html", {"page": page})


def import_add(request: ActingRequest) -> HttpResponse:
    """The form, sent as a whole or, where the script runs and the file is larger than PART, in parts (views/uploads.py)."""
    form = CatalogueImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            job = services.start_import(
                platform=request.organisation,
                file=file,
                filename=file.name,
                kind=form.cleaned_data["kind"],
                actor=request.actor,
            )
        except ValidationError as error:
            add_refusal(form, error)
        else:
            hurry(tasks.run_imports_due)
            return redirect("listings:import_detail", job.pk)
    uploads = CatalogueUpload.objects.visible_to(request.actor).unfinished().order_by("-pk")[: services.MAX_UNFINISHED]
    context = {
        "form": form,
        "unfinished": [(upload, upload.parts.last()) for upload in uploads],
        "part_size": PART,
    }
    return render(request, "listings/import_add.html", context, status=422 if form.errors else 200)


def _job(request: ActingRequest, pk: int) -> CatalogueImport:
    return get_object_or_404(
        CatalogueImport.objects.visible_to(request.actor).select_related("platform", "mapping_from"), pk=pk
    )


def import_detail(request: ActingRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    context = {
        "job": job,
        "rejects": job.rejects.all()[:100],
        "to_match": _to_match(job),
        "moves": job.transitions.open_to(request.actor, job.status) if job.waits else [],
        "rule": services.feed_rule_of(job.platform),
        "used": [
            (services.FIELD_LABELS.get(name, name), columns) for name, columns in job.report.get("used", {}).items()
        ],
    }
    return render(request, "listings/import.html", context)


def _to_match(job: CatalogueImport) -> int:
    """How many of the platform's listings have yet to be matched, once the import itself is over."""
    return Listing.objects.filter(platform_id=job.platform_id, match_due=True).count() if job.is_over else 0


def import_progress(request: ActingRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    to_match = _to_match(job)
    is_over = job.is_over and not to_match
    context = {"job": job, "to_match": to_match}
    answer = render(request, "listings/import.html#bar", context, status=HTMX_STOP_POLLING if is_over else 200)
    if is_over or (job.is_over and request.GET.get("over") == "no"):
        answer["HX-Refresh"] = "true"  # rejects, notes, columns and buttons are shown by the page as a whole
    return answer


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
    messages.success(request, gettext_noop("The import was cancelled. Data that it already stored is kept."))
    return redirect("listings:import_detail", pk)


def import_confirm(request: ActingRequest, pk: int) -> HttpResponse:
    """Asks for the reason first; then the listings that are not in the waiting full feed are marked absent."""
    return _answered(
        request,
        pk,
        services.confirm_import,
        title=gettext("Confirm full feed"),
        text=gettext(
            "Listings that are not in this feed are marked as no longer on sale, as reported by your platform."
        ),
        submit=gettext("Confirm full feed"),
        done=gettext_noop("The full feed was confirmed."),
    )


def import_refuse(request: ActingRequest, pk: int) -> HttpResponse:
    """Asks for the reason first; then the waiting full feed marks nothing absent."""
    return _answered(
        request,
        pk,
        services.refuse_import,
        title=gettext("Refuse full feed"),
        text=gettext("Rows that it already stored are kept. No listing is marked absent because of this feed."),
        submit=gettext("Refuse full feed"),
        done=gettext_noop("The full feed was refused. Upload a complete one."),
    )


def _answered(
    request: ActingRequest,
    pk: int,
    answer: Callable[..., CatalogueImport],
    *,
    title: str,
    text: str,
    submit: str,
    done: str,
) -> HttpResponse:
    job = _job(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer(job=job, reason=form.cleaned_data["reason"], actor=request.actor)
        hurry(tasks.run_imports_due)
        messages.success(request, done)
        return redirect("listings:import_detail", pk)
    context = {
        "form": form, "title": title, "text": " ".join([text, *job.report.get("held", [])]), "submit": submit, "translated": True,
        "back": reverse("listings:import_detail", args=[pk]),
    }  # fmt: skip
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


def feed_rule(request: ActingRequest) -> HttpResponse:
    """The limits beyond which the platform's full feeds wait for a person."""
    rule = services.feed_rule_of(request.organisation)
    form = FeedRuleForm(request.POST or None, initial=rule.as_json())
    if request.method == "POST" and form.is_valid():
        services.set_feed_rule(platform=request.organisation, **form.cleaned_data, actor=request.actor)
        messages.success(request, gettext_noop("The limits for full feeds were saved."))
        return redirect("listings:imports")
    return render(
        request,
        "portal/form.html",
        {"form": form, "title": gettext("Limits for full feeds"), "submit": gettext("Save")},
        status=422 if form.errors else 200,
    )
