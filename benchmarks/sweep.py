"""python -m portal.run servers --fresh -- .venv/bin/python -m benchmarks.sweep: raises escalation steps that are due and
measures the lag.

First, 8 sweepers raise the steps of 100,000 takedowns whose deadline has just passed: every step once, with its audit
events and messages, checked by SQL. Then it sweeps 1,000,000 open takedowns as often as the product does, while some
come due every second, and measures how late each step was raised.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.conf import settings  # noqa: E402  Django is set up first
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.check_plans import CHECK_PLANS  # noqa: E402
from enforcement import services  # noqa: E402
from enforcement.models import Policy  # noqa: E402
from enforcement.policies.presets import install_presets  # noqa: E402
from enforcement.services import freeze  # noqa: E402
from portal.database import acting  # noqa: E402
from portal.identity.actors import Actor  # noqa: E402
from portal.models import Organisation, User  # noqa: E402
from recalls.models import Notice, Recall, RecallVersion  # noqa: E402

SECONDS, LAG_SECONDS = 60.0, 60.0
PLATFORMS, PEOPLE, SWEEPERS = 20, 3, 8
START = 0x0FF5_BE11  # advisory lock that stops the sweepers until all are ready
LISTINGS = """INSERT INTO listings_listing (platform_id, external_id, title, description, brand, gtin, mpn, seller, category,
currency, link, image_link, digest, match_due, first_seen_at, changed_at)
SELECT p.id, %(mark)s || n, 'Hearthline ceramic tower heater ' || n, '', 'Hearthline', '', '', 'seller ' || n %% 5000, '', '', '',
'', md5(n::text), false, now(), now()
FROM generate_series(1, %(count)s) n JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM portal_organisation
WHERE kind = 'platform') p ON p.place = n %% %(platforms)s"""
FLAGS = """INSERT INTO listings_flag (notice_id, recall_id, regulator_id, platform_id, listing_id, status, score, band, evidence,
listing_digest, listing_as_flagged, opened_at, due_at, relisted_reason)
SELECT n.id, n.recall_id, r.regulator_id, l.platform_id, l.id, 'open', 0.9, 'flag', '[]', l.digest, '{}', now() - interval '7 hours', now(), ''
FROM listings_listing l JOIN recalls_notice n ON n.platform_id = l.platform_id JOIN recalls_recall r ON r.id = n.recall_id WHERE l.external_id LIKE %(mark)s || '%%'"""
TAKEDOWNS = """INSERT INTO enforcement_takedown (flag_id, regulator_id, platform_id, status, terms, started_at, start_reason, due_at,
deadline_reason, extra, next_step, next_step_at, created_at)
SELECT f.id, f.regulator_id, f.platform_id, 'running', n.terms, {due} - interval '6 hours', 'the notice was sent', {due}, '6 hours after', 0, 2,
{due}, now()
FROM listings_flag f JOIN recalls_notice n ON n.id = f.notice_id JOIN listings_listing l ON l.id = f.listing_id
WHERE l.external_id LIKE %(mark)s || '%%'"""
CHECKS = {
    "steps raised": "SELECT count(*) FROM enforcement_escalation",
    "takedowns missed": "SELECT count(*) FROM enforcement_takedown WHERE status = 'missed' AND next_step = 3",
    "audit events of steps": "SELECT count(DISTINCT subject_id) FROM portal_auditevent WHERE action = 'escalation.raised'",
    "audit events of missed deadlines": "SELECT count(DISTINCT subject_id) FROM portal_auditevent WHERE action = 'takedown.missed'",
    "steps notified by mail": "SELECT count(*) FROM enforcement_escalation e JOIN portal_mail m ON starts_with(m.key, e.notified_in || ':')",
    "steps notified to each person": "SELECT count(*) / %(people)s FROM enforcement_escalation e JOIN portal_notification n ON n.key = e.notified_in",
}


def populated_site() -> None:
    """A regulator, 20 platforms of 3 people, a recall and a notice to each."""
    regulator = Organisation.objects.create(
        kind="regulator", name="Bench regulator", slug="bench", contact_email="duty@bench.example"
    )
    install_presets(regulator=regulator, actor=Actor.system("bench"))
    policy = Policy.objects.filter(regulator=regulator, unit="hours", amount=6).get()
    recall = Recall.objects.create(regulator=regulator, number="26001", title="Heaters recalled", status="published")
    recall.current = RecallVersion.objects.create(recall=recall, title=recall.title, published_at=timezone.now())
    recall.save()
    terms = freeze(policy)
    for number in range(PLATFORMS):
        platform = Organisation.objects.create(
            kind="platform",
            name=f"Platform {number}",
            slug=f"platform-{number}",
            contact_email=f"safety@p{number}.example",
        )
        for person in range(PEOPLE):
            User.objects.create_user(
                email=f"m{person}@p{number}.example", password=None, name="M", role="moderator", organisation=platform
            )
        Notice.objects.create(
            recall=recall,
            version=recall.current,
            platform=platform,
            terms=terms,
            sent_at=timezone.now(),
            matched_at=timezone.now(),
        )


def fill(mark: str, count: int, due: str) -> None:
    """Store `count` open takedowns, each with the deadline of the SQL expression `due`."""
    with connection.cursor() as cursor:
        given: dict[str, str | int] = {"mark": mark, "count": count, "platforms": PLATFORMS}
        cursor.execute(LISTINGS, given)
        cursor.execute(FLAGS, given)
        cursor.execute(TAKEDOWNS.format(due=due), given)
        cursor.execute(CHECK_PLANS)
        cursor.execute("ANALYZE listings_flag, enforcement_takedown, enforcement_checkplan, listings_listing")


def counted(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"people": PEOPLE} if "%(people)s" in sql else None)
        return int(cursor.fetchone()[0])


def hold() -> None:
    """Make processes started from now on wait in `wait_for_release`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [START])


