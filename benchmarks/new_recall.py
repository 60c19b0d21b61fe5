"""python -m portal.run servers --fresh -- .venv/bin/python -m benchmarks.new_recall: matches new notices against 1,000,000
listings.

Stores the real haystack as often as needed, each copy with other ids. For 200 real recalls, evenly spread over the
file, a notice is sent and timed from the lookup of its candidate keys until its flags and their clocks are committed.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  Django is set up first
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from enforcement.models import Policy  # noqa: E402
from enforcement.policies.presets import install_presets  # noqa: E402
from enforcement.services import freeze  # noqa: E402
from listings import services  # noqa: E402
from listings.matching import keys_apart, quick_read  # noqa: E402
from listings.matching.files import listing_lines, parse_listing  # noqa: E402
from listings.matching.settling import array_literal, stored_keys  # noqa: E402
from listings.models import Flag, Listing  # noqa: E402
from portal.database import acting  # noqa: E402
from portal.database.roles import as_owner  # noqa: E402
from portal.identity.actors import Actor  # noqa: E402
from portal.models import Organisation  # noqa: E402
from recalls.models import Notice, Recall  # noqa: E402

RECALLS = 200
MEDIAN_MS, TAIL_MS, GROWTH = 30.0, 150.0, 3.0
COPY = """COPY listings_listing (platform_id, external_id, title, description, brand, gtin, mpn, seller, category,
currency, link, image_link, digest, keys, match_due, present, first_seen_at, changed_at) FROM STDIN"""
MORE = """INSERT INTO listings_listing (platform_id, external_id, title, description, brand, gtin, mpn, seller, category,
currency, link, image_link, digest, keys, match_due, present, first_seen_at, changed_at)
SELECT platform_id, external_id || '-' || %s, title, description, brand, gtin, mpn, seller, category, '', '', '', digest,
keys, false, true, first_seen_at, changed_at FROM listings_listing WHERE id BETWEEN %s AND %s ORDER BY id LIMIT %s"""


def stored(platform: Organisation, haystack: Path, size: int) -> None:
    """Store `size` listings with their keys, as they are after an import and its matching."""
    now = timezone.now()
    with as_owner(), connection.cursor() as cursor:  # COPY does not go with row security
        with cursor.copy(COPY) as copy:
            for place, (_, line) in enumerate(listing_lines(haystack)):
                if place >= size:
                    break
                text = parse_listing(line)[0]
                keys = array_literal(stored_keys(keys_apart(quick_read(text)).stored()))
                fields = (
                    text.title,
                    text.description,
                    text.brand,
                    text.gtin[:40],
                    text.mpn[:200],
                    text.seller,
                    text.category,
                )
                clean = [field.replace("\x00", "") for field in fields]
                copy.write_row([platform.pk, f"{text.id}", *clean, "", "", "", "", keys, False, True, now, now])
        cursor.execute("SELECT min(id), max(id), count(*) FROM listings_listing WHERE platform_id = %s", [platform.pk])
        first, last, there = cursor.fetchone()
        copy_number = 0
        while there < size:
            copy_number += 1
            cursor.execute(MORE, [copy_number, first, last, size - there])
            there += cursor.rowcount
        cursor.execute("ANALYZE listings_listing")


def timed(platform: Organisation) -> tuple[list[float], int]:
    """Milliseconds from lookup to commit for each of RECALLS recalls, sorted, and the number of opened flags. Asked
    again, it takes recalls that the platform has no notice of yet."""
    policy = Policy.objects.order_by("pk").first()
    assert policy is not None  # noqa: S101  the presets are installed
    unsent = Recall.objects.filter(status="published").exclude(notices__platform=platform)
    taken = list(unsent.select_related("current").order_by("pk"))
    chosen = [taken[place * len(taken) // RECALLS] for place in range(RECALLS)]
    spent, opened = [], 0
    for recall in chosen:
        assert recall.current is not None  # noqa: S101  it is published
        notice = Notice.objects.create(
            recall=recall,
            version=recall.current,
            platform=platform,
            terms=freeze(policy),
            sent_at=timezone.now(),
        )
        started = time.perf_counter()
        opened += services.match_notice(notice=notice)
        spent.append((time.perf_counter() - started) * 1000)
    return sorted(spent), opened


def main() -> int:
    acting.begin(acting.SYSTEM)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.new_recall", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with cpsc_recalls.json.gz and haystack.jsonl.gz"
    )
    parser.add_argument(
        "--listings", type=int, default=1_000_000, help="number of listings to store; default: 1,000,000"
    )
    options = parser.parse_args()
    out = sys.stdout.write
    call_command("migrate", verbosity=0)
    regulator = Organisation.objects.create(kind="regulator", name="Bench regulator", slug="bench-regulator")
    install_presets(regulator=regulator, actor=Actor.system("bench"))
    call_command(
        "import_recalls", options.data / "cpsc_recalls.json.gz", regulator=regulator.slug, publish=True, verbosity=0
    )
    results = {}
    for size in (options.listings // 10, options.listings):
        platform = Organisation.objects.create(kind="platform", name=f"Bench {size}", slug=f"bench-{size}")
        stored(platform, options.data / "haystack.jsonl.gz", size)
        spent, opened = timed(platform)
        median, tail = spent[len(spent) // 2], spent[len(spent) * 95 // 100]
        results[size] = (median, tail)
        there = Listing.objects.filter(platform=platform).count()
        out(
            f"{there:,} listings: {RECALLS} recalls, {opened} flags, p50 {median:.1f} ms, p95 {tail:.1f} ms, "
            f"slowest {spent[-1]:.0f} ms\n"
        )
        out(f"  most flags of one recall: {max_flags(platform)}\n")
    (before, _), (median, tail) = results[options.listings // 10], results[options.listings]
    short = [
        name
        for name, is_met in (
            (f"p50 {median:.1f} ms over {MEDIAN_MS:.0f}", median <= MEDIAN_MS),
            (f"p95 {tail:.1f} ms over {TAIL_MS:.0f}", tail <= TAIL_MS),
            (f"ten times the listings {median / before:.1f} times the time", median <= GROWTH * before),
        )
        if not is_met
    ]
    out(f"bench-new-recall: p50 {median:.1f} ms, p95 {tail:.1f} ms, 10 x listings {median / before:.1f} x time")
    out(f"; missed: {', '.join(short)}\n" if short else "\n")
    return 1 if short else 0


def max_flags(platform: Organisation) -> int:
    counts: dict[int, int] = {}
    for recall_id in Flag.objects.filter(platform=platform).values_list("recall_id", flat=True):
        counts[recall_id] = counts.get(recall_id, 0) + 1
    return max(counts.values(), default=0)


if __name__ == "__main__":
    sys.exit(main())
