"""manage.py backup: write everything that must not be lost to one file, encrypted where a recipient is given."""

import os
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from portal.backup import BackupFailed, Manifest, write_backup
from portal.backup.encryption import encrypted, recipients_of


class Command(BaseCommand):
    help = (
        "Write the database of one moment and the stored files to FILE, while everybody goes on working. Runs as "
        "OWNER_DATABASE_URL says. Not in it: SECRET_KEY and the passwords of the environment; keep those in a vault of "
        "your own. Exit status 0: it is complete, and its audit chain's position and head are printed (write them down "
        "elsewhere). 1: nothing was written, and the error says why."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", help="where to write it; must not exist; - writes to standard output"
        )
        parser.add_argument(
            "--recipient", action="append", default=[], metavar="KEY",
            help="encrypt it for this age public key (age1…, made by age-keygen); may be given several times",
        )  # fmt: skip

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            recipients = recipients_of(options["recipient"])
            if options["file"] == "-":
                manifest = _write(sys.stdout.buffer, recipients)
                sys.stdout.buffer.flush()
            else:
                manifest = _write_file(Path(options["file"]), recipients)
        except BackupFailed as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"The backup could not be written: {error}.") from None
        self.stderr.write(
            f"Backup of {manifest.made_at} is complete{', encrypted' if recipients else ', NOT encrypted'}: audit chain "
            f"up to position {manifest.chain_position}, head {manifest.chain_head or 'none'}"
        )


def _write_file(target: Path, recipients: list[Any]) -> Manifest:
    """Beside its place first, so that a file of that name is always a whole backup."""
    if target.exists():
        raise BackupFailed(f"{target} exists. Give a new name.")
    handle, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            manifest = _write(out, recipients)
            out.flush()
            os.fsync(out.fileno())
        try:
            target.touch(mode=0o600, exist_ok=False)  # never over a file that somebody made meanwhile
        except FileExistsError:
            raise BackupFailed(f"{target} exists by now. Give a new name.") from None
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write(out: IO[bytes], recipients: list[Any]) -> Manifest:
    if not recipients:
        return write_backup(out)
    with encrypted(out, recipients) as plain:
        return write_backup(plain)
