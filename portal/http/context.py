"""What every page knows: the navigation open to this person, and the zone its times are shown in."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from portal.identity.access import rule_for
from portal.models import Notification
from portal.subjects import history_address

NAVIGATION = (
    (gettext_noop("Board"), "enforcement:board"),
    (gettext_noop("Queue"), "listings:queue"),
    (gettext_noop("Recalls"), "recalls:list"),
    (gettext_noop("Notices"), "recalls:notices"),
    (gettext_noop("Takedowns"), "enforcement:takedowns"),
    (gettext_noop("Escalations"), "enforcement:escalations"),
    (gettext_noop("Appeals"), "enforcement:appeals"),
    (gettext_noop("Letters"), "enforcement:letters"),
    (gettext_noop("Innocents"), "listings:exclusions"),
    (gettext_noop("Catalogue"), "listings:catalogue"),
    (gettext_noop("Imports"), "listings:imports"),
    (gettext_noop("Keys"), "portal:keys"),
    (gettext_noop("Policies"), "enforcement:policies"),
    (gettext_noop("Calendars"), "enforcement:calendars"),
    (gettext_noop("Rules"), "listings:rules"),
    (gettext_noop("People"), "portal:people"),
    (gettext_noop("Platforms"), "portal:organisations"),
    (gettext_noop("Audit"), "portal:audit"),
    (gettext_noop("Health"), "portal:health"),
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
        return {
            "sample_data": settings.SAMPLE_DATA,
            "nav": [],
            "zone_name": timezone.get_current_timezone_name(),
            "unread": 0,
        }
    here = request.resolver_match.view_name if request.resolver_match else ""
    nav = [
        NavItem(
            gettext(label),
            reverse(name),
            name.split(":")[0] == here.split(":")[0] and here.startswith(name.rstrip("s")),
        )
        for label, name in NAVIGATION
        if actor.may(rule_for(name) or "")
    ]
    return {
        "nav": nav,
        "zone_name": timezone.get_current_timezone_name(),
        "unread": Notification.objects.inbox_of(user).filter(read_at=None).count(),
        "sample_data": settings.SAMPLE_DATA,
        "history_url": history_address(request) if actor.may("audit.view") else "",
    }
