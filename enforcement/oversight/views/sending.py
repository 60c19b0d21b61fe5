"""Sending notices: choosing recalls, platforms and a policy; progress of matching; withdrawing unmatched notices."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, ngettext

from enforcement.models import Policy
from enforcement.oversight.forms import SendForm
from enforcement.policies.previews import preview_of, zones_of
from enforcement.services import freeze
from listings.models import Flag
from portal.http.language import add_refusal
from portal.http.requests import HTMX_STOP_POLLING, ActingRequest, keys_in
from portal.models import Organisation
from portal.reason_forms import ReasonForm
from recalls import services as recalls
from recalls.filters import RecallFilter, is_exactly
from recalls.models import Recall, Sending
from recalls.states import NoticeStatus

MAX_COUNT = 500
OFFERED, LATELY = 25, 5
_URGENT_AND_NEWEST_FIRST = ("-priority", F("recalled_on").desc(nulls_last=True), "-pk")


def send(request: ActingRequest) -> HttpResponse:
    """Choose recalls and platforms, preview notices and deadlines, send. Only the last step changes anything."""
    step = request.POST.get("step", "preview") if request.method == "POST" else "choose"
    given = request.POST if request.method == "POST" else request.GET
    every = given.get("all") == "yes"
    selected, more = _selected(request, every=every)
    offered: dict[str, Any] = {
        "platforms": Organisation.objects.visible_to(request.actor).platforms(),
        "policies": Policy.objects.visible_to(request.actor).filter(is_active=True).prefetch_related("steps"),
    }
    context: dict[str, Any] = {"selected": selected, "every": every, "more": more}
    if step not in {"preview", "send"}:
        kept = {"platforms": given.getlist("platforms"), "policy": given.get("policy"), "message": given.get("message")}
        return _choose(request, SendForm(initial=kept, **offered), context)
    form = SendForm(request.POST, confirm=every and step == "send", **offered)
    form.full_clean()
    if set(form.errors) - {"sure"}:
        return _choose(request, form, context)
    platforms = list(form.cleaned_data["platforms"])
    plan = context["plan"] = recalls.plan_sending(recalls=selected, platforms=platforms)
    if not selected:
        form.add_error(None, gettext_noop("Choose at least one recall."))
    elif not plan.notices:
        form.add_error(
            None, gettext_noop("There is nothing to send. All selected recalls are left out, for the reasons below.")
        )
    elif len(plan.notices) > recalls.MAX_NOTICES:
        add_refusal(form, recalls.too_many(plan))
    if set(form.errors) - {"sure"}:
        return _choose(request, form, context)
    if step == "preview" or form.errors:
        if every and "sure" not in form.fields:
            form = SendForm(initial={"message": form.cleaned_data["message"]}, confirm=True, **offered)
        return _preview(request, form, context | {"platforms": platforms})
    sending = recalls.send_notices(
        recalls=selected,
        platforms=platforms,
        terms=freeze(form.cleaned_data["policy"]),
        message=form.cleaned_data["message"],
        actor=request.actor,
    )
    return redirect("enforcement:send_progress", sending.pk)


def _selected(request: ActingRequest, *, every: bool) -> tuple[list[Recall], int]:
    """The selected recalls, urgent and newest first, and how many more match but exceed the maximum.

    Recalls selected one by one can be in any state, so that the page can say why one is left out.
    """
    rows = Recall.objects.visible_to(request.actor).order_by(*_URGENT_AND_NEWEST_FIRST)
    if every and request.method != "POST":
        rows = RecallFilter(request.GET, rows.published(), actor=request.actor).qs
        return list(rows[:MAX_COUNT]), max(0, rows.count() - MAX_COUNT)
    given = request.POST if request.method == "POST" else request.GET
    detail = gettext_noop("This address contains no valid recalls. Choose recalls from the list.")
    chosen = keys_in(given.getlist("recall"), refusal=detail)[:MAX_COUNT]
    return list(rows.filter(pk__in=chosen)), 0


def _choose(request: ActingRequest, form: SendForm, context: dict[str, Any]) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    query = "" if context["every"] and request.method != "POST" else given.get("find", "").strip()
    offered = (
        Recall.objects.visible_to(request.actor).published().exclude(pk__in=[row.pk for row in context["selected"]])
    )
    first = list(offered.filter(is_exactly(query)).order_by(*_URGENT_AND_NEWEST_FIRST)[:OFFERED]) if query else []
    for word in query.lower().split():
        offered = offered.filter(search__contains=word)
    rest = offered.exclude(pk__in=[row.pk for row in first]).order_by(*_URGENT_AND_NEWEST_FIRST)[: OFFERED - len(first)]
    lately = Sending.objects.visible_to(request.actor).annotate(number=Count("notices")).order_by("-sent_at", "-pk")
    context |= {
        "form": form,
        "offered": [] if context["every"] else [*first, *rest],
        "find": query,
        "lately": lately[:LATELY],
    }
    return render(request, "enforcement/oversight/send.html", context, status=422 if form.errors else 200)


def _preview(request: ActingRequest, form: SendForm, context: dict[str, Any]) -> HttpResponse:
    plan, own = context["plan"], str(request.user.zone)
    policy = Policy.objects.visible_to(request.actor).prefetch_related("steps").get(pk=request.POST["policy"])
    context |= {
        "form": form,
        "preview": preview_of(policy, timezone.now()),
        "message": request.POST.get("message", ""),
        "nowhere": [reason for _, platform, reason in plan.left_out if platform is None],
        "to": [
            (
                platform,
                plan.of(platform),
                [reason for _, to, reason in plan.left_out if to == platform],
                zones_of(own, [platform]),
            )
            for platform in context["platforms"]
        ],
    }
    return render(request, "enforcement/oversight/send_preview.html", context, status=422 if form.errors else 200)


def progress(request: ActingRequest, pk: int) -> HttpResponse:
    """The progress of matching these notices and the flags found on each platform; refreshes automatically."""
    sending = get_object_or_404(Sending.objects.visible_to(request.actor), pk=pk)
    by_platform = (
        sending.notices.order_by()
        .values("platform_id", name=F("platform__name"))
        .annotate(
            notices=Count("pk"),
            withdrawn=Count("pk", filter=Q(status=NoticeStatus.WITHDRAWN)),
            done=Count("pk", filter=Q(matched_at__isnull=False) | Q(status=NoticeStatus.WITHDRAWN)),
            read=Sum("listings_read"),
        )
        .order_by("name", "platform_id")
    )
    flags = Flag.objects.filter(notice__sending=sending).order_by().values("platform_id").annotate(n=Count("pk"))
    found = {row["platform_id"]: row["n"] for row in flags}
    rows: list[dict[str, Any]] = [
        {**row, "found": found.get(row["platform_id"], 0), "percent": 100 * row["done"] // row["notices"]}
        for row in by_platform
    ]
    total = {name: sum(row[name] for row in rows) for name in ("notices", "withdrawn", "done", "read", "found")}
    over = total["done"] == total["notices"]
    context = {
        "sending": sending,
        "rows": rows,
        "total": total,
        "over": over,
        "percent": 100 * total["done"] // max(1, total["notices"]),
        "may_stop": not over and request.actor.may("notice.withdraw"),
    }
    if request.htmx:
        status = HTMX_STOP_POLLING if over else 200
        return render(request, "enforcement/oversight/send_progress.html#progress", context, status=status)
    return render(request, "enforcement/oversight/send_progress.html", context)


def stop(request: ActingRequest, pk: int) -> HttpResponse:
    """Withdraw the notices of a sending that are not matched yet, with a reason."""
    sending = get_object_or_404(Sending.objects.visible_to(request.actor), pk=pk)
    waiting = sending.notices.active().filter(matched_at=None).count()
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        stopped = recalls.stop_sending(sending=sending, reason=form.cleaned_data["reason"], actor=request.actor)
        detail = ngettext("%(number)d notice withdrawn.", "%(number)d notices withdrawn.", stopped) % {
            "number": stopped
        }
        messages.success(request, detail)
        return redirect("enforcement:send_progress", pk)
    text = gettext(
        "Notices not matched yet: %(number)s. They will be withdrawn and their platforms notified. Matched notices and "
        "their flags are kept. You cannot undo this, but you can send the recalls again."
    ) % {"number": waiting}
    context = {
        "form": form, "title": gettext("Withdraw unmatched notices"),
        "submit": gettext("Withdraw notices"), "text": text,
        "back": reverse("enforcement:send_progress", args=[pk]), "translated": True,
    }  # fmt: skip
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)
