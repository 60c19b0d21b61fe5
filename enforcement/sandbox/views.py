"""The page of a platform's sandbox: create it, its keys, enter and leave it, reset and remove it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from enforcement.sandbox import services
from enforcement.sandbox.forms import SandboxKeyForm
from portal.http.language import add_refusal, refusal_text
from portal.http.requests import ActingRequest
from portal.identity import api_keys, sandboxes
from portal.models import Organisation
from portal.texts import key_in


def sandbox(request: ActingRequest) -> HttpResponse:
    """What the platform's sandbox is and has (GET). An operator chooses whose."""
    platform = _platform(request)
    if platform is None:
        platforms = Organisation.objects.visible_to(request.actor).platforms()
        return render(request, "enforcement/sandbox/choose.html", {"platforms": platforms})
    return _page(request, platform, SandboxKeyForm())


@require_POST
def create(request: ActingRequest) -> HttpResponse:
    platform = _chosen(request)
    return _done(request, platform, services.create_sandbox, gettext_noop("The sandbox was created."))


@never_cache
@require_POST
def key(request: ActingRequest) -> HttpResponse:
    """Make a key of the sandbox; the next page shows it this once."""
    platform = _chosen(request)
    found = _found(request, platform)
    form = SandboxKeyForm(request.POST)
    if form.is_valid():
        try:
            made, secret = api_keys.create_key(organisation=found.platform, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            context = {"key": made, "secret": secret, "back": _address(platform)}
            return render(request, "portal/key_made.html", context)
    return _page(request, platform, form)


@require_POST
def key_revoke(request: ActingRequest) -> HttpResponse:
    platform = _chosen(request)
    wanted = key_in(request.POST.get("key", ""))
    for row in _found(request, platform).keys:
        if row.pk == wanted:
            api_keys.revoke_key(key=row, actor=request.actor)
            messages.success(request, gettext("%(name)s no longer works.") % {"name": row.name})
            return redirect(_address(platform))
    raise Http404


def reset(request: ActingRequest) -> HttpResponse:
    """Ask, with what would be lost (GET), then replace the sandbox by a new one (POST)."""
    title, submit = gettext("Reset the sandbox of %(platform)s?"), gettext("Reset sandbox")
    return _confirmed(request, services.reset_sandbox, title, submit, gettext_noop("The sandbox was reset."))


def remove(request: ActingRequest) -> HttpResponse:
    """Ask, with what would be lost (GET), then remove the sandbox (POST)."""
    title, submit = gettext("Remove the sandbox of %(platform)s?"), gettext("Remove sandbox")
    return _confirmed(request, services.remove_sandbox, title, submit, gettext_noop("The sandbox was removed."))


@require_POST
def enter(request: ActingRequest) -> HttpResponse:
    """Work in the sandbox from now on, as a person of its platform."""
    platform = _chosen(request)
    if platform.pk != request.actor.organisation_id:
        raise Http404
    sandboxes.enter(request, _found(request, platform).platform)
    return redirect("listings:queue")


@require_POST
def leave(request: ActingRequest) -> HttpResponse:
    """Back to one's own organisation."""
    sandboxes.leave(request)
    return redirect("portal:home")


def _platform(request: ActingRequest) -> Organisation | None:
    """The platform whose sandbox is meant; None where an operator has named none. Raises Http404 for one not theirs."""
    if request.actor.platform_id is not None:
        return request.organisation
    slug = request.POST.get("platform", request.GET.get("platform", ""))
    if not slug:
        return None
    return get_object_or_404(Organisation.objects.visible_to(request.actor).platforms(), slug=slug)


def _chosen(request: ActingRequest) -> Organisation:
    platform = _platform(request)
    if platform is None:
        raise Http404
    return platform


def _found(request: ActingRequest, platform: Organisation) -> services.Sandbox:
    found = services.sandbox_for(platform=platform, actor=request.actor)
    if found is None:
        raise Http404
    return found


def _address(platform: Organisation) -> str:
    return f"{reverse('enforcement:sandbox')}?{urlencode({'platform': platform.slug})}"


def _page(request: ActingRequest, platform: Organisation, form: SandboxKeyForm) -> HttpResponse:
    context = {
        "platform": platform,
        "sandbox": services.sandbox_for(platform=platform, actor=request.actor),
        "form": form,
        "is_own": platform.pk == request.actor.organisation_id,
    }
    return render(request, "enforcement/sandbox/sandbox.html", context, status=422 if form.errors else 200)


def _done(request: ActingRequest, platform: Organisation, act: Callable[..., Any], done: str) -> HttpResponse:
    try:
        act(platform=platform, actor=request.actor)
    except ValidationError as error:
        messages.error(request, refusal_text(error))
    else:
        messages.success(request, done)
    return redirect(_address(platform))


def _confirmed(request: ActingRequest, act: Callable[..., Any], title: str, submit: str, done: str) -> HttpResponse:
    platform = _chosen(request)
    if request.method == "POST":
        return _done(request, platform, act, done)
    found = _found(request, platform)
    usable = sum(row.is_usable for row in found.keys)
    lost = [
        ngettext("%(number)s listing", "%(number)s listings", found.listings) % {"number": found.listings},
        ngettext("%(number)s flag", "%(number)s flags", found.flags) % {"number": found.flags},
        ngettext("%(number)s decision", "%(number)s decisions", found.decisions) % {"number": found.decisions},
        ngettext("%(number)s key that works", "%(number)s keys that work", usable) % {"number": usable},
        ngettext("%(number)s webhook endpoint", "%(number)s webhook endpoints", found.endpoints)
        % {"number": found.endpoints},
    ]
    text = gettext(
        "You lose all of its test data: %(lost)s. Programs that use its keys stop working immediately. You cannot undo "
        "this. The audit log keeps what happened."
    )
    context = {
        "title": title % {"platform": platform},
        "text": text % {"lost": ", ".join(lost)},
        "submit": submit,
        "back": _address(platform),
        "translated": True,
    }
    return render(request, "components/confirm.html", context)
