"""manage.py backup: write everything that must not be lost to one file, encrypted where a recipient is given."""

import os
import sys
import tempfile
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from portal.backup import BackupFailed, Manifest, name_now, remove_older, write_backup
from portal.backup.encryption import encrypted, recipients_of
from portal.services.backups import note_backup


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
            "file", metavar="FILE",
            help="where to write it; must not exist; a folder: under a name of its moment there; -: to standard output",
        )  # fmt: skip
        parser.add_argument(
            "--recipient", action="append", default=[], metavar="KEY",
            help="encrypt it for this age public key (age1…, made by age-keygen); may be given several times; default: "
            "BACKUP_RECIPIENTS",
        )  # fmt: skip
        parser.add_argument(
            "--keep", type=int, metavar="N",
            help="once it is complete, delete all but the newest N backups of the folder FILE, this one included",
        )  # fmt: skip

    def handle(self, *_args: Any, **options: Any) -> None:
        keep = options["keep"]
        if keep is not None and (keep < 1 or not Path(options["file"]).is_dir()):
            raise CommandError("--keep needs a number of 1 or more, and a folder as FILE.")
        try:
            recipients = recipients_of(options["recipient"] or settings.BACKUP_RECIPIENTS)
            if options["file"] == "-":
                manifest = _write(sys.stdout.buffer, recipients)
                sys.stdout.buffer.flush()
            else:
                target = Path(options["file"])
                if target.is_dir():
                    target /= name_now(is_encrypted=bool(recipients))
                manifest = _write_file(target, recipients)
        except BackupFailed as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"The backup could not be written: {error}.") from None
        self.stderr.write(
            f"Backup of {manifest.made_at} is complete{', encrypted' if recipients else ', NOT encrypted'}: audit chain "
            f"up to position {manifest.chain_position}, head {manifest.chain_head or 'none'}"
        )
        self._note(manifest)
        if keep is not None:
            self._remove_older(Path(options["file"]), keep)

    def _note(self, manifest: Manifest) -> None:
        """It is as good a backup where this fails: of an older schema, before an upgrade, say."""
        try:
            note_backup(made_at=datetime.fromisoformat(manifest.made_at))
        except DatabaseError as error:
            self.stderr.write(f"Its moment could not be noted, so metrics go on from the backup before: {error}")

    def _remove_older(self, folder: Path, keep: int) -> None:
        try:
            removed = remove_older(folder, keep=keep)
        except OSError as error:
            raise CommandError(f"The backup is complete, but older ones could not be deleted: {error}.") from None
        self.stderr.write(f"{removed} older ones were deleted; the newest {keep} stay.")


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
