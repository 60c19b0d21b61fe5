"""The guided tour: five stops for each role, from page to page. It begins only where somebody selects its link.

`?tour=N` on any page goes to the page of stop N, and `?tour=0` ends the tour. The number is kept in the session, so that
the tour is not lost on the way through other pages.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import escape_leading_slashes

from portal.tour_stops import TOURS, Stop

NUMBER = "tour"
"""In the address and in the session."""
END = "0"


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is in the tour: at stop `number` of `total`, counted from 1; `is_here` on the page of that stop.

    The addresses begin at a path; `back` is empty at the first stop, and `onward` at the last one."""

    stop: Stop
    number: int
    total: int
    is_here: bool
    address: str
    back: str
    onward: str
    end: str


class TourMiddleware(MiddlewareMixin):
    """Takes `?tour=` out of an address, so that no saved view or export keeps it. Stands behind what refuses a page."""

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        given, stops = request.GET.get(NUMBER, ""), _stops_of(request)
        match = request.resolver_match
        if request.method != "GET" or not stops or match is None or match.namespace == "api":
            return None
        if given == END:
            request.session.pop(NUMBER, None)
            return _without_number(request)
        for number, stop in enumerate(stops, 1):
            if given == str(number):
                request.session[NUMBER] = number
                return redirect(f"{reverse(stop.page)}#tour")  # the script gives the focus to what this names
        return None


def _without_number(request: HttpRequest) -> HttpResponse:
    query = request.GET.copy()
    del query[NUMBER]
    address = escape_leading_slashes(request.path)
    return redirect(f"{address}?{query.urlencode()}" if query else address)


def _stops_of(request: HttpRequest) -> tuple[Stop, ...]:
    user = getattr(request, "user", None)
    return TOURS.get(user.role, ()) if user is not None and user.is_authenticated else ()


def place_of(request: HttpRequest) -> Place | None:
    """Where the reader is in the tour; None for who is not in it."""
    stops, number = _stops_of(request), request.session.get(NUMBER)
    if number is None or not 1 <= number <= len(stops):
        return None
    stop = stops[number - 1]

    def address(to: int) -> str:
        return f"{reverse(stops[to - 1].page)}?{NUMBER}={to}" if 1 <= to <= len(stops) else ""

    query = request.GET.copy()
    query[NUMBER] = END
    ends_here = request.method == "GET"  # the address of a form that was refused may not be one to open
    end = f"{escape_leading_slashes(request.path)}?{query.urlencode()}" if ends_here else f"{address(1)[:-1]}{END}"
    is_here = request.resolver_match is not None and request.resolver_match.view_name == stop.page
    return Place(stop, number, len(stops), is_here, address(number), address(number - 1), address(number + 1), end)
