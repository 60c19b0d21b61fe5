"""Pages of dry runs: what a recall would find in the catalogues. Only the regulator sees them."""

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from listings import services, tasks
from listings.models import DryRun
from portal.background.hurry import hurry
from portal.http.cursors import keyset_page
from portal.http.requests import HTMX_STOP_POLLING, ActingRequest
from recalls.models import Recall


def dry_runs(request: ActingRequest, pk: int) -> HttpResponse:
    """The dry runs of a recall. Starts one for the draft, or else for the version in force."""
    recall = get_object_or_404(Recall.objects.visible_to(request.actor).select_related("current"), pk=pk)
    version = recall.versions.filter(published_at=None).first() or recall.current
    if version is None:
        raise Http404
    version.recall = recall
    if request.method == "POST":
        run = services.start_dry_run(version=version, actor=request.actor)
        hurry(tasks.run_dry_runs_due)
        return redirect("listings:dry_run", run.pk)
    runs = DryRun.objects.visible_to(request.actor).filter(version__recall=recall)
    counted = runs.select_related("version", "created_by").annotate(
        to_flag=Sum("results__to_flag"), to_ask=Sum("results__to_ask")
    )
    page = keyset_page(counted, request, ordering=["-pk"])
    return render(request, "listings/dry_runs.html", {"recall": recall, "version": version, "page": page})


def _run(request: ActingRequest, pk: int) -> DryRun:
    return get_object_or_404(DryRun.objects.visible_to(request.actor).select_related("version__recall"), pk=pk)


def dry_run(request: ActingRequest, pk: int) -> HttpResponse:
    return render(request, "listings/dry_run.html", _context(_run(request, pk)))


def _context(run: DryRun) -> dict[str, object]:
    results = list(run.results.select_related("platform"))
    return {
        "job": run,
        "recall": run.version.recall,
        "results": results,
        "done": sum(result.done_at is not None for result in results),
        "found": sum(result.to_flag + result.to_ask for result in results),
        "not_matched_yet": any(result.not_matched_yet for result in results),
        "is_stale": run.version.digest != run.digest,
    }


def dry_run_progress(request: ActingRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    status = HTMX_STOP_POLLING if run.is_over else 200
    return render(request, "listings/dry_run.html#found", _context(run), status=status)


@require_POST
def dry_run_cancel(request: ActingRequest, pk: int) -> HttpResponse:
    services.cancel_dry_run(run=_run(request, pk), actor=request.actor)
    messages.success(request, gettext_noop("Dry run cancelled. Its results so far are kept."))
    return redirect("listings:dry_run", pk)
