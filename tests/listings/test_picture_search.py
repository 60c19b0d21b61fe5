"""A removed product that comes back with nothing of its words is found by its picture, and few pictures are asked for."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from enforcement import services as enforcement
from listings import services
from listings.models import Flag, Listing, RemovalTrace
from listings.pictures import picture_hash
from listings.services import picture_search
from portal.identity.actors import Actor
from portal.models import Organisation, SetAside, User
from recalls.models import Notice
from tests.factories import ListingFactory, NoticeFactory, RecallFactory
from tests.listings.test_pictures import photo, saved
from tests.listings.test_removal_traces import TEXT, removed

pytestmark = pytest.mark.django_db

PHOTO = picture_hash(saved(photo(7))).hash
ELSE = picture_hash(saved(photo(8))).hash


class _Shop(BaseHTTPRequestHandler):
    """Shows the removed product at /7.jpg, however it is saved, and another one at /8.jpg."""

    def do_GET(self) -> None:
        data = saved(photo(int(self.path[1])), quality=60)
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the parent's name
        """Quiet."""


@pytest.fixture
def shop(settings: Settings) -> Iterator[str]:
    """The host of a seller's server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    host = f"127.0.0.1:{server.server_address[1]}"
    settings.FETCH_ALLOWED_PRIVATE = [host]
    yield host
    server.shutdown()
    server.server_close()


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation) -> Notice:
    return NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, matched_at=timezone.now())


@pytest.fixture
def gone(notice: Notice, moderator_a: User) -> Flag:
    """A heater of 60 euros that a moderator removed, with its picture."""
    flag = removed(notice, moderator_a, price=Decimal("60.00"), currency="EUR")
    Listing.objects.filter(pk=flag.listing_id).update(picture_hash=PHOTO, picture_seen_at=timezone.now())
    return Flag.objects.get(pk=flag.pk)


def other(platform: Organisation, title: str = "Zelpino slim radiator, white", **fields: object) -> Listing:
    """A listing that shares no word, number or seller with the removed one."""
    given = {"brand": "Zelpino", "seller": "evening-star-home", "image_link": "https://img.evening.example/a.jpg"}
    return ListingFactory(platform=platform, title=title, **given | fields)


def wanted() -> list[Listing]:
    return list(Listing.objects.filter(picture_wanted_at__isnull=False).order_by("-pk"))


def test_the_product_under_other_words_is_found_by_its_picture_and_another_product_is_not(
    gone: Flag, platform_a: Organisation, shop: str
) -> None:
    again = other(platform_a, image_link=f"http://{shop}/7.jpg")
    innocent = other(platform_a, "Zelpino oil radiator", image_link=f"http://{shop}/8.jpg")
    assert services.seek_pictures_due() == 1
    assert wanted() == [innocent, again]
    assert enforcement.check_pictures_due() == 2
    flag = Flag.objects.get(listing=again)
    assert (flag.band, flag.relisted_from) == ("ask", gone)
    assert "Same picture" in flag.relisted_reason
    assert not Flag.objects.filter(listing=innocent).exists()
    assert services.seek_pictures_due() == 0


@pytest.mark.parametrize(
    "title",
    ["Elektrischer Heizlüfter für das Bad", "Calefactores para casa", "Обогреватель напольный", "SPACE HEATERS"],
)
def test_the_type_of_product_is_known_in_every_language(title: str, gone: Flag, platform_a: Organisation) -> None:
    listing = other(platform_a, title)
    services.seek_pictures_due()
    assert wanted() == [listing]


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Zelpino garden gnome"},
        {"price": Decimal("5.00"), "currency": "EUR"},
        {"price": Decimal("600.00"), "currency": "EUR"},
        {"image_link": ""},
        {"present": False},
        {"picture_seen_at": timezone.now(), "picture_hash": ELSE},
    ],
)
def test_no_picture_is_asked_for_that_tells_nothing(
    fields: dict[str, object], gone: Flag, platform_a: Organisation
) -> None:
    other(platform_a, **fields)
    assert services.seek_pictures_due() == 1
    assert wanted() == []


@pytest.mark.parametrize("fields", [{"price": Decimal("35.00"), "currency": "EUR"}, {"price": None}, {"price": 9, "currency": "GBP"}])  # fmt: skip
def test_a_price_that_may_be_the_same_keeps_nobody_out(
    fields: dict[str, object], gone: Flag, platform_a: Organisation
) -> None:
    listing = other(platform_a, **fields)
    services.seek_pictures_due()
    assert wanted() == [listing]


