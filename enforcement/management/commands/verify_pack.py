"""manage.py verify_pack: check an evidence pack from the file alone and say exactly what does not fit."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from cryptography.x509 import Certificate
from django.core.management.base import BaseCommand, CommandError

from enforcement.evidence_packs.verification import PackReport, check_pack
from portal.audit.chain import AnchorProblem, read_anchors
from portal.audit.rfc3161 import StampProblem, read_roots

EPILOG = """\
what is checked
  changed file    a file's SHA-256 is not the one in manifest.json, or it cannot be unpacked
  missing file    a file of the manifest is not in the pack
  extra file      a file in the pack is not in the manifest, or is there twice
  changed event   an event in chain.jsonl is not what was sealed
  broken chain    a position is missing, does not follow the one before, or its hash is not right
  capture         a capture or its page is not the one whose digest stands in the event, is missing, or has no event
  timeline        timeline.csv tells something else than the events
  time stamp      an authority's stamp is not about the hash it stands for; with --roots also: it does not hold
  anchor          the chain differs from a hash that was written down elsewhere (--anchor)
  unreadable      the file is no pack

Neither database nor network is used. A whole chain that somebody made anew fits in itself: only --anchor, the
regulator's own record of the event pack.made, or a time stamp checked with --roots tells it from the true one.

exit status
  0  everything fits      1  something does not: each place is named      2  the command line is wrong

examples
  manage.py verify_pack offshelf-takedown-12-20260302T150000Z.zip
  manage.py verify_pack pack.zip --anchor anchors.jsonl    (written by verify_audit --write-anchor)
  manage.py verify_pack pack.zip --roots authority.pem      (the time stamp authority's certificates)
"""


class Command(BaseCommand):
    help = "Check an evidence pack from the file alone: its files, its stretch of the audit chain, and every capture."
    requires_system_checks = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        parser = super().create_parser(prog_name, subcommand, epilog=EPILOG, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the pack, a ZIP file as downloaded")
        parser.add_argument(
            "--anchor", type=Path, metavar="FILE", help="compare with hashes written down before (JSON lines)"
        )

        parser.add_argument(
            "--roots", type=Path, metavar="FILE", help="certificates (PEM) that time stamps are trusted under"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        path, anchor = options["file"], options["anchor"]
        roots = _roots(options["roots"]) if options["roots"] else None
        report = check_pack(path, _anchors(anchor) if anchor else None, roots)
        if report.title:
            self.stdout.write(f"Pack: {_plain(report.title)}")
        if report.problems:
            for problem in report.problems:
                self.stdout.write(f"{problem.kind}: {_plain(problem.detail)}")
            count = len(report.problems)
            raise CommandError(f"{path.name}: {count} {'things do' if count > 1 else 'thing does'} not fit.")
        for line in _findings(report, verified=roots is not None):
            self.stdout.write(line)


def _plain(text: str) -> str:
    """Names in a pack are a stranger's: nothing in them moves the terminal's cursor."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _findings(report: PackReport, *, verified: bool) -> list[str]:
    others = report.head - report.first + 1 - report.events if report.head else 0
    stretch = f"position {report.first:,} to {report.head:,}"
    lines = [
        f"{report.files:,} files are what the manifest says.",
        f"{report.events:,} events stand as sealed, linked with {others:,} digests of other events from {stretch}.",
        f"{report.captures:,} captures are the ones that their events vouch for.",
    ]
    if report.unsealed:
        lines.append(
            f"{report.unsealed:,} looks are from before captures were sealed: their page is vouched for, the rest is not."
        )
    if report.stated:
        lines.append(f"{report.stated:,} links are from before seals had digests: they are stated, not proved.")
    if report.stamped_at:
        newest = f"the newest of {report.stamped_at:%Y-%m-%d %H:%M:%S} UTC"
        how = "verified under the given certificates" if verified else "signatures not checked: give --roots"
        lines.append(f"{report.stamps:,} time stamps state hashes of this chain, {newest} ({how}).")
    lines += [f"Anchors compared: {report.anchors:,}."] if report.anchors else []
    return [
        *lines,
        f"The chain ends at position {report.head:,} with hash {report.head_hash}",
        f"The manifest's SHA-256 is {report.manifest_sha256} (the event pack.made has it too)",
        "Everything fits.",
    ]


def _roots(path: Path) -> list[Certificate]:
    try:
        return read_roots(path)
    except StampProblem as error:
        raise CommandError(str(error)) from None


def _anchors(path: Path) -> dict[int, str]:
    try:
        return read_anchors(path)
    except AnchorProblem as problem:
        raise CommandError(str(problem)) from None
