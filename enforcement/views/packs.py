"""Downloads of evidence packs: of a takedown, of a notice, of a platform and a period."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from enforcement import services
from enforcement.forms import PackForm
from enforcement.models import Takedown
from enforcement.responses import pack_response
from portal.http import ActingRequest
from portal.models import Organisation
from recalls.models import Notice


@require_POST
def takedown_pack(request: ActingRequest, pk: int) -> HttpResponseBase:
    rows = Takedown.objects.visible_to(request.actor).select_related("flag__listing", "platform")
    return pack_response(services.start_takedown_pack(takedown=get_object_or_404(rows, pk=pk), actor=request.actor))


@require_POST
def notice_pack(request: ActingRequest, pk: int) -> HttpResponseBase:
    rows = Notice.objects.visible_to(request.actor).select_related("recall", "platform")
    return pack_response(services.start_notice_pack(notice=get_object_or_404(rows, pk=pk), actor=request.actor))


def period_pack(request: ActingRequest) -> HttpResponseBase:
    """Choose platform and days (GET), download (POST). A platform that is not visible is no choice."""
    form = PackForm(request.POST or None, platforms=Organisation.objects.visible_to(request.actor).platforms())
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        try:
            return pack_response(services.start_period_pack(**data, actor=request.actor))
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return _page(request, form)


def _page(request: ActingRequest, form: PackForm) -> HttpResponse:
    refused = request.method == "POST"
    context = {"form": form, "title": gettext_noop("Evidence pack of a period"), "submit": gettext_noop("Download")}
    return render(request, "portal/form.html", context, status=422 if refused else 200)
