"""Pages of feeds: the addresses that are fetched on a schedule, the last result, and Fetch now."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from portal.background.hurry import hurry
from portal.http.cursors import keyset_page
from portal.http.language import add_refusal
from portal.http.requests import ActingRequest
from portal.schedule_forms import ScheduleForm, schedule_initial, with_frequency
from recalls import services, tasks
from recalls.import_forms import FeedEditForm
from recalls.models import RecallFeed


def feeds(request: ActingRequest) -> HttpResponse:
    page = keyset_page(RecallFeed.objects.visible_to(request.actor), request, ordering=["name", "pk"])
    return render(request, "recalls/feeds.html", {"page": page, "rows": with_frequency(page.rows)})


def feed_add(request: ActingRequest) -> HttpResponse:
    form = ScheduleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.create_feed(
                regulator=request.user.organisation, name=data["name"], url=data["url"],
                interval_minutes=data["interval"], enabled=data["enabled"], actor=request.actor,
            )  # fmt: skip
        except ValidationError as error:
            add_refusal(form, error)
        else:
            hurry(tasks.fetch_recall_feeds_due)
            messages.success(request, gettext_noop("The feed was added and is being fetched."))
            return redirect("recalls:feeds")
    return _form_page(request, form, gettext("Add feed"))


def feed(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(RecallFeed.objects.visible_to(request.actor), pk=pk)
    form = FeedEditForm(request.POST or None, initial=schedule_initial(row))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.edit_feed(
                feed=row, name=data["name"], url=data["url"], interval_minutes=data["interval"], enabled=data["enabled"],
                accept_fewer=data["accept_fewer"], actor=request.actor,
            )  # fmt: skip
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext_noop("Saved."))
            return redirect("recalls:feeds")
    return _form_page(request, form, gettext("Feed %(name)s") % {"name": row.name})


def _form_page(request: ActingRequest, form: ScheduleForm, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "submit": gettext("Save")}
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
        messages.success(request, gettext_noop("The feed is being fetched. The result appears in the list."))
    return redirect("recalls:feeds")
