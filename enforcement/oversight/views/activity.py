"""The activity of one object, for readers of the audit log."""

from django.apps import apps
from django.http import Http404, HttpResponse
from django.shortcuts import render

from enforcement import services
from portal.forms import AuditFilter
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.subjects import kinds_of, page_of


def history(request: ActingRequest, kind: str, pk: str) -> HttpResponse:
    """The events of an object and of its related records, newest first; filtered by who, what and when."""
    kind = kinds_of(kind)[0]
    try:
        noun = str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        raise Http404 from None
    events = services.history_of(kind=kind, pk=pk, actor=request.actor)
    found = AuditFilter(request.GET, events.select_related("organisation"))
    for name in ("organisation", "q", "user", "subject_type", "subject_id"):
        del found.form.fields[name]
    newest = events.filter(subject_type__in=kinds_of(kind), subject_id=pk).order_by("-pk").first()
    context = {
        "kind": kind,
        "pk": pk,
        "name": newest.subject_label if newest else f"{noun.capitalize()} {pk}",
        "object_url": page_of(kind, pk),
        "filter": found,
        "page": keyset_page(found.qs, request, ordering=["-pk"]),
    }
    return render(request, "enforcement/oversight/activity.html", context)
