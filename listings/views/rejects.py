"""What imports of catalogues and recalls did not take over, over all imports, for admins."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from listings.models import CatalogueReject
from portal.exports import csv_response
from portal.http import ActingRequest
from portal.keyset import keyset_page
from recalls.models import RecallReject

EXPORT_MOST = 200_000


def rejects(request: ActingRequest) -> HttpResponse:
    """Newest first; of catalogues, or of recalls with ?of=recalls."""
    rows, of = _found(request)
    context = {"page": keyset_page(rows, request, ordering=["-pk"]), "of": of, "q": request.GET.get("q", "")}
    return render(request, "listings/rejects.html", context)


def export(request: ActingRequest) -> HttpResponseBase:
    """What the page lists, as CSV with what the rows were."""
    rows, of = _found(request)
    header = ["import", "file", "of", "at", "place in the file", "id", "reason", "content"]
    return csv_response(f"rejects-of-{of}.csv", header, _lines(rows.order_by("-pk")[:EXPORT_MOST]))


def _found(request: ActingRequest) -> tuple[QuerySet[Any], str]:
    of = "recalls" if request.GET.get("of") == "recalls" else "catalogues"
    rows: QuerySet[Any]
    if of == "recalls":
        rows, owner, name = RecallReject.objects.all(), "job__regulator", "number"
    else:
        rows, owner, name = CatalogueReject.objects.all(), "job__platform", "external_id"
    rows = rows.select_related(owner)
    if words := request.GET.get("q", "").strip():
        in_owner = Q(**{f"{owner}__name__icontains": words})
        rows = rows.filter(
            in_owner | Q(reason__icontains=words) | Q(job__filename__icontains=words) | Q(**{name: words})
        )
    return rows, of


def _lines(rows: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    for row in rows.iterator(chunk_size=2_000):
        at = row.job.finished_at or row.job.created_at
        yield row.job_id, row.job.filename, row.whose, at.isoformat(), row.place, row.named, row.reason, row.content
