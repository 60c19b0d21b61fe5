"""Pages of recalls: detail, versions, and the moves between states. The list is in recall_list.py, the editor in editor.py."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.http import require_POST, require_safe

from portal import audit
from portal.charts import RowChart
from portal.duty_forms import labels_of
from portal.http.language import shown, shown_inside
from portal.http.requests import ActingRequest
from portal.identity.actors import Actor
from portal.models import AuditEvent
from portal.reason_forms import ReasonForm
from portal.transition_tables import Transition
from portal.views.pictures import picture_response
from recalls import services
from recalls.forms import EmbargoForm, PublishVersionForm, SubmitVersionForm, seen_field
from recalls.models import Picture, Recall, RecallFile, RecallVersion
from recalls.presenters import facts_of, pictures_of, version_for
from recalls.safety_presenters import safety_of
from recalls.services.content import content_of
from recalls.services.differences import differences
from recalls.signals import recall_opened, version_checked, versions_shown
from recalls.states import RecallStatus

ASKED_BEFORE = {RecallStatus.PUBLISHED, RecallStatus.EMBARGOED}
"""What is asked about before it is done, beside every move that needs a reason."""

_DRAFT, _REVIEW, _EMBARGOED, _PUBLISHED, _WITHDRAWN = (status.value for status in RecallStatus)
WHAT_FOLLOWS = {
    (_REVIEW, _PUBLISHED): gettext_noop(
        "You approve the recall as the second person, and it is published immediately. Published "
        "versions cannot change. Corrections become new versions."
    ),
    (_REVIEW, _EMBARGOED): gettext_noop(
        "You approve the recall as the second person. It is published automatically at the time you choose. "
        "Until then, no one can change it and no platform can see it. "
        "You can still publish it early or cancel the embargo."
    ),
    (_REVIEW, _DRAFT): gettext_noop(
        "The authors are notified of your reason. They can change the recall and submit it again."
    ),
    (_EMBARGOED, _PUBLISHED): gettext_noop(
        "The recall is published now, before its embargo ends. Published versions cannot change. Corrections become new versions."
    ),
    (_EMBARGOED, _DRAFT): gettext_noop(
        "The recall is not published. It becomes a draft again and needs a new review. The authors are notified of your reason."
    ),
    (_DRAFT, _WITHDRAWN): gettext_noop(
        "The draft is discarded and its number cannot be used again. This cannot be undone."
    ),
    (_PUBLISHED, _WITHDRAWN): gettext_noop(
        "All its notices are withdrawn, their clocks stop and their open flags close. This cannot be undone."
    ),
}
"""What a move means, said before it is made."""


def detail(request: ActingRequest, pk: int) -> HttpResponse:
    recall = get_object_or_404(
        Recall.objects.visible_to(request.actor).select_related("current", "regulator", "owner"), pk=pk
    )
    if (version := version_for(recall, request.actor)) is None:
        raise Http404
    is_platform = request.actor.platform_id is not None
    version.recall = recall  # which asks for it otherwise
    prefetch_related_objects([version], "products", "pictures", *([] if is_platform else ["writers", "created_by"]))
    content = content_of(version)
    revision = None if is_platform else recall.versions.filter(published_at=None).exclude(pk=version.pk).first()
    context = {
        "recall": recall,
        "version": version,
        "products": version.products.all(),
        "pictures": pictures_of(version),
        "facts": facts_of(version),
        "safety": safety_of(version, request.actor),
        "risk": None if is_platform else services.risk_of(version),
        "owner": "" if is_platform else _owner(recall),
        "files": RecallFile.objects.visible_to(request.actor).filter(recall=recall).select_related("uploaded_by"),
        "findability": content.findability,
        "moves": _moves(recall, version, request.actor),
        "writers": [] if is_platform else services.writers_of(version),
        "approvers": [] if is_platform else services.approvers_of(version),
        "failed": None if is_platform else services.failed_publication(recall),
        "may_approve": services.may_approve(version, request.actor),
        "notices": recall.notices.visible_to(request.actor).select_related("platform", "version").order_by("-pk"),
        "revision": revision,
        "may_publish_revision": revision is not None and services.may_approve(revision, request.actor),
        "returned": _returned(recall) if not is_platform else None,
        "events": [] if is_platform else audit.events_about(recall).order_by("-id")[:30],
        "charts": _charts(recall, request.actor) if version.published_at else [],
        "is_platform": is_platform,
        "incident": None if is_platform else services.incident_of(recall),
        "may_link": request.actor.may("recall.review"),
        "asked_before": ASKED_BEFORE,
        "seen": services.seen_text(version) if recall.status == RecallStatus.IN_REVIEW else "",
        "may_read": request.actor.may("reading.view"),
        "may_edit": request.actor.may("recall.edit"),
        "may_dry_run": request.actor.may("dry_run.make") and recall.status != RecallStatus.WITHDRAWN,
        "may_send": request.actor.may("notice.send") and recall.status == RecallStatus.PUBLISHED,
    }
    return render(request, "recalls/detail.html", context)


def _owner(recall: Recall) -> str:
    """The owner's name, and who stands in while they are away."""
    return labels_of([recall.owner])[recall.owner.pk] if recall.owner else ""


