"""Pictures are asked for by workers, once, and kept small; whoever opens a page asks nobody but us."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from enforcement import services as enforcement
from listings.models import Listing
from listings.pictures import picture_hash
from portal.http import client as http_client
from portal.identity.actors import Actor
from portal.media import thumbnails
from portal.media.limits import MAX_BYTES
from portal.models import Organisation, Thumbnail, User
from recalls.models import Notice
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory
from tests.portal.test_imaging import SVG, claiming, saved

pytestmark = pytest.mark.django_db
PHOTO = saved(Image.linear_gradient("L").resize((1200, 900)).convert("RGB"))
ANSWERS = {
    "/good.jpg": PHOTO,
    "/lies.html": PHOTO,
    "/drawing.svg": SVG,
    "/page.jpg": b"<html>buy now</html>",
    "/huge.jpg": b"\xff\xd8" + b"x" * (MAX_BYTES + 1),
    "/bomb.png": claiming(60_000, 60_000),
}
MOVED = {
    "/inwards.jpg": "http://10.0.0.1/secret.jpg",
    "/metadata.jpg": "http://169.254.169.254/latest/",
    "/moved.jpg": "/good.jpg",
}


class Shop(ThreadingHTTPServer):
    """A seller's server that remembers what it was asked, and can fall silent."""

    asked: list[tuple[str, dict[str, str]]]
    down: bool

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Pictures(BaseHTTPRequestHandler):
    server: Shop

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        data = ANSWERS.get(self.path, b"no")
        self.send_response(
            503 if self.server.down else 302 if self.path in MOVED else 200 if self.path in ANSWERS else 404
        )
        if self.path in MOVED:
            self.send_header("Location", MOVED[self.path])
        self.send_header("Content-Type", "text/html" if self.path == "/lies.html" else "image/jpeg")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the parent's name
        """Quiet."""

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            """Whoever asks stops reading where a file is too large."""


@pytest.fixture
def shop(settings: Any) -> Iterator[Shop]:
    server = Shop(("127.0.0.1", 0), _Pictures)
    server.asked, server.down = [], False
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.FETCH_ALLOWED_PRIVATE = [server.host]
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation) -> Notice:
    return NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, matched_at=timezone.now())


@pytest.fixture
def flagged(shop: Shop, notice: Notice, platform_a: Organisation) -> Callable[[str], Listing]:
    """A flagged listing that names a picture on the shop's server, or at a whole address."""

    def make(path: str) -> Listing:
        address = path if "://" in path else f"http://{shop.host}{path}"
        listing = ListingFactory(platform=platform_a, title='Heater "HL" <200R>', image_link=address)
        FlagFactory(notice=notice, listing=listing, due_at=timezone.now())
        return listing

    return make


def outcome_of(listing: Listing) -> str:
    return Thumbnail.objects.get(digest=thumbnails.digest_of(listing.image_link)).outcome


def test_a_picture_is_kept_small_and_asked_for_once_for_all_who_name_it(
    shop: Shop, flagged: Callable[[str], Listing]
) -> None:
    first, second = flagged("/good.jpg"), flagged("/good.jpg")
    assert enforcement.check_pictures_due() == 1
    assert enforcement.check_pictures_due() == 0
    assert [path for path, _ in shop.asked] == ["/good.jpg"]
    row = Thumbnail.objects.get()
    picture = Image.open(io.BytesIO(bytes(row.data)))
    assert (row.outcome, picture.format, picture.size) == ("kept", "WEBP", (480, 360))
    for listing in (first, second):
        listing.refresh_from_db()
        assert listing.picture_hash == picture_hash(PHOTO).hash
        assert listing.picture_seen_at is not None


