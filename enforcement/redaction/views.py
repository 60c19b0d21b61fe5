"""The preview of a redacted case, by receiver, and starting its export. Nothing is made before a person read what leaves."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_noop

from enforcement.models import Takedown
from enforcement.redaction.case import redacted_case
from enforcement.redaction.exports import CHANGED, REDACTED_CASE
from enforcement.redaction.files import case_pack
from enforcement.redaction.rules import RULES, Kind, Receiver, Treatment, treatment
from enforcement.redaction.words import KINDS, RECEIVERS, TREATMENTS, WHY
from portal.http.requests import ActingRequest
from portal.views.exports import export_begun

MAX_LEFT_OUT = 2_000  # parts; a case has fewer texts


def takedown_redacted(request: ActingRequest, pk: int) -> HttpResponse:
    """What would leave and what would not (GET); making it (POST), once a person said that they read it."""
    rows = Takedown.objects.visible_to(request.actor).select_related("flag__listing", "platform")
    row = get_object_or_404(rows, pk=pk)
    asked = request.POST if request.method == "POST" else request.GET
    receiver = Receiver(given) if (given := asked.get("receiver", "")) in set(Receiver) else Receiver.PUBLIC
    left_out = sorted(set(request.POST.getlist("left_out")[:MAX_LEFT_OUT]))
    doc = redacted_case(case_pack(row, request.actor), receiver=receiver, left_out=tuple(left_out)).document
    if request.method == "POST":
        before = redacted_case(case_pack(row, request.actor), receiver=receiver).document
        known = {text.part for text in before.free}
        if request.POST.get("seen") != before.fingerprint or not known.issuperset(left_out):
            messages.error(request, CHANGED)
        elif before.free and "read" not in request.POST:
            messages.error(request, gettext_noop("Read each text below, then confirm that you did."))
        else:
            return export_begun(
                request,
                kind=REDACTED_CASE,
                arguments={
                    "takedown": row.pk, "receiver": receiver.value, "left_out": left_out, "seen": doc.fingerprint,
                },
                stem=f"redacted-{row.pk}-{receiver}",
                detail=f"{row.pk}, {RECEIVERS[receiver]}",
            )  # fmt: skip
        return redirect(f"{request.path}?receiver={receiver}")
    return render(request, "enforcement/redaction/preview.html", _context(row, doc, receiver))


def _context(row: Takedown, doc: Any, receiver: Receiver) -> dict[str, Any]:
    counts = doc.counts
    return {
        "takedown": row,
        "receiver": receiver,
        "receivers": list(RECEIVERS.items()),
        "rules": [
            (KINDS[kind], TREATMENTS[treatment(kind, receiver)], counts.get(kind, 0), WHY[kind])
            for kind in RULES
            if kind != Kind.CHOSEN
        ],
        "free": doc.free,
        "seen": doc.fingerprint,
        "kinds": KINDS,
        "removed": Treatment.REMOVED,
    }