def test_another_platforms_listings_are_not_asked_for(gone: Flag, platform_b: Organisation) -> None:
    other(platform_b)
    services.seek_pictures_due()
    assert wanted() == []


def test_so_many_pictures_are_asked_for_in_a_day_the_newest_first(
    gone: Flag, platform_a: Organisation, settings: Settings
) -> None:
    settings.PICTURES_A_DAY = 2
    rows = [other(platform_a) for _ in range(5)]
    services.seek_pictures_due()
    assert wanted() == [rows[4], rows[3]]
    with time_machine.travel(timezone.now() + timedelta(hours=7), tick=False):
        services.seek_pictures_due()
        assert len(wanted()) == 2
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        services.seek_pictures_due()
        assert wanted() == rows[:0:-1]
    settings.PICTURES_A_DAY = 0
    with time_machine.travel(timezone.now() + timedelta(hours=50), tick=False):
        services.seek_pictures_due()
        assert len(wanted()) == 4


def test_a_listing_that_comes_later_is_asked_for_an_hour_later(gone: Flag, platform_a: Organisation) -> None:
    services.seek_pictures_due()
    later = other(platform_a)
    assert services.seek_pictures_due() == 0
    with time_machine.travel(timezone.now() + picture_search.AGAIN_AFTER + timedelta(minutes=1), tick=False):
        assert services.seek_pictures_due() == 1
    assert wanted() == [later]


def test_a_picture_that_is_known_already_is_compared_when_the_removal_is_learnt(
    gone: Flag, platform_a: Organisation
) -> None:
    seen = {"picture_seen_at": timezone.now()}
    again = other(platform_a, "Evening friend", picture_hash=PHOTO, **seen)
    other(platform_a, "Evening gnome", picture_hash=ELSE, **seen)
    services.seek_pictures_due()
    flag = Flag.objects.exclude(pk=gone.pk).get()
    assert (flag.listing, flag.band, flag.relisted_from) == (again, "ask", gone)
    assert wanted() == []


def test_flagged_listings_have_their_pictures_fetched_before_those_that_may_show_a_removed_one(
    gone: Flag, platform_a: Organisation
) -> None:
    asked = other(platform_a)
    services.seek_pictures_due()
    flagged = ListingFactory(platform=platform_a, image_link="https://img.north.example/b.jpg", match_due=True)
    while services.match_listings_due(platform_id=platform_a.pk):
        pass
    assert list(services.pictures_due()) == [flagged, asked]


def test_nothing_is_asked_for_where_the_listing_is_not_removed_any_more_or_nobody_asks(
    gone: Flag, notice: Notice, platform_a: Organisation
) -> None:
    other(platform_a)
    Flag.objects.filter(pk=gone.pk).update(status="open")
    assert services.seek_pictures_due() == 0
    Flag.objects.filter(pk=gone.pk).update(status="claimed_removed")
    Notice.objects.filter(pk=notice.pk).update(status="withdrawn", withdrawn_at=timezone.now())
    assert services.seek_pictures_due() == 0
    assert wanted() == []


def test_after_three_months_no_more_is_asked_for(gone: Flag, platform_a: Organisation) -> None:
    other(platform_a)
    RemovalTrace.objects.update(learnt_at=timezone.now() - timedelta(days=91))
    assert services.seek_pictures_due() == 0
    assert wanted() == []


def test_one_removal_that_breaks_costs_itself_alone(
    gone: Flag, notice: Notice, moderator_a: User, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = removed(
        notice, moderator_a, external_id="B-2", description=TEXT[::-1], image_link="https://x.example/2.jpg"
    )
    Listing.objects.filter(pk=second.listing_id).update(picture_hash=ELSE)
    listing, types_of = other(platform_a), picture_search.types_of

    def broken(flag: Flag) -> list[str]:
        if flag.pk == gone.pk:
            raise ValueError("a title that no reader can take")
        return types_of(flag)

    monkeypatch.setattr(picture_search, "types_of", broken)
    assert services.seek_pictures_due() == 1
    assert wanted() == [listing]
    assert SetAside.objects.get(sweep=picture_search.SWEEP).subject_id == gone.pk


def test_the_picture_is_not_asked_for_twice(gone: Flag, platform_a: Organisation) -> None:
    listing = other(platform_a)
    services.seek_pictures_due()
    services.record_picture(listing=listing, seen=picture_hash(saved(photo(8))), actor=Actor.system("pictures"))
    assert not services.pictures_due().exists()
    with time_machine.travel(timezone.now() + timedelta(hours=30), tick=False):
        services.seek_pictures_due()
        assert not services.pictures_due().exists()
