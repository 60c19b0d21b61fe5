"""The demo's past: the last weeks of it, lived through the services with a real shop and a staged clock."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from enforcement import services
from enforcement.demo import stock
from enforcement.demo.cast import MORE_PEOPLE, MORE_PLATFORMS, OPERATOR, PEOPLE, PLATFORMS, REGULATOR, SECOND_REGULATOR
from enforcement.demo.history import DAYS, History
from enforcement.models import CheckPlan, Observation, Takedown
from enforcement.policies.presets import install_presets
from listings.models import Flag
from portal import audit
from portal.demo.clock import StagedClock
from portal.demo.drawings import COLOURS, DRAWN, VIEWS, address_of, picture_at
from portal.demo.shop import Shelves, open_shop
from portal.identity.actors import Actor
from portal.models import Mail, Organisation, SetAside
from portal.services import create_organisation
from tests.factories import UserFactory

BUILT_ONCE = True
NOW = datetime(2026, 6, 17, 15, 20, tzinfo=UTC)
LAST_RECALLS = 2


@dataclass
class Shop:
    address: str
    shelves: Shelves
    clock: StagedClock


@pytest.fixture
def shop(tmp_path: Path, settings: Settings) -> Iterator[Shop]:
    settings.MEDIA_ROOT = tmp_path / "files"
    clock, shelves = StagedClock(NOW - timedelta(days=DAYS + 1)), Shelves(tmp_path, [])
    with open_shop(port=0, shelves=shelves, clock=clock.timestamp) as port:
        settings.FETCH_ALLOWED_PRIVATE = {f"127.0.0.1:{port}"}
        yield Shop(f"http://127.0.0.1:{port}", shelves, clock)


def live(shop: Shop) -> None:
    actor = Actor.system("demo")
    for fields in (OPERATOR, REGULATOR, SECOND_REGULATOR, *PLATFORMS, *MORE_PLATFORMS):
        pattern = f"{shop.address}/listing/{{id}}" if fields["kind"] == "platform" else ""
        create_organisation(actor=actor, **fields, listing_url_pattern=pattern)
    for person in (*PEOPLE, *MORE_PEOPLE):
        at = Organisation.objects.get(slug=person.organisation)
        UserFactory(email=person.email, name=person.name, role=person.role, organisation=at)
    for regulator in Organisation.objects.filter(kind="regulator").order_by("pk"):
        install_presets(regulator=regulator, actor=actor)
    past = History(clock=shop.clock, until=NOW, shop=shop.address, shelves=shop.shelves)
    past.live(recalled=stock.recalls()[-LAST_RECALLS:])


def told() -> list[tuple[Any, ...]]:
    """What a past comes to, without the numbers that a database gives."""
    flags = Flag.objects.order_by("platform__slug", "listing__external_id")
    names = (
        "platform__slug",
        "listing__external_id",
        "status",
        "opened_at",
        "due_at",
        "takedown__met_at",
        "takedown__missed_at",
    )
    counted = Observation.objects.values_list("takedown__flag__listing__external_id", "verdict", "rule")
    return [*flags.values_list(*names), *sorted(Counter(counted).items())]


_pasts: list[list[tuple[Any, ...]]] = []
"""What the pasts that were lived in this process came to: each takes ten seconds."""


@pytest.mark.takes(9)  # before the next one, which then lives one past instead of two
@pytest.mark.django_db
def test_a_past_is_whole_and_leaves_nothing_undone(shop: Shop) -> None:
    with shop.clock.in_force():
        live(shop)
        _pasts.append(told())
        assert timezone.now() == NOW
        figures = services.figures(actor=Actor.system("test"), days=DAYS)
        soon = Takedown.objects.open().filter(due_at__range=(NOW + timedelta(minutes=10), NOW + timedelta(minutes=15)))

        assert audit.seal_events() > 100
        assert audit.verify_chain().findings == []
        assert figures.total("proved") > 0
        assert figures.total("running") > 0
        assert sum(figures.took) == figures.total("proved")
        assert {each.platform.slug for each in figures.platforms} == {"bazaarly", "market-one", "cartello", "hyperlot"}
        assert soon.exists(), "something becomes due while one looks"
        assert not SetAside.objects.exists()
        assert not Takedown.objects.open().filter(next_step_at__lt=NOW).exists()
        assert not CheckPlan.objects.filter(next_at__lt=NOW).exists()
        assert not Mail.objects.exclude(status=Mail.Status.SENT).exists()
        assert set(Flag.objects.values_list("recall__is_sample", flat=True)) == {True}
    assert abs(timezone.now() - datetime.now(UTC)) < timedelta(minutes=1), "the clock is the real one again"


@pytest.mark.takes(8)
@pytest.mark.django_db
def test_the_same_moment_gives_the_same_past(shop: Shop) -> None:
    while len(_pasts) < 2:
        shop.clock.at = NOW - timedelta(days=DAYS + 1)
        shop.shelves.listings.clear()
        shop.shelves.down.clear()
        with transaction.atomic(), shop.clock.in_force():
            live(shop)
            _pasts.append(told())
            transaction.set_rollback(True)
    assert _pasts[0] == _pasts[1]
    assert _pasts[0]


def test_a_staged_clock_stands_and_never_goes_back() -> None:
    clock = StagedClock(NOW)
    with clock.in_force():
        assert timezone.now() == NOW
        assert Observation._meta.get_field("at").get_default() == NOW, "also where a model field keeps the function"
        clock.move_to(NOW + timedelta(hours=1))
        assert timezone.localdate() == NOW.date()
        with pytest.raises(ValueError, match="cannot be moved back"):
            clock.move_to(NOW)
        assert timezone.now() == NOW + timedelta(hours=1)


def test_a_picture_is_drawn_for_every_address_and_for_no_other() -> None:
    kinds = [address_of(kind, number % len(COLOURS), number % VIEWS) for number, kind in enumerate(DRAWN)]
    drawn = [picture_at(address) for address in kinds]
    assert all(picture and picture.startswith(b"\x89PNG") for picture in drawn)
    assert len(set(drawn)) == len(DRAWN)
    for address in ("/picture/kettle-9-0.png", "/picture/kettle-0-9.png", "/picture/spoon-0-0.png", "/picture/../x"):
        assert picture_at(address) is None
