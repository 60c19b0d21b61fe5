"""Pictures: one photo is known again however it was saved, nothing blank or broken is, and a relisting is found by it."""

import io
import random
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import combinations
from threading import Thread

import pytest
from django.utils import timezone
from PIL import Image, ImageDraw, ImageEnhance, ImageOps
from pytest_django import Settings

from enforcement import services as enforcement
from listings import services
from listings.models import Flag, Listing
from listings.pictures import SHARED, Seen, is_same, picture_hash, shared
from portal.identity.actors import Actor
from portal.media.limits import MAX_BYTES
from portal.models import AuditEvent, Organisation
from recalls.models import Notice
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory
from tests.listings import drawings


def photo(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Shapes before a gradient: what a product shot looks like to a hash."""
    chance = random.Random(seed)  # noqa: S311  a picture, no secret
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for _ in range(12):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        width, height = chance.randrange(40, size[0] // 2), chance.randrange(40, size[1] // 2)
        colour = tuple(chance.randrange(256) for _ in range(3))
        draw.ellipse((x, y, x + width, y + height), fill=colour)
    return picture


def saved(picture: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def watermarked(picture: Image.Image) -> Image.Image:
    marked = picture.copy()
    ImageDraw.Draw(marked).text((20, 440), "northside deals", fill="white")
    return marked


CHANGES: dict[str, Callable[[Image.Image], bytes]] = {
    "as it is": saved,
    "smaller": lambda picture: saved(picture.resize((200, 150))),
    "larger": lambda picture: saved(picture.resize((1280, 960))),
    "compressed hard": lambda picture: saved(picture, quality=20),
    "as PNG": lambda picture: saved(picture, "PNG"),
    "as WebP": lambda picture: saved(picture, "WEBP"),
    "as GIF": lambda picture: saved(picture.convert("P"), "GIF"),
    "watermarked": lambda picture: saved(watermarked(picture)),
    "brighter": lambda picture: saved(ImageEnhance.Brightness(picture).enhance(1.15)),
    "cropped a little": lambda picture: saved(picture.crop((6, 6, 634, 474))),
    "in grey": lambda picture: saved(picture.convert("L")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_one_photo_is_recognised_again(change: str) -> None:
    for seed in range(5):
        before, after = picture_hash(saved(photo(seed))), picture_hash(CHANGES[change](photo(seed)))
        assert is_same(before.hash, after.hash), shared(before.hash, after.hash)


def test_two_photos_are_distinguished() -> None:
    hashes = [picture_hash(saved(photo(seed))).hash for seed in range(40)]
    alike = [shared(one, other) for place, one in enumerate(hashes) for other in hashes[place + 1 :]]
    assert max(alike) < SHARED


def claimed(pictures: dict[str, Image.Image]) -> list[tuple[str, str]]:
    """The pairs of these pictures that would be called the same."""
    hashes = {name: picture_hash(saved(picture)).hash for name, picture in pictures.items()}
    return [(one, other) for one, other in combinations(hashes, 2) if is_same(hashes[one], hashes[other])]


@pytest.mark.parametrize("background", drawings.BACKGROUNDS)
def test_different_small_products_before_the_same_background_are_distinguished(background: str) -> None:
    assert claimed({name: drawings.thing(name, background) for name in drawings.PRODUCT_TYPES}) == []


@pytest.mark.parametrize("coloured", [False, True])
def test_size_charts_say_nothing_however_alike_they_are(coloured: bool) -> None:
    for seed in range(5):
        seen = picture_hash(saved(drawings.size_chart(seed, coloured=coloured)))
        assert (seen.hash, "chart" in seen.problem) == ("", True), seed


def test_logos_are_distinguished() -> None:
    words = {"ACME": "red", "ZELPRO": "#203080", "NORTH": "black", "Kiddo": "orange", "acme 2": "red"}
    assert claimed({word: drawings.logo(word, colour) for word, colour in words.items()}) == []


@pytest.mark.parametrize("background", drawings.BACKGROUNDS)
@pytest.mark.parametrize(
    "change", ["as it is", "larger", "as PNG", "as GIF", "watermarked", "cropped", "framed", "moved"]
)
def test_one_small_product_is_recognised_again(change: str, background: str) -> None:
    changes = {
        **CHANGES,
        "larger": lambda picture: saved(picture.resize((1_600, 1_600))),
        "watermarked": lambda picture: saved(watermarked(picture)),
        "cropped": lambda picture: saved(picture.crop((24, 24, 776, 776))),
        "framed": lambda picture: saved(ImageOps.expand(picture, 60, "white")),
        "moved": lambda picture: saved(picture.crop((150, 90, 750, 790))),
    }
    for name in ("mug", "plug", "lamp", "car", "ball"):
        picture = drawings.thing(name, background)
        assert is_same(picture_hash(saved(picture)).hash, picture_hash(changes[change](picture)).hash), name


def test_a_hash_of_the_way_before_matches_nothing() -> None:
    assert not is_same("f" * 64, "f" * 64)
    assert not is_same("f" * 64, picture_hash(saved(photo(1))).hash)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (saved(Image.new("RGB", (400, 400), "white")), "blank"),
        (saved(Image.new("RGB", (400, 400), "#777")), "blank"),
        (saved(Image.new("RGBA", (400, 400), (0, 0, 0, 0)), "PNG"), "blank"),
        (saved(Image.new("RGB", (1, 1), "white")), "too small"),
        (saved(photo(1))[:900], "not a readable image"),
        (b"<html>not found</html>", "not a readable image"),
        (b"", "not a readable image"),
        (b"\x00" * 100, "not a readable image"),
        (b"x" * (MAX_BYTES + 1), "larger than"),
        (saved(Image.new("1", (9_000, 9_000)), "PNG"), "million pixels"),
        (saved(photo(1), "BMP"), "not a readable image"),
    ],
)
def test_what_shows_nothing_has_no_hash_and_matches_nothing(data: bytes, problem: str) -> None:
    seen = picture_hash(data)
    assert seen.hash == ""
    assert problem in seen.problem
    assert not is_same(seen.hash, seen.hash)


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation) -> Notice:
    return NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, matched_at=timezone.now())


@pytest.fixture
def taken_down(notice: Notice, platform_a: Organisation) -> Flag:
    listing = ListingFactory(platform=platform_a, seller="north", picture_hash=picture_hash(saved(photo(7))).hash)
    return FlagFactory(notice=notice, listing=listing, status="removed")


SYSTEM = Actor.system("pictures")


@pytest.mark.django_db
@pytest.mark.parametrize(("seller", "band"), [("south", "ask"), ("north", "flag")])
def test_the_picture_of_a_listing_taken_down_under_another_name_raises_a_flag(
    seller: str, band: str, taken_down: Flag, platform_a: Organisation
) -> None:
    other = ListingFactory(
        platform=platform_a, title="Cosy corner warmer", brand="", seller=seller, image_link="https://x/1"
    )
    flag = services.record_picture(listing=other, seen=picture_hash(saved(photo(7), quality=40)), actor=SYSTEM)
    assert flag is not None
    assert (flag.band, flag.relisted_from) == (band, taken_down)
    assert flag.evidence[0]["signal"] == "same_picture"
    assert "Same picture" in flag.relisted_reason


@pytest.mark.django_db
def test_a_flag_that_is_there_is_linked_and_no_second_one_opened(
    taken_down: Flag, notice: Notice, platform_a: Organisation
) -> None:
    listing = ListingFactory(platform=platform_a, seller="south")
    flag = FlagFactory(notice=notice, listing=listing)
    assert services.record_picture(listing=listing, seen=picture_hash(saved(photo(7))), actor=SYSTEM) is None
    flag.refresh_from_db()
    assert flag.relisted_from == taken_down
    assert AuditEvent.objects.filter(action="flag.linked").count() == 1


@pytest.mark.django_db
def test_a_blank_or_another_picture_raises_nothing(taken_down: Flag, platform_a: Organisation) -> None:
    Listing.objects.filter(pk=taken_down.listing_id).update(picture_hash="")
    for seen in (Seen("", "blank"), picture_hash(saved(photo(8)))):
        assert services.record_picture(listing=ListingFactory(platform=platform_a), seen=seen, actor=SYSTEM) is None
    assert Flag.objects.count() == 1


@pytest.mark.django_db
def test_only_pictures_that_may_be_evidence_are_due(taken_down: Flag, notice: Notice, platform_a: Organisation) -> None:
    Listing.objects.update(picture_seen_at=timezone.now())
    flagged = ListingFactory(platform=platform_a, seller="south", image_link="https://x/1")
    FlagFactory(notice=notice, listing=flagged)
    same_seller = ListingFactory(platform=platform_a, seller="north", image_link="https://x/2")
    ListingFactory(platform=platform_a, seller="west", image_link="https://x/3")
    ListingFactory(platform=platform_a, seller="north", image_link="")
    assert list(services.pictures_due()) == [flagged, same_seller]


@pytest.mark.django_db
def test_a_seller_who_listed_it_before_is_said_and_counts(
    taken_down: Flag, notice: Notice, platform_a: Organisation
) -> None:
    for seller in ("north", "south"):
        ListingFactory(platform=platform_a, seller=seller, match_due=True)
    services.match_listings_due(platform_id=platform_a.pk)
    north, south = (Flag.objects.exclude(pk=taken_down.pk).get(listing__seller=seller) for seller in ("north", "south"))
    assert "Seller north has listed this recalled product once before." in {item["says"] for item in north.evidence}
    assert "seller_before" not in {item["signal"] for item in south.evidence}
    assert north.score >= south.score


class Pictures(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        data = saved(photo(7)) if self.path == "/good.jpg" else b"gone"
        self.send_response(200 if self.path == "/good.jpg" else 404)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the parent's name
        """Quiet."""


@pytest.mark.django_db
def test_due_pictures_are_fetched_once_and_what_cannot_be_had_is_no_error(
    taken_down: Flag, platform_a: Organisation, settings: Settings
) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    host = f"127.0.0.1:{server.server_address[1]}"
    settings.FETCH_ALLOWED_PRIVATE = [host]
    for name in ("good.jpg", "missing.jpg"):
        ListingFactory(platform=platform_a, seller="north", title=name, brand="", image_link=f"http://{host}/{name}")
    ListingFactory(platform=platform_a, seller="north", title="private", image_link="http://10.0.0.1/x.jpg")
    try:
        assert enforcement.check_pictures_due() == 3
        assert enforcement.check_pictures_due() == 0
    finally:
        server.shutdown()
        server.server_close()
    hashed = Listing.objects.exclude(picture_hash="").exclude(pk=taken_down.listing_id)
    assert [listing.title for listing in hashed] == ["good.jpg"]
    assert Flag.objects.filter(listing__title="good.jpg", relisted_from=taken_down).count() == 1


def test_a_picture_whose_only_content_is_its_last_row_breaks_nothing() -> None:
    picture = Image.new("L", (64, 48), 120)
    last = (
        "7878787878787878787878788ca0a0b48c8c8c8c8c8c8c8c8c8c8c8c8c8c7878"
        "787878787878787878787878787878788c8c8c8c787878786464648c788c8c8c"
    )
    picture.putdata(b"\x78" * (64 * 47) + bytes.fromhex(last))
    assert picture_hash(saved(picture, "PNG")).hash == ""
