"""Request the statements of reasons of a period. A worker makes them (portal/exporting/registry.py)."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop

from enforcement import services
from enforcement.statements.forms import StatementsForm
from portal.http.language import add_refusal
from portal.http.requests import ActingRequest
from portal.views.exports import export_begun


def statements(request: ActingRequest) -> HttpResponse:
    """Choose the days (GET), start (POST)."""
    form = StatementsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = services.statements_asked(**form.cleaned_data, actor=request.actor)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            return export_begun(request, **asked)
    context = {
        "form": form,
        "title": gettext_noop("Statements of reasons for the DSA Transparency Database"),
        "submit": gettext_noop("Create statements"),
    }
    return render(request, "portal/form.html", context, status=422 if request.method == "POST" else 200)
