"""python -m portal.run servers --fresh -- .venv/bin/python -m benchmarks.pages: times every page and measures its size.

Stores 1,000,000 listings, 100,000 flags with clocks, checks and escalations, 10,000 recalls and 1,000,000 audit events.
Then requests every page of every role through the whole middleware, --times times; with --compare a second time as the
owner of the tables, whom row security does not concern. The last line names the slowest page; the exit status is 1 if a
page is too slow or too heavy.
"""

import argparse
import logging
import math
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  Django is set up first
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import NoReverseMatch, reverse  # noqa: E402

from benchmarks import weight  # noqa: E402
from benchmarks.page_rows import fill  # noqa: E402
from enforcement.models import Escalation, Letter, Policy, Takedown  # noqa: E402
from listings.models import Flag  # noqa: E402
from portal.database import acting  # noqa: E402
from portal.database.roles import as_owner  # noqa: E402
from portal.http.warm_up import warm_up  # noqa: E402
from portal.identity.access import ACCESS, PUBLIC, ROLE_PERMISSIONS, SIGNED_IN  # noqa: E402
from portal.identity.actors import Actor  # noqa: E402
from portal.models import AuditEvent, User  # noqa: E402
from recalls.models import Product  # noqa: E402

P95_MS, MARGIN = 150.0, 2  # on an idle machine all pages should keep that margin, for machines that are slower or busy
SLOWEST = 25  # pages in the table at the end
SKIPPED = frozenset(
    {
        "portal:sign_out",
        "portal:audit_verify",
        "api:schema",
        "enforcement:letter_pdf",
        "listings:picture",
        "recalls:picture",
    }
)  # fmt: skip  downloads, and pages that take POST only
SEARCHES = {
    "listings:search": ("q=ceramic+tower", "q=heater+400005"),
    "listings:queue": ("q=tower&view=all", "q=heater+400000&view=all", "view=all", "view=closed"),
    "listings:catalogue": ("q=tower", "q=heater+400005", "q=no+such+words"),
    "recalls:list": ("q=heaters+4711",),
    "portal:audit": ("q=flag", "q=12345", "q=no+such+object", "action=flag.opened", "since=2020-01-01", "until=2020-01-01"),
    "enforcement:board": ("sort=late", "sort=due", "q=heaters"),
    "enforcement:takedowns": ("total=late",),
}  # fmt: skip
"""What is asked of lists beside their first page: words that many rows have, that one has, and that none has."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a page took, in milliseconds, in how many queries, and its weight, in kB of gzip."""

    role: str
    name: str
    p50: float
    p95: float
    queries: int
    first: float
    later: float

    @property
    def mark(self) -> str:
        """What it falls short of; empty where of nothing."""
        slow = "  too slow" if self.p95 > P95_MS else "  little margin" if self.p95 > P95_MS / MARGIN else ""
        return slow + ("  too heavy" if self.is_heavy else "")

    @property
    def is_heavy(self) -> bool:
        return self.first > weight.FIRST_KB or self.later > weight.LATER_KB


def _of_a_case(actor: Actor) -> dict[str, Any]:
    """The beginning of the names of pages about a case, and the key of the object that they show."""
    flag = Flag.objects.visible_to(actor).filter(status="open").order_by("-pk").first()
    if flag is None:
        raise SystemExit(f"{actor.label} cannot see any flag.")
    takedown = Takedown.objects.get(flag=flag)
    escalation = Escalation.objects.visible_to(actor).order_by("-pk").first()
    letter = Letter.objects.order_by("-pk").first()
    return {
        "recalls": flag.recall_id, "listings:flag": flag.pk, "listings:listing": flag.listing_id, "listings:reading": flag.recall_id, "listings:dry_runs": flag.recall_id,
        "listings:seller": flag.listing_id,
        "recalls:notice": flag.notice_id, "enforcement:notice_board": flag.notice_id, "enforcement:takedown": takedown.pk,
        "enforcement:clock": takedown.pk, "enforcement:appeal_make": takedown.pk, "enforcement:take": takedown.pk, "enforcement:record_check": takedown.pk,
        "enforcement:escalation": escalation.pk if escalation else 0, "enforcement:letter": letter.pk if letter else 0,
        "enforcement:policy": Policy.objects.values_list("pk", flat=True).first(), "enforcement:platform": flag.platform_id,
        "enforcement:product": flag.product_id or Product.objects.filter(version=flag.recall.current_id).values_list("pk", flat=True).first(),
    }  # fmt: skip


def pages_of(person: User) -> Iterator[tuple[str, str]]:
    """Name and address of each page that the person's role can open, with an object that the person can see."""
    actor = Actor.person(person)
    with acting.acting(actor.principal):
        objects: dict[str, Any] = {
            "portal:audit_event": AuditEvent.objects.visible_to(actor).order_by("-pk").values_list("pk", flat=True).first(),
            "portal:export": person.exports.values_list("pk", flat=True).first(), "portal:person": person.pk, "portal:organisation": person.organisation_id,
        }  # fmt: skip
        if not actor.is_operator:  # who opens no page of a case
            objects |= _of_a_case(actor)
    for name, rule in ACCESS.items():
        if name in SKIPPED or name.startswith("api:") or rule == PUBLIC:
            continue
        if rule != SIGNED_IN and rule not in ROLE_PERMISSIONS[person.role]:
            continue
        try:
            yield name, reverse(name)
        except NoReverseMatch:
            about = max((key for key in objects if name.startswith(key)), key=len, default="")
            with suppress(NoReverseMatch):  # a page about something else than a row
                if about:
                    yield name, reverse(name, kwargs={"pk": objects[about]})
        for asked in SEARCHES.get(name, ()):
            yield f"{name} ({asked})", f"{reverse(name)}?{asked}"


