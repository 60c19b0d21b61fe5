"""python -m portal.run servers -- .venv/bin/python -m benchmarks.feed: takes a catalogue in, beside a raw COPY of the same
rows.

Writes a feed of real titles; once they are used up they come again with other ids, numbers and words
(benchmarks/catalogue.py). Measures how long it takes until every row is stored with its candidate keys and matched
against the active notices, by the clock and in processor time, and the peak memory of this process and those that it
starts, at a tenth of the rows and at all of them.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.core.files import File  # noqa: E402  Django is set up first
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.catalogue import COLUMNS, rows_of  # noqa: E402
from benchmarks.processor_time import PeakMemory, Spent, spent  # noqa: E402
from enforcement.models import Policy  # noqa: E402
from enforcement.policies.presets import install_presets  # noqa: E402
from enforcement.services import freeze  # noqa: E402
from listings import services  # noqa: E402
from listings.models import Flag, Listing  # noqa: E402
from portal.database import acting  # noqa: E402
from portal.identity.actors import Actor  # noqa: E402
from portal.models import Organisation  # noqa: E402
from recalls.models import Notice, Recall  # noqa: E402

SECONDS = 120  # for 1,000,000 rows
GROWTH = 1.3  # of memory, at ten times the rows
ACTOR = Actor.system("bench")


class Measured(NamedTuple):
    """Times, how many rows storing left to matching, and megabytes of this process and its children at most meanwhile."""

    plain: float
    stored: Spent
    matched: Spent
    left: int
    peak: float


def send_notices(count: int, platform: Organisation) -> None:
    """Notices of recalls spread evenly over those that are published, each matched with the empty catalogue."""
    policy = Policy.objects.order_by("pk").first()
    assert policy is not None  # noqa: S101  the presets are installed
    recalls = list(Recall.objects.filter(status="published").select_related("current").order_by("pk"))
    for recall in recalls[:: max(1, len(recalls) // count)][:count] if count else ():
        assert recall.current is not None  # noqa: S101  it is published
        notice = Notice.objects.create(
            recall=recall, version=recall.current, platform=platform, terms=freeze(policy), sent_at=timezone.now()
        )
        services.match_notice(notice=notice)


def copied(haystack: Path, count: int) -> float:
    """Seconds of a raw COPY of the same rows into a temporary table without an index."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE bench_plain ({', '.join(f'{name} text' for name in COLUMNS)})")
        rows = rows_of(haystack, count)
        spent = 0.0
        while chunk := [tuple(row.values()) for row in islice(rows, 5_000)]:
            started = time.perf_counter()
            with cursor.copy("COPY bench_plain FROM STDIN") as copy:
                for row in chunk:
                    copy.write_row(row)
            spent += time.perf_counter() - started
        cursor.execute("DROP TABLE bench_plain")
    return spent


def taken_in(haystack: Path, count: int, platform: Organisation) -> Measured:
    """Import a feed and match until nothing is due."""
    plain = copied(haystack, count)
    with tempfile.NamedTemporaryFile("w+", suffix=".jsonl", encoding="utf-8", errors="backslashreplace") as feed:
        feed.writelines(json.dumps(row) + "\n" for row in rows_of(haystack, count))
        feed.flush()
        with open(feed.name, "rb") as source:  # noqa: PTH123  the name of an open file
            job = services.start_import(
                platform=platform, file=File(source, name="feed.jsonl"), filename="feed.jsonl", kind="full", actor=ACTOR
            )
    before = spent()
    with PeakMemory() as peak:
        job = services.run_import(job)
    stored = spent() - before
    if (job.added, job.rejected) != (count, 0):
        raise SystemExit(f"The feed was not stored: {job.status}, {job.added:,} added, {job.rejected:,} rejected")
    due = Listing.objects.filter(platform=platform, match_due=True)
    left, before = due.count(), spent()
    with services.shard_turn(platform_id=platform.pk) as match_batch:
        while match_batch is not None and match_batch():
            pass
    matched = spent() - before
    if due.exists() or not Listing.objects.filter(platform=platform).exclude(keys=[]).exists():
        raise SystemExit(f"{due.count():,} listings are still to match")
    return Measured(plain, stored, matched, left, peak.megabytes)


def main() -> int:
    acting.begin(acting.SYSTEM)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.feed", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with cpsc_recalls.json.gz and haystack.jsonl.gz"
    )
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the feed; default: 1,000,000")
    parser.add_argument("--notices", type=int, default=1_000, help="active notices of the platform; default: 1,000")
    options = parser.parse_args()
    out = sys.stdout.write
    call_command("migrate", verbosity=0)
    regulator = Organisation.objects.create(kind="regulator", name="Bench regulator", slug="bench-regulator")
    install_presets(regulator=regulator, actor=ACTOR)
    if options.notices:
        recalls = options.data / "cpsc_recalls.json.gz"
        call_command("import_recalls", recalls, regulator=regulator.slug, publish=True, verbosity=0)
    measured = []
    for size in (max(1, options.rows // 10), options.rows):
        platform = Organisation.objects.create(kind="platform", name=f"Bench {size}", slug=f"bench-{size}")
        send_notices(options.notices, platform)
        found = taken_in(options.data / "haystack.jsonl.gz", size, platform)
        flags = Flag.objects.filter(listing__platform=platform).count()
        out(
            f"{size:,} rows: stored in {found.stored}; {found.left:,} left to matching, done in {found.matched}, "
            f"{flags:,} flags; raw COPY {found.plain:.1f} s; peak {found.peak:.0f} MB\n"
        )
        measured.append(found)
    small, large = measured
    seconds = large.stored.clock + large.matched.clock
    reached = seconds <= SECONDS * options.rows / 1_000_000 and large.peak <= GROWTH * small.peak
    out(
        f"{'reached' if reached else 'missed'}: {options.rows:,} rows, {options.notices:,} notices: {seconds:.1f} s, "
        f"{seconds / options.rows * 1e6:.0f} µs a row (target: {SECONDS}), {seconds / large.plain:.0f} times a raw COPY; "
        f"peak {large.peak:.0f} MB, {large.peak / small.peak:.2f} times that of a tenth\n"
    )
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
