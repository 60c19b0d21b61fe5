"""Sending notices: which recalls, to whom, under which policy; and how far the matching has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from enforcement import rules
from enforcement.forms import SendForm
from enforcement.models import Policy
from enforcement.services import freeze
from enforcement.services.calendars import Days, special_days
from enforcement.states import RungKind
from portal.charts import TimeLine, time_line
from portal.http import ActingRequest
from portal.models import Organisation
from recalls import services as recalls
from recalls.models import Notice, Recall
from recalls.terms import terms_in_words

MOST = 500
MOST_ZONES = 4
HTMX_STOP_POLLING = 286


@dataclass(frozen=True, slots=True)
class Preview:
    """A policy's ladder for a notice sent now to a listing flagged at once."""

    policy: Policy
    words: str
    due: datetime
    because: str
    moments: list[tuple[str, datetime]]
    line: TimeLine


def preview_of(policy: Policy, now: datetime, days: Days) -> Preview:
    terms = rules.Terms.from_json(freeze(policy, days))
    start, _ = rules.clock_start(terms, sent_at=now, delivered_at=now, acknowledged_at=now, opened_at=now)
    due, because = rules.due_at(terms, start)
    rungs = [rung for rung in rules.ladder(terms, due) if rung.at >= start or rung.at >= due]
    moments = [("Clock starts", start)] + [(RungKind(rung.kind).label, rung.at) for rung in rungs]
    shown = [("Start", 0.0)] + [(rung.kind.capitalize(), (rung.at - start).total_seconds()) for rung in rungs]
    line = time_line(shown, due=(due - start).total_seconds())
    return Preview(policy, terms_in_words(terms.as_json()), due, because, moments, line)


def zones_of(regulator: Organisation, platforms: Iterable[Organisation]) -> list[str]:
    """The regulator's zone, then those of the platforms, each once; at most as many as a table holds."""
    return list(dict.fromkeys([regulator.time_zone, *sorted({each.time_zone for each in platforms})]))[:MOST_ZONES]


def send(request: ActingRequest) -> HttpResponse:
    """Choose recalls and platforms, see the policy as moments, send."""
    chosen = [
        int(pk) for pk in (request.POST if request.method == "POST" else request.GET).getlist("recall") if pk.isdigit()
    ][:MOST]
    selected = list(Recall.objects.visible_to(request.actor).published().filter(pk__in=chosen).order_by("-pk"))
    policies = Policy.objects.visible_to(request.actor).filter(is_active=True).prefetch_related("steps")
    platforms = Organisation.objects.visible_to(request.actor).platforms()
    form = SendForm(request.POST or None, platforms=platforms, policies=policies)
    if request.method == "POST":
        if form.is_valid() and not selected:
            form.add_error(None, "Choose at least one published recall.")
        elif form.is_valid():
            report = recalls.send_notices(
                recalls=selected,
                platforms=list(form.cleaned_data["platforms"]),
                terms=freeze(form.cleaned_data["policy"]),
                message=form.cleaned_data["message"],
                actor=request.actor,
            )
            for _, _, why in report.skipped[:20]:
                messages.warning(request, why)
            if not report.sent:
                return redirect("recalls:notices")
            ids = ",".join(str(notice.pk) for notice in report.sent)
            return redirect(f"{reverse('enforcement:send_progress')}?{urlencode({'notices': ids})}")
    query = request.GET.get("q", "").strip().lower()
    offered = Recall.objects.visible_to(request.actor).published().exclude(pk__in=chosen).select_related("current")
    for word in query.split():
        offered = offered.filter(search__contains=word)
    now, days = timezone.now(), cache(special_days)
    context: dict[str, Any] = {
        "form": form,
        "selected": selected,
        "offered": offered.order_by("-priority", "-pk")[:25],
        "q": query,
        "previews": [preview_of(policy, now, days) for policy in policies],
        "zones": zones_of(request.user.organisation, platforms),
    }
    return render(request, "enforcement/send.html", context, status=422 if form.errors else 200)


def progress(request: ActingRequest) -> HttpResponse:
    """How far the matching of notices just sent has come, and what it found on each platform."""
    ids = [int(pk) for pk in request.GET.get("notices", "").split(",") if pk.isdigit()][: MOST * 20]
    notices = list(
        Notice.objects.visible_to(request.actor)
        .filter(pk__in=ids)
        .select_related("recall", "platform")
        .annotate(found=Count("flags"))
        .order_by("pk")
    )
    done = sum(notice.matched_at is not None for notice in notices)
    over = done == len(notices)
    context = {
        "notices": notices,
        "done": done,
        "over": over,
        "percent": 100 * done // max(1, len(notices)),
        "found": sum(notice.found for notice in notices),
        "address": f"{request.path}?{urlencode({'notices': ','.join(map(str, ids))})}",
    }
    if request.htmx:
        return render(
            request, "enforcement/send_progress.html#progress", context, status=HTMX_STOP_POLLING if over else 200
        )
    return render(request, "enforcement/send_progress.html", context)
