"""A complete case: flagged, claimed, seen live, missed, claimed again, confirmed; with another platform's case in between."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from enforcement import services
from enforcement.checks.fetch import Capture
from enforcement.models import CheckPlan, Takedown
from listings import services as listings
from listings.models import Flag
from portal.identity.actors import Actor
from portal.models import Organisation, User
from tests import cast
from tests.cast import BuiltOnce
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory
from tests.keeping import kept_for_a_module

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
AFTERWARDS = MONDAY + timedelta(days=2, hours=9)
LIVE = "<html><title>Heater</title><body><h1>Hearthline HL-200R ceramic tower heater 1500 W</h1><button>Add to cart</button></body></html>"


@dataclass
class Case:
    """The case at platform_a, the one at platform_b, and how to download packs."""

    takedown: Takedown
    other: Takedown
    folder: Path

    def pack(self, actor: Actor, takedown: Takedown | None = None) -> Path:
        return self.save(services.start_takedown_pack(takedown=takedown or self.takedown, actor=actor))

    def save(self, pack: services.Pack) -> Path:
        path = self.folder / pack.filename
        path.write_bytes(b"".join(services.stream_pack(pack)))
        return path


def _open(regulator: Organisation, platform: Organisation, number: str) -> Takedown:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator, number=number), platform=platform, sent_at=MONDAY)
    return services.start_clock(
        flag=FlagFactory(notice=notice, listing=ListingFactory(platform=platform), opened_at=MONDAY)
    )


Happened = tuple[Takedown, Takedown, dict[str, Capture]]
"""The case at platform_a, the one at platform_b, and the pages that checks find from then on."""


def _happened(made: BuiltOnce) -> Happened:
    """From MONDAY to AFTERWARDS."""
    assert made.platform_b is not None
    pages: dict[str, Capture] = {}
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(MONDAY, tick=False) as clock:
        _answer_with(pages, patch)
        takedown = _open(made.regulator, made.platform_a, "26117")
        other = _open(made.regulator, made.platform_b, "26118-Z")

        def claim(row: Takedown, who: User) -> None:
            flag = Flag.objects.get(pk=row.flag_id)
            listings.decide(
                flag=flag,
                kind="removed",
                note="-1+1 is not a formula",
                seen=listings.seen_token(flag),
                actor=Actor.person(who),
            )

        def check(status: int, text: str) -> None:
            url = takedown.flag.listing.page_url
            at = datetime.now(UTC)
            pages[url] = Capture(url, at, status, url, (), {"content-type": "text/html"}, text.encode())
            CheckPlan.objects.filter(pk=takedown.pk).update(next_at=at)
            assert services.observe_due() >= 1

        claim(takedown, made.moderator_a)
        check(200, LIVE)
        clock.shift(timedelta(hours=7))
        while services.sweep_escalations():
            pass
        services.record_person_check(
            takedown=other, verdict="live", note="Secret of Market One", actor=Actor.person(made.officer)
        )
        claim(takedown, made.moderator_a)
        check(404, "<h1>Page not found</h1>")
        claim(other, made.moderator_b)
        clock.shift(timedelta(hours=2))
        check(404, "<h1>Not found</h1>")
        clock.shift(timedelta(days=2))
        while services.sweep_escalations():
            pass
        assert timezone.now() == AFTERWARDS
        return Takedown.objects.get(pk=takedown.pk), Takedown.objects.get(pk=other.pk), pages


def _answer_with(pages: dict[str, Capture], patch: pytest.MonkeyPatch) -> None:
    """Each check finds the page of its address, and no answer where there is none."""
    silent = Capture("https://shop.example.org", MONDAY, failure="No answer.")
    patch.setattr(settings, "CHECKS_PER_SECOND", 1000)  # its checks would take turns for a second of real time
    patch.setattr("enforcement.checks.services.removal_checks.fetch_page", lambda url, **_: pages.get(url, silent))


@pytest.fixture(scope="module")
def built_once(
    request: pytest.FixtureRequest,
    built_once: BuiltOnce | None,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[BuiltOnce | None]:
    """A module that says `ONE_CASE = True` has the case built once, for tests that commit nothing."""
    if not getattr(request.module, "ONE_CASE", False):
        yield built_once
        return
    with django_db_blocker.unblock(), kept_for_a_module():
        made = cast.at_home()
        made.platform_b = cast.market_one()
        made.moderator_b = cast.jonas(made.platform_b)
        made.case = _happened(made)
        yield made


@pytest.fixture
def case(
    *,
    made: BuiltOnce | None,
    regulator: Organisation,
    platform_a: Organisation,
    platform_b: Organisation,
    moderator_a: User,
    moderator_b: User,
    officer: User,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Case]:
    here = made or BuiltOnce(
        regulator, platform_a, officer, moderator_a, platform_b=platform_b, moderator_b=moderator_b
    )
    happened: Happened = here.case or _happened(here)
    takedown, other, pages = happened
    _answer_with(pages, monkeypatch)
    with time_machine.travel(AFTERWARDS, tick=False):
        yield Case(takedown, other, tmp_path)
