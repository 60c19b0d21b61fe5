"""The audit browser: who did what when, on which object, and whether the chain is whole."""

import json

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from portal import audit
from portal.audit import timestamps
from portal.audit.words import WORDS
from portal.forms import AuditFilter
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.models import AuditEvent, AuditSeal
from portal.subjects import kinds_of, page_of
from portal.views.exports import export_begun


def events(request: ActingRequest) -> HttpResponse:
    found = AuditFilter(request.GET, AuditEvent.objects.select_related("organisation"))
    page = keyset_page(found.qs, request, ordering=["-pk"])
    head = AuditSeal.objects.order_by("-position").first()
    return render(
        request,
        "portal/audit.html",
        {
            "page": page,
            "filter": found,
            "head": head,
            "unsealed": audit.unsealed(all_of_them=False).count(),
            "listed": WORDS,
        },
    )


def event(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(AuditEvent.objects.select_related("seal", "organisation"), pk=pk)
    names = sorted({*row.before, *row.after})
    changes = [(name, _shown(row.before, name), _shown(row.after, name)) for name in names]
    same = AuditEvent.objects.filter(subject_type__in=kinds_of(row.subject_type), subject_id=row.subject_id)
    context = {
        "event": row,
        "listed": WORDS,
        "changes": changes,
        "seal": getattr(row, "seal", None),
        "object_url": page_of(row.subject_type, row.subject_id),
        "earlier": same.filter(pk__lt=pk).order_by("-pk").first(),
        "later": same.filter(pk__gt=pk).order_by("pk").first(),
    }
    return render(request, "portal/audit_event.html", context)


def _shown(values: dict[str, object], name: str) -> str:
    value = values.get(name, "")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


@require_POST
def verify(request: ActingRequest) -> HttpResponse:
    """Seal what was just written, recompute the whole chain and compare anchors and time stamps with it."""
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
