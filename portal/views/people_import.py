"""Many people from a file: upload, preview, confirm. What was previewed travels signed in the page, and is kept nowhere."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop

from portal import services
from portal.http.language import add_refusal
from portal.http.requests import ActingRequest
from portal.models import Role
from portal.people_file import MAX_BYTES, Row, read_people
from portal.services.people_import import Judged

HOUR = 3600
OVER = gettext_noop("This preview is no longer valid. Upload the file again.")


class PeopleFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_noop("CSV file or Excel workbook"),
        help_text=gettext_noop("Up to 500 people and 1 MB, as CSV UTF-8 or .xlsx."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv,.xlsx"}),
    )


def people_import(request: ActingRequest) -> HttpResponse:
    """The upload; its preview; and, once that is confirmed, the import."""
    if request.method == "POST" and "rows" in request.POST:
        return _import(request)
    form = PeopleFileForm(request.POST, request.FILES) if request.method == "POST" else PeopleFileForm()
    if request.method == "POST" and form.is_valid():
        try:
            rows = read_people(form.cleaned_data["file"].read(MAX_BYTES + 1))
        except ValidationError as error:
            add_refusal(form, error)
        else:
            return _preview(request, rows)
    context = {"form": form, "organisations": services.importable_organisations(request.actor)}
    return render(request, "portal/people_import.html", context, status=422 if form.errors else 200)


def _preview(request: ActingRequest, rows: list[Row]) -> HttpResponse:
    judged = services.preview_people(rows=rows, actor=request.actor)
    signed = signing.dumps([each.fingerprint for each in judged], salt=_salt(request), compress=True)
    kinds = ("new", "changed", "unchanged", "rejected")
    count: dict[str, Any] = {kind: sum(each.kind == kind for each in judged) for kind in kinds}
    context = {
        "rows": list(map(_shown, judged)),
        "signed": signed,
        "count": count,
        "to_do": count["new"] + count["changed"],
    }
    return render(request, "portal/people_preview.html", context)


def _import(request: ActingRequest) -> HttpResponse:
    try:
        seen = signing.loads(request.POST["rows"], salt=_salt(request), max_age=HOUR)
    except signing.BadSignature:
        messages.error(request, OVER)
        return redirect("portal:people_import")
    rows = [Row(line, cells, too_long=too_long) for line, cells, too_long, *_ in seen]
    done = services.import_people(rows=rows, seen=seen, actor=request.actor)
    words = {"added": done.added, "changed": done.changed}
    messages.success(request, gettext("People invited: %(added)d. Accounts changed: %(changed)d.") % words)
    if not done.refused:
        return redirect("portal:people")
    return render(request, "portal/people_preview.html", {"rows": list(map(_shown, done.refused)), "is_done": True})


def _shown(judged: Judged) -> dict[str, Any]:
    """A row for the template, in the reader's language."""
    problem = judged.problem
    detail = gettext(problem.detail) if problem else ""
    changes = [
        (column, _value(column, before), _value(column, after)) for column, before, after in judged.shown_changes
    ]
    return {
        "judged": judged,
        "detail": detail % problem.params if problem and problem.params else detail,
        "role": _value("role", judged.changes["role"]) if judged.kind == "new" else "",
        "changes": changes,
    }


def _value(column: str, value: Any) -> str:
    if column == "role":
        return gettext(str(Role(value).label))
    if column == "active":
        return gettext("yes") if value else gettext("no")
    return str(value)


def _salt(request: ActingRequest) -> str:
    """Who previewed something confirms it, and nobody else."""
    return f"portal.people_import.{request.actor.user_id}"
