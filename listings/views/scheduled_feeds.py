"""Pages of scheduled feeds: the addresses that a platform's catalogue is fetched from, the last result, and Fetch now."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from listings import services, tasks
from listings.models import CatalogueImport, ScheduledFeed
from listings.scheduled_feed_forms import ScheduledFeedForm, scheduled_feed_initial
from portal.background.hurry import hurry
from portal.http.cursors import keyset_page
from portal.http.language import add_refusal
from portal.http.requests import ActingRequest
from portal.schedule_forms import with_frequency


def scheduled_feeds(request: ActingRequest) -> HttpResponse:
    page = keyset_page(ScheduledFeed.objects.visible_to(request.actor), request, ordering=["name", "pk"])
    imports = CatalogueImport.objects.filter(feed__in=[row.pk for row in page.rows]).order_by("feed_id", "-pk")
    last = {job.feed_id: job for job in imports.distinct("feed_id").only("feed", "filename", "status")}
    for row in page.rows:
        row.last_import = last.get(row.pk)
    return render(request, "listings/scheduled_feeds.html", {"page": page, "rows": with_frequency(page.rows)})


def scheduled_feed_add(request: ActingRequest) -> HttpResponse:
    form = ScheduledFeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.create_scheduled_feed(platform=request.organisation, chosen=form.chosen(), actor=request.actor)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            hurry(tasks.fetch_scheduled_feeds_due)
            messages.success(request, gettext_noop("The scheduled feed was added and is being fetched."))
            return redirect("listings:scheduled_feeds")
    return _form_page(request, form, gettext("Add scheduled feed"))


def scheduled_feed(request: ActingRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    form = ScheduledFeedForm(request.POST or None, initial=scheduled_feed_initial(row))
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_scheduled_feed(feed=row, chosen=form.chosen(), actor=request.actor)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            hurry(tasks.fetch_scheduled_feeds_due)
            messages.success(request, gettext_noop("Saved."))
            return redirect("listings:scheduled_feeds")
    return _form_page(request, form, gettext("Scheduled feed %(name)s") % {"name": row.name})


@require_POST
def scheduled_feed_fetch(request: ActingRequest, pk: int) -> HttpResponse:
    try:
        services.ask_for_scheduled_fetch(feed=_row(request, pk), actor=request.actor)
    except ValidationError as error:
        messages.error(request, gettext(str(error.message)))
    else:
        hurry(tasks.fetch_scheduled_feeds_due)
        messages.success(request, gettext_noop("The feed is being fetched. The result appears in the list."))
    return redirect("listings:scheduled_feeds")


def _row(request: ActingRequest, pk: int) -> ScheduledFeed:
    return get_object_or_404(ScheduledFeed.objects.visible_to(request.actor).select_related("platform"), pk=pk)


def _form_page(request: ActingRequest, form: ScheduledFeedForm, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "submit": gettext("Save")}
    return render(request, "portal/form.html", context, status=422 if form.errors else 200)
