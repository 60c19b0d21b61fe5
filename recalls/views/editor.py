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
from recalls.forms import ProductFormSet, RecallForm, content_from, initial_from
from recalls.models import Recall, RecallVersion
from recalls.services.content import content_of
from recalls.states import RecallStatus

ANOTHER = "another"
"""The button that asks for one more row for a product, where no script adds it."""


def add(request: ActingRequest) -> HttpResponse:
    if ANOTHER in request.POST:
        return _with_another_row(request, None, None)
    form, products = forms_of(request.POST, None)
    if request.method == "POST" and form.is_valid() and products.is_valid():
        try:
            recall = services.create_recall(
                regulator=request.user.organisation,
                number=form.cleaned_data["number"],
                content=content_from(form, products),
                actor=request.actor,
            )
        except ValidationError as error:
            add_refusal(form, error)
        else:
            services.set_priority(recall=recall, priority=form.cleaned_data["priority"], actor=request.actor)
            messages.success(request, gettext_noop("The draft is saved. Submit it for review when it is complete."))
            return redirect("recalls:detail", recall.pk)
    return editor_page(request, form, products, None, status=422 if request.method == "POST" else 200)


def edit(request: ActingRequest, pk: int) -> HttpResponse:
    """Edit the unpublished version of a recall: its draft, or its revision in progress."""
    recall = get_object_or_404(Recall.objects.visible_to(request.actor), pk=pk)
    version = recall.versions.filter(published_at=None).select_related("recall").first()
    if version is None:
        messages.error(
            request, gettext_noop("You cannot change the version in force. Revise the recall to create a new version.")
        )
        return redirect("recalls:detail", pk)
    if not version.is_open_to_change:
        messages.error(
            request, gettext_noop("You cannot change a recall that is in review or approved. Return it to draft first.")
        )
        return redirect("recalls:detail", pk)
    if ANOTHER in request.POST:
        return _with_another_row(request, version, recall)
    form, products = forms_of(request.POST, version)
    if request.method == "POST" and form.is_valid() and products.is_valid():
        services.edit_version(version=version, content=content_from(form, products), actor=request.actor)
        services.set_priority(recall=recall, priority=form.cleaned_data["priority"], actor=request.actor)
        messages.success(request, gettext_noop("Saved."))
        return redirect("recalls:versions" if recall.status == RecallStatus.PUBLISHED else "recalls:detail", recall.pk)
    return editor_page(request, form, products, recall, status=422 if request.method == "POST" else 200)


def _with_another_row(request: ActingRequest, version: RecallVersion | None, recall: Recall | None) -> HttpResponse:
    """What was entered, kept as it is, with room for one more product. Stores nothing and judges nothing."""
    _, sent = forms_of(request.POST, version)
    rows = sent.total_form_count()
    given = request.POST.copy()
    given[f"{sent.prefix}-TOTAL_FORMS"] = str(max(rows, min(rows + 1, sent.max_num)))
    form, products = forms_of(given, version)
    forget_errors(form, products)
    products.forms[-1].fields["name"].widget.attrs["autofocus"] = True
    return editor_page(request, form, products, recall, status=200)


def forget_errors(form: RecallForm, products: Any) -> None:
    """Let what is entered stand without judging it: no one asked to save yet."""
    for errors in (form.errors, products.non_form_errors(), *(row.errors for row in products.forms)):
        errors.clear()


def forms_of(given: QueryDict, version: RecallVersion | None) -> tuple[RecallForm, Any]:
    """The editor's two forms for a version that is being written, or for a new recall; bound where they were sent."""
    recall_values: dict[str, Any] = {"priority": "normal"}
    product_values: list[dict[str, Any]] = []
    if version is not None:
        recall_values, product_values = initial_from(content_of(version))
        recall_values |= {"number": version.recall.number, "priority": version.recall.priority}
    form = RecallForm(given or None, initial=recall_values)
    form.fields["number"].disabled = version is not None
    return form, ProductFormSet(given or None, initial=product_values, prefix="products")


def editor_page(
    request: ActingRequest, form: RecallForm, products: Any, recall: Recall | None, *, status: int, **more: Any
) -> HttpResponse:
    """The editor with what was entered; `more` is what `listings:reading_preview` adds: how the text is read."""
    context = {
        "form": form,
        "products": products,
        "recall": recall,
        "title": gettext("Edit recall %(number)s") % {"number": recall.number} if recall else gettext("New recall"),
        "save_to": reverse("recalls:edit", args=[recall.pk]) if recall else reverse("recalls:add"),
        "back": reverse("recalls:detail", args=[recall.pk]) if recall else reverse("recalls:list"),
    }
    return render(request, "recalls/edit.html", context | more, status=status)
