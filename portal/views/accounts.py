"""The first page, one's own account and inbox."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from portal import services
from portal.forms import AccountForm
from portal.http.active_filters import CURSORS, active_filters
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.inbox_filter import InboxFilter
from portal.models import Notification
from portal.sign_in_forms import OwnPasswordForm
from portal.signals import home_opened
from portal.texts import key_in
from portal.views.duty import absences_of
from portal.views.sessions import sessions_of


def home(request: ActingRequest) -> HttpResponse:
    """Everyone's first page: getting started while they are new, then the regulator's board, the platform's queue, the
    admin's escalations, the operator's health."""
    for _, address in home_opened.send(sender=None, person=request.user, actor=request.actor):
        if address:
            return redirect(address)
    if request.actor.may("notice.send"):
        return redirect("enforcement:board")
    if request.actor.may("flag.decide"):
        return redirect("listings:queue")
    if request.actor.may("health.view"):
        return redirect("portal:health")
    return redirect("enforcement:escalations")


def account(request: ActingRequest) -> HttpResponse:
    """One's own time zone, messages by mail, and password."""
    changing_password = "old_password" in request.POST
    form = AccountForm(
        request.POST if request.method == "POST" and not changing_password else None, instance=request.user
    )
    password = OwnPasswordForm(request.user, request.POST if changing_password else None)
    del password.fields["old_password"].widget.attrs["autofocus"]  # it is not what people come to the page for
    if changing_password and password.is_valid():
        services.change_password(
            person=request.user,
            password=password.cleaned_data["new_password1"],
            actor=request.actor,
            besides=request.session.session_key,
        )
        update_session_auth_hash(request, request.user)
        messages.success(request, gettext_noop("Your password has been changed."))
        return redirect("portal:account")
    if request.method == "POST" and not changing_password and form.is_valid():
        services.choose_preferences(person=request.user, **form.cleaned_data)
        messages.success(request, gettext_noop("Saved."))
        return redirect("portal:account")
    status = 422 if form.errors or password.errors else 200
    return render(
        request,
        "portal/account.html",
        {
            "form": form,
            "password": password,
            "absences": absences_of(request.user),
            "factors": request.user.second_factors.exclude(kind="code"),
            **sessions_of(request.user, request),
        },
        status=status,
    )


def notifications(request: ActingRequest) -> HttpResponse:
    found = InboxFilter(request.GET, _inbox(request))
    kept = request.GET.copy()
    for name in CURSORS:
        kept.pop(name, None)
    context = {
        "page": keyset_page(found.qs, request, ordering=["-pk"]),
        "filter": found,
        "active": active_filters(found.form, request.GET),
        "kept": kept.urlencode(),
    }
    return render(request, "portal/notifications.html", context)


@require_safe
def notification(request: ActingRequest, pk: int) -> HttpResponse:
    """Go to what a message is about. Whoever opens it has read it; a browser that only fetches ahead has not."""
    note = get_object_or_404(_inbox(request).exclude(link=""), pk=pk)
    if "prefetch" not in request.headers.get("Sec-Purpose", ""):
        _inbox(request).filter(pk=pk, read_at=None).update(read_at=timezone.now())
    return redirect(note.link)


@require_POST
def notifications_read(request: ActingRequest) -> HttpResponse:
    """Mark one message as read (`note`, its key), or all of them."""
    notes = _inbox(request).filter(read_at=None)
    if "note" in request.POST:
        key = key_in(request.POST["note"])
        notes = notes.none() if key is None else notes.filter(pk=key)
    notes.update(read_at=timezone.now())
    kept = QueryDict(request.POST.get("kept", "")).urlencode()
    return redirect(f"{reverse('portal:notifications')}{f'?{kept}' if kept else ''}")


def _inbox(request: ActingRequest) -> QuerySet[Notification]:
    """In a sandbox it is empty: nobody is written to about test data, and real messages do not stand beside it."""
    return Notification.objects.inbox_of(request.user).filter(organisation=request.organisation)
