"""python -m portal.run servers --fresh -- .venv/bin/python -m benchmarks.scale: how import, new recalls and the queue grow.

One platform's catalogue grows to 10,000, 100,000 … listings, up to --most. At each size it measures what the rows that
were added since the last one cost to import (stored with their keys, and matched), how long a new notice takes from the
lookup of its keys until its flags are committed, how long the moderator's queue takes to open, and how large the table
of listings and its indexes are. With --again, on the same servers without --fresh, a run goes on where the last one
ended. 10,000,000 listings need half an hour and 13 GB of disk.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.core.files import File  # noqa: E402  Django is set up first
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks import feed, new_recall  # noqa: E402
from benchmarks.catalogue import rows_of  # noqa: E402
from benchmarks.processor_time import Spent, spent  # noqa: E402
from enforcement.policies.presets import install_presets  # noqa: E402
from listings import services  # noqa: E402
from listings.models import Flag, Listing  # noqa: E402
from portal.database import acting  # noqa: E402
from portal.identity.actors import Actor  # noqa: E402
from portal.models import Organisation, User  # noqa: E402

ACTOR = Actor.system("bench")
PLATFORM = "bench"
FIRST, OPENED = 10_000, 30  # listings, times that the queue is opened
SIZES = """SELECT pg_table_size('listings_listing') / 1e6, pg_relation_size('listing_keys') / 1e6,
pg_indexes_size('listings_listing') / 1e6"""


def taken_in(haystack: Path, platform: Organisation, first: int, size: int) -> Spent:
    """Import the listings from `first` to `size`, and match what has to be matched."""
    with tempfile.NamedTemporaryFile("w+", suffix=".jsonl", encoding="utf-8", errors="backslashreplace") as rows:
        rows.writelines(json.dumps(row) + "\n" for row in rows_of(haystack, size, first))
        rows.flush()
        with open(rows.name, "rb") as source:  # noqa: PTH123  the name of an open file
            job = services.start_import(
                platform=platform, file=File(source, name="rows.jsonl"), filename="rows", kind="delta", actor=ACTOR
            )
    before = spent()
    job = services.run_import(job)
    if job.added != size - first:
        raise SystemExit(f"The rows were not stored: {job.status}, {job.added:,} added, {job.error}")
    with services.shard_turn(platform_id=platform.pk) as match_batch:
        while match_batch is not None and match_batch():
            pass
    return spent() - before


def opened(person: User) -> list[float]:
    """Milliseconds of each answer of the queue, sorted."""
    client, times = Client(), []
    client.force_login(person)
    for _ in range(OPENED + 1):
        began = time.perf_counter()
        answer = client.get(reverse("listings:queue"))
        times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"The queue answered with status {answer.status_code}.")
    return sorted(times[1:])  # the first fills caches


def sizes() -> tuple[float, ...]:
    """Megabytes of the table of listings, of the index of their keys, and of all its indexes."""
    with connection.cursor() as cursor:
        cursor.execute(SIZES)
        return tuple(map(float, cursor.fetchone()))


def filled(data: Path, notices: int) -> tuple[Organisation, User]:
    """An empty platform with a moderator, 9,360 recalls, and active notices of some of them."""
    regulator = Organisation.objects.create(kind="regulator", name="Bench regulator", slug="bench-regulator")
    install_presets(regulator=regulator, actor=ACTOR)
    platform = Organisation.objects.create(kind="platform", name="Bench", slug=PLATFORM)
    moderator = User.objects.create_user(
        email="moderator@bench.example", password=None, name="Mo", role="moderator", organisation=platform
    )
    recalls = data / "cpsc_recalls.json.gz"
    call_command("import_recalls", recalls, regulator=regulator.slug, publish=True, verbosity=0)
    feed.send_notices(notices, platform)
    return platform, moderator


def main() -> int:
    acting.begin(acting.SYSTEM)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with cpsc_recalls.json.gz and haystack.jsonl.gz"
    )
    parser.add_argument("--most", type=int, default=1_000_000, help="the last size; default: 1,000,000")
    parser.add_argument("--notices", type=int, default=1_000, help="active notices from the start; default: 1,000")
    parser.add_argument("--again", action="store_true", help="let the catalogue of an earlier run grow on")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    if options.again:
        platform = Organisation.objects.get(slug=PLATFORM)
        moderator = User.objects.get(organisation=platform)
    else:
        platform, moderator = filled(options.data, options.notices)
    out = sys.stdout.write
    out("| listings | import, µs a row | Python, PostgreSQL | new recall p50, p95 | queue p50, p95, flags | "
        "table, keys, all indexes |\n|---|---|---|---|---|---|\n")  # fmt: skip
    first = Listing.objects.filter(platform=platform).count()
    size = max(FIRST, first * 10)
    while size <= options.most:
        rows = size - first
        took = taken_in(options.data / "haystack.jsonl.gz", platform, first, size)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE listings_listing")  # as autovacuum does a minute later
        matched, _ = new_recall.timed(platform)
        queue, flags = opened(moderator), Flag.objects.filter(platform=platform).count()
        table, keys, indexes = sizes()
        out(f"| {size:,} | {took.clock / rows * 1e6:.0f} | {took.python / rows * 1e6:.0f}, "
            f"{took.postgres / rows * 1e6:.0f} | {statistics.median(matched):.0f} ms, {tail(matched):.0f} ms | "
            f"{statistics.median(queue):.0f} ms, {tail(queue):.0f} ms, {flags:,} | "
            f"{table:,.0f} MB, {keys:,.0f} MB, {indexes:,.0f} MB |\n")  # fmt: skip
        sys.stdout.flush()
        first, size = size, size * 10
    return 0


def tail(times: list[float]) -> float:
    return times[len(times) * 95 // 100]


if __name__ == "__main__":
    raise SystemExit(main())
