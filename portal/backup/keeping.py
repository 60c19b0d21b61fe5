"""A folder of backups: each is named by its moment, and the newest of them stay."""

import re
from datetime import UTC, datetime
from pathlib import Path

_NAMED = re.compile(r"offshelf-\d{8}T\d{6}Z\.(age|tar)")


def name_now(*, is_encrypted: bool) -> str:
    """The name of a backup that is made now; names sort by their moments."""
    return f"offshelf-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.{'age' if is_encrypted else 'tar'}"


def remove_older(folder: Path, *, keep: int) -> int:
    """Delete all but the newest `keep` of the files that have such a name; returns how many. Others are left alone."""
    named = sorted((path for path in folder.iterdir() if _NAMED.fullmatch(path.name)), reverse=True)
    for path in named[keep:]:
        path.unlink()
    return len(named[keep:])
