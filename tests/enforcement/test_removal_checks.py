"""How checks are made: paced, with kept connections and no cookies, with validators, from several places."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any, TypeVar
from urllib.request import urlopen

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enforcement import services
from enforcement.checks.fetch import fetch_page
from enforcement.checks.services import pace
from enforcement.models import CheckPlan, HostPace, Observation, Takedown
from portal.identity.actors import Actor
from portal.models import Organisation
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
LIVE = b"<html><title>Heater</title><body><h1>Hearthline HL-200R ceramic tower heater 1500 W</h1><button>Add to cart</button></body></html>"


class Shop(ThreadingHTTPServer):
    """A shop that remembers what it was asked, with one page, an ETag, a robots.txt and cookies for everybody."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.connections: set[int] = set()
        self.status, self.body, self.robots = 200, LIVE, ""
        self.missing = b"<title>Page not found</title><h1>Page not found</h1>"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Shop

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.path, headers))
        self.server.connections.add(self.client_address[1])
        status, body = self.server.status, self.server.body
        if self.path == "/robots.txt":
            status, body = (200, self.server.robots.encode()) if self.server.robots else (404, b"")
        elif status == 200 and headers.get("if-none-match") == '"v1"':
            status, body = 304, b""
        elif status in {404, 410}:
            body = self.server.missing
        self.send_response(status)
        self.send_header("Set-Cookie", "tracked=yes; Path=/")
        if status == 200:
            self.send_header("ETag", '"v1"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class _Proxy(BaseHTTPRequestHandler):
    """A forward proxy that says the page is gone at its place, or forwards the answer."""

    gone = True

    def do_GET(self) -> None:
        if self.gone:
            self.send_error(404, "Page not found")
            return
        with urlopen(self.path) as answer:  # noqa: S310  our own shop
            body = answer.read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class _PassesOn(_Proxy):
    gone = False


Served = TypeVar("Served", bound=ThreadingHTTPServer)


def serving(server: Served) -> Iterator[Served]:
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def shop(settings: Any) -> Iterator[Shop]:
    for server in serving(Shop()):
        settings.FETCH_ALLOWED_PRIVATE = [server.host]
        settings.CHECKS_PER_SECOND = 1000
        yield server


@pytest.fixture
def proxies(settings: Any) -> Iterator[dict[str, str]]:
    """Two real forward proxies: from Utopia the page is gone, from Erewhon it is there."""
    for utopia in serving(ThreadingHTTPServer(("127.0.0.1", 0), _Proxy)):
        for erewhon in serving(ThreadingHTTPServer(("127.0.0.1", 0), _PassesOn)):
            yield {
                "utopia": f"http://127.0.0.1:{utopia.server_port}",
                "erewhon": f"http://127.0.0.1:{erewhon.server_port}",
            }


def watched(shop: Shop, regulator: Organisation, platform: Organisation, count: int = 1) -> list[Takedown]:
    """Takedowns whose removal was claimed and whose page is due to be checked."""
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform, sent_at=timezone.now())
    rows = []
    for number in range(count):
        listing = ListingFactory(platform=platform, link=f"http://{shop.host}/listing/{number}")
        rows.append(services.start_clock(flag=FlagFactory(notice=notice, listing=listing, status="claimed_removed")))
    CheckPlan.objects.update(next_at=timezone.now())
    return rows


def test_checks_keep_connections_alive_and_keep_no_cookie(
    shop: Shop, regulator: Organisation, platform_a: Organisation, settings: Any
) -> None:
    settings.CHECK_THREADS = 2
    watched(shop, regulator, platform_a, 20)
    assert services.observe_due() == 20
    assert Observation.objects.filter(verdict="live").count() == 20
    assert len(shop.connections) <= 4
    assert all("cookie" not in headers for _, headers in shop.asked)


def test_all_workers_together_check_a_host_no_faster_than_allowed(settings: Any) -> None:
    settings.CHECKS_PER_SECOND = 4
    with time_machine.travel(timezone.now(), tick=False):  # so that the second asks before the first's are over
        first = pace.reserve("shop.example", 3, within=timedelta(seconds=20))
        second = pace.reserve("shop.example", 2, within=timedelta(seconds=20))
    moments = first + second
    apart = {round((later - earlier).total_seconds(), 3) for earlier, later in pairwise(moments)}
    assert apart == {0.25}
    assert len(pace.reserve("shop.example", 1000, within=timedelta(seconds=2))) <= 8
    assert len(pace.reserve("elsewhere.example", 1, within=timedelta(0))) == 1


def test_checks_that_do_not_fit_are_postponed_and_count_as_no_attempt(
    shop: Shop, regulator: Organisation, platform_a: Organisation
) -> None:
    watched(shop, regulator, platform_a, 2)
    HostPace.objects.create(host=shop.host, free_at=timezone.now() + timedelta(hours=1))
    assert services.observe_due() == 0
    assert shop.asked == []
    for takedown in Takedown.objects.all():
        assert takedown.check_plan.attempts == 0
        assert takedown.check_plan.next_at is not None
        assert timezone.now() < takedown.check_plan.next_at < timezone.now() + timedelta(minutes=1)


