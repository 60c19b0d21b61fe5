"""Walks through the life of a clock: acts in any order, through the services, and after each the simulator's deadline.

CLOCK_WALKS=200 in the environment walks so often for each kind of terms instead of 6.
"""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from enforcement import services
from enforcement.models import Takedown
from listings import services as listings
from listings.models import Flag
from listings.states import CLOCK_RUNS, PROVED, UNDECIDED
from portal.identity.actors import Actor
from portal.models import Organisation, User
from portal.transitions import IllegalTransition
from tests.enforcement import clock_oracle as oracle
from tests.factories import TERMS, FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2026, 10, 23, 9, 0, tzinfo=UTC)  # clocks in Berlin go back on Sunday the 25th
GERMANY = oracle.Calendar()  # no holiday of the whole country between October and Christmas
ACTS, MINUTE = 40, timedelta(minutes=1)
KINDS: dict[str, dict[str, object]] = {
    "hours": {"amount": 6},
    "working days": {"amount": 2, "unit": "working_days", "country": "DE", "time_zone": "Europe/Berlin"},
}


@dataclass
class Walk:
    """A takedown, and what a person with a notebook knows of its clock."""

    takedown: Takedown
    moderator: Actor
    officer: Actor
    clock: time_machine.Traveller
    chance: random.Random
    is_days: bool
    waits: list[oracle.Period] = field(default_factory=list)
    extra: int = 0
    since: datetime | None = None
    by_hand: bool = False
    log: list[str] = field(default_factory=list)

    @property
    def flag(self) -> Flag:
        return Flag.objects.get(pk=self.takedown.flag_id)

    @property
    def due(self) -> datetime:
        """By the simulator; the wait that goes on is not in it yet."""
        amount = self.takedown.terms["amount"] + self.extra
        if self.is_days:
            return oracle.due_after_days(BERLIN, GERMANY, FRIDAY, amount, first_counts=False, pauses=self.waits)[0]
        return oracle.due_after_minutes(FRIDAY, amount * 60, pauses=self.waits)

    def go_on(self) -> None:
        if self.since is not None:
            self.waits.append((self.since, timezone.now()))
            self.since = None

    def shift(self) -> None:
        self.clock.shift(self.chance.choice([1, 30, 61, 200, 500, 1440]) * MINUTE)

    def sweep(self) -> None:
        while services.sweep_escalations():
            pass
        row, flag, late = Takedown.objects.get(), self.flag, timezone.now() >= self.due
        expected = "met" if flag.status in PROVED else "running" if self.since or not late else "missed"
        assert row.status == ("cancelled" if flag.status == "dismissed" else expected), self.log

    def pause(self) -> None:
        if self.since is None and timezone.now() < self.due and Takedown.objects.get().status == "running":
            services.pause_clock(takedown=self.takedown, reason="Waiting.", actor=self.officer)
            self.since, self.by_hand = timezone.now(), True
        else:
            with pytest.raises(IllegalTransition):
                services.pause_clock(takedown=self.takedown, reason="Waiting.", actor=self.officer)

    def resume(self) -> None:
        if self.since is not None:
            services.resume_clock(takedown=self.takedown, actor=self.officer)
            self.go_on()

    def decide(self, kind: str, **given: str) -> None:
        flag = self.flag
        listings.decide(flag=flag, kind=kind, seen=listings.seen_token(flag), actor=self.moderator, **given)

    def refer(self) -> None:
        if self.flag.status == "open":
            runs = Takedown.objects.get().status == "running"
            self.decide("escalate", note="Which lots?")
            if self.since is None and runs and timezone.now() < self.due:
                self.since, self.by_hand = timezone.now(), False

    def answer(self) -> None:
        if self.flag.status == "referred":
            listings.answer_referral(flag=self.flag, note="All.", actor=self.officer)
            if not self.by_hand:
                self.go_on()

    def claim(self) -> None:
        if (before := self.flag.status) in UNDECIDED:
            self.decide("removed")
            if before == "referred" and not self.by_hand:
                self.go_on()

    def dismiss(self) -> None:
        if self.flag.status in UNDECIDED:
            self.decide("not_the_product", reason="accessory")
            self.go_on()

    def overrule(self) -> None:
        if self.flag.status == "dismissed":
            listings.overrule(flag=self.flag, note="It is the product.", actor=Actor.system("test"))

    def see(self) -> None:
        flag, verdict = self.flag, self.chance.choice(["gone", "live", "unknown"])
        if flag.status != "dismissed":
            seen = services.Seen(Takedown.objects.get(), "page", verdict, "test")
            services.record_observation(seen=seen, actor=Actor.system("test"))
            if self.flag.status not in CLOCK_RUNS:
                self.go_on()

    def extend(self) -> None:
        if Takedown.objects.get().status in {"running", "missed"}:
            amount = self.chance.randint(1, 3)
            services.ask_extension(takedown=self.takedown, amount=amount, reason="A flood.", actor=self.officer)
            self.extra += amount

    def check(self) -> None:
        """What has to be true after any act."""
        row, now = Takedown.objects.get(), timezone.now()
        assert row.due_at == self.flag.due_at == self.due, self.log
        assert row.paused_at == self.since, self.log
        stands = self.since is not None or row.status not in {"running", "missed"}
        assert (row.next_step_at is None) == (stands or row.ladder_done), self.log
        end = row.met_at or self.since or now
        assert row.is_late == (row.status != "cancelled" and end > self.due), self.log
        raised = list(row.escalations.order_by("pk"))
        numbers = [each.step for each in raised]
        assert numbers == sorted(set(numbers)), self.log
        assert all(each.raised_at >= each.due_at for each in raised), self.log
        assert not any(start < each.raised_at < end for each in raised for start, end in self.waits), self.log


@pytest.mark.parametrize("seed", range(int(os.environ.get("CLOCK_WALKS", "6"))))
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_happens_to_a_clock_its_deadline_is_the_simulators(
    kind: str, seed: int, regulator: Organisation, platform_a: Organisation, moderator_a: User, officer: User
) -> None:
    chance = random.Random(f"{kind} {seed}")  # noqa: S311  the same walks every time
    agreed = {"pauses_while_referred": True, "extension_needs_second": False, "checks_needed": 1}
    with time_machine.travel(FRIDAY, tick=False) as clock:
        terms = {**TERMS, **agreed, **KINDS[kind]}
        recall = RecallFactory(regulator=regulator)
        notice = NoticeFactory(recall=recall, platform=platform_a, sent_at=FRIDAY, matched_at=FRIDAY, terms=terms)
        flag = FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a, link=""), opened_at=FRIDAY)
        takedown = services.start_clock(flag=flag)
        people = Actor.person(moderator_a), Actor.person(officer)
        walk = Walk(takedown, *people, clock, chance, is_days=kind == "working days")
        acts: list[Callable[[], None]] = [
            walk.pause, walk.resume, walk.refer, walk.answer, walk.claim, walk.dismiss, walk.overrule, walk.see, walk.extend,
        ]  # fmt: skip
        for _ in range(ACTS):
            act = chance.choice([*acts, walk.shift, walk.shift, walk.shift, walk.sweep])
            walk.log.append(f"{timezone.now():%d %b %H:%M} {act.__name__}")
            act()
            walk.check()
        walk.sweep()
