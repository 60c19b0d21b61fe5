"""Backups: everything that an instance must not lose, as one stream, and back into an empty instance.

The stream is a tar file that is written and read from front to end, so neither side needs room for a second copy:
`manifest.json` (what made it, from which moment), `database/N` (pieces of a pg_dump of that very moment), `files/…` (what
people uploaded), and `end.json` with a digest of everything before. The whole stream is read and compared before the one
transaction that restores the database may end, so a stream that was cut or changed leaves an empty instance behind.

The digest finds accidents. It is no signature: whoever can write a backup can write another one. What proves the audit
log is an anchor that was kept elsewhere (portal/audit/anchors.py).

The broker needs no backup: the database is the truth. Keys and passwords of the environment are not part of it.
"""

from portal.backup.errors import BackupFailed
from portal.backup.keeping import name_now, remove_older
from portal.backup.manifest import Manifest
from portal.backup.restoring import restore_backup
from portal.backup.writing import write_backup

__all__ = ["BackupFailed", "Manifest", "name_now", "remove_older", "restore_backup", "write_backup"]
