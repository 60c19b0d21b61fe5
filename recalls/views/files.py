"""Files of a recall: adding one, downloading it, showing it to platforms or hiding it, removing it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from portal.http.downloads import as_download
from portal.http.language import add_refusal
from portal.http.requests import ActingRequest
from recalls import services
from recalls.models import Recall, RecallFile
from recalls.safety_forms import FileForm


def add(request: ActingRequest, pk: int) -> HttpResponse:
    recall = get_object_or_404(Recall.objects.visible_to(request.actor), pk=pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_file(recall=recall, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext_noop("The file is saved."))
            return redirect("recalls:detail", pk)
    context = {
        "form": form,
        "title": gettext("Add a file to recall %(number)s") % {"number": recall.number},
        "text": gettext("PNG, JPEG, WebP, PDF or plain text, up to 5 MB. Platforms see it only if you say so."),
        "submit": gettext_noop("Add file"),
        "back": reverse("recalls:detail", args=[pk]),
        "translated": True,
    }
    return render(request, "components/confirm.html", context, status=422 if request.method == "POST" else 200)


@require_safe
def download(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(RecallFile.objects.visible_to(request.actor).select_related("recall"), pk=pk)
    return as_download(services.file_content(row), name=row.name, content_type=row.content_type)


@require_POST
def audience(request: ActingRequest, pk: int) -> HttpResponse:
    """Show the file to platforms where the form says `show`, else hide it."""
    row = _own(request, pk)
    services.set_file_audience(file=row, for_platforms="show" in request.POST, actor=request.actor)
    shown, hidden = gettext_noop("Platforms can see the file now."), gettext_noop("The file is internal now.")
    messages.success(request, shown if row.for_platforms else hidden)
    return redirect("recalls:detail", row.recall_id)


def remove(request: ActingRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    if request.method == "POST":
        services.remove_file(file=row, actor=request.actor)
        messages.success(request, gettext_noop("The file is removed."))
        return redirect("recalls:detail", row.recall_id)
    context = {
        "title": gettext("Remove %(title)s") % {"title": row.title},
        "text": gettext("The file is deleted. The audit log keeps its title and digests. You cannot undo this."),
        "submit": gettext_noop("Remove file"),
        "back": reverse("recalls:detail", args=[row.recall_id]),
        "translated": True,
    }
    return render(request, "components/confirm.html", context)


def _own(request: ActingRequest, pk: int) -> RecallFile:
    if request.actor.platform_id is not None:
        raise Http404
    return get_object_or_404(RecallFile.objects.visible_to(request.actor).select_related("recall"), pk=pk)
