"""Pages of recalls: list, detail, editing, versions, and the moves between states."""

from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from portal import audit
from portal.actors import Actor
from portal.http import ActingRequest
from portal.keyset import keyset_page
from portal.views.pictures import picture_response
from recalls import services
from recalls.filters import RecallFilter
from recalls.forms import ProductFormSet, PublishVersionForm, ReasonForm, RecallForm, content_from, initial_from
from recalls.models import Picture, Recall, RecallVersion
from recalls.services.content import RecallContent, content_of
from recalls.showing import pictures_of
from recalls.states import RecallStatus


def recall_list(request: ActingRequest) -> HttpResponse:
    found = RecallFilter(request.GET, Recall.objects.visible_to(request.actor))
    page = keyset_page(found.qs, request, ordering=["-pk"])
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
        "findability": content.findability,
        "moves": [move for move in Recall.transitions.open_to(request.actor, recall.status) if move.label],
        "notices": recall.notices.visible_to(request.actor).select_related("platform", "version").order_by("-pk"),
        "revision": None if is_platform else recall.versions.filter(published_at=None).exclude(pk=version.pk).first(),
        "events": [] if is_platform else audit.events_about(recall).order_by("-id")[:30],
        "is_platform": is_platform,
        "may_read": request.actor.may("reading.view"),
        "may_edit": request.actor.may("recall.edit"),
        "may_send": request.actor.may("notice.send") and recall.status == RecallStatus.PUBLISHED,
    }
    return render(request, "recalls/detail.html", context)


@require_safe
def picture(request: ActingRequest, pk: int) -> HttpResponseBase:
    versions = RecallVersion.objects.visible_to(request.actor)
    return picture_response(request, get_object_or_404(Picture.objects.filter(version__in=versions), pk=pk).url)


