"""The activity of one object, for readers of the audit log."""

from django.apps import apps
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from enforcement import services
from portal.audit.sentences import with_titles
from portal.audit_filter import AuditFilter
from portal.http.cursors import keyset_page
from portal.http.object_names import noun_of, object_name
from portal.http.requests import ActingRequest
from portal.subjects import kinds_of, page_of


def _noun(kind: str, pk: str) -> str:
    """What the page is about, where no event names it. Raises Http404 for what is no object."""
    if kind == services.SELLER:
        if not (seller := services.seller_of(pk)):
            raise Http404
        return seller
    try:
        apps.get_model(kind)
    except (LookupError, ValueError):
        raise Http404 from None
    return f"{noun_of(kind)} {pk}"


def history(request: ActingRequest, kind: str, pk: str) -> HttpResponse:
    """The events of an object and of its related records, newest first; filtered by who, what and when."""
    kind = kinds_of(kind)[0]
    noun = _noun(kind, pk)
    events = services.history_of(kind=kind, pk=pk, actor=request.actor)
    found = AuditFilter(request.GET, events.select_related("organisation"))
    for name in ("q", "user", "subject_type", "subject_id", *([] if kind == services.SELLER else ["organisation"])):
        del found.form.fields[name]
    newest = events.filter(subject_type__in=kinds_of(kind), subject_id=pk).order_by("-pk").first()
    page = keyset_page(found.qs, request, ordering=["-pk"])
    context = {
        "kind": kind,
        "pk": pk,
        "export_of": f"{kind}:{pk}",
        "name": object_name(newest) if newest else noun,
        "object_url": reverse("listings:seller", args=[pk]) if kind == services.SELLER else page_of(kind, pk),
        "is_seller": kind == services.SELLER,
        "filter": found,
        "page": page,
        "events": with_titles(page.rows),
    }
    return render(request, "enforcement/oversight/activity.html", context)
