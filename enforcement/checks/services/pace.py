"""How fast all workers together check one host, and whether its robots.txt allows it."""

import threading
import time
from datetime import datetime, timedelta
from urllib.robotparser import RobotFileParser

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from enforcement.models import HostPace
from portal.http.addresses import parts_of
from portal.http.client import AGENT, NoAnswer, ask

ROBOTS_KEPT = 86_400.0  # seconds
ROBOTS_SECONDS = 10.0
MAX_ROBOTS = 500_000  # bytes
MAX_SITES = 1_000  # whose robots.txt is remembered; then all are forgotten
_noting = threading.Lock()
_asking: dict[str, threading.Lock] = {}
_robots: dict[str, tuple[float, RobotFileParser | None]] = {}


def reserve(host: str, wanted: int, *, within: timedelta) -> list[datetime]:
    """Times at which `host` may be checked, one for each of `wanted` checks that fits `within` from now; perhaps none.

    One check every 1 / CHECKS_PER_SECOND seconds, stored in the database, so the limit applies to all workers together.
    """
    step = timedelta(seconds=1 / settings.CHECKS_PER_SECOND)
    with transaction.atomic():
        HostPace.objects.get_or_create(host=host, defaults={"free_at": timezone.now()})
        row = HostPace.objects.select_for_update().get(host=host)
        free = max(row.free_at, timezone.now())
        moments = [free + step * number for number in range(wanted) if free + step * number <= timezone.now() + within]
        HostPace.objects.filter(host=host).update(free_at=free + step * len(moments))
    return moments


def host_of(url: str) -> str:
    """The host whose pace a check of `url` counts against; the whole text where it is not an address. Never raises."""
    parts = parts_of(url)
    return ((parts.netloc if parts else "") or url)[:253].lower()


def robots_refuse(url: str) -> bool:
    """Whether the host's robots.txt asks us not to check `url`. Always False where ROBOTS is "ignore": a check of one
    address to enforce an order is not crawling, and a shop could hide a listing behind such a file."""
    if settings.ROBOTS != "obey":
        return False
    if (parts := parts_of(url)) is None:
        return False  # the check itself reports that it is not an address
    site = f"{parts.scheme}://{parts.netloc}"
    with _noting:
        if len(_asking) >= MAX_SITES and site not in _asking:
            _asking.clear()
            _robots.clear()
        of_site = _asking.setdefault(site, threading.Lock())
    with of_site:  # parallel checks of a site fetch its robots.txt once; a slow site holds up no other
        until, rules = _robots.get(site, (0.0, None))
        if time.monotonic() >= until:
            rules = _robots_of(site)
            _robots[site] = (time.monotonic() + ROBOTS_KEPT, rules)
    return rules is not None and not rules.can_fetch(AGENT, url)


def _robots_of(site: str) -> RobotFileParser | None:
    """The site's rules; None where it has none (RFC 9309: an unavailable file allows everything, except with 5xx)."""
    try:
        answer = ask(f"{site}/robots.txt", seconds=ROBOTS_SECONDS, max_bytes=MAX_ROBOTS)
    except NoAnswer:
        return None
    rules = RobotFileParser()
    if answer.status >= 500:
        rules.parse(["User-agent: *", "Disallow: /"])
        return rules
    if answer.status != 200:
        return None
    try:
        rules.parse(answer.body.decode("utf-8", errors="replace").splitlines())
    except ValueError:  # Python takes "²" for the digit of a delay
        return None
    return rules
