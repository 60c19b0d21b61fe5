"""A platform's page: its record over time, its contact, and what is open, late and back with it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_safe

from enforcement import services
from enforcement.board_metrics import total
from enforcement.models import Extension, Takedown
from enforcement.oversight.trends import outcome_trend
from enforcement.states import ExtensionStatus, TakedownStatus
from listings.models import Exclusion, Flag
from portal.database.replica import may_be_seconds_old
from portal.http.requests import ActingRequest
from portal.identity.actors import Actor
from portal.models import Organisation
from recalls.models import Notice

SHOWN = 8
"""Rows of each list; one more is read, to say that there are more."""


class RecordForm(forms.Form):
    days = forms.ChoiceField(
        label=gettext_noop("Deadlines of the last"),
        required=False,
        choices=[("90", gettext_lazy("90 days")), ("30", gettext_lazy("30 days")), ("365", gettext_lazy("365 days"))],
    )
    by = forms.ChoiceField(
        label=gettext_noop("Chart by"),
        required=False,
        choices=[("week", gettext_lazy("Week")), ("month", gettext_lazy("Month"))],
    )


@require_safe
@may_be_seconds_old
def platform(request: ActingRequest, pk: int) -> HttpResponse:
    """What the reader may see of one platform: a regulator the cases of its own recalls, a platform itself alone."""
    actor = request.actor
    row = get_object_or_404(Organisation.objects.visible_to(actor).platforms(), pk=pk)
    form = RecordForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    by, days = chosen.get("by") or "week", int(chosen.get("days") or 90)
    takedowns = Takedown.objects.visible_to(actor).filter(platform=row)
    is_platform = actor.platform_id is not None
    context = {
        "platform": row,
        "form": form,
        "days": days,
        "record": services.platform_record(actor=actor, platform=row, days=days),
        "trend": outcome_trend(services.outcomes(takedowns, by=by), by=by),
        "elsewhere": {} if is_platform else services.parts_elsewhere(actor=actor, platform=row, days=days),
        "is_platform": is_platform,
        "shown": SHOWN,
        **_lists(actor, row, days),
    }
    return render(request, "enforcement/oversight/platform.html", context)


def _lists(actor: Actor, row: Organisation, days: int) -> dict[str, Any]:
    """A few of each kind, and one more than is shown; each in the order of an index."""
    now = timezone.now()
    takedowns = Takedown.objects.visible_to(actor).filter(platform=row).select_related("flag__listing", "flag__recall")
    since = now - timedelta(days=days)
    removed = takedowns.filter(status=TakedownStatus.MET, met_at__gte=since)
    relisted = Flag.objects.visible_to(actor).filter(platform=row, relisted_from__isnull=False)
    exclusions = Exclusion.objects.visible_to(actor).holding().filter(platform=row)
    asked = Extension.objects.visible_to(actor).filter(takedown__platform=row, status=ExtensionStatus.ASKED)
    notices = Notice.objects.visible_to(actor).active().filter(platform=row)
    rows = {
        "late": takedowns.filter(total("late", now)).order_by("due_at", "pk"),
        "notices": notices.select_related("recall", "version").order_by("-pk"),
        "removed": removed.order_by("-met_at", "-pk"),
        "relisted": relisted.select_related("listing", "recall", "relisted_from__listing").order_by("-pk"),
        "exclusions": exclusions.select_related("recall", "listing").order_by("-pk"),
        "extensions": asked.select_related("takedown__flag__listing").order_by("-pk"),
    }
    return {name: list(found[: SHOWN + 1]) for name, found in rows.items()}
