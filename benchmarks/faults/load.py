"""A steady load of the whole workflow: recalls, notices, listings, decisions, pages that are removed and come back.

Each case is one recall with one listing, and follows one of a few plots. Nothing waits: `step` is called repeatedly and
advances each case as far as possible. Actions that fail because of the drill are repeated.
"""

import contextlib
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, close_old_connections, connection, transaction

from benchmarks.faults.outside import GONE, LIES, LIVE, Outside
from enforcement.models import Takedown
from enforcement.services import TAKEDOWN_PACK
from listings.models import Flag
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import Organisation, User, WebhookEndpoint
from portal.services import add_endpoint, create_organisation, create_person, enable_endpoint, start_export
from recalls import services as recalls
from recalls.models import Notice
from recalls.services import ProductContent, RecallContent

T = TypeVar("T")
PATIENCE = 90.0  # seconds for which an action is retried
TERMS: dict[str, Any] = {
    "policy": "Drill", "amount": 20, "unit": "seconds", "starts_on": "sent", "start_latest_hours": 24, "country": "US",
    "time_zone": "UTC", "checks_needed": 2, "check_interval_seconds": 2, "rescans": [3, 6, 9, 12, 15, *range(1800, 200_000, 1800)],
    "steps": [
        {"step": 1, "kind": "reminder", "offset_seconds": -10}, {"step": 2, "kind": "missed", "offset_seconds": 0},
        {"step": 3, "kind": "officer", "offset_seconds": 5}, {"step": 4, "kind": "letter", "offset_seconds": 10},
    ],
}  # fmt: skip
PLOTS = ("removed", "bluff", "lie", "dismissed", "ignored", "comes_back")


class GaveUp(Exception):
    """An action of the load failed for PATIENCE seconds: the product does not respond."""