def test_the_shop_learns_neither_who_nor_why(shop: Shop, flagged: Callable[[str], Listing]) -> None:
    flagged("/good.jpg")
    enforcement.check_pictures_due()
    [(_, headers)] = shop.asked
    assert headers["user-agent"] == http_client.AGENT
    assert not {"referer", "cookie", "x-forwarded-for"} & set(headers)


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/moved.jpg", "kept"),
        ("/lies.html", "kept"),  # the bytes count, not what the server calls them
        ("/huge.jpg", "too_large"),
        ("/bomb.png", "too_large"),
        ("/page.jpg", "not_a_picture"),
        ("/drawing.svg", "not_a_picture"),
        ("/missing.jpg", "gone"),
        ("/inwards.jpg", "refused"),
        ("/metadata.jpg", "refused"),
        ("http://10.0.0.1/x.jpg", "refused"),
        ("http://user:word@shop.example.org/x.jpg", "refused"),
    ],
)
def test_every_outcome_is_kept_so_that_nobody_is_asked_again(
    path: str,
    outcome: str,
    shop: Shop,
    flagged: Callable[[str], Listing],
    sign_in: Callable[[User], Client],
    moderator_a: User,
) -> None:
    listing = flagged(path)
    assert enforcement.check_pictures_due() == 1
    assert outcome_of(listing) == outcome
    asked = len(shop.asked)
    assert enforcement.check_pictures_due() == 0
    client = sign_in(moderator_a)
    page = client.get(reverse("listings:listing", args=[listing.pk])).content.decode()
    status = client.get(reverse("listings:picture", args=[listing.pk])).status_code
    assert status == (200 if outcome == "kept" else 404)
    if outcome != "kept":
        assert "No picture" in page
        assert Thumbnail.Outcome(outcome).label in page
        assert bytes(Thumbnail.objects.get().data) == b""
    assert len(shop.asked) == asked


def test_a_host_that_does_not_answer_is_asked_again_a_few_times_and_then_left_alone(
    shop: Shop, flagged: Callable[[str], Listing]
) -> None:
    listing = flagged("/good.jpg")
    shop.down = True
    for _ in range(8):
        enforcement.check_pictures_due()
        enforcement.check_pictures_due()
        Thumbnail.objects.filter(again_at__isnull=False).update(again_at=timezone.now() - timedelta(seconds=1))
    assert len(shop.asked) == len(thumbnails.WAITS) + 1
    assert outcome_of(listing) == "no_answer"


def test_a_host_that_answers_later_is_heard(shop: Shop, flagged: Callable[[str], Listing]) -> None:
    listing = flagged("/good.jpg")
    shop.down = True
    enforcement.check_pictures_due()
    listing.refresh_from_db()
    assert listing.picture_seen_at is None
    shop.down = False
    Thumbnail.objects.update(again_at=timezone.now())
    enforcement.check_pictures_due()
    assert outcome_of(listing) == "kept"


def test_two_workers_do_not_ask_for_the_same_picture_and_one_that_died_is_followed(
    shop: Shop, flagged: Callable[[str], Listing]
) -> None:
    listing = flagged("/good.jpg")
    other = Actor.system("pictures")
    assert thumbnails.take_up(address=listing.image_link, actor=other)[1]
    assert enforcement.check_pictures_due() == 0
    assert shop.asked == []
    Thumbnail.objects.update(again_at=timezone.now())
    assert enforcement.check_pictures_due() == 1


def test_a_picture_that_kills_its_worker_fails_for_good(flagged: Callable[[str], Listing], shop: Shop) -> None:
    listing = flagged("/good.jpg")
    for _ in range(len(thumbnails.WAITS) + 1):
        thumbnails.take_up(address=listing.image_link, actor=Actor.system("pictures"))
        Thumbnail.objects.update(again_at=timezone.now())
    assert enforcement.check_pictures_due() == 0
    assert (outcome_of(listing), shop.asked) == ("no_answer", [])


def test_a_hash_outlives_the_picture_it_was_made_of(flagged: Callable[[str], Listing]) -> None:
    listing = flagged("/missing.jpg")
    Listing.objects.update(picture_hash="ab" * 32)
    assert enforcement.check_pictures_due() == 1
    listing.refresh_from_db()
    assert listing.picture_hash == "ab" * 32


def test_the_answer_is_ours_in_type_and_stays_in_the_readers_browser(
    flagged: Callable[[str], Listing], sign_in: Callable[[User], Client], moderator_a: User
) -> None:
    listing, client = flagged("/lies.html"), sign_in(moderator_a)
    enforcement.check_pictures_due()
    address = reverse("listings:picture", args=[listing.pk])
    answer = client.get(address)
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == "inline"
    assert answer["Cache-Control"] == "private, max-age=86400, immutable"
    assert "img-src 'self'" in answer["Content-Security-Policy"]
    assert Image.open(io.BytesIO(answer.content)).size == (480, 360)
    known = client.get(address, headers={"if-none-match": answer["ETag"]})
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", answer["ETag"])
    assert known["Cache-Control"] == answer["Cache-Control"]
    assert client.post(address).status_code == 405


