"""Pages of notices: what was sent to whom, and the three facts of each."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from portal import audit
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.reason_forms import ReasonForm
from recalls import services
from recalls.filters import NoticeFilter, exact_notices
from recalls.models import Notice
from recalls.presenters import shown_terms
from recalls.safety_presenters import safety_of


def notice_list(request: ActingRequest) -> HttpResponse:
    own = Notice.objects.visible_to(request.actor).select_related("recall", "platform", "version")
    found = NoticeFilter(request.GET, own, one_platform=request.actor.platform_id is not None)
    exact = exact_notices(found.qs, request.GET.get("q", ""))
    page = keyset_page(found.qs, request, ordering=["-pk"], exact=exact)
    return render(
        request,
        "recalls/notices.html",
        {
            "page": page,
            "filter": found,
            "is_platform": request.actor.platform_id is not None,
            "may_send": request.actor.may("notice.send"),
        },
    )


def notice(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        Notice.objects.visible_to(request.actor).select_related("recall", "platform", "version", "sent_by"), pk=pk
    )
    context = {
        "notice": row,
        "products": row.version.products.all(),
        "terms": shown_terms(row.terms),
        "safety": safety_of(row.version, request.actor),
        "may_acknowledge": request.actor.may("notice.acknowledge")
        and row.acknowledged_at is None
        and row.status == "active",
        "may_withdraw": request.actor.may("notice.withdraw") and row.status == "active",
        "may_pack": request.actor.may("pack.make"),
        "may_see_held": request.actor.may("held.view"),
        "may_board": request.actor.may("board.view"),
        "events": audit.events_about(row).order_by("-id")[:50],
    }
    return render(request, "recalls/notice.html", context)


@require_POST
def acknowledge(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Notice.objects.visible_to(request.actor).select_related("recall", "platform"), pk=pk)
    services.acknowledge_notice(notice=row, actor=request.actor)
    messages.success(request, gettext_noop("Notice acknowledged. Its flags are in your queue."))
    return redirect("recalls:notice", pk)


def withdraw(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Notice.objects.visible_to(request.actor).select_related("recall", "platform"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.withdraw_notice(notice=row, reason=form.cleaned_data["reason"], actor=request.actor)
        messages.success(request, gettext_noop("The notice is withdrawn and its clocks are stopped."))
        return redirect("recalls:notice", pk)
    title = gettext("Withdraw the notice of recall %(number)s to %(platform)s")
    context = {
        "form": form,
        "title": title % {"number": row.recall.number, "platform": row.platform},
        "submit": gettext_noop("Withdraw notice"),
        "text": gettext(
            "Its clocks stop and its open flags close. You cannot undo this, but you can send the recall again."
        ),
        "back": reverse("recalls:notice", args=[pk]),
        "translated": True,
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)
