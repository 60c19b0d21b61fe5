"""manage.py restore: bring a backup into this instance, whose database and files must be empty."""

import contextlib
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.backup import BackupFailed, Manifest, restore_backup
from portal.backup.encryption import decrypted, identities_of, is_encrypted

RESTORED_BUT = 3


class Command(BaseCommand):
    help = (
        "Restore a backup into an empty database and an empty folder of files, bring an older schema up to date, set the "
        "grants of the application's role, and check that the audit chain ends where the backup says. Runs as "
        "OWNER_DATABASE_URL says. Only take backups from whom you would let into the database. Exit status 0: all of it "
        "is restored and proved. 1: nothing was restored, and the error says why. 3: the data is restored, but something "
        "about it is not as it was backed up."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the backup; - reads standard input")
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="file with the age secret key, for a backup that is encrypted"
        )
        parser.add_argument(
            "--anchor", type=Path, metavar="FILE",
            help="hashes of the audit chain written down before; default: ANCHOR_FILE, if there is one",
        )  # fmt: skip

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            manifest = self._restore(options["file"], options["identity"], options["anchor"])
        except BackupFailed as error:
            raise CommandError(str(error), returncode=RESTORED_BUT if error.restored else 1) from None
        except OSError as error:
            raise CommandError(f"The backup could not be read: {error}. Nothing was restored.") from None
        self.stdout.write(
            f"Restored the backup of {manifest.made_at}: audit chain whole up to position {manifest.chain_position}, "
            f"head {manifest.chain_head or 'none'}"
        )

    def _restore(self, file: str, identity: Path | None, anchor: Path | None) -> Manifest:
        own = Path(settings.ANCHOR_FILE) if settings.ANCHOR_FILE else None
        anchors = anchor or (own if own and own.exists() else None)
        with contextlib.ExitStack() as stack:
            source: Any = sys.stdin.buffer if file == "-" else stack.enter_context(Path(file).open("rb"))
            if is_encrypted(source):
                if identity is None:
                    raise BackupFailed(
                        "The backup is encrypted. Give the file with its age secret key: --identity FILE."
                    )
                source = stack.enter_context(decrypted(source, identities_of(identity)))
            elif identity is not None:
                raise BackupFailed("The backup is not encrypted, but --identity is given: is it the right file?")
            return restore_backup(source, anchors=anchors)
