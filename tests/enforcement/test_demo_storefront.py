"""The demo's shop takes down what platforms finally decide, and sends its answers without a pause."""

import http.client
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from enforcement import services as enforcement
from enforcement.demo.storefront import Storefront
from listings import services
from listings.models import Flag
from listings.signals import decision_final
from portal.demo.shop import Shelves, open_shop
from portal.identity.actors import Actor
from portal.models import Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory


@dataclass
class Shop:
    shelves: Shelves
    port: int


@pytest.fixture
def shop(tmp_path: Path, settings: Any) -> Iterator[Shop]:
    shelves = Shelves(tmp_path, [])
    shelves.stock(
        [{"id": "BZ-1", "title": "Heater"}, {"id": "BZ/2 x", "title": "Heater"}, {"id": "BZ-3", "title": "Heater"}]
    )
    shelves.add("DRILL-1", {"id": "DRILL-1", "title": "Heater"})
    with open_shop(port=0, shelves=shelves) as port:
        settings.FETCH_ALLOWED_PRIVATE = {f"127.0.0.1:{port}"}
        follow = Storefront(f"http://127.0.0.1:{port}").follow
        decision_final.connect(follow)
        yield Shop(shelves, port)
        decision_final.disconnect(follow)


def decided(
    platform: Organisation, moderator: User, listing: str, kind: str, *, reason: str = "", note: str = ""
) -> Flag:
    sold = ListingFactory(platform=platform, external_id=listing)
    flag = FlagFactory(notice=NoticeFactory(platform=platform), listing=sold, opened_at=timezone.now())
    enforcement.start_clock(flag=flag)
    seen = services.seen_token(flag)
    services.decide(flag=flag, kind=kind, reason=reason, note=note, seen=seen, actor=Actor.person(moderator))
    return flag


@pytest.mark.django_db
@override_settings(UNDO_SECONDS=0)
def test_what_a_platform_decides_is_done_unless_it_was_put_on_sale_by_hand(
    shop: Shop, platform_a: Organisation, moderator_a: User
) -> None:
    decided(platform_a, moderator_a, "BZ-1", "removed")
    decided(platform_a, moderator_a, "BZ/2 x", "geo_restricted", note="Hidden there.")
    decided(platform_a, moderator_a, "DRILL-1", "removed")
    assert shop.shelves.down == {"BZ-1": "404", "BZ/2 x": "region"}
    decided(platform_a, moderator_a, "BZ-3", "not_the_product", reason="other_model", note="Another model.")
    assert "BZ-3" not in shop.shelves.down


@pytest.mark.django_db
@override_settings(UNDO_SECONDS=0)
def test_a_shop_that_is_gone_holds_no_decision_up(platform_a: Organisation, moderator_a: User) -> None:
    follow = Storefront("http://127.0.0.1:9").follow
    decision_final.connect(follow)
    try:
        flag = decided(platform_a, moderator_a, "BZ-1", "removed")
    finally:
        decision_final.disconnect(follow)
    assert Flag.objects.get(pk=flag.pk).status == "claimed_removed"


def test_many_requests_on_one_connection_wait_for_no_receipt(shop: Shop) -> None:
    """Head and body in two packets cost 40 ms each: the second waits until the first was received."""
    connection = http.client.HTTPConnection("127.0.0.1", shop.port, timeout=10)
    connection.connect()
    sock, times = connection.sock, []
    for _ in range(30):
        began = time.perf_counter()
        connection.request("GET", "/listing/BZ-1")
        assert connection.getresponse().read()
        times.append(time.perf_counter() - began)
    assert connection.sock is sock, "the connection was kept"
    connection.close()
    assert sorted(times)[15] < 0.03
