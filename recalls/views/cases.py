"""The internal side of a recall: its risk assessment with the second signature, and who owns the case. For its regulator."""

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from portal.http.language import add_refusal
from portal.http.requests import ActingRequest
from portal.texts import key_in
from recalls import services
from recalls.models import Recall, RecallVersion
from recalls.models.safety import RiskLevel
from recalls.safety_forms import AssessmentForm, OwnerForm
from recalls.safety_presenters import label_of


def assessment(request: ActingRequest, pk: int) -> HttpResponse:
    """The assessment of the version in force, or of another one that `version` names, and the form that changes it."""
    recall, versions = _open_versions(request, pk)
    version = _named(versions, request.GET.get("version", ""))
    risk = services.risk_of(version)
    form = AssessmentForm(request.POST or None, initial={"text": risk.assessment.text if risk.assessment else ""})
    if request.method == "POST" and form.is_valid():
        try:
            services.assess_risk(version=version, text=form.cleaned_data["text"], actor=request.actor)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext_noop("The assessment is saved. Someone else can sign it now."))
            return redirect(f"{reverse('recalls:assessment', args=[pk])}?version={version.version}")
    context = {
        "recall": recall,
        "version": version,
        "others": [other for other in versions if other.pk != version.pk],
        "level": label_of(RiskLevel, version.risk_level),
        "risk": risk,
        "may_sign": risk.state == "unsigned" and services.may_sign(risk.assessment, request.actor),
        "signers": services.signers_of(risk.assessment) if risk.assessment else [],
        "form": form,
        "submit": gettext_noop("Save assessment"),
    }
    return render(request, "recalls/assessment.html", context, status=422 if form.errors else 200)


@require_POST
def assessment_sign(request: ActingRequest, pk: int) -> HttpResponse:
    """Sign the assessment as it was shown."""
    _, versions = _open_versions(request, pk)
    version = _named(versions, request.POST.get("version", ""))
    try:
        seen = parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        seen = None
    if seen is None:
        raise BadRequest(gettext_noop("Open the assessment and sign it there."))
    services.sign_assessment(version=version, actor=request.actor, seen=seen)
    messages.success(request, gettext_noop("You signed the risk assessment."))
    return redirect("recalls:detail", pk)


def owner(request: ActingRequest, pk: int) -> HttpResponse:
    """Assign the case, hand it over, or let it go."""
    recall = get_object_or_404(_own(request), pk=pk)
    people = services.possible_owners(recall.regulator_id)
    form = OwnerForm(request.POST or None, people=people, initial={"to": recall.owner_id})
    if request.method == "POST" and form.is_valid():
        try:
            recall = services.assign_owner(recall=recall, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            words = {"number": recall.number, "person": str(recall.owner or "")}
            detail = (
                gettext("%(person)s owns recall %(number)s.")
                if recall.owner
                else gettext("Nobody owns recall %(number)s.")
            )
            messages.success(request, detail % words)
            return redirect("recalls:detail", pk)
    context = {
        "form": form,
        "title": gettext("Owner of recall %(number)s") % {"number": recall.number},
        "text": gettext(
            "The owner is responsible for the case. While they are away, the recall shows who stands in. The new owner is notified."
        ),
        "submit": gettext_noop("Save owner"),
        "back": reverse("recalls:detail", args=[pk]),
        "translated": True,
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


def _own(request: ActingRequest) -> QuerySet[Recall]:
    """The recalls of the actor's regulator; a platform sees that there is nothing here."""
    if request.actor.platform_id is not None:
        raise Http404
    return Recall.objects.visible_to(request.actor).select_related("current", "owner")


def _open_versions(request: ActingRequest, pk: int) -> tuple[Recall, list[RecallVersion]]:
    """A recall with its versions that can be assessed: the one in force, and the one in work."""
    recall = get_object_or_404(_own(request), pk=pk)
    return recall, services.open_versions(recall)


def _named(versions: list[RecallVersion], number: str) -> RecallVersion:
    """The version with a number, the one in force where none is asked for. Raises Http404 where there is none."""
    wanted = [each for each in versions if not number or each.version == key_in(number)]
    if not wanted:
        raise Http404
    return wanted[0]