def release(count: int) -> float:
    """Release `count` processes when all of them wait; returns the time, of time.perf_counter."""
    while counted("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") < count:
        time.sleep(0.1)
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [START])
    return started


def wait_for_release() -> None:
    """In a separate process: warm up, as a worker does, and wait."""
    reverse("listings:queue")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [START])


def burst(count: int) -> float:
    """Seconds that 8 sweepers take for `count` due steps; raises SystemExit unless every effect happened exactly
    once."""
    hold()
    command = [sys.executable, "-m", "benchmarks.sweep", "--as-sweeper"]
    sweepers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(SWEEPERS)]  # noqa: S603  our own module
    started = release(SWEEPERS)
    raised = sum(json.loads(sweeper.communicate()[0]) for sweeper in sweepers)
    spent = time.perf_counter() - started
    sys.stdout.write(f"{SWEEPERS} sweepers reported {raised:,} raised steps\n")
    for name, sql in CHECKS.items():
        sys.stdout.write(f"{name}: {counted(sql):,}\n")
        if counted(sql) != count:
            raise SystemExit(f"{name}: expected {count:,}")
    return spent


def steady(seconds: int) -> list[float]:
    """Seconds by which each step was raised late, sorted, while takedowns come due one after the other."""
    before, until = timezone.now(), time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        services.sweep_escalations()
        time.sleep(max(0.0, settings.SWEEP_SECONDS - (time.monotonic() - began)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM raised_at - due_at) FROM enforcement_escalation WHERE due_at > %s ORDER BY 1",
            [before - timedelta(seconds=settings.SWEEP_SECONDS)],
        )
        return [float(lag) for (lag,) in cursor.fetchall()]


def main() -> int:
    acting.begin(acting.SYSTEM)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sweep", description=__doc__)
    parser.add_argument("--due", type=int, default=100_000, help="takedowns due at once; default: 100,000")
    parser.add_argument(
        "--open", type=int, default=1_000_000, help="open takedowns in steady state; default: 1,000,000"
    )
    parser.add_argument(
        "--seconds", type=int, default=120, help="duration of the steady state in seconds; default: 120"
    )
    parser.add_argument("--as-sweeper", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.as_sweeper:
        wait_for_release()
        json.dump(services.sweep_escalations(), sys.stdout)
        return 0
    out = sys.stdout.write
    call_command("migrate", verbosity=0)
    populated_site()
    fill("burst-", options.due, "now() - interval '1 second'")
    spent = burst(options.due)
    out(
        f"{options.due:,} due steps, {SWEEPERS} sweepers: {spent:.1f} s, {options.due / spent:,.0f} a second (target: {SECONDS:.0f} s)\n"
    )
    # The deadlines are spread evenly over the next ten hours; 7919 is prime, so neighbours are far apart.
    fill("steady-", options.open - options.due, "now() + interval '1 second' * (f.id * 7919 %% 36000)")
    while services.sweep_escalations():
        pass  # steps that came due while the rows were stored
    lags = steady(options.seconds)
    tail = lags[len(lags) * 99 // 100]
    out(
        f"{options.open:,} open, {len(lags):,} came due in {options.seconds} s: lag p50 {lags[len(lags) // 2]:.1f} s, p99 {tail:.1f} s (target: {LAG_SECONDS:.0f} s)\n"
    )
    reached = spent <= SECONDS and tail <= LAG_SECONDS
    out(f"{'reached' if reached else 'missed'}: {spent:.1f} s for {options.due:,} due steps, lag p99 {tail:.1f} s\n")
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
