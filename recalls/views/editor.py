"""The recall editor: writing a new recall, and editing the version of one that is not published yet."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from portal.http.language import add_refusal
from portal.http.requests import ActingRequest
from recalls import services
from recalls.forms import RecallForms, forms_of
from recalls.models import Recall, RecallVersion
from recalls.services.content import content_of
from recalls.states import RecallStatus

ANOTHER = "another"
"""The button that asks for one more row, where no script adds it; its value says of what."""


def add(request: ActingRequest) -> HttpResponse:
    if ANOTHER in request.POST:
        return _with_another_row(request, None, None)
    forms = editor_of(request.POST, None)
    if request.method == "POST" and forms.is_valid():
        try:
            recall = services.create_recall(
                regulator=request.user.organisation,
                number=forms.form.cleaned_data["number"],
                content=forms.content(),
                actor=request.actor,
            )
        except ValidationError as error:
            add_refusal(forms.form, error)
        else:
            services.set_priority(recall=recall, priority=forms.form.cleaned_data["priority"], actor=request.actor)
            messages.success(request, gettext_noop("The draft is saved. Submit it for review when it is complete."))
            return redirect("recalls:detail", recall.pk)
    return editor_page(request, forms, None, status=422 if request.method == "POST" else 200)


def edit(request: ActingRequest, pk: int) -> HttpResponse:
    """Edit the unpublished version of a recall: its draft, or its revision in progress."""
    recall = get_object_or_404(Recall.objects.visible_to(request.actor), pk=pk)
    version = recall.versions.filter(published_at=None).select_related("recall").first()
    if version is None:
        messages.error(
            request, gettext_noop("You cannot change the version in force. Correct the recall to create a new version.")
        )
        return redirect("recalls:detail", pk)
    if not version.is_open_to_change:
        messages.error(
            request, gettext_noop("You cannot change a recall that is in review or approved. Return it to draft first.")
        )
        return redirect("recalls:detail", pk)
    if ANOTHER in request.POST:
        return _with_another_row(request, version, recall)
    forms = editor_of(request.POST, version)
    if request.method == "POST" and forms.is_valid():
        try:
            services.edit_version(version=version, content=forms.content(content_of(version)), actor=request.actor)
        except ValidationError as error:
            add_refusal(forms.form, error)
        else:
            services.set_priority(recall=recall, priority=forms.form.cleaned_data["priority"], actor=request.actor)
            if recall.status == RecallStatus.PUBLISHED:
                messages.success(
                    request, gettext("Version %(version)s is saved as a draft.") % {"version": version.version}
                )
                return redirect("recalls:versions", recall.pk)
            messages.success(request, gettext_noop("Saved."))
            return redirect("recalls:detail", recall.pk)
    return editor_page(request, forms, recall, status=422 if request.method == "POST" else 200)


def _with_another_row(request: ActingRequest, version: RecallVersion | None, recall: Recall | None) -> HttpResponse:
    """What was entered, kept as it is, with room for one more row. Stores nothing and judges nothing."""
    sets = editor_of(request.POST, version).sets
    wanted = request.POST[ANOTHER] if request.POST[ANOTHER] in sets else "product"
    sent = sets[wanted]
    rows = sent.total_form_count()
    given = request.POST.copy()
    given[f"{sent.prefix}-TOTAL_FORMS"] = str(max(rows, min(rows + 1, sent.max_num)))
    forms = editor_of(given, version)
    forms.forget_errors()
    next(iter(forms.sets[wanted].forms[-1].fields.values())).widget.attrs["autofocus"] = True
    return editor_page(request, forms, recall, status=200)


def editor_of(given: QueryDict, version: RecallVersion | None) -> RecallForms:
    """The editor's forms for a version that is being written, or for a new recall; bound where they were sent."""
    forms = forms_of(given, content_of(version) if version else None)
    if version is not None:
        forms.form.initial.update({"number": version.recall.number, "priority": version.recall.priority})
        forms.form.fields["number"].disabled = True
    return forms


def editor_page(
    request: ActingRequest, forms: RecallForms, recall: Recall | None, *, status: int, **more: Any
) -> HttpResponse:
    """The editor with what was entered; `more` is what `listings:reading_preview` adds: how the text is read."""
    written = recall.versions.filter(published_at=None).first() if recall else None
    context = {
        "form": forms.form,
        "products": forms.products,
        "measures": forms.measures,
        "businesses": forms.businesses,
        "opened": forms.opened,
        "returned": services.returned(written) if written else None,
        "recall": recall,
        "correcting": written if recall and recall.status == RecallStatus.PUBLISHED else None,
        "title": gettext("Edit recall %(number)s") % {"number": recall.number} if recall else gettext("New recall"),
        "save_to": reverse("recalls:edit", args=[recall.pk]) if recall else reverse("recalls:add"),
        "back": reverse("recalls:detail", args=[recall.pk]) if recall else reverse("recalls:list"),
    }
    return render(request, "recalls/edit.html", context | more, status=status)
