"""One list of all that was given up, with its reason and another try."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from enforcement import services
from enforcement.models import Takedown
from listings.models import CatalogueImport
from portal.http import ActingRequest
from portal.models import Export, Hook, Mail
from portal.texts import key_in
from recalls.models import RecallImport

MOST = 50  # of one pile


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter as the page shows it; `kind` and `pk` lead to its history."""

    pk: int
    what: str
    why: str
    since: datetime | None
    kind: str


def dead_letters(request: ActingRequest) -> HttpResponse:
    """The piles that are not empty; a POST tries one letter, one pile or all again."""
    if request.method == "POST":
        return _retry(request)
    piles: list[dict[str, Any]] = []
    for pile in services.PILES:
        rows = pile.rows()
        if count := rows.count():
            letters = [_shown(row) for row in rows.order_by("-pk")[:MOST]]
            piles.append({"name": pile.name, "title": pile.title, "count": count, "letters": letters})
    return render(request, "enforcement/dead_letters.html", {"piles": piles, "most": MOST})


def _retry(request: ActingRequest) -> HttpResponse:
    given = request.POST.get("only", "")
    only = key_in(given)
    if given and only is None:
        raise BadRequest("Say which one.")
    try:
        tried = services.retry(actor=request.actor, pile=request.POST.get("pile", ""), only=only)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        told = (
            gettext("%(count)d tried again.") % {"count": tried} if tried else gettext_noop("Nothing was left to try.")
        )
        messages.success(request, told)
    return redirect("enforcement:dead_letters")


def _shown(row: Any) -> Letter:
    kind = row._meta.label_lower
    if isinstance(row, Mail):
        return Letter(
            row.pk,
            gettext("%(subject)s to %(address)s") % {"subject": row.subject, "address": row.to},
            row.error,
            row.created_at,
            kind,
        )
    if isinstance(row, Hook):
        return Letter(row.pk, str(row), row.error, row.created_at, kind)
    if isinstance(row, CatalogueImport | RecallImport | Export):
        return Letter(row.pk, row.filename, row.error, row.finished_at, kind)
    if isinstance(row, Takedown):
        why = row.error or f"Its worker died {row.look_attempts - 1} times while it looked."
        what = gettext("Takedown %(number)s") % {"number": row.pk}
        return Letter(row.pk, f"{what}: {reverse('enforcement:takedown', args=[row.pk])}", why, None, kind)
    raise TypeError(kind)
