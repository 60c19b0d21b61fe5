"""What every page knows: the navigation open to this person, and the zone its times are shown in."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from portal.database.row_counts import row_counts
from portal.guide_topics import help_address
from portal.http.navigation import GROUPS, MAX_ENTRIES, MAX_WAITING, NAVIGATION, WAITING, Entry
from portal.identity.access import rule_for
from portal.identity.actors import Actor
from portal.identity.proof import is_fresh
from portal.models import Notification, User
from portal.subjects import history_address
from portal.tour import place_of


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry, or a group of `items`, which has no address of its own. `waiting`: empty where nothing does."""

    label: str
    url: str
    current: bool
    waiting: str = ""
    items: tuple["NavItem", ...] = ()


def workplace(request: HttpRequest) -> dict[str, Any]:
    actor, user = getattr(request, "actor", None), getattr(request, "user", None)
    if actor is None or user is None:
        return {
            "sample_data": settings.SAMPLE_DATA,
            "nav": [],
            "zone_name": timezone.get_current_timezone_name(),
            "unread": 0,
        }
    here = request.resolver_match.view_name if request.resolver_match else ""
    entries = [entry for entry in NAVIGATION if actor.may(rule_for(entry.url_name) or "")]
    unread, waiting = _counts(entries, actor, user)
    place = getattr(request, "organisation", None)
    return {
        "nav": _arranged(entries, waiting, here),
        "place": place,
        "zone_name": timezone.get_current_timezone_name(),
        "unread": unread,
        "sample_data": settings.SAMPLE_DATA,
        "help_url": help_address(here),
        "tour": place_of(request),
        "may_search": actor.may("recall.view"),
        "search_hides_from": actor.organisation_kind,
        "history_url": history_address(request) if actor.may("audit.view") else "",
        "must_confirm": not is_fresh(request.session),
    }


def _counts(entries: list[Entry], actor: Actor, user: User) -> tuple[int, dict[str, str]]:
    """Unread messages of the inbox; and what waits behind entries, as it is shown, by URL name."""
    asked = {entry.url_name: WAITING[entry.url_name](actor) for entry in entries if entry.url_name in WAITING}
    rows = {name: queryset for name, queryset in asked.items() if queryset is not None}
    inbox = Notification.objects.inbox_of(user).filter(read_at=None, organisation_id=actor.organisation_id or 0)
    unread, *counts = row_counts([inbox, *rows.values()], at_most=MAX_WAITING)
    shown = {name: _shown(count) for name, count in zip(rows, counts, strict=True) if count}
    return unread, shown


@cache
def _address(url_name: str) -> str:
    """The address of an entry, which has no parameters: asked for twenty times a page."""
    return reverse(url_name)


def _shown(count: int) -> str:
    return str(count) if count <= MAX_WAITING else f"{MAX_WAITING}+"


def _arranged(entries: list[Entry], waiting: dict[str, str], here: str) -> list[NavItem]:
    """Entries in sight, then the groups. Few entries need no groups, and a group of one is its entry."""

    def item(entry: Entry) -> NavItem:
        return NavItem(
            gettext(entry.label),
            _address(entry.url_name),
            here.startswith(entry.url_name.rstrip("s")),  # a list, and the pages of its rows
            waiting.get(entry.url_name, ""),
        )

    if len(entries) <= MAX_ENTRIES:
        return [item(entry) for entry in entries]
    order = ("", *GROUPS)
    if all(entry.group for entry in entries):  # nothing would be in sight: the first group opens out
        first = min((entry.group for entry in entries), key=order.index)
        entries = [replace(entry, group="") if entry.group == first else entry for entry in entries]
    arranged: list[NavItem] = []
    for group, members in groupby(sorted(entries, key=lambda entry: order.index(entry.group)), lambda one: one.group):
        items = tuple(map(item, members))
        if group and len(items) > 1:
            arranged.append(NavItem(gettext(group), "", any(one.current for one in items), items=items))
        else:
            arranged += items
    return arranged
