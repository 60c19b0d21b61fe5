"""manage.py verify_audit: recompute the audit chain and show the first event that was tampered with."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal import audit
from portal.audit import anchors, timestamps
from portal.audit.chain import AnchorProblem, read_anchors
from portal.models import AuditSeal


class Command(BaseCommand):
    help = (
        "Recompute the audit log's hash chain and compare it with anchors and time stamps. The exit status is 1 if an "
        "event was changed, removed or inserted, if events are unsealed 1 minute after they were written, or if anchors "
        "contradict the chain or each other. Then no anchor is written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            type=Path,
            metavar="FILE",
            help="file of hashes recorded earlier; default: ANCHOR_FILE, if it is set",
        )
        parser.add_argument("--roots", type=Path, metavar="FILE", help="certificates (PEM) of the time stamp authority")
        parser.add_argument(
            "--write-anchor", type=Path, metavar="FILE", help="append the newest position and hash (JSON lines)"
        )
        parser.add_argument(
            "--dates-from", type=int, default=1, metavar="POSITION",
            help="check the dates of events from this position on, if earlier findings are explained",
        )  # fmt: skip

    def handle(self, *_args: Any, **options: Any) -> None:
        known = self._known(options["anchor"], options["write_anchor"])
        if not audit.overdue().exists():  # overdue events stay as they are found
            audit.seal_events()
        report = audit.verify_chain(known, dates_from=options["dates_from"])
        if report.problem:
            raise CommandError(f"The chain is broken after {report.events:,} events: {'; '.join(report.findings)}.")
        stamped, odd = timestamps.check_stamps(options["roots"])
        if findings := [*report.findings, *([odd] if odd else [])]:
            raise CommandError(f"The chain itself is intact, but {'; '.join(findings)}.")
        if options["write_anchor"] and report.events:
            self._write(options["write_anchor"], report.events)
        self.stdout.write(f"{report.events:,} events, chain intact, head {report.head}")
        if report.erased:
            self.stdout.write(f"{report.erased:,} events whose payloads were erased, as other events of the chain say.")
        self.stdout.write(f"{stamped:,} time stamps match the chain.")

    def _known(self, given: Path | None, written: Path | None) -> dict[int, str]:
        """The anchors of all files given, which must not contradict each other."""
        own = Path(settings.ANCHOR_FILE) if settings.ANCHOR_FILE else None
        known: dict[int, str] = {}
        for path in dict.fromkeys(filter(None, (given, *(path for path in (written, own) if path and path.exists())))):
            try:
                found = read_anchors(path)
            except AnchorProblem as problem:
                raise CommandError(f"{problem}.") from None
            for position in sorted(found.keys() & known.keys()):
                if found[position] != known[position]:
                    raise CommandError(
                        f"Position {position} has two different anchors: {path} differs from an earlier file."
                    )
            known |= found
        return known

    def _write(self, path: Path, position: int) -> None:
        try:
            anchors.append_anchor(path, anchors.record_of(AuditSeal.objects.get(position=position)))
        except (AnchorProblem, OSError) as error:
            raise CommandError(f"{error}.") from None