def test_only_those_who_see_the_listing_see_its_picture(
    flagged: Callable[[str], Listing],
    sign_in: Callable[[User], Client],
    officer: User,
    moderator_a: User,
    moderator_b: User,
) -> None:
    listing = flagged("/good.jpg")
    enforcement.check_pictures_due()
    address = reverse("listings:picture", args=[listing.pk])
    for person, status in ((officer, 200), (moderator_a, 200), (moderator_b, 404)):
        assert sign_in(person).get(address).status_code == status
    assert Client().get(address).status_code == 302


def test_pages_show_it_in_a_box_of_one_size_and_ask_nobody(
    shop: Shop,
    flagged: Callable[[str], Listing],
    sign_in: Callable[[User], Client],
    moderator_a: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listing, unseen, client = flagged("/good.jpg"), flagged("/other.jpg"), sign_in(moderator_a)
    Listing.objects.filter(pk=unseen.pk).update(present=False)  # so that it is not fetched
    enforcement.check_pictures_due()
    asked = list(shop.asked)

    def never(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a page asked a stranger")

    monkeypatch.setattr(http_client, "_client", never)
    monkeypatch.setattr("socket.getaddrinfo", never)
    ours = reverse("listings:picture", args=[listing.pk])
    flag, other = (each.flags.get() for each in (listing, unseen))
    for page in (
        reverse("listings:listing", args=[listing.pk]),
        reverse("listings:flag", args=[flag.pk]),
        f"{reverse('listings:queue')}?flag={flag.pk}",
    ):
        text = client.get(page).content.decode()
        assert f'<img src="{ours}?v=' in text, page
        assert 'alt="Heater &quot;HL&quot; &lt;200R&gt;" width="240" height="240"' in text
        assert f'src="http://{shop.host}' not in text
    text = client.get(reverse("listings:flag", args=[other.pk])).content.decode()
    assert "No picture" in text
    assert "<img" not in text.partition('id="pic-h"')[2].partition("</section>")[0]
    client.get(ours)
    assert shop.asked == asked


def test_a_listing_that_names_another_picture_since_then_shows_that_one(
    shop: Shop, flagged: Callable[[str], Listing], sign_in: Callable[[User], Client], moderator_a: User
) -> None:
    listing = flagged("/good.jpg")
    flag = listing.flags.get()
    flag.listing_as_flagged = {"image_link": listing.image_link}
    flag.save()
    enforcement.check_pictures_due()
    Listing.objects.update(image_link=f"http://{shop.host}/page.jpg", picture_seen_at=None)
    text = sign_in(moderator_a).get(reverse("listings:flag", args=[flag.pk])).content.decode()
    assert "The listing's picture has changed since it was flagged." in text
    assert "<img" not in text.partition('id="pic-h"')[2].partition("</section>")[0]


def test_a_recalls_picture_is_asked_for_once_it_stands_on_a_list_and_never_for_a_draft(
    shop: Shop,
    notice: Notice,
    regulator: Organisation,
    sign_in: Callable[[User], Client],
    officer: User,
    moderator_a: User,
    moderator_b: User,
) -> None:
    draft = RecallFactory(regulator=regulator, status="draft", published_at=None)
    unsent = RecallFactory(regulator=regulator)
    sent = notice.version.pictures.create(url=f"http://{shop.host}/good.jpg", caption="Front")
    secret = draft.current.pictures.create(url=f"http://{shop.host}/moved.jpg")
    waits = unsent.current.pictures.create(url=f"http://{shop.host}/lies.html")
    assert enforcement.check_pictures_due() == 1
    assert enforcement.check_pictures_due() == 0
    assert [path for path, _ in shop.asked] == ["/good.jpg"]
    for person, status in ((officer, 200), (moderator_a, 200), (moderator_b, 404)):
        assert sign_in(person).get(reverse("recalls:picture", args=[sent.pk])).status_code == status
    # Another recall may name the same address: who may not see that recall still gets nothing.
    draft.current.pictures.update(url=sent.url)
    for picture in (secret, waits):
        assert sign_in(moderator_a).get(reverse("recalls:picture", args=[picture.pk])).status_code == 404
    page = sign_in(moderator_a).get(reverse("recalls:detail", args=[notice.recall_id])).content.decode()
    assert f'<img src="{reverse("recalls:picture", args=[sent.pk])}?v=' in page
    assert 'alt="Front"' in page