def test_a_page_that_did_not_change_is_not_sent_again_and_says_what_it_said(
    shop: Shop, regulator: Organisation, platform_a: Organisation
) -> None:
    [takedown] = watched(shop, regulator, platform_a)
    services.observe_due()
    CheckPlan.objects.update(next_at=timezone.now())
    services.observe_due()
    second, first = Observation.objects.order_by("-pk")
    assert (first.verdict, first.status_code, second.verdict, second.status_code) == ("live", 200, "live", 304)
    assert (second.rule, bytes(second.body)) == ("unchanged", b"")
    assert "Unchanged since the check on" in second.detail
    shop.status = 404
    CheckPlan.objects.update(next_at=timezone.now())
    services.observe_due()
    assert Observation.objects.filter(takedown=takedown).latest("pk").verdict == "gone"


def test_a_shop_that_answers_unchanged_about_a_removal_gives_no_new_proof(
    shop: Shop, regulator: Organisation, platform_a: Organisation
) -> None:
    [takedown] = watched(shop, regulator, platform_a)
    shop.body = b"<h1>This listing was removed</h1>"
    for _ in range(2):
        services.observe_due()
        CheckPlan.objects.update(next_at=timezone.now())
    seen = Observation.objects.filter(takedown=takedown)
    assert [(check.verdict, check.status_code) for check in seen] == [("gone", 200), ("gone", 200)]
    assert all("if-none-match" not in headers for _, headers in shop.asked)


def test_a_shop_that_answers_unchanged_without_being_asked_repeats_no_proof(
    shop: Shop, regulator: Organisation, platform_a: Organisation
) -> None:
    [takedown] = watched(shop, regulator, platform_a)
    shop.body = b"<h1>This listing was removed</h1>"
    services.observe_due()
    shop.status = 304
    CheckPlan.objects.update(next_at=timezone.now())
    services.observe_due()
    newest = Observation.objects.filter(takedown=takedown).latest("pk")
    assert (newest.verdict, newest.status_code, newest.rule) == ("unknown", 304, "other_status")


@pytest.mark.parametrize(("policy", "verdict"), [("ignore", "live"), ("obey", "unknown")])
def test_robots_txt_is_obeyed_only_where_the_operator_says_so(
    policy: str, verdict: str, shop: Shop, regulator: Organisation, platform_a: Organisation, settings: Any
) -> None:
    settings.ROBOTS = policy
    shop.robots = "User-agent: *\nDisallow: /listing/\n"
    watched(shop, regulator, platform_a, 2)
    services.observe_due()
    assert set(Observation.objects.values_list("verdict", flat=True)) == {verdict}
    paths = [path for path, _ in shop.asked]
    assert paths.count("/robots.txt") == (1 if policy == "obey" else 0)
    assert ("/listing/0" in paths) is (policy == "ignore")


@pytest.mark.parametrize("line", ["Crawl-delay: ²", "Request-rate: ²/²", "Disallow: http://[x"])
def test_a_robots_txt_that_cannot_be_read_stops_no_check(
    line: str, shop: Shop, regulator: Organisation, platform_a: Organisation, settings: Any
) -> None:
    settings.ROBOTS, shop.robots = "obey", f"User-agent: *\n{line}\n"
    watched(shop, regulator, platform_a)
    services.observe_due()
    assert Observation.objects.get().verdict == "live"


def test_gone_from_one_place_and_live_from_another_is_restricted(
    shop: Shop, proxies: dict[str, str], regulator: Organisation, platform_a: Organisation, settings: Any
) -> None:
    settings.EGRESS_PROXIES = proxies
    watched(shop, regulator, platform_a)
    services.observe_due()
    seen = Observation.objects.get()
    assert (seen.verdict, seen.rule) == ("restricted", "gone_from_some_places")
    assert seen.detail == "On sale from here, erewhon; not from utopia."
    shop.status = 404
    CheckPlan.objects.update(next_at=timezone.now())
    services.observe_due()
    assert Observation.objects.latest("pk").verdict == "gone", (
        "here and in Utopia; Erewhon's proxy broke and has no result"
    )


def test_an_address_that_is_not_public_is_not_asked_for_through_a_proxy_either(proxies: dict[str, str]) -> None:
    capture = fetch_page("http://10.0.0.1/", proxy=proxies["erewhon"])
    assert capture.status is None
    assert capture.failure == "No public address was found for 10.0.0.1."


def test_the_time_of_a_check_is_when_it_was_made(shop: Shop, regulator: Organisation, platform_a: Organisation) -> None:
    watched(shop, regulator, platform_a)
    before = datetime.now(UTC)
    services.observe_due()
    assert before <= Observation.objects.get().at <= datetime.now(UTC)


def test_a_check_reads_those_before_it_in_as_many_queries_however_many_there_are(platform_a: Organisation) -> None:
    flag = FlagFactory(notice=NoticeFactory(platform=platform_a), opened_at=timezone.now())
    takedown, actor = services.start_clock(flag=flag), Actor.system("test")

    def queries() -> int:
        seen = services.Seen(Takedown.objects.get(pk=takedown.pk), "page", "unknown", "test", "No answer.")
        with CaptureQueriesContext(connection) as asked:
            services.record_observation(seen=seen, actor=actor)
        return len(asked)

    queries()
    few = queries()
    for _ in range(10):
        queries()
    assert queries() == few
