"""Pages of feeds: the addresses that are fetched on a schedule, the last result, and Fetch now."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from portal.background.hurry import hurry
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from recalls import services, tasks
from recalls.import_forms import INTERVALS, FeedEditForm, FeedForm, feed_initial
from recalls.models import RecallFeed


def feeds(request: ActingRequest) -> HttpResponse:
    page = keyset_page(RecallFeed.objects.visible_to(request.actor), request, ordering=["name", "pk"])
    intervals = dict(INTERVALS)
    rows = [(row, intervals.get(row.interval_minutes, "")) for row in page.rows]
    return render(request, "recalls/feeds.html", {"page": page, "rows": rows})


def feed_add(request: ActingRequest) -> HttpResponse:
    form = FeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.create_feed(
                regulator=request.user.organisation, name=data["name"], url=data["url"],
                interval_minutes=data["interval"], enabled=data["enabled"], actor=request.actor,
            )  # fmt: skip
        except ValidationError as error:
            _put_errors(form, error)
        else:
            hurry(tasks.fetch_recall_feeds_due)
            messages.success(request, gettext_noop("The feed was added and is being fetched."))
            return redirect("recalls:feeds")
    return _form_page(request, form, gettext("Add feed"))


def feed(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(RecallFeed.objects.visible_to(request.actor), pk=pk)
    form = FeedEditForm(request.POST or None, initial=feed_initial(row))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.edit_feed(
                feed=row, name=data["name"], url=data["url"], interval_minutes=data["interval"], enabled=data["enabled"],
                accept_fewer=data["accept_fewer"], actor=request.actor,
            )  # fmt: skip
        except ValidationError as error:
            _put_errors(form, error)
        else:
            messages.success(request, gettext_noop("Saved."))
            return redirect("recalls:feeds")
    return _form_page(request, form, gettext("Feed %(name)s") % {"name": row.name})


def _put_errors(form: FeedForm, error: ValidationError) -> None:
    for name, problems in error.error_dict.items():
        for problem in problems:
            form.add_error(name, ValidationError(gettext(str(problem.message))))


def _form_page(request: ActingRequest, form: FeedForm, title: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "title": title, "submit": gettext("Save")}
    return render(request, "portal/form.html", context, status=422 if form.errors else 200)


@require_POST
def feed_fetch(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(RecallFeed.objects.visible_to(request.actor), pk=pk)
    try:
        services.ask_for_fetch(feed=row, actor=request.actor)
    except ValidationError as error:
        messages.error(request, gettext(str(error.message)))
    else:
        hurry(tasks.fetch_recall_feeds_due)
        messages.success(request, gettext_noop("The feed is being fetched. Reload this page to see the result."))
    return redirect("recalls:feeds")
