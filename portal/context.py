"""What every page knows: the navigation open to this person, and the zone its times are shown in."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from portal.access import rule_for

NAVIGATION = (
    ("Board", "enforcement:board"),
    ("Queue", "listings:queue"),
    ("Recalls", "recalls:list"),
    ("Notices", "recalls:notices"),
    ("Takedowns", "enforcement:takedowns"),
    ("Escalations", "enforcement:escalations"),
    ("Appeals", "enforcement:appeals"),
    ("Letters", "enforcement:letters"),
    ("Innocents", "listings:innocents"),
    ("Catalogue", "listings:catalogue"),
    ("Imports", "listings:imports"),
    ("Keys", "portal:keys"),
    ("Policies", "enforcement:policies"),
    ("Calendars", "enforcement:calendars"),
    ("Rules", "listings:rules"),
    ("People", "portal:people"),
    ("Platforms", "portal:organisations"),
    ("Audit", "portal:audit"),
    ("Health", "portal:health"),
)


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    url: str
    current: bool
    count: int | None = None


def workplace(request: HttpRequest) -> dict[str, Any]:
    actor, user = getattr(request, "actor", None), getattr(request, "user", None)
    if actor is None or user is None:
        return {"nav": [], "zone_name": timezone.get_current_timezone_name(), "unread": 0}
    here = request.resolver_match.view_name if request.resolver_match else ""
    nav = [
        NavItem(label, reverse(name), name.split(":")[0] == here.split(":")[0] and here.startswith(name.rstrip("s")))
        for label, name in NAVIGATION
        if actor.may(rule_for(name) or "")
    ]
    return {
        "nav": nav,
        "zone_name": timezone.get_current_timezone_name(),
        "unread": user.notifications.filter(read_at=None).count(),
    }
