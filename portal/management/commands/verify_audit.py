"""manage.py verify_audit: recompute the audit chain and name the first event that was tampered with."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import audit, stamps


class Command(BaseCommand):
    help = "Recompute the audit log's hash chain. Exit status 1 where something was changed, removed or put in between."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", type=Path, metavar="FILE", help="check against hashes written down before")
        parser.add_argument("--roots", type=Path, metavar="FILE", help="certificates (PEM) of the time stamp authority")
        parser.add_argument(
            "--write-anchor", type=Path, metavar="FILE", help="append the newest position and hash (JSON lines)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        anchors: dict[int, str] = {}
        if options["anchor"]:
            try:
                lines = options["anchor"].read_text(encoding="utf-8").splitlines()
                anchors = {int(row["position"]): str(row["hash"]) for row in map(json.loads, filter(None, lines))}
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise CommandError(f"{options['anchor']} cannot be read as an anchor file: {error}") from None
        audit.seal_events()
        report = audit.verify_chain(anchors)
        if report.problem:
            raise CommandError(f"The chain is broken after {report.events:,} events: {report.problem}.")
        stamped, odd = stamps.check_stamps(options["roots"])
        if odd:
            raise CommandError(f"The chain is in itself intact, but {odd}.")
        if options["write_anchor"] and report.events:
            with options["write_anchor"].open("a", encoding="utf-8") as out:
                out.write(json.dumps({"position": report.events, "hash": report.head}) + "\n")
        self.stdout.write(f"{report.events:,} events, chain intact, head {report.head}")
        self.stdout.write(f"{stamped:,} time stamps fit it.")
