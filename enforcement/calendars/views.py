"""Calendars: non-working days by country or region, special days of a regulator, and recounting running clocks."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_noop, ngettext

from enforcement import rules, services
from enforcement.calendars.forms import CalendarDayForm, PlaceForm, RecountForm
from enforcement.calendars.services.special_days import special_days
from enforcement.models import CalendarDay, Policy
from portal.http.language import add_refusal
from portal.http.requests import ActingRequest
from portal.places import regions

SHOWN_DAYS = 366
SHOWN_CLOCKS = 100


def calendars(request: ActingRequest) -> HttpResponse:
    """The special days of one calendar for a year from today, with a form to add one."""
    first = Policy.objects.visible_to(request.actor).order_by("pk").first()
    fallback = {"country": first.country, "subdivision": first.subdivision} if first else {"country": "US"}
    place = PlaceForm(request.GET if request.GET.get("country") else fallback)
    country, subdivision = ("US", "")
    if place.is_valid():
        country, subdivision = place.cleaned_data["country"], place.cleaned_data["subdivision"]
    return _page(request, place, country, subdivision, CalendarDayForm())


def day_add(request: ActingRequest) -> HttpResponse:
    """Add a special day to the displayed calendar."""
    place, form = PlaceForm(request.POST or None), CalendarDayForm(request.POST or None)
    if request.method != "POST" or not place.is_valid():
        raise BadRequest(gettext_noop("Choose a calendar first."))
    country, subdivision = place.cleaned_data["country"], place.cleaned_data["subdivision"]
    if form.is_valid():
        try:
            services.add_calendar_day(
                regulator=request.user.organisation,
                country=country,
                subdivision=subdivision,
                actor=request.actor,
                **form.cleaned_data,
            )
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(
                request,
                gettext_noop("Special day added for future notices. To change running clocks too, recount them."),
            )
            return redirect(_address(country, subdivision))
    return _page(request, place, country, subdivision, form, status=422)


def _page(
    request: ActingRequest, place: PlaceForm, country: str, subdivision: str, form: CalendarDayForm, status: int = 200
) -> HttpResponse:
    regulator, today = request.user.organisation, timezone.localdate()
    special, version = special_days(regulator.pk, country, subdivision)
    calendar = rules.WorkingCalendar(country, subdivision, special)
    own = CalendarDay.objects.of(regulator.pk, country, subdivision).current().filter(day__gte=today)
    days = [today + timedelta(days=ahead) for ahead in range(SHOWN_DAYS)]
    context = {
        "place": place,
        "country": country,
        "subdivision": subdivision,
        "known": rules.is_known_country(country),
        "parts": rules.subdivisions(country),
        "regions": regions(country),
        "version": version,
        "days": [
            (day, name, calendar.is_working_day(day), calendar.closes_at(day))
            for day in days
            if (name := calendar.name_of(day))
        ],
        "worked": [day for day in days if calendar.is_working_day(day) and calendar.is_weekend(day)],
        "own": own,
        "form": form,
        "may_edit": request.actor.may("policy.edit"),
    }
    return render(request, "enforcement/calendars/calendars.html", context, status=status)


def day_remove(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(CalendarDay.objects.visible_to(request.actor).current(), pk=pk)
    back = _address(row.country, row.subdivision)
    if request.method == "POST":
        services.remove_calendar_day(row=row, actor=request.actor)
        messages.success(request, gettext("Removed for future notices: %(day)s.") % {"day": _called(row)})
        return redirect(back)
    context = {
        "title": gettext("Remove special day"),
        "text": gettext(
            "%(day)s. For future notices, the public holidays apply to this day again. Running clocks do not change."
        )
        % {"day": _called(row)},
        "submit": gettext("Remove"),
        "back": back,
        "translated": True,
    }
    return render(request, "components/confirm.html", context)


def recount(request: ActingRequest) -> HttpResponse:
    """Shows the deadlines that today's calendars would change, and changes them on confirmation."""
    form = RecountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            moved = services.recount_clocks(
                regulator=request.user.organisation, reason=form.cleaned_data["reason"], actor=request.actor
            )
        except ValidationError as error:
            add_refusal(form, error)
        else:
            detail = ngettext(
                "%(count)d deadline changed. See the activity of the takedown.",
                "%(count)d deadlines changed. See the activity of each takedown.",
                moved,
            )
            messages.success(request, detail % {"count": moved})
            return redirect("enforcement:calendars")
    rows, total = services.preview_recount(regulator=request.user.organisation, at_most=SHOWN_CLOCKS)
    context = {"rows": rows, "total": total, "form": form, "back": reverse("enforcement:calendars")}
    return render(request, "enforcement/calendars/recount.html", context, status=422 if form.errors else 200)


def _called(row: CalendarDay) -> str:
    """A special day in the reader's language."""
    place = f"{row.country}-{row.subdivision}" if row.subdivision else row.country
    names = {"day": date_format(row.day, gettext("d M Y")), "place": place, "name": row.name}
    return gettext("%(day)s in %(place)s: %(name)s") % names


def _address(country: str, subdivision: str) -> str:
    return f"{reverse('enforcement:calendars')}?{urlencode({'country': country, 'subdivision': subdivision})}"
