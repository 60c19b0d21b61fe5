"""python -m portal.run servers --fresh -- .venv/bin/python -m benchmarks.partitions --data D: whether partitions pay.

Listings partitioned by platform and audit events by month, beside the plain tables, with the same rows and the indexes of
the migrated schema. Both grow together to 10,000, 100,000 … rows, up to --most; each chunk is copied into both, in turn,
so that other work on the machine meets both alike. At each size it prints what a row cost, how many blocks were not in
shared_buffers, how large tables and indexes are, and how long the statements of a new recall, the queue, the catalogue,
the audit log and its verification take: on the plain table, on the partitioned one as the code asks today, and there with
the partition named, where the statement does not name it yet. 10,000,000 rows need about 36 GB of disk.
"""

import argparse
import itertools
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  Django is set up first
from django.db import connection  # noqa: E402
from django.db.backends.utils import CursorWrapper  # noqa: E402

from benchmarks.catalogue import recalls_of, rows_of  # noqa: E402
from benchmarks.partition_questions import Question, questions  # noqa: E402
from benchmarks.partition_tables import (  # noqa: E402
    EVENTS,
    FLAGS,
    LAYOUTS,
    LISTINGS,
    MONTHS,
    PARTITIONED,
    PLAIN,
    Layout,
    make_flags,
    month,
)
from benchmarks.processor_time import Spent, spent  # noqa: E402
from listings.matching import keys_apart, quick_read, recall_keys  # noqa: E402
from listings.matching.files import parse_listing  # noqa: E402
from listings.matching.recall import read_recall  # noqa: E402
from listings.matching.settling import stored_keys  # noqa: E402
from listings.services.reading_ahead import read_ahead  # noqa: E402
from listings.services.storing import array_literal  # noqa: E402
from portal.database.roles import as_owner  # noqa: E402

FIRST, CHUNK, FLAG_EVERY, RECALLS, SEED = 10_000, 5_000, 250, 400, 16
COLUMNS = {
    LISTINGS: "platform_id, external_id, title, description, brand, gtin, mpn, seller, category, currency, link,"
    " image_link, digest, keys, match_due, present, first_seen_at, changed_at",
    EVENTS: "at, actor_kind, actor_label, user_id, organisation_id, action, subject_type, subject_id, subject_label,"
    " before, after, reason",
}
FLAGGED = """INSERT INTO {flags} (platform_id, listing_id, status, due_at)
SELECT platform_id, id, CASE WHEN id % 3 = 0 THEN 'open' ELSE 'closed' END, now() + random() * interval '30 days'
FROM {listings} WHERE id % {every} = 0 AND id > (SELECT coalesce(max(listing_id), 0) FROM {flags})"""
ACTIONS = (
    "flag.opened",
    "flag.decided",
    "observation.made",
    "takedown.confirmed",
    "listing.changed",
    "escalation.raised",
)
Row = tuple[Any, ...]