def _returned(recall: Recall) -> AuditEvent | None:
    """How the version that is being written was returned, if it was."""
    version = recall.versions.filter(published_at=None).first()
    return services.returned(version) if version else None


def _charts(recall: Recall, actor: Actor) -> list[RowChart]:
    """What other apps draw about the recall."""
    drawn: list[tuple[Any, Any]] = recall_opened.send(sender=Recall, recall=recall, actor=actor)
    return [chart for _, chart in drawn if chart]


def _moves(recall: Recall, version: RecallVersion, actor: Actor) -> list[Transition]:
    """The moves the page offers; approving is not offered to those who wrote on it."""
    moves = [move for move in Recall.transitions.open_to(actor, recall.status) if move.label]
    if recall.status == RecallStatus.IN_REVIEW and not services.may_approve(version, actor):
        return [move for move in moves if move.permission != "recall.publish"]
    return moves


@require_safe
def picture(request: ActingRequest, pk: int) -> HttpResponseBase:
    versions = RecallVersion.objects.visible_to(request.actor)
    return picture_response(request, get_object_or_404(Picture.objects.filter(version__in=versions), pk=pk).url)


@require_POST
def revise(request: ActingRequest, pk: int) -> HttpResponse:
    recall = get_object_or_404(Recall.objects.visible_to(request.actor).select_related("current"), pk=pk)
    services.revise_recall(recall=recall, actor=request.actor)
    return redirect("recalls:edit", pk)


@require_POST
def version_submit(request: ActingRequest, pk: int) -> HttpResponse:
    """Submit the new version of a published recall for review."""
    recall = get_object_or_404(Recall.objects.visible_to(request.actor), pk=pk)
    version = get_object_or_404(recall.versions.filter(published_at=None))
    form = SubmitVersionForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["change_note"])))
        return redirect("recalls:versions", pk)
    services.submit_version(version=version, actor=request.actor, **form.cleaned_data)
    messages.success(
        request,
        gettext("Version %(version)s is submitted for review. Everyone who can publish it is notified.")
        % {"version": version.version},
    )
    return redirect("recalls:detail", pk)


