"""What every page knows: the navigation open to this person, and the zone its times are shown in."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from portal.http.navigation import NAVIGATION
from portal.identity.access import rule_for
from portal.models import Notification
from portal.subjects import history_address


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
        for _, label, name in NAVIGATION
        if actor.may(rule_for(name) or "")
    ]
    return {
        "nav": nav,
        "zone_name": timezone.get_current_timezone_name(),
        "unread": Notification.objects.inbox_of(user).filter(read_at=None).count(),
        "sample_data": settings.SAMPLE_DATA,
        "history_url": history_address(request) if actor.may("audit.view") else "",
    }
