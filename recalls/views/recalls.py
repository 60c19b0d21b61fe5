"""Pages of recalls: list, detail, versions, and the moves between states. The editor is in editor.py."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import DateField, OuterRef, Subquery
from django.db.models.functions import Cast, Coalesce
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from portal import audit
from portal.http.cursors import keyset_page
from portal.http.language import shown, shown_inside
from portal.http.requests import ActingRequest
from portal.identity.actors import Actor
from portal.transition_tables import Transition
from portal.views.pictures import picture_response
from recalls import services
from recalls.filters import RecallFilter
from recalls.forms import EmbargoForm, PublishVersionForm, ReasonForm
from recalls.models import Picture, Recall, RecallVersion
from recalls.presenters import facts_of, pictures_of
from recalls.services.content import content_of
from recalls.services.differences import differences
from recalls.signals import version_checked
from recalls.states import RecallStatus

NEWEST = Coalesce("recalled_on", Cast("created_at", DateField()))
"""The day of a recall, by which the list is in order: an archive that is imported today stays behind what is new."""

_IN_WORK = RecallVersion.objects.filter(recall=OuterRef("pk"), recall__status=RecallStatus.PUBLISHED, published_at=None)

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


def recall_list(request: ActingRequest) -> HttpResponse:
    rows = Recall.objects.visible_to(request.actor).annotate(newest=NEWEST)
    if request.actor.platform_id is None:  # a platform learns of a new version when it is in force
        rows = rows.annotate(revision=Subquery(_IN_WORK.values("version")[:1]))
    found = RecallFilter(request.GET, rows)
    asked = request.GET.get("q", "").strip()
    exact = found.qs.filter(number=asked) if asked else None
    page = keyset_page(found.qs, request, ordering=["-newest", "-pk"], exact=exact)
    may_send = request.actor.may("notice.send")
    kept = request.GET.copy()
    for name in ("after", "before"):
        kept.pop(name, None)
    return render(
        request,
        "recalls/list.html",
        {
            "page": page,
            "filter": found,
            "may_send": may_send,
            "matching": found.qs.published().count() if may_send else 0,
            "kept": kept.urlencode(),
            "may_edit": request.actor.may("recall.edit"),
        },
    )


def _version_for(recall: Recall, actor: Actor) -> RecallVersion:
    """The version that the actor sees: a platform the one its notice pins, others the one in force."""
    if actor.platform_id is not None:
        notice = recall.notices.filter(platform_id=actor.platform_id).order_by("-pk").first()
        if notice is None:
            raise Http404
        return notice.version
    if recall.current is None:
        raise Http404
    return recall.current


def detail(request: ActingRequest, pk: int) -> HttpResponse:
    recall = get_object_or_404(Recall.objects.visible_to(request.actor).select_related("current", "regulator"), pk=pk)
    version = _version_for(recall, request.actor)
    content = content_of(version)
    is_platform = request.actor.platform_id is not None
    context = {
        "recall": recall,
        "version": version,
        "products": version.products.all(),
        "pictures": pictures_of(version),
        "facts": facts_of(version),
        "findability": content.findability,
        "moves": _moves(recall, version, request.actor),
        "writers": [] if is_platform else services.writers_of(version),
        "approvers": [] if is_platform else services.approvers_of(version),
        "failed": None if is_platform else services.failed_publication(recall),
        "may_approve": services.may_approve(version, request.actor),
        "notices": recall.notices.visible_to(request.actor).select_related("platform", "version").order_by("-pk"),
        "revision": None if is_platform else recall.versions.filter(published_at=None).exclude(pk=version.pk).first(),
        "events": [] if is_platform else audit.events_about(recall).order_by("-id")[:30],
        "is_platform": is_platform,
        "asked_before": ASKED_BEFORE,
        "may_read": request.actor.may("reading.view"),
        "may_edit": request.actor.may("recall.edit"),
        "may_dry_run": request.actor.may("dry_run.make") and recall.status != RecallStatus.WITHDRAWN,
        "may_send": request.actor.may("notice.send") and recall.status == RecallStatus.PUBLISHED,
    }
    return render(request, "recalls/detail.html", context)


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
    form = PublishVersionForm(request.POST or None)
    draft = next((row for row in rows if row.published_at is None), None)
    may_publish = (
        draft is not None
        and recall.status == RecallStatus.PUBLISHED
        and (request.method == "POST" or services.may_approve(draft, request.actor))
    )  # who wrote it and publishes it all the same is refused by the service
    if request.method == "POST" and may_publish and form.is_valid() and draft is not None:
        services.publish_version(version=draft, change_note=form.cleaned_data["change_note"], actor=request.actor)
        messages.success(request, gettext_noop("The new version is in force; active notices follow it."))
        return redirect("recalls:detail", pk)
    before, after = _chosen(rows, request.GET.get("before", ""), request.GET.get("after", ""))
    context = {
        "recall": recall,
        "versions": rows,
        "before": before,
        "after": after,
        "found": differences(content_of(before), content_of(after)) if before and after else None,
        "draft": draft,
        "writers": services.writers_of(draft) if draft else [],
        "form": form,
        "may_publish": may_publish,
        "warnings": _warnings(recall) if may_publish else [],
        "may_edit": request.actor.may("recall.edit"),
    }
    return render(request, "recalls/versions.html", context, status=422 if form.errors else 200)


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
    form = EmbargoForm(request.POST or None) if to == RecallStatus.EMBARGOED else ReasonForm(request.POST or None)
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
        services.embargo_recall(recall=recall, until=until, actor=request.actor)
        local = date_format(timezone.localtime(until), gettext("l d F Y, H:i"))
        detail = gettext("Recall %(number)s is approved and will be published on %(moment)s (%(zone)s).")
        zone = timezone.get_current_timezone_name()
        messages.success(request, detail % {"number": recall.number, "moment": local, "zone": zone})
    else:
        services.move_recall(recall=recall, to=to, actor=request.actor, reason=said.get("reason", ""))
        state = shown_inside(RecallStatus(to).label)
        messages.success(
            request, gettext("Recall %(number)s is %(state)s now.") % {"number": recall.number, "state": state}
        )
    return redirect("recalls:detail", recall.pk)
