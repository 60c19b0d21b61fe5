"""Webhook endpoints: their pages, their delivery log, and what can be done with them."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal import services
from portal.forms import WebhookForm
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.models import Hook, Organisation, WebhookEndpoint
from portal.notifications.webhooks import body_of


def endpoints(request: ActingRequest) -> HttpResponse:
    rows = WebhookEndpoint.objects.visible_to(request.actor).select_related("organisation")
    page = keyset_page(rows, request, ordering=["organisation__name", "pk"])
    return render(request, "portal/webhooks.html", {"page": page})


@never_cache
def endpoint_add(request: ActingRequest) -> HttpResponse:
    """Add an endpoint; the next page shows its secret this once."""
    platforms = Organisation.objects.visible_to(request.actor).platforms()
    form = WebhookForm(request.POST or None, organisations=platforms, initial={"organisation": platforms.first()})
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add_endpoint(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _secret(request, row)
    return render(
        request,
        "portal/form.html",
        {"form": form, "title": gettext_noop("Add a webhook endpoint"), "submit": gettext_noop("Add endpoint")},
        status=422 if form.errors else 200,
    )


def endpoint(request: ActingRequest, pk: int) -> HttpResponse:
    """An endpoint with what was sent to it, newest first."""
    row = _one(request, pk)
    page = keyset_page(row.hooks.all(), request, ordering=["-pk"])
    return render(request, "portal/webhook.html", {"endpoint": row, "page": page})


def endpoint_edit(request: ActingRequest, pk: int) -> HttpResponse:
    row = _one(request, pk)
    form = WebhookForm(request.POST or None, initial={"url": row.url, "event_types": row.event_types})
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_endpoint(endpoint=row, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, gettext_noop("Saved."))
            return redirect("portal:webhook", pk)
    return render(
        request,
        "portal/form.html",
        {"form": form, "title": gettext_noop("Edit webhook endpoint"), "submit": gettext_noop("Save")},
        status=422 if form.errors else 200,
    )


@never_cache
def endpoint_rotate(request: ActingRequest, pk: int) -> HttpResponse:
    """Ask, then replace the secret and show the new one this once."""
    row = _one(request, pk)
    if request.method == "POST":
        return _secret(request, services.rotate_secret(endpoint=row, actor=request.actor))
    text = gettext(
        "You get a new secret. For 24 hours each request carries two signatures, one with the old secret and one with "
        "the new one. After that only the new secret works."
    )
    return _confirm(request, row, title=gettext("Rotate the secret"), text=text, submit=gettext("Rotate secret"))


@require_POST
def endpoint_test(request: ActingRequest, pk: int) -> HttpResponse:
    row = _one(request, pk)
    try:
        services.send_test(endpoint=row, actor=request.actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, gettext_noop("A test event is on its way. Its result appears in the delivery log."))
    return redirect("portal:webhook", pk)


@require_POST
def endpoint_enable(request: ActingRequest, pk: int) -> HttpResponse:
    try:
        services.enable_endpoint(endpoint=_one(request, pk), actor=request.actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, gettext_noop("The endpoint is active. What waited is sent now."))
    return redirect("portal:webhook", pk)


@require_POST
def endpoint_disable(request: ActingRequest, pk: int) -> HttpResponse:
    services.disable_endpoint(endpoint=_one(request, pk), actor=request.actor)
    messages.success(request, gettext_noop("The endpoint is disabled and gets no more events."))
    return redirect("portal:webhook", pk)


def endpoint_delete(request: ActingRequest, pk: int) -> HttpResponse:
    row = _one(request, pk)
    if request.method == "POST":
        services.delete_endpoint(endpoint=row, actor=request.actor)
        messages.success(request, gettext_noop("The endpoint is deleted."))
        return redirect("portal:webhooks")
    text = gettext(
        "The endpoint gets no more events. Its delivery log and what waits for it are deleted too. You cannot undo this."
    )
    return _confirm(request, row, title=gettext("Delete the endpoint"), text=text, submit=gettext("Delete endpoint"))


def delivery(request: ActingRequest, pk: int) -> HttpResponse:
    """A delivery: its request, and every attempt with the beginning of the answer."""
    hook = _delivery(request, pk)
    context = {
        "hook": hook,
        "attempts": list(hook.tries.all()[:100]),
        "body": body_of(hook).decode(),
        "readable": json.dumps(hook.payload, ensure_ascii=False, indent=2),
    }
    return render(request, "portal/webhook_delivery.html", context)


@require_POST
def delivery_replay(request: ActingRequest, pk: int) -> HttpResponse:
    try:
        services.replay(hook=_delivery(request, pk), actor=request.actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, gettext_noop("The delivery is sent again."))
    return redirect("portal:webhook_delivery", pk)


def _one(request: ActingRequest, pk: int) -> WebhookEndpoint:
    rows: QuerySet[WebhookEndpoint] = WebhookEndpoint.objects.visible_to(request.actor).select_related("organisation")
    return get_object_or_404(rows, pk=pk)


def _delivery(request: ActingRequest, pk: int) -> Hook:
    return get_object_or_404(Hook.objects.visible_to(request.actor).select_related("endpoint", "organisation"), pk=pk)


def _secret(request: ActingRequest, row: WebhookEndpoint) -> HttpResponse:
    return render(request, "portal/webhook_secret.html", {"endpoint": row, "secret": services.secret_of(row)})


def _confirm(request: ActingRequest, row: WebhookEndpoint, **texts: Any) -> HttpResponse:
    context = {**texts, "translated": True, "warnings": [row.url], "back": reverse("portal:webhook", args=[row.pk])}
    return render(request, "components/confirm.html", context)
