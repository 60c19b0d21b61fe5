"""The days of the demo's past: what people do, at the time they do it, and the sweeps that become due in between."""

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.test.utils import override_settings

from enforcement import services
from enforcement.models import CheckPlan, Takedown
from enforcement.states import TakedownStatus
from listings import services as listings
from listings.models import Decision, Flag, Listing
from listings.states import CLAIMED, FlagStatus
from portal.demo.clock import StagedClock
from portal.models import Organisation
from portal.notifications import mail
from recalls import services as recalls

GRID = timedelta(hours=1)  # sweeps run on it: what becomes due a minute apart is done together
OPEN_GRID = timedelta(hours=6)  # of checks of listings that nobody claims to have removed
COARSE_GRID = timedelta(days=1)  # of checks that can wait: of removals that are confirmed, of listings that are late
_QUIET = {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend", "CHECKS_PER_SECOND": 100_000}


class Agenda:
    """What people will do, and the loop that lets time pass.

    The product's own sweeps do everything else: deadlines, steps, checks, final decisions, mail (which goes nowhere).
    Page checks ask the demo's shop, at the pace of this machine instead of a stranger's.
    """

    def __init__(self, clock: StagedClock) -> None:
        self.clock = clock
        self._acts: list[tuple[datetime, int, Callable[[], object]]] = []
        self._numbers = itertools.count()

    def add(self, at: datetime, act: Callable[[], object]) -> None:
        """Have `act` done at a time; what is past already is done next."""
        heapq.heappush(self._acts, (max(at, self.clock.at), next(self._numbers), act))

    def live(self, until: datetime, *, after_acts: Callable[[], None], after_steps: Callable[[], None]) -> None:
        """Let time pass until a moment; what people would do later is not done. `after_acts` sees flags that are new,
        `after_steps` what steps of the ladder brought."""
        with override_settings(**_QUIET):
            while True:
                due = _due()
                moments = [moment for moment in due.values() if moment is not None]
                moment = min([*moments, *(act[0] for act in self._acts[:1])], default=until)
                if moment >= until:
                    break
                self.clock.move_to(max(moment, self.clock.at))
                if self._act():
                    after_acts()
                if self._sweep(due):
                    after_steps()
            self.clock.move_to(until)
            for at_last in (listings.finalize_due, services.sweep_escalations, services.observe_due, send_mail):
                at_last()

    def _act(self) -> bool:
        acted = False
        while self._acts and self._acts[0][0] <= self.clock.at:
            heapq.heappop(self._acts)[2]()
            acted = True
        return acted

    def _sweep(self, due: dict[str, datetime | None]) -> bool:
        """Run the sweeps that have something to do; returns whether steps were among it."""
        has = {name for name, moment in due.items() if moment is not None and moment <= self.clock.at}
        if "decisions" in has:
            listings.finalize_due()
        if "answers" in has:
            listings.reopen_unanswered()
        if "steps" in has:
            services.sweep_escalations()
        if has & {"decisions", "checks", "open checks", "other checks"}:
            services.observe_due()
        return "steps" in has


def _due() -> dict[str, datetime | None]:
    """When each sweep has something to do next, on its grid."""
    claimed = Q(takedown__flag__status__in=CLAIMED)
    running = Q(takedown__status=TakedownStatus.RUNNING) & ~claimed
    return {
        "steps": _first(Takedown.objects.open(), "next_step_at"),
        "checks": _first(CheckPlan.objects.filter(claimed), "next_at"),
        "open checks": _first(CheckPlan.objects.filter(running), "next_at", OPEN_GRID),
        "other checks": _first(CheckPlan.objects.exclude(claimed | running), "next_at", COARSE_GRID),
        "decisions": _first(Decision.objects.filter(finalized_at=None), "final_at"),
        "answers": _first(Flag.objects.filter(status=FlagStatus.ASKED_SELLER), "seller_due_at"),
    }


def _first(rows: QuerySet[Any], field: str, grid: timedelta = GRID) -> datetime | None:
    first: datetime | None = rows.order_by().aggregate(first=Min(field))["first"]
    return first and first + (-(first - datetime(2000, 1, 1, tzinfo=UTC)) % grid)


def match_everything() -> None:
    """Match new listings and new notices, as the workers would within seconds."""
    for platform in Organisation.objects.platforms().order_by("pk"):
        if Listing.objects.filter(platform=platform, match_due=True).exists():
            while listings.match_listings_due(platform_id=platform.pk):
                pass
    listings.match_notices_due()


def send_mail() -> None:
    """Send what is queued, and note which notices arrived."""
    mail.send_mail_due()
    while recalls.confirm_deliveries():
        pass