def insist(act: Callable[[], T]) -> T:
    """Retry `act` until it succeeds; it must be safe to repeat."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except (DatabaseError, InterfaceError, httpx.HTTPError, OSError) as error:
            if time.monotonic() > until:
                raise GaveUp(f"{type(error).__name__}: {error}") from error
            with contextlib.suppress(Exception):
                connection.close()
            close_old_connections()
            time.sleep(0.2)


@dataclass
class Case:
    """One recall, its listing, and the state of its plot."""

    number: str
    plot: str
    platform: Organisation
    listing: str
    lie: str = ""
    flag: int | None = None
    state: str = "sent"
    since: float = field(default_factory=time.monotonic)

    @property
    def title(self) -> str:
        return f"Dri{self.number} steam kettle DK-{self.number} 1.7 l"


class Cast:
    """The participants: a regulator with two officers and an admin, two platforms with a moderator and a key each."""

    def __init__(self, outside: Outside) -> None:
        system = Actor.system("drill")
        shop = f"http://127.0.0.1:{outside.shop}/listing/{{id}}"
        self.regulator = create_organisation(
            kind="regulator", name="Commission", slug="commission", contact_email="duty@psa.example", actor=system
        )
        self.platforms = [
            create_organisation(
                kind="platform", name=name, slug=name.lower(), contact_email=f"safety@{name.lower()}.example",
                listing_url_pattern=shop, actor=system,
            )
            for name in ("Bazaarly", "Market")
        ]  # fmt: skip
        self.officer, self.second = (self._person(f"officer{n}", "regulator_staff", self.regulator) for n in (1, 2))
        self.admin = self._person("admin", "admin", self.regulator)
        self.keys: dict[int, str] = {}
        for platform in self.platforms:
            address = f"http://127.0.0.1:{outside.hook}/{platform.slug}"
            add_endpoint(organisation=platform, url=address, event_types=[], actor=system)
            manager = self._person(f"manager-{platform.slug}", "platform_manager", platform)
            self._person(f"moderator-{platform.slug}", "moderator", platform)
            scopes = ["notices", "flags", "observations", "catalogue"]
            _, secret = api_keys.create_key(
                organisation=platform, name="Drill", scopes=scopes, days=30, actor=Actor.person(manager)
            )
            self.keys[platform.pk] = secret

    def enable_webhooks(self) -> None:
        """What a manager does after an answer of 410 has disabled an endpoint."""
        for endpoint in WebhookEndpoint.objects.filter(organisation__in=self.platforms):
            enable_endpoint(endpoint=endpoint, actor=Actor.system("drill"))

    def _person(self, name: str, role: str, organisation: Organisation) -> User:
        return create_person(
            email=f"{name}@{organisation.slug}.example", name=name, role=role, organisation=organisation,
            password="correct horse battery staple", actor=Actor.system("drill"),  # noqa: S106
        )  # fmt: skip


class Load:
    """Cases that begin one after another; each `step` advances them as far as possible."""

    def __init__(self, cast: Cast, outside: Outside, ports: list[int], chance: random.Random) -> None:
        self.cast, self.truth, self.chance = cast, outside.truth, chance
        self.cases: list[Case] = []
        self.http = httpx.Client(trust_env=False, timeout=10)
        self.ports = ports

    def api(self, platform: Organisation, method: str, path: str, **more: Any) -> httpx.Response:
        """Request one of the web servers with the platform's key; `insist` retries a 5xx response."""
        headers = {"Authorization": f"Bearer {self.cast.keys[platform.pk]}"}
        address = f"http://127.0.0.1:{self.chance.choice(self.ports)}/api/v1/{path}"
        answer = self.http.request(method, address, headers=headers, **more)
        if answer.status_code >= 500:
            raise httpx.HTTPError(f"{path} answered with status {answer.status_code}")
        return answer

    def begin(self) -> Case:
        """Send a new recall to one platform, which then lists its product and an unrelated one."""
        serial = len(self.cases)
        plot = PLOTS[serial % len(PLOTS)]
        case = Case(
            number=f"{serial:05}", plot=plot, platform=self.chance.choice(self.cast.platforms), listing=f"L-{serial}"
        )
        if plot == "lie":
            case.lie = LIES[(serial // len(PLOTS)) % len(LIES)]
        self.truth.show(case.listing, LIVE, case.title)
        self.truth.show(f"N-{serial}", LIVE, f"Cotton towel number {serial}")
        insist(lambda: self._publish(case))
        rows = [
            {"id": case.listing, "title": case.title, "brand": f"Dri{case.number}", "seller": f"seller {serial % 7}"},
            {"id": f"N-{serial}", "title": f"Cotton towel number {serial}"},
        ]
        insist(lambda: self.api(case.platform, "POST", "listings/bulk", json={"listings": rows}).raise_for_status())
        self.cases.append(case)
        return case

    def _publish(self, case: Case) -> None:
        officer = Actor.person(self.cast.officer)
        with transaction.atomic():
            if Notice.objects.filter(recall__number=case.number).exists():
                return
            content = RecallContent(
                title=f"Dri{case.number} Kettles DK-{case.number} Recalled: Burn Hazard",
                description=f"Dri{case.number} steam kettles with model number DK-{case.number}.",
                hazard="Burn hazard",
                products=(ProductContent("Steam kettles", f"Dri{case.number}", (f"DK-{case.number}",), ()),),
            )
            recall = recalls.create_recall(
                regulator=self.cast.regulator, number=case.number, content=content, actor=officer
            )
            recalls.move_recall(recall=recall, to="in_review", actor=officer)
            recall = recalls.move_recall(recall=recall, to="published", actor=Actor.person(self.cast.second))
            recalls.send_notice(recall=recall, platform=case.platform, terms=dict(TERMS), actor=officer)

    def step(self) -> None:
        """Advance each case."""
        for case in self.cases:
            if case.state == "sent":
                self._find(case)
            elif case.state == "flagged" and case.plot != "ignored":
                self._decide(case)
            elif case.state == "gone" and case.plot == "comes_back":
                self._put_back(case)

    def _find(self, case: Case) -> None:
        wanted = Flag.objects.filter(listing__external_id=case.listing, listing__platform=case.platform)
        case.flag = insist(lambda: wanted.values_list("pk", flat=True).first())
        if case.flag is not None:
            case.state = "flagged"

    def _decide(self, case: Case) -> None:
        shown = {"removed": GONE, "comes_back": GONE, "lie": case.lie}.get(case.plot)
        if shown:
            self.truth.show(case.listing, shown)
        seen = insist(lambda: self.api(case.platform, "GET", f"flags/{case.flag}")).json()
        if seen.get("status") == "open":
            self._write_and_copy(case)
            body = {"kind": "removed", "seen": seen["seen"]}
            if case.plot == "dismissed":
                body |= {"kind": "not_the_product", "reason": "other_model"}
            insist(lambda: self.api(case.platform, "POST", f"flags/{case.flag}/decide", json=body))
        case.state = "gone" if shown == GONE else "decided"

    def _write_and_copy(self, case: Case) -> None:
        """The platform sends a message with a file, and the officer requests an evidence pack: both need disk space."""
        form = {"data": {"text": f"About {case.listing}"}, "files": {"attachments": ("note.txt", case.title.encode())}}
        insist(lambda: self.api(case.platform, "POST", f"flags/{case.flag}/messages", **form).raise_for_status())
        takedowns = Takedown.objects.values_list("pk", flat=True)
        arguments = {"takedown": insist(lambda: takedowns.get(flag=case.flag))}
        with contextlib.suppress(ValidationError):  # too many are running already
            insist(
                lambda: start_export(
                    kind=TAKEDOWN_PACK, arguments=arguments, stem=case.number, actor=Actor.person(self.cast.officer)
                )
            )

    def _put_back(self, case: Case) -> None:
        if insist(lambda: Takedown.objects.filter(flag=case.flag, status="met").exists()):
            self.truth.show(case.listing, LIVE)
            case.state = "back"
