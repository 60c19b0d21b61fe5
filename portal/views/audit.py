"""The audit browser: who did what when, on which object, and whether the chain is whole."""

import json

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from portal import audit
from portal.audit import timestamps
from portal.audit.changes import changes_of
from portal.audit.reach import newest_first
from portal.audit.sentences import with_titles
from portal.audit_filter import AuditFilter
from portal.database.acting import as_system
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.models import AuditEvent, AuditSeal
from portal.subjects import kinds_of, page_of
from portal.views.exports import export_begun
from portal.views.saved_views import opened, saved_views

JUST_WRITTEN = 10_000
"""Numbers of events among which the page counts what has no seal yet: each has one within seconds, and Health tells of others."""


def events(request: ActingRequest) -> HttpResponse:
    if (way := opened(request, "portal:audit")) is not None:
        return way
    found = AuditFilter(request.GET, AuditEvent.objects.visible_to(request.actor).select_related("organisation"))
    dated = found.is_valid() and any(found.form.cleaned_data[name] for name in ("since", "until"))
    rows, ordering = newest_first(found.qs, request.actor, dated=dated)
    page = keyset_page(rows, request, ordering=ordering, exact=_exact(rows, request.GET.get("q", "").strip()))
    head = AuditSeal.objects.order_by("-position").first()
    with as_system("how many events of all sides wait for a seal, beside how many have one"):
        waiting = audit.unsealed(all_of_them=False, newest=JUST_WRITTEN).count()
    return render(
        request,
        "portal/audit.html",
        {
            "page": page,
            "events": with_titles(page.rows),
            "filter": found,
            "saved": saved_views(request, "portal:audit", request.GET),
            "head": head,
            "unsealed": waiting,
        },
    )


def _exact(found: QuerySet[AuditEvent], asked: str) -> QuerySet[AuditEvent] | None:
    """Events of the object that is called just so ("Flag 5") or that has this number or name ("5")."""
    if not asked:
        return None
    return found.filter(Q(subject_label__iexact=asked) | Q(subject_label__iendswith=f" {asked}"))


def event(request: ActingRequest, pk: int) -> HttpResponse:
    visible = AuditEvent.objects.visible_to(request.actor)
    row = get_object_or_404(visible.select_related("seal", "organisation"), pk=pk)
    same = visible.filter(subject_type__in=kinds_of(row.subject_type), subject_id=row.subject_id)
    context = {
        "event": with_titles([row])[0],
        "changes": changes_of(row.before, row.after),
        "raw": json.dumps({"before": row.before, "after": row.after}, ensure_ascii=False, indent=1),
        "seal": getattr(row, "seal", None),
        "object_url": page_of(row.subject_type, row.subject_id),
        "earlier": same.filter(pk__lt=pk).order_by("-pk").first(),
        "later": same.filter(pk__gt=pk).order_by("pk").first(),
    }
    return render(request, "portal/audit_event.html", context)


@require_POST
def verify(request: ActingRequest) -> HttpResponse:
    """Seal what was just written, recompute the whole chain and compare anchors and time stamps with it."""
    with as_system("the chain holds the events of all sides; what is found names their numbers"):
        if not audit.overdue().exists():  # what is overdue stays as it is found
            audit.seal_events()
        report = audit.verify_chain()
        stamped, odd = timestamps.check_stamps()
    if findings := [*report.findings, *([odd] if odd else [])]:
        reason = format_html('<span lang="en" dir="ltr">{}</span>', "; ".join(findings))
        messages.error(request, format_html("{}: {}.", gettext("The chain is broken"), reason))
    else:
        text = ngettext(
            "The chain is intact: %(number)s event, newest hash %(hash)s…",
            "The chain is intact: %(number)s events, newest hash %(hash)s…",
            report.events,
        ) % {"number": intcomma(report.events), "hash": report.head[:16]}
        fit = ngettext("%(number)s time stamp matches it.", "%(number)s time stamps match it.", stamped)
        messages.success(request, f"{text} {fit % {'number': intcomma(stamped)}}" if stamped else text)
    return redirect("portal:audit")


@require_POST
def export(request: ActingRequest) -> HttpResponse:
    """The events that the page lists by these filters, as CSV."""
    asked = request.GET.copy()
    for place in ("after", "before"):  # of the list's pages; the export has all of them
        asked.pop(place, None)
    detail = ", ".join(f"{name}: {value}" for name, value in asked.items() if value)
    return export_begun(request, kind="audit", arguments={"query": asked.urlencode()}, stem="audit", detail=detail)
