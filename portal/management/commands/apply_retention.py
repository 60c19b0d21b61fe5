"""manage.py apply_retention: delete what is past its days, or show what that would be."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from portal.background.jobs import turn
from portal.retention.running import RUN_LOCK, Applied, apply_retention, preview


class Command(BaseCommand):
    help = (
        "Delete data that is past its days, as the page Retention has them. --dry-run shows what that would be and what "
        "legal holds keep. The exit status is 1 if a kind could not be read or a row could not be deleted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="delete nothing, and show what a run would delete")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["dry_run"]:
            return self._preview()
        with turn(RUN_LOCK, 1) as mine:
            if not mine:
                raise CommandError("Another run is under way.")
            done = apply_retention(heard=self._progress)
        for each in done:
            if each.deleted:
                self.stdout.write(f"{each.kind.name}: {each.deleted:,} deleted")
        self.stdout.write(f"{sum(each.deleted for each in done):,} deleted in all")
        wrong = [
            f"{each.kind.name}: {each.problem or f'{each.broken:,} set aside'}"
            for each in done
            if each.problem or each.broken
        ]
        if wrong:
            raise CommandError("; ".join(wrong))
        return None

    def _preview(self) -> None:
        for row in preview():
            size = "" if row.size is None else f" of {'at least ' if row.partly else ''}{filesizeformat(row.size)}"
            oldest = f", oldest {row.oldest:%Y-%m-%d}" if row.oldest else ""
            self.stdout.write(
                f"{row.kind.name}: would delete {row.count:,}{size}{oldest}; {row.held:,} kept by holds "
                f"(kept for {row.days:,} days)".replace("\xa0", " ")
            )

    def _progress(self, applied: Applied) -> None:
        if applied.deleted and applied.deleted % 10_000 == 0:
            self.stderr.write(f"{applied.kind.name}: {applied.deleted:,}")