def timed(client: Client, address: str, times: int) -> tuple[list[float], int, bytes]:
    """Milliseconds of each response, the number of queries, and the page; no times if the response is not a page."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        count = len(queries)
    if answer.status_code != 200 or answer.streaming or "html" not in answer["Content-Type"]:
        return [], 0, b""
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        client.get(address)
        spent.append((time.perf_counter() - began) * 1000)
    return sorted(spent), count, answer.content


def main() -> int:
    acting.begin(acting.SYSTEM)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--listings", type=int, default=1_000_000, help="default: 1,000,000")
    parser.add_argument(
        "--flags", type=int, default=100_000, help="at most one tenth of the listings; default: 100,000"
    )
    parser.add_argument("--recalls", type=int, default=10_000, help="default: 10,000")
    parser.add_argument("--times", type=int, default=20, help="requests per page; default: 20")
    parser.add_argument("--only", default="", help="pages with this in their name")
    parser.add_argument("--again", action="store_true", help="use the data of an earlier run")
    parser.add_argument(
        "--compare", action="store_true", help="once more as the owner, whom row security does not concern"
    )
    options = parser.parse_args()
    logging.disable(logging.WARNING)  # about addresses that take POST only
    call_command("migrate", verbosity=0)
    warm_up()  # as each web process does
    if options.again:
        people = {user.role: user for user in User.objects.filter(email__endswith="@bench.example")}
    else:
        people = fill(listings=options.listings, flags=options.flags, recalls=options.recalls)
    found = time_pages(people, options)
    with as_owner() if options.compare else nullcontext():
        bare = time_pages(people, options) if options.compare else []
    print_slowest(found, bare)
    return conclude(found)


def time_pages(people: dict[str, User], options: argparse.Namespace) -> list[Timing]:
    """Time every page of each person, with a line for each."""
    found = []
    for role, person in people.items():
        client = Client()
        client.force_login(person)
        for name, address in pages_of(person):
            if options.only not in name:
                continue
            spent, queries, page = timed(client, address, options.times)
            if not spent:
                continue
            tail = spent[math.ceil(len(spent) * 0.95) - 1]
            first, later = weight.first(page) / 1000, weight.later(page) / 1000
            found.append(row := Timing(role, name, statistics.median(spent), tail, queries, first, later))
            sys.stdout.write(
                f"{role:16} {name:60} p50 {row.p50:7.1f} ms  p95 {row.p95:7.1f} ms  {row.queries:3} queries"
                f"  {row.first:6.1f} kB first, {row.later:5.1f} later{row.mark}\n"
            )
            sys.stdout.flush()
    return found


def print_slowest(found: list[Timing], bare: list[Timing]) -> None:
    """A table of the slowest pages, in Markdown, beside `bare`: the same without row security, if that was measured."""
    without = {(row.role, row.name): row for row in bare}
    more = (" without row security: p50, p95 |", "---|") if bare else ("", "")
    sys.stdout.write(f"\n| page | role | queries | p50, p95 (ms) |{more[0]}\n|---|---|---|---|{more[1]}\n")
    for row in sorted(found, key=lambda row: -row.p95)[:SLOWEST]:
        line = f"| {row.name} | {row.role} | {row.queries} | {row.p50:.0f}, {row.p95:.0f} |"
        if other := without.get((row.role, row.name)):
            line += f" {other.p50:.0f}, {other.p95:.0f} |"
        sys.stdout.write(f"{line}\n")
    both = [(row, other) for row in found if (other := without.get((row.role, row.name)))]
    if both:
        wall, none = (sum(pair[side].p50 for pair in both) for side in (0, 1))
        sys.stdout.write(
            f"row security: {wall:.0f} ms for {len(both)} pages with it and {none:.0f} ms without (sums of p50), {wall / none - 1:+.0%}\n"
        )


def conclude(found: list[Timing]) -> int:
    """Say whether every page is quick and light enough; returns the exit status."""
    heaviest = max(found, key=lambda row: (row.first, row.later))
    slowest = max(found, key=lambda row: row.p95)
    short = sum(row.p95 > P95_MS or row.is_heavy for row in found)
    near = sum(row.p95 > P95_MS / MARGIN for row in found)
    sys.stdout.write(
        f"heaviest: {heaviest.name} of {heaviest.role}, {heaviest.first:.1f} kB on the first visit (target: {weight.FIRST_KB:.0f}), "
        f"{heaviest.later:.1f} kB later (target: {weight.LATER_KB:.0f}), gzip\n"
        f"{f'missed on {short} pages' if short else 'reached'}: slowest of {len(found)} pages {slowest.name} of {slowest.role}, p95 "
        f"{slowest.p95:.0f} ms (target: {P95_MS:.0f} ms; {near} pages above {P95_MS / MARGIN:.0f} ms)\n"
    )
    return 1 if short else 0


if __name__ == "__main__":
    raise SystemExit(main())