def add(request: ActingRequest) -> HttpResponse:
    form = RecallForm(request.POST or None, initial={"priority": "normal"})
    products = ProductFormSet(request.POST or None, prefix="products")
    if request.method == "POST" and form.is_valid() and products.is_valid():
        try:
            recall = services.create_recall(
                regulator=request.user.organisation,
                number=form.cleaned_data["number"],
                content=content_from(form, products),
                actor=request.actor,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            services.set_priority(recall=recall, priority=form.cleaned_data["priority"], actor=request.actor)
            messages.success(request, "The draft is saved. Submit it for review when it is complete.")
            return redirect("recalls:detail", recall.pk)
    return _edit_page(request, form, products, title="New recall", back=reverse("recalls:list"))


def edit(request: ActingRequest, pk: int) -> HttpResponse:
    """Edit the unpublished version of a recall: its draft, or its revision in progress."""
    recall = get_object_or_404(Recall.objects.visible_to(request.actor), pk=pk)
    version = recall.versions.filter(published_at=None).first()
    if version is None:
        messages.error(request, "The version in force cannot change. Revise the recall to make a new one.")
        return redirect("recalls:detail", pk)
    recall_values, product_values = initial_from(content_of(version))
    form = RecallForm(
        request.POST or None, initial={**recall_values, "number": recall.number, "priority": recall.priority}
    )
    form.fields["number"].disabled = True
    products = ProductFormSet(request.POST or None, initial=product_values, prefix="products")
    if request.method == "POST" and form.is_valid() and products.is_valid():
        services.edit_version(version=version, content=content_from(form, products), actor=request.actor)
        services.set_priority(recall=recall, priority=form.cleaned_data["priority"], actor=request.actor)
        messages.success(request, "Saved.")
        return redirect("recalls:versions" if recall.status == RecallStatus.PUBLISHED else "recalls:detail", recall.pk)
    return _edit_page(
        request, form, products, title=f"Edit recall {recall.number}", back=reverse("recalls:detail", args=[pk])
    )


def _edit_page(request: ActingRequest, form: RecallForm, products: Any, *, title: str, back: str) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(
        request, "recalls/edit.html", {"form": form, "products": products, "title": title, "back": back}, status=status
    )


@require_POST
def revise(request: ActingRequest, pk: int) -> HttpResponse:
    recall = get_object_or_404(Recall.objects.visible_to(request.actor).select_related("current"), pk=pk)
    services.revise_recall(recall=recall, actor=request.actor)
    return redirect("recalls:edit", pk)


def versions(request: ActingRequest, pk: int) -> HttpResponse:
    """All versions with what each changed; the regulator publishes a revision here."""
    recall = get_object_or_404(Recall.objects.visible_to(request.actor), pk=pk)
    rows = list(
        RecallVersion.objects.visible_to(request.actor)
        .filter(recall=recall)
        .prefetch_related("products", "pictures")
        .select_related("recall")
        .order_by("version")
    )
    contents = [content_of(row) for row in rows]
    shown = [
        (row, _differences(contents[place - 1], contents[place]) if place else []) for place, row in enumerate(rows)
    ]
    form = PublishVersionForm(request.POST or None)
    draft = next((row for row in rows if row.published_at is None), None)
    may_publish = draft is not None and recall.status == RecallStatus.PUBLISHED and request.actor.may("recall.publish")
    if request.method == "POST" and may_publish and form.is_valid() and draft is not None:
        services.publish_version(version=draft, change_note=form.cleaned_data["change_note"], actor=request.actor)
        messages.success(request, "The new version is in force; active notices follow it.")
        return redirect("recalls:detail", pk)
    context = {"recall": recall, "versions": shown[::-1], "form": form, "may_publish": may_publish}
    return render(request, "recalls/versions.html", context, status=422 if form.errors else 200)


def _differences(before: RecallContent, after: RecallContent) -> list[tuple[str, str, str]]:
    found = []
    for field in fields(RecallContent):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if field.name != "source" and old != new:
            found.append((field.name.replace("_", " "), _words(old), _words(new)))
    return found


def _words(value: Any) -> str:
    if isinstance(value, tuple):
        return "\n".join(_words(item) for item in value)
    if isinstance(value, services.ProductContent):
        parts = [
            value.name,
            value.brand,
            ", ".join(value.model_numbers),
            ", ".join(value.gtins),
            ", ".join(value.sizes),
            value.units,
        ]
        return " · ".join(part for part in parts if part)
    return str(value or "")


def move(request: ActingRequest, pk: int, to: str) -> HttpResponse:
    """Make one of the moves that the recall's page offers; what needs a reason or cannot be undone asks first."""
    recall = get_object_or_404(Recall.objects.visible_to(request.actor), pk=pk)
    transition = Recall.transitions.find(recall.status, to)
    asks = transition is not None and (transition.needs_reason or to == RecallStatus.PUBLISHED)
    form = ReasonForm(request.POST or None)
    if transition is not None and not transition.needs_reason:
        form.fields["reason"].required = False
    if request.method == "POST" and (not asks or form.is_valid()):
        reason = form.cleaned_data.get("reason", "") if asks else ""
        services.move_recall(recall=recall, to=to, actor=request.actor, reason=reason)
        messages.success(request, f"Recall {recall.number} is {RecallStatus(recall.status).label.lower()} now.")
        return redirect("recalls:detail", pk)
    if request.method != "POST" and not asks:
        return redirect("recalls:detail", pk)
    texts = {
        RecallStatus.PUBLISHED: "Published versions never change any more; corrections become new versions.",
        RecallStatus.WITHDRAWN: "All its notices are withdrawn, their clocks stop and their open flags close. This cannot be undone.",
    }
    label = transition.label if transition else "Move"
    context = {
        "form": form, "title": f"{label}: recall {recall.number}", "text": texts.get(RecallStatus(to), ""), "submit": label,
        "back": reverse("recalls:detail", args=[pk]),
    }  # fmt: skip
    return render(request, "pieces/confirm.html", context, status=422 if form.errors else 200)
