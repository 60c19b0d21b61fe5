"""Posting a message, marking messages as read, and downloading attachments."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from listings import services
from listings.downloads import download
from listings.forms import MessageForm
from listings.models import Attachment, Flag
from listings.views.queue import review_again
from listings.views.thread import form_for, thread_context
from portal.http.language import add_refusal
from portal.http.requests import ActingRequest
from portal.texts import key_in


@require_POST
def post(request: ActingRequest, pk: int) -> HttpResponse:
    """Post a message and show the thread again: only the thread to htmx, or else the page it was written on."""
    flag = _flag(request, pk)
    form = form_for(flag, request.actor, request.POST, request.FILES)
    if form.is_valid():
        try:
            services.post_message(flag=flag, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            _mark_read(request, flag)
            if request.htmx:
                return _thread(request, flag)
            messages.success(request, gettext_noop("Message posted."))
            return redirect(_back(request, pk))
    if request.htmx:
        return _thread(request, flag, form)
    return review_again(request, flag, status=422, **thread_context(flag, request.actor, form=form))


@require_POST
def read(request: ActingRequest, pk: int) -> HttpResponse:
    """The person has read up to the last message on the page. With htmx: once the thread is in view."""
    flag = _flag(request, pk)
    _mark_read(request, flag)
    return HttpResponse("") if request.htmx else redirect(_back(request, pk))


def attachment(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Attachment.objects.visible_to(request.actor), pk=pk)
    return download(row)


def _flag(request: ActingRequest, pk: int) -> Flag:
    related = ("recall__regulator", "platform", "listing__platform", "product", "notice__version", "claimed_by")
    rows = Flag.objects.visible_to(request.actor).select_related(*related, "relisted_from", "takedown")
    return get_object_or_404(rows, pk=pk)


def _thread(request: ActingRequest, flag: Flag, refused: MessageForm | None = None) -> HttpResponse:
    where = {"single": "kept" not in request.POST, "kept": request.POST.get("kept", "")}
    context = {"flag": flag, **where, **thread_context(flag, request.actor, form=refused)}
    return render(request, "listings/_messages.html", context, status=422 if refused else 200)


def _mark_read(request: ActingRequest, flag: Flag) -> None:
    if (last := key_in(request.POST.get("last", ""))) is not None:
        services.mark_read(flag=flag, up_to=last, actor=request.actor)


def _back(request: ActingRequest, pk: int) -> str:
    if "kept" not in request.POST:
        return f"{reverse('listings:flag', args=[pk])}#messages"
    kept = request.POST["kept"]
    return f"{reverse('listings:queue')}?{f'{kept}&' if kept else ''}flag={pk}#messages"
