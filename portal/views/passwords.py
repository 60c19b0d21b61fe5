"""Forgotten passwords, mailed links, and the new password that an admin asks for."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import services
from portal.http.requests import ActingRequest
from portal.identity.sessions import trust_anew
from portal.models import AccountLink
from portal.sign_in_forms import ChosenPasswordForm, ForgottenForm, OwnPasswordForm, too_many

TOKEN = "account_link"  # noqa: S105  a key of the session


def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer is the same whether or not there is such an account, and takes as long."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        refused = services.ask_for_new_password(email=form.cleaned_data["email"], request=request)
        if refused is None:
            return render(request, "portal/password_requested.html")
        form.add_error(None, too_many(refused.until))
        return render(request, "portal/password_forgotten.html", {"form": form}, status=429)
    return render(request, "portal/password_forgotten.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_safe
def account_link(request: HttpRequest, token: str) -> HttpResponse:
    """A mailed link. It uses nothing up, as mail scanners open it, too; its token leaves the address, so that no log has it."""
    if services.find_link(token) is None:
        return render(request, "portal/link_not_open.html", status=404)
    trust_anew(request)
    request.session[TOKEN] = token
    return redirect("portal:password_choose")


@never_cache
def password_choose(request: HttpRequest) -> HttpResponse:
    """Choose a password, after opening an invitation or a reset link."""
    link = services.find_link(request.session.get(TOKEN, ""))
    if link is None:
        return render(request, "portal/link_not_open.html", status=404)
    form = ChosenPasswordForm(link.person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_password_by_link(link=link, password=form.cleaned_data["new_password1"])
        except ValidationError:  # it was used at the same moment
            return render(request, "portal/link_not_open.html", status=404)
        request.session.pop(TOKEN, None)
        messages.success(request, gettext_noop("Your password is set. Sign in with it."))
        return redirect("portal:sign_in")
    context = {"form": form, "person": link.person, "is_invitation": link.kind == AccountLink.Kind.INVITATION}
    return render(request, "portal/account_link.html", context, status=422 if form.errors else 200)


def password_new(request: ActingRequest) -> HttpResponse:
    """Choose another password because an admin asks for it; nothing else is open until then."""
    if not request.user.password_must_change:
        return redirect("portal:home")
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["new_password1"] == form.cleaned_data["old_password"]:
            form.add_error("new_password1", gettext_noop("Choose a password that differs from the one you have now."))
        else:
            services.change_password(
                person=request.user,
                password=form.cleaned_data["new_password1"],
                actor=request.actor,
                besides=request.session.session_key,
            )
            update_session_auth_hash(request, request.user)
            messages.success(request, gettext_noop("Your password has been changed."))
            return redirect("portal:home")
    return render(request, "portal/password_new.html", {"form": form}, status=422 if form.errors else 200)
