"""Sign-in, the first page, one's own account and inbox."""

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from portal import services, throttle
from portal.forms import AccountForm, SignInForm
from portal.http import ActingRequest
from portal.keyset import keyset_page
from portal.signals import home_opened
from portal.views.sessions import sessions_of


def sign_in(request: HttpRequest) -> HttpResponse:
    """E-mail and password. After five failures from one place that pair has to wait, right password or not."""
    if request.user.is_authenticated:
        return redirect("portal:home")
    form = SignInForm(request, data=request.POST or None)
    if request.method == "POST":
        email, address = request.POST.get("username", ""), request.META["REMOTE_ADDR"]
        if throttle.is_blocked(email=email, address=address):
            form.is_valid()
            form.errors.clear()
            form.add_error(None, gettext_noop("Too many failed attempts. Wait 15 minutes, then try again."))
            return render(request, "portal/sign_in.html", {"form": form}, status=429)
        if form.is_valid():
            throttle.forget(email=email, address=address)
            login(request, form.get_user())
            target = request.POST.get("next", "")
            safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
            return redirect(target if safe else "portal:home")
        throttle.note_failure(email=email, address=address)
    status = 422 if form.errors else 200
    return render(request, "portal/sign_in.html", {"form": form, "next": request.GET.get("next", "")}, status=status)


@require_POST
def sign_out(request: ActingRequest) -> HttpResponse:
    logout(request)
    return redirect("portal:sign_in")


def home(request: ActingRequest) -> HttpResponse:
    """Everybody's first page: first steps while they are new, then the regulator's board, the platform's queue, the
    admin's escalations."""
    for _, address in home_opened.send(sender=None, person=request.user, actor=request.actor):
        if address:
            return redirect(address)
    if request.actor.may("notice.send"):
        return redirect("enforcement:board")
    if request.actor.may("flag.decide"):
        return redirect("listings:queue")
    return redirect("enforcement:escalations")


def account(request: ActingRequest) -> HttpResponse:
    """One's own time zone, messages by mail, and password."""
    changing_password = "old_password" in request.POST
    form = AccountForm(
        request.POST if request.method == "POST" and not changing_password else None, instance=request.user
    )
    password = PasswordChangeForm(request.user, request.POST if changing_password else None)
    del password.fields["old_password"].widget.attrs["autofocus"]  # it is not what people come to the page for
    if changing_password and password.is_valid():
        services.change_password(
            person=request.user,
            password=password.cleaned_data["new_password1"],
            actor=request.actor,
            besides=request.session.session_key,
        )
        update_session_auth_hash(request, request.user)
        messages.success(request, gettext_noop("Your password is changed."))
        return redirect("portal:account")
    if request.method == "POST" and not changing_password and form.is_valid():
        form.save()
        messages.success(request, gettext_noop("Saved."))
        return redirect("portal:account")
    status = 422 if form.errors or password.errors else 200
    return render(
        request,
        "portal/account.html",
        {"form": form, "password": password, **sessions_of(request.user, request)},
        status=status,
    )


def notifications(request: ActingRequest) -> HttpResponse:
    page = keyset_page(request.user.notifications.all(), request, ordering=["-pk"])
    return render(request, "portal/notifications.html", {"page": page})


@require_POST
def notifications_read(request: ActingRequest) -> HttpResponse:
    request.user.notifications.filter(read_at=None).update(read_at=timezone.now())
    return redirect("portal:notifications")