def listing_rows(haystack: Path, first: int, size: int, platforms: int) -> Iterator[Row]:
    """Each platform's share in one piece, as imports bring it."""
    now, share = datetime.now(tz=month(0).tzinfo), -(-(size - first) // platforms)
    for place, row in enumerate(rows_of(haystack, size, first)):
        text = parse_listing(json.dumps(row))[0]
        fields = (text.title, text.description, text.brand, text.gtin[:40], text.mpn[:200], text.seller, text.category)
        keys = array_literal(stored_keys(keys_apart(quick_read(text)).stored()))
        yield (
            place // share + 1,
            row["id"],
            *fields,
            "EUR",
            "",
            "",
            f"{first + place:064x}",
            keys,
            False,
            True,
            now,
            now,
        )


def event_rows(first: int, size: int, begin: datetime, end: datetime, platforms: int) -> Iterator[Row]:
    """Evenly from one moment to another, about objects that come up six times each within some days."""
    chance, step = random.Random(first), (end - begin) / (size - first)  # noqa: S311  rows of a benchmark
    for place in range(first, size):
        at = begin + (place - first) * step
        action, subject = ACTIONS[place % 6], place // 600 * 100 + chance.randrange(100)
        label = f"Flag {subject} of {chance.getrandbits(48):x}"
        after = json.dumps({"status": action, "score": chance.random(), "terms": f"{chance.getrandbits(256):x}"})
        platform = place * 7 % platforms + 1
        yield (
            at,
            "system",
            "matching",
            platform,
            platform,
            action,
            "listings.flag",
            str(subject),
            label,
            "{}",
            after,
            "",
        )


def copied(cursor: CursorWrapper, name: str, rows: Iterator[Row]) -> dict[Layout, Spent]:
    """Copy the rows into both layouts, a chunk at a time, each layout first every other time; what each one cost.

    The next chunk is made in a thread meanwhile, so that ten million rows do not take half as long again.
    """
    cost = {layout: Spent(0.0, 0.0, 0.0) for layout in LAYOUTS}
    chunks = iter(lambda: list(itertools.islice(rows, CHUNK)), [])
    for number, (chunk, _made) in enumerate(read_ahead(chunks, lambda _chunk: lambda: None)):
        for layout in LAYOUTS[:: -1 if number % 2 else 1]:
            before = spent()
            with cursor.copy(f"COPY {layout.table(name)} ({COLUMNS[name]}) FROM STDIN") as copy:
                for row in chunk:
                    copy.write_row(row)
            took = spent() - before
            cost[layout] = Spent(*(have + more for have, more in zip(cost[layout], took, strict=True)))
    return cost


def asked(cursor: CursorWrapper, question: Question) -> dict[str, list[float]]:
    """Milliseconds of each answer, sorted, by the way of asking. All ways are asked the same, in turn, and must agree."""
    ways = {"plain": (PLAIN, ""), "partitioned": (PARTITIONED, "")}
    if question.named:
        ways["named"] = (PARTITIONED, question.named)
    times: dict[str, list[float]] = {way: [] for way in ways}
    chance = random.Random(SEED)  # noqa: S311  the same questions for every size
    for number in range(question.times + 1):
        values = question.values(chance)
        if question.prepared:
            cursor.execute(question.prepared.format(t=PLAIN.table(question.about)), values)
            values["from"], values["to"] = cursor.fetchone()
        answers = {}
        for way, (layout, named) in ways.items():
            began = time.perf_counter()
            cursor.execute(
                question.sql.format(t=layout.table(question.about), named=named, sharing=values.get("sharing", "")),
                values,
            )
            answers[way] = len(cursor.fetchall())
            if number:  # the first fills caches
                times[way].append((time.perf_counter() - began) * 1000)
        if len(set(answers.values())) != 1:
            raise SystemExit(f"{question.name}: the answers differ, {answers}")
    return {way: sorted(found) for way, found in times.items()}


def flagged(cursor: CursorWrapper) -> None:
    """A flag for one listing of FLAG_EVERY, where it has none."""
    cursor.execute(FLAGGED.format(flags=FLAGS, listings=PLAIN.table(LISTINGS), every=FLAG_EVERY))
    cursor.execute(f"ANALYZE {FLAGS}")


def grown(cursor: CursorWrapper, name: str, rows: Iterator[Row], added: int) -> None:
    """Let a table of both layouts grow, and print what it cost."""
    blocks = {layout: layout.blocks(cursor) for layout in LAYOUTS}
    cost = copied(cursor, name, rows)
    for layout in LAYOUTS:
        (hit, read), (had_hit, had_read) = layout.blocks(cursor), blocks[layout]
        began = time.perf_counter()
        cursor.execute(f"VACUUM ANALYZE {layout.table(name)}")
        vacuum = time.perf_counter() - began
        table, indexes = layout.sizes(cursor, name)
        keys = f", keys {layout.size_of_keys(cursor):,.0f}" if name == LISTINGS else ""
        share = 100 * (read - had_read) / max(1, hit - had_hit + read - had_read)
        say(f"| {name}, {layout.name} | {cost[layout].clock / added * 1e6:.0f} | {cost[layout].postgres / added * 1e6:.0f} | "
            f"{share:.2f} % | {vacuum:.1f} s | {table:,.0f}, {indexes:,.0f}{keys} |")  # fmt: skip


def answered(cursor: CursorWrapper, all_questions: Sequence[Question]) -> None:
    say("\n| statement | plain: median, 95 of 100 | partitioned | partition named |\n|---|---|---|---|")
    for question in all_questions:
        found = asked(cursor, question)
        cells = [f"{statistics.median(times):.1f}, {times[len(times) * 95 // 100]:.1f} ms" for times in found.values()]
        say(f"| {question.name} | {' | '.join(cells)} |{'' if question.named else ' in it |'}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.partitions", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with cpsc_recalls.json.gz and haystack.jsonl.gz"
    )
    parser.add_argument("--most", type=int, default=1_000_000, help="the last size; default: 1,000,000")
    parser.add_argument("--platforms", type=int, default=20, help="platforms, a partition each; default: 20")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    texts = recalls_of(options.data)
    chosen = texts[:: max(1, len(texts) // RECALLS)]
    keys = [recall_keys(read_recall(text)) for text in chosen]
    steps = list(
        itertools.takewhile(lambda size: size <= options.most, (FIRST * 10**power for power in itertools.count()))
    )
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SHOW shared_buffers")
        say(f"shared_buffers {cursor.fetchone()[0]}, {options.platforms} platforms, {MONTHS} months, "
            f"{len(keys)} recalls")  # fmt: skip
        for layout in LAYOUTS:
            layout.make(cursor, options.platforms)
        make_flags(cursor)
        first = 0
        for number, size in enumerate(steps):
            begin, end = (month(MONTHS * each // len(steps)) for each in (number, number + 1))
            say(f"\n{size:,} listings and {size:,} events\n\n| table | µs a row | of them PostgreSQL | blocks not in buffers "
                "| vacuum | MB: table, indexes |\n|---|---|---|---|---|---|")  # fmt: skip
            rows = listing_rows(options.data / "haystack.jsonl.gz", first, size, options.platforms)
            grown(cursor, LISTINGS, rows, size - first)
            grown(cursor, EVENTS, event_rows(first, size, begin, end, options.platforms), size - first)
            flagged(cursor)
            answered(cursor, questions(keys, first, size, options.platforms, end))
            first = size
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
