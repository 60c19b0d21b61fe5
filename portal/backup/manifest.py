"""The first part of a backup: what made it, and what it must turn into when it is restored."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Self

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from portal.backup.errors import BackupFailed

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """The moment, the schema, and the end of the audit chain, by which a restore is checked."""

    format: int
    made_at: str
    postgres: int
    migrations: list[list[str]]
    chain_position: int
    chain_head: str

    @classmethod
    def of_this_moment(cls) -> Self:
        """What the current transaction sees. Plain SQL: a backup before an upgrade runs with the newer code already."""
        applied = MigrationLoader(connection).applied_migrations
        if not any(app == "portal" for app, _name in applied):
            raise BackupFailed(
                "There is nothing to back up: the database has no tables of Offshelf. Run migrate first."
            )
        with connection.cursor() as cursor:
            cursor.execute("SELECT position, hash FROM portal_auditseal ORDER BY position DESC LIMIT 1")
            position, head = cursor.fetchone() or (0, "")
        return cls(
            format=FORMAT,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            postgres=server_version(),
            migrations=sorted(list(key) for key in applied),
            chain_position=position,
            chain_head=head,
        )

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Raises BackupFailed where this version of Offshelf or this server cannot take it."""
        try:
            found = json.loads(content)
            if found["format"] != FORMAT:
                raise BackupFailed(
                    f"The backup has format {found['format']!r}; this version of Offshelf reads {FORMAT}."
                )
            manifest = cls(**found)
            ours = {(str(app), str(name)) for app, name in manifest.migrations}
            newer = sorted(".".join(each) for each in ours - set(MigrationLoader(None).disk_migrations or ()))
            too_new = manifest.postgres > server_version()
            sound = isinstance(manifest.chain_position, int) and isinstance(manifest.chain_head, str)
        except (ValueError, TypeError, KeyError):
            sound = False
        if not sound:
            raise BackupFailed("The backup's manifest cannot be read: it was changed, or another program wrote it.")
        if too_new:
            raise BackupFailed(
                f"The backup is of PostgreSQL {manifest.postgres}; this server is {server_version()}. Use a server that is as new."
            )
        if newer:
            raise BackupFailed(
                f"The backup was made by a newer version of Offshelf (it has the migration {newer[0]}). Install that version and try again."
            )
        return manifest

    def as_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()


def server_version() -> int:
    """The major version of the PostgreSQL that we are connected to."""
    connection.ensure_connection()
    return int(connection.connection.info.server_version) // 10_000
