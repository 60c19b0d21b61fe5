"""python -m portal.run servers -- .venv/bin/python -m benchmarks.tamper: tampers 1,000 times with a pack and with the chain.

A case is made through the product: checks, a claim, a time stamp of a real authority, anchors as a regulator keeps them. Then
700 copies of its pack and 300 states of the audit log are tampered with, in seeded ways, and verified. Exit status 1 unless
everything is found, and every finding names the place.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.conf import settings  # noqa: E402  Django is set up first
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks import sweep  # noqa: E402
from benchmarks.tamper.chain import tamper_with_chain  # noqa: E402
from benchmarks.tamper.counting import Tally, tamper_with_pack  # noqa: E402
from enforcement import services  # noqa: E402
from enforcement.checks.fetch import Capture  # noqa: E402
from enforcement.checks.services.observations import Seen  # noqa: E402
from enforcement.evidence_packs.verification import check_pack  # noqa: E402
from enforcement.models import Takedown  # noqa: E402
from portal import audit  # noqa: E402
from portal.audit import timestamps  # noqa: E402
from portal.database import acting  # noqa: E402
from portal.http.client import Exchange  # noqa: E402
from portal.identity.actors import Actor  # noqa: E402
from portal.models import AuditSeal, Organisation, User  # noqa: E402
from tests.authority import Authority, serve  # noqa: E402
from tests.owner import empty_tables  # noqa: E402

PAGE = "<html><title>Heater</title><h1>Tower heater, seen for the {}. time</h1><button>Buy</button></html>"
SHARE_OF_CHAIN = 0.3


def case_of(folder: Path) -> Takedown:
    """A takedown with four checks and a time stamp."""
    sweep.populated_site()
    sweep.fill("tamper-", 3, "now() + interval '6 hours'")
    takedown, *others = Takedown.objects.order_by("pk")
    for number in range(4):
        url = f"https://shop.example.org/listing/{number}"
        exchange = Exchange(
            url,
            timezone.now(),
            f"GET /listing/{number} HTTP/1.1\r\nHost: shop.example.org\r\n",
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
        )
        body = PAGE.format(number).encode()
        capture = Capture(url, timezone.now(), 200, url, (), {"content-type": "text/html"}, body, exchanges=(exchange,))
        for each in (takedown, *others):
            seen = Seen(each, "page", "unknown", "nothing_clear", f"Seen {number}", capture)
            services.record_observation(seen=seen, actor=Actor.system("bench"))
        if number == 2:
            stamp(folder)
    return takedown


def stamp(folder: Path) -> None:
    authority = Authority()
    settings.TIME_STAMP_ROOTS = str(authority.write_roots(folder / "authority.pem"))
    with serve(authority) as url:
        settings.FETCH_ALLOWED_PRIVATE = [url.removeprefix("http://").rstrip("/")]
        settings.TIME_STAMP_URL = url
        if timestamps.stamp_due() is None:
            raise SystemExit("The time stamp authority on this machine gave no stamp.")


def main() -> int:
    acting.begin(acting.SYSTEM)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tamper", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000, help="number of tamperings; default: 1,000")
    parser.add_argument("--seed", type=int, default=1, help="which ones; default: 1")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    empty_tables()  # of an earlier run
    connection.close()
    connection.settings_dict |= settings.OWNER_DATABASE or {}
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        takedown = case_of(folder)
        officer = User.objects.create_user(
            email="duty@bench.example", password=None, name="Duty officer", role="regulator_staff",
            organisation=Organisation.objects.get(kind="regulator"),
        )  # fmt: skip
        pack = services.start_takedown_pack(takedown=takedown, actor=Actor.person(officer))
        path = folder / "pack.zip"
        path.write_bytes(b"".join(services.stream_pack(pack)))
        audit.seal_events()
        hashes = dict(AuditSeal.objects.order_by("position").values_list("position", "hash"))
        anchors = {
            position: hash_ for position, hash_ in hashes.items() if position % 5 == 0 or position == len(hashes)
        }
        if problems := check_pack(path, anchors).problems or audit.verify_chain(anchors).findings:
            raise SystemExit(f"What nobody tampered with does not verify: {problems}")
        of_chain = int(options.count * SHARE_OF_CHAIN)
        tamper_with_pack(path, anchors, count=options.count - of_chain, seed=options.seed, tally=tally)
        tamper_with_chain(anchors, folder / "authority.pem", count=of_chain, seed=options.seed, tally=tally)
    for line in tally.missed[:20]:
        sys.stdout.write(f"not located: {line}\n")
    sys.stdout.write(f"without anchors: {tally.alone:,} found\n")
    sys.stdout.write(f"{tally}\n")
    return 0 if tally.tried == tally.found == tally.located else 1


if __name__ == "__main__":
    raise SystemExit(main())
