"""Request evidence packs of a takedown, a notice, or a platform and a period. A worker creates them
(portal/exporting/registry.py)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from enforcement import services
from enforcement.evidence_packs.forms import PackForm
from enforcement.models import Takedown
from portal.http.language import add_refusal
from portal.http.requests import ActingRequest
from portal.models import Organisation
from portal.views.exports import export_begun
from recalls.models import Notice


@require_POST
def takedown_pack(request: ActingRequest, pk: int) -> HttpResponse:
    rows = Takedown.objects.visible_to(request.actor).select_related("flag__listing", "platform")
    row = get_object_or_404(rows, pk=pk)
    detail = f"{row.flag.listing.external_id}, {row.platform}"
    arguments = {"takedown": row.pk}
    return export_begun(
        request, kind=services.TAKEDOWN_PACK, arguments=arguments, stem=f"takedown-{row.pk}", detail=detail
    )


@require_POST
def notice_pack(request: ActingRequest, pk: int) -> HttpResponse:
    rows = Notice.objects.visible_to(request.actor).select_related("recall", "platform")
    row = get_object_or_404(rows, pk=pk)
    detail = f"{row.recall.number}, {row.platform}"
    return export_begun(
        request, kind=services.NOTICE_PACK, arguments={"notice": row.pk}, stem=f"notice-{row.pk}", detail=detail
    )


def period_pack(request: ActingRequest) -> HttpResponse:
    """Choose platform and days (GET), start (POST). Only visible platforms can be chosen."""
    form = PackForm(request.POST or None, platforms=Organisation.objects.visible_to(request.actor).platforms())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.takedowns_of_period(**data, actor=request.actor)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            return _begun(request, **data)
    context = {
        "form": form,
        "title": gettext_noop("Evidence pack of a period"),
        "submit": gettext_noop("Create evidence pack"),
    }
    return render(request, "portal/form.html", context, status=422 if request.method == "POST" else 200)


def _begun(request: ActingRequest, *, platform: Organisation, first: date, last: date) -> HttpResponse:
    return export_begun(
        request,
        kind=services.PERIOD_PACK,
        arguments={"platform": platform.pk, "first": first.isoformat(), "last": last.isoformat()},
        stem=f"{platform.slug}-{first}-to-{last}",
        detail=f"{platform}, {first} – {last}",
    )