def version_return(request: ActingRequest, pk: int) -> HttpResponse:
    """Return the new version of a published recall to its authors, with a reason."""
    recall = get_object_or_404(Recall.objects.visible_to(request.actor), pk=pk)
    version = get_object_or_404(recall.versions.filter(published_at=None))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.return_version(version=version, reason=form.cleaned_data["reason"], actor=request.actor)
        messages.success(request, gettext("Version %(version)s is returned.") % {"version": version.version})
        return redirect("recalls:versions", pk)
    values = {"version": version.version, "number": recall.number}
    context = {
        "form": form,
        "title": gettext("Return version %(version)s of recall %(number)s") % values,
        "text": gettext("Its authors are notified of your reason and can submit it again."),
        "submit": gettext_noop("Return to draft"),
        "back": reverse("recalls:versions", args=[pk]),
        "translated": True,
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


def version_discard(request: ActingRequest, pk: int) -> HttpResponse:
    """Discard the new version of a published recall, after a confirmation and with a reason."""
    recall = get_object_or_404(Recall.objects.visible_to(request.actor), pk=pk)
    version = get_object_or_404(recall.versions.filter(published_at=None))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.discard_version(version=version, reason=form.cleaned_data["reason"], actor=request.actor)
        messages.success(request, gettext("Version %(version)s is discarded.") % {"version": version.version})
        return redirect("recalls:detail", pk)
    values = {"version": version.version, "number": recall.number}
    context = {
        "form": form,
        "title": gettext("Discard version %(version)s of recall %(number)s") % values,
        "text": gettext(
            "The new version is deleted with its dry runs. The version in force, its notices and flags stay as they are. "
            "Its authors are notified of your reason. This cannot be undone."
        ),
        "submit": gettext_noop("Discard this version"),
        "back": reverse("recalls:versions", args=[pk]),
        "translated": True,
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


def versions(request: ActingRequest, pk: int) -> HttpResponse:
    """All versions, and what any two of them say otherwise; the regulator publishes a revision here."""
    recall = get_object_or_404(Recall.objects.visible_to(request.actor), pk=pk)
    rows = list(
        RecallVersion.objects.visible_to(request.actor)
        .filter(recall=recall)
        .prefetch_related("products", "pictures")
        .select_related("recall", "created_by")
        .order_by("-version")
    )
    draft = next((row for row in rows if row.published_at is None), None)
    suggested = {"change_note": draft.change_note, "seen": services.seen_text(draft)} if draft else {}
    form = PublishVersionForm(request.POST or None, initial=suggested)
    may_publish = (
        draft is not None
        and recall.status == RecallStatus.PUBLISHED
        and (request.method == "POST" or services.may_approve(draft, request.actor))
    )  # who wrote it and publishes it all the same is refused by the service
    if request.method == "POST" and may_publish and form.is_valid() and draft is not None:
        version = services.publish_version(version=draft, actor=request.actor, **form.cleaned_data)
        messages.success(request, _in_force(version))
        return redirect("recalls:versions", pk)  # which goes on to say what becomes of flags
    told: list[tuple[Any, Any]] = versions_shown.send(sender=Recall, recall=recall, actor=request.actor)
    for row in rows:
        row.outcomes = [found[row.pk] for _, found in told if found and row.pk in found]  # type: ignore[attr-defined]
    before, after = _chosen(rows, request.GET.get("before", ""), request.GET.get("after", ""))
    context = {
        "recall": recall,
        "versions": rows,
        "before": before,
        "after": after,
        "found": differences(content_of(before), content_of(after)) if before and after else None,
        "draft": draft,
        "writers": services.writers_of(draft) if draft else [],
        "approvers": services.approvers_of(draft) if draft else [],
        "form": form,
        "submitting": SubmitVersionForm(initial=suggested),
        "may_publish": may_publish,
        "warnings": _warnings(recall) if may_publish else [],
        "returned": services.returned(draft) if draft else None,
        "may_return": request.actor.may("recall.review"),
        "may_discard": request.actor.may("recall.edit"),
        "effects": services.effects_of(version=draft) if draft and request.actor.may("recall.edit") else None,
        "may_edit": request.actor.may("recall.edit"),
    }
    return render(request, "recalls/versions.html", context, status=422 if form.errors else 200)


def _in_force(version: RecallVersion) -> str:
    """That a new version is in force, and who is told of it now."""
    said = gettext("Version %(version)s is in force.") % {"version": version.version}
    notices = version.recall.notices.active().count()
    if not notices:
        told = gettext("The recall has no active notice, so no platform is notified.")
        return f"{said} {told}"
    if version.widens:
        told = ngettext(
            "%(number)s platform is notified, and its catalogue is matched again.",
            "%(number)s platforms are notified, and their catalogues are matched again.",
            notices,
        )
    else:
        told = ngettext(
            "%(number)s notice changes to this version, which names nothing new.",
            "%(number)s notices change to this version, which names nothing new.",
            notices,
        )
    return f"{said} {told % {'number': notices}}"


def _chosen(rows: list[RecallVersion], before: str, after: str) -> tuple[RecallVersion | None, RecallVersion | None]:
    """The two versions to compare: those asked for by number, else the newest and the one before it."""
    by_number = {str(row.version): row for row in rows}
    new = by_number.get(after) or (rows[0] if rows else None)
    older = [row for row in rows if new is not None and row.version < new.version]
    return by_number.get(before) or (older[0] if older else None), new


def move(request: ActingRequest, pk: int, to: str) -> HttpResponse:
    """Make one of the moves that the recall's page offers; what needs a reason or cannot be undone asks first."""
    recall = get_object_or_404(Recall.objects.visible_to(request.actor), pk=pk)
    transition = Recall.transitions.find(recall.status, to)
    asks = transition is not None and (transition.needs_reason or to in ASKED_BEFORE)
    approves = recall.status == RecallStatus.IN_REVIEW and to in ASKED_BEFORE
    if approves and request.method != "POST" and "seen" not in request.GET:
        return redirect("recalls:detail", pk)  # what is approved is what its page showed
    form = EmbargoForm(request.POST or None) if to == RecallStatus.EMBARGOED else ReasonForm(request.POST or None)
    if approves:
        form.fields["seen"] = seen_field(initial=request.GET.get("seen", ""))
    if transition is not None and not transition.needs_reason and "reason" in form.fields:
        form.fields["reason"].required = False
    if request.method == "POST" and (not asks or form.is_valid()):
        try:
            return _moved(request, recall, to, form.cleaned_data if asks else {})
        except ValidationError as error:
            form.add_error(None, error)
    if request.method != "POST" and not asks:
        return redirect("recalls:detail", pk)
    label = transition.label if transition else "Move"
    context = {
        "form": form,
        "title": gettext("%(move)s: recall %(number)s") % {"move": shown(label), "number": recall.number},
        "text": shown(WHAT_FOLLOWS.get((recall.status, to), "")),
        "warnings": _warnings(recall) if to in ASKED_BEFORE else [],
        "submit": label,
        "back": reverse("recalls:detail", args=[pk]),
        "translated": True,
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


def _warnings(recall: Recall) -> list[str]:
    """What others say of the version that is about to be published."""
    version = recall.versions.filter(published_at=None).first()
    if version is None:
        return []
    return [line for _, lines in version_checked.send(sender=RecallVersion, version=version) for line in lines or ()]


def _moved(request: ActingRequest, recall: Recall, to: str, said: dict[str, Any]) -> HttpResponse:
    if (until := said.get("publish_at")) is not None:
        services.embargo_recall(recall=recall, until=until, actor=request.actor, seen=said.get("seen"))
        local = date_format(timezone.localtime(until), gettext("l d F Y, H:i"))
        detail = gettext("Recall %(number)s is approved and will be published on %(moment)s (%(zone)s).")
        zone = timezone.get_current_timezone_name()
        messages.success(request, detail % {"number": recall.number, "moment": local, "zone": zone})
    else:
        reason = said.get("reason", "")
        services.move_recall(recall=recall, to=to, actor=request.actor, reason=reason, seen=said.get("seen"))
        state = shown_inside(RecallStatus(to).label)
        messages.success(
            request, gettext("Recall %(number)s is %(state)s now.") % {"number": recall.number, "state": state}
        )
    return redirect("recalls:detail", recall.pk)
