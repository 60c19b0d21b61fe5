"""manage.py verify_pack: verify an evidence pack from the file alone and name every failed check."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from cryptography.x509 import Certificate
from django.core.management.base import BaseCommand, CommandError

from enforcement.evidence_packs.report import PackReport
from enforcement.evidence_packs.verification import check_pack
from portal.audit.chain import AnchorProblem, read_anchors
from portal.audit.rfc3161 import StampProblem, read_roots

EPILOG = """\
checks
  changed file    a file's SHA-256 differs from manifest.json, or the file cannot be unpacked
  missing file    a file of the manifest is not in the pack
  extra file      a file in the pack is not in the manifest, or is included twice
  changed event   an event in chain.jsonl is not the sealed event
  broken chain    a position is missing, does not follow the previous one, or has a wrong hash
  capture         a capture or its page differs from the digest in its event, is missing, or has no event
  message         a message differs from the digest in its event, is missing, or has no event
  picture         a picture of a decision differs from the digest in its event, is missing, or has no event
  web archive     checks.wacz differs from the captures and their events: the file or record in it is named
  manifest        manifest.json is not the one that the last event of the chain seals (or --manifest)
  container       the ZIP file is not as it was written: something is before, between or behind its files, or hidden
  timeline        timeline.csv differs from the events
  time stamp      an authority's stamp is not for the hash of its position; with --roots also: the stamp is not valid
  date            an event is dated long before events ahead of it, or otherwise than a time stamp proves
  anchor          the chain differs from a hash that was recorded elsewhere (--anchor)
  unreadable      the file is not an evidence pack

The command uses no database and no network. A completely forged chain is consistent in itself: only --anchor, the
regulator's own record of the event pack.made (--manifest), or a time stamp verified with --roots distinguishes it from
the original.

exit status
  0  all checks passed      1  a check failed: each place is named      2  the command line is wrong

examples
  manage.py verify_pack offshelf-takedown-12-20260302T150000Z.zip
  manage.py verify_pack pack.zip --anchor anchors.jsonl    (written by verify_audit --write-anchor)
  manage.py verify_pack pack.zip --roots authority.pem      (the time stamp authority's certificates)
"""


class Command(BaseCommand):
    help = "Verify an evidence pack from the file alone: its files, its part of the audit chain, and every capture."
    requires_system_checks = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        parser = super().create_parser(prog_name, subcommand, epilog=EPILOG, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the evidence pack, a ZIP file as downloaded")
        parser.add_argument(
            "--anchor", type=Path, metavar="FILE", help="compare with hashes recorded before (JSON lines)"
        )

        parser.add_argument(
            "--manifest", metavar="SHA256", default="", help="as the regulator's event pack.made has it"
        )
        parser.add_argument("--roots", type=Path, metavar="FILE", help="trusted certificates (PEM) for time stamps")

    def handle(self, *_args: Any, **options: Any) -> None:
        path, anchor = options["file"], options["anchor"]
        roots = _roots(options["roots"]) if options["roots"] else None
        report = check_pack(path, _anchors(anchor) if anchor else None, roots, options["manifest"].strip().lower())
        if report.title:
            self.stdout.write(f"Pack: {_plain(report.title)}")
        if report.problems:
            for problem in report.problems:
                self.stdout.write(f"{problem.kind}: {_plain(problem.detail)}")
            count = len(report.problems)
            raise CommandError(f"{path.name}: {count} check{'s' if count > 1 else ''} failed.")
        for line in _findings(report, verified=roots is not None):
            self.stdout.write(line)


def _plain(text: str) -> str:
    """Names in a pack are untrusted: remove everything that could control the terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _findings(report: PackReport, *, verified: bool) -> list[str]:
    others = report.head - report.first + 1 - report.events if report.head else 0
    stretch = f"position {report.first:,} to {report.head:,}"
    lines = [
        f"{report.files:,} files match the manifest.",
        f"{report.events:,} events match their seals, linked with {others:,} digests of other events from {stretch}.",
        f"{report.captures:,} captures match their events.",
        f"{report.records:,} checks in the web archive match their events.",
    ]
    if report.pictures:
        lines.append(f"{report.pictures:,} pictures match the events of their decisions.")
    if report.pictures_missing:
        lines.append(
            f"{report.pictures_missing:,} pictures could not be had when the pack was made: pictures.csv says why."
        )
    if report.erased:
        lines.append(f"{report.erased:,} events whose payloads were erased, as other events of the chain say.")
    if report.pages_deleted:
        on = _plain(report.pages_deleted_on)
        lines.append(f"{report.pages_deleted:,} pages deleted by retention on {on}: only their captures are verified.")
    if report.unsealed:
        lines.append(f"{report.unsealed:,} checks are from before captures were sealed: only their pages are verified.")
    if report.stated:
        lines.append(f"{report.stated:,} links are from before seals had digests: they cannot be verified.")
    if report.stamped_at:
        newest = f"the newest of {report.stamped_at:%Y-%m-%d %H:%M:%S} UTC"
        how = "verified with the given certificates" if verified else "signatures not verified: use --roots"
        lines.append(f"{report.stamps:,} time stamps match hashes of this chain, {newest} ({how}).")
    lines += [f"Anchors compared: {report.anchors:,}."] if report.anchors else []
    return [
        *lines,
        f"The chain ends at position {report.head:,} with hash {report.head_hash}",
        f"The manifest's SHA-256 is {report.manifest_sha256} (also in the event pack.made)",
        "All checks passed.",
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
