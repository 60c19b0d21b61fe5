"""The list of recalls: filtered, sorted and in the columns that the person chose."""

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render

from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.views.list_columns import ListColumns, columns_of
from portal.views.saved_views import opened, saved_views
from recalls import columns, services
from recalls.filters import RecallFilter, is_exactly
from recalls.models import Recall, RecallVersion
from recalls.states import RecallStatus

_IN_WORK = RecallVersion.objects.filter(recall=OuterRef("pk"), recall__status=RecallStatus.PUBLISHED, published_at=None)
NOT_KEPT = ("after", "before", "columns")


def recall_list(request: ActingRequest) -> HttpResponse:
    if (way := opened(request, columns.PAGE)) is not None:
        return way
    chosen = columns_of(request, columns.PAGE, usual=columns.USUAL)
    found = RecallFilter(request.GET, Recall.objects.visible_to(request.actor), actor=request.actor)
    rows, ordering = columns.in_order(_with_columns(found.qs, chosen, request), chosen.field)
    asked = request.GET.get("q", "").strip()
    exact = rows.filter(is_exactly(asked)) if asked else None
    may_send = request.actor.may("notice.send")
    kept = request.GET.copy()
    for name in NOT_KEPT:
        kept.pop(name, None)
    page = keyset_page(rows, request, ordering=ordering, exact=exact)
    if request.actor.platform_id is None:
        _mark_returned(page.rows)
    context: dict[str, Any] = {
        "page": page,
        "filter": found,
        "columns": chosen,
        "saved": saved_views(request, columns.PAGE, request.GET),
        "may_send": may_send,
        "matching": found.qs.published().count() if may_send else 0,
        "kept": kept.urlencode(),
        "may_edit": request.actor.may("recall.edit"),
        "may_export": request.actor.may("export.make"),
        "may_select": any(map(request.actor.may, ("notice.send", "recall.edit", "export.make"))),
        "to_review": services.versions_to_review(request.actor).count(),
    }
    return render(request, "recalls/list.html", context)


def _with_columns(rows: QuerySet[Recall], chosen: ListColumns, request: ActingRequest) -> QuerySet[Recall]:
    """The rows with what the columns on the page show."""
    if request.actor.platform_id is None:  # a platform learns of a new version when it is in force
        work = {"revision": _IN_WORK.values("version")[:1], "submitted": _IN_WORK.values("submitted_at")[:1]}
        rows = rows.annotate(**{name: Subquery(query) for name, query in work.items()})
    for name, add in columns.ADDED.items():
        if chosen.has(name):
            rows = add(rows)
    return rows


def _mark_returned(rows: Iterable[Recall]) -> None:
    """Note with each recall of a page how the version that is being written was returned, if it was."""
    versions = RecallVersion.objects.filter(recall__in=[row.pk for row in rows], published_at=None, submitted_at=None)
    returned = services.returned_of(versions)
    for row in rows:
        row.returned = returned.get(row.pk)  # type: ignore[attr-defined]
