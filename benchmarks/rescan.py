"""python -m portal.run servers --fresh -- .venv/bin/python -m benchmarks.rescan: checks 10,000 listings of a local fake shop.

The shop is a separate process on this machine; one in a hundred removed listings is back. First plain httpx requests
every page, with as many connections as there are parallel checks. Then the product checks the same listings through its
own service: leased, paced, judged, stored with their captures and sealed into the audit log.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

WORKERS = 2
SHARE = 0.7

if __name__ == "__main__" and "--as-shop" in sys.argv:
    PAGE = b"<html><head><title>Heater</title></head><body><h1>Hearthline ceramic tower heater</h1><p>%s</p><button>Add to cart</button></body></html>"

    GONE = b"<html><head><title>Not found</title></head><body><h1>This listing is no longer available</h1><p>%s</p></body></html>"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        text = b"Warm and quiet. " * 120
        while asked := await reader.readline():
            while (await reader.readline()).strip():
                pass
            back = asked.split()[1].endswith(b"00")
            status, body = ("200 OK", PAGE % text) if back else ("404 Not Found", GONE % text)
            head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        async with server:
            await server.serve_forever()

    asyncio.run(serve())

import django  # noqa: E402  the shop does not need it

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

import httpx  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks import sweep  # noqa: E402
from enforcement import services  # noqa: E402
from enforcement.models import CheckPlan, Observation, Takedown  # noqa: E402
from listings.models import Flag, Listing  # noqa: E402
from portal.database import acting  # noqa: E402


def plain(base: str, first: int, last: int) -> float:
    """Seconds that plain httpx takes for all pages, in WORKERS processes of CHECK_THREADS connections each."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.rescan", "--as-plain", base]
    middle = (first + last) // 2
    halves = [(first, middle), (middle, last)]
    asking = [subprocess.Popen([*command, str(begin), str(end)]) for begin, end in halves]  # noqa: S603  our own module
    if any(process.wait() for process in asking):
        raise SystemExit("Plain httpx failed.")
    return time.perf_counter() - started


def ask_plainly(base: str, first: int, last: int) -> None:
    with httpx.Client(trust_env=False) as client, ThreadPoolExecutor(settings.CHECK_THREADS) as threads:
        for answer in threads.map(lambda number: client.get(f"{base}/{number}"), range(first, last)):
            if answer.status_code not in {200, 404}:
                raise SystemExit(f"The shop answered with status {answer.status_code}.")


def product() -> float:
    """Seconds that WORKERS warm processes take to check every listing that is due."""
    command = [sys.executable, "-m", "benchmarks.rescan", "--as-worker"]
    sweep.hold()
    workers = [subprocess.Popen(command) for _ in range(WORKERS)]  # noqa: S603  our own module
    started = sweep.release(WORKERS)
    if any(process.wait() for process in workers):
        raise SystemExit("A worker failed.")
    return time.perf_counter() - started


def main() -> int:
    acting.begin(acting.SYSTEM)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rescan", description=__doc__)
    parser.add_argument("--listings", type=int, default=10_000, help="number of listings to check; default: 10,000")
    parser.add_argument("--as-shop", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--as-worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--as-plain", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.as_worker:
        sweep.wait_for_release()
        services.observe_due()
        return 0
    if options.as_plain:
        base, first, last = options.as_plain
        ask_plainly(base, int(first), int(last))
        return 0
    out = sys.stdout.write
    call_command("migrate", verbosity=0)
    sweep.populated_site()
    sweep.fill("rescan-", options.listings, "now() + interval '6 hours'")
    command = [sys.executable, "-m", "benchmarks.rescan", "--as-shop"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as shop:  # noqa: S603  our own module
        assert shop.stdout is not None  # noqa: S101  it was asked for
        port = int(shop.stdout.readline())
        os.environ["FETCH_ALLOWED_PRIVATE"], os.environ["CHECKS_PER_SECOND"] = f"127.0.0.1:{port}", "100000"
        with connection.cursor() as cursor:
            cursor.execute("UPDATE listings_listing SET link = %s || id", [f"http://127.0.0.1:{port}/listing/"])
        Flag.objects.update(status="removed", closed_at=timezone.now())
        Takedown.objects.update(status="met", met_at=timezone.now())
        CheckPlan.objects.update(next_at=timezone.now())
        first, last = Listing.objects.order_by("pk").first(), Listing.objects.order_by("pk").last()
        assert first is not None  # noqa: S101  it was filled above
        assert last is not None  # noqa: S101
        alone = plain(f"http://127.0.0.1:{port}/listing", first.pk, last.pk + 1)
        ours = product()
        shop.terminate()
    seen, back = Observation.objects.count(), Flag.objects.filter(status="open").count()
    out(
        f"{options.listings:,} listings, {WORKERS} processes of {settings.CHECK_THREADS} connections; {back:,} were back\n"
    )
    out(f"plain httpx: {alone:.1f} s, {options.listings / alone:,.0f} pages a second\n")
    out(f"the product: {ours:.1f} s, {seen / ours:,.0f} checks a second, each judged, stored and sealed\n")
    share = (seen / ours) / (options.listings / alone)
    reached = seen == options.listings and back > 0 and share >= SHARE
    out(f"{'reached' if reached else 'missed'}: {share:.2f} of plain httpx (target: {SHARE})\n")
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
