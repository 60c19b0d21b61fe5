"""The programs of a demo on one machine, in the order in which they start."""

import fcntl
import http.client
import json
import os
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from portal.background.queues import QUEUES
from portal.local.folder import secret_key
from portal.local.processes import Child
from portal.local.servers import postgres_server, valkey_server
from portal.local.supervisor import Supervisor

_FIRST_PORT, _LAST_PORT = 8000, 8099
_FIRST_SHOP_PORT, _LAST_SHOP_PORT = 8100, 8199
_WORKERS = "clocks=1,checks=2,matching=1,files=2,deliveries=1"  # as much as a shared machine should run
_SIGN_INS = "sign-ins.txt"  # written by the command load_demo


class PortTaken(Exception):
    """The port for the web server is in use; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Demo:
    """What to run: the project's folder, the claimed data folder, the port (None: the first free one), what to load.

    `history`: three months of sample history come first, where nothing is loaded yet and no file of one's own is given.
    """

    root: Path
    folder: Path
    wanted_port: int | None
    recalls: Path | None
    catalogue: Path | None
    history: bool = False


def run_demo(demo: Demo, *, say: Callable[[str], None]) -> None:
    """Start everything, print the address and the sign-ins, and keep it running until a signal stops it.

    Raises ServerUnavailable, ChildFailed or PortTaken if it does not come up, StopRequested if it was stopped first.
    """
    port = free_port(demo.wanted_port)
    if demo.wanted_port is None and port != _FIRST_PORT:
        say(f"Port {_FIRST_PORT} is in use. The demo uses port {port}.")
    shop_port = free_port(None, first=_FIRST_SHOP_PORT, last=_LAST_SHOP_PORT)
    say(f"Data and logs: {demo.folder}")
    database, broker = postgres_server(demo.folder, durable=True), valkey_server(demo.folder, durable=True)
    env = environment(demo, port=port, shop_port=shop_port, database_url=database.app_url, broker_url=broker.url)
    as_owner = {**env, "OWNER_DATABASE_URL": database.url}  # only what migrates knows it
    keep_environment(demo, env)
    try:
        with Supervisor(logs=demo.folder / "logs", say=say) as supervisor:
            say("Starting PostgreSQL and Valkey.")
            supervisor.start(database.child)
            supervisor.start(broker.child)
            say("Migrating the database.")
            supervisor.run_once(_manage(demo, as_owner, "migrate", "--no-input"), to_log=True)
            supervisor.run_once(_load(demo, env), to_log=False)
            say("Starting the web server, the workers and the beat.")
            for child in (
                web(demo, env, port=port),
                *(worker(demo, env, queue=queue.name) for queue in QUEUES),
                beat(demo, env),
                shop(demo, env, port=shop_port),
            ):
                supervisor.start(child)
            say(banner(demo, port=port))
            supervisor.run()
            say("Stopping.")
        say(f"Stopped. The data is kept in {demo.folder}")
    finally:
        database.tidy()
        broker.tidy()


def free_port(wanted: int | None, *, first: int = _FIRST_PORT, last: int = _LAST_PORT) -> int:
    """`wanted` if it is free, or with None the first free port from `first` to `last`. Raises PortTaken.

    The port stays ours until this process ends, also before anything listens on it: two demos that start at the same
    moment get different ones.
    """
    for port in range(first, last + 1) if wanted is None else (wanted,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except PermissionError:
                raise PortTaken(
                    f"You do not have permission to use port {port}. Use --port with 1024 or above."
                ) from None
            except OSError:
                continue
        if _promised(port):
            return port
    if wanted is None:
        raise PortTaken(f"All ports from {first} to {last} are in use. Use --port with a free port.")
    raise PortTaken(f"Port {wanted} is in use. Use --port with another port, or omit it to use a free port.")


def _promised(port: int) -> bool:
    """Whether no other demo of this user was promised the port. The lock goes with the process that holds it."""
    path = Path(tempfile.gettempdir()) / f"offshelf-{os.getuid()}-port-{port}.lock"
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    return True


def environment(demo: Demo, *, port: int, shop_port: int, database_url: str, broker_url: str) -> dict[str, str]:
    """The environment of the demo's programs: ours, with everything that names another installation replaced."""
    ours = {name: value for name, value in os.environ.items() if name != "OWNER_DATABASE_URL"}
    return {
        **ours,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "OFFSHELF_MODE": "demo",
        "OFFSHELF_FOLDER": str(demo.folder),
        "DATABASE_URL": database_url,
        "BROKER_URL": broker_url,
        "SECRET_KEY": secret_key(demo.folder),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "OFFSHELF_SHOP": f"http://127.0.0.1:{shop_port}",
        "FETCH_ALLOWED_PRIVATE": ",".join(filter(None, [f"127.0.0.1:{shop_port}", ours.get("FETCH_ALLOWED_PRIVATE")])),
        "SAMPLE_DATA": "no" if demo.recalls and demo.catalogue else "yes",
        "PUBLISHED_FEED": "yes",
        "WORKER_PROCESSES": os.environ.get("WORKER_PROCESSES", _WORKERS),
        "PYTHONUNBUFFERED": "1",
    }


def keep_environment(demo: Demo, env: dict[str, str]) -> None:
    """Write down, for us only, what a manage.py command beside the running demo needs in its environment."""
    names = (
        "OFFSHELF_MODE",
        "OFFSHELF_FOLDER",
        "DATABASE_URL",
        "BROKER_URL",
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "BASE_URL",
    )
    path = demo.folder / "environment.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps({name: env[name] for name in names}, indent=1), encoding="utf-8")


def web(demo: Demo, env: dict[str, str], *, port: int) -> Child:
    """The web server; ready when it answers /healthz. Threads, because pages hold streams open."""
    return _python(
        "web",
        [
            *("-m", "gunicorn", "portal.wsgi", "--config", "python:portal.webserver", "--bind", f"127.0.0.1:{port}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "8", "--graceful-timeout", "3"),
            "--no-control-socket",  # its default place is shared by all gunicorns of a user
        ],
        demo,
        env,
        ready=lambda _pid: is_healthy(port),
    )


def worker(demo: Demo, env: dict[str, str], *, queue: str) -> Child:
    """The worker of one queue of background tasks."""
    return _python(f"worker-{queue}", ["-m", "portal.worker", queue], demo, env)


def beat(demo: Demo, env: dict[str, str]) -> Child:
    """The clock that sends the sweeps."""
    schedule = str(demo.folder / "beat-schedule")
    return _python(
        "beat",
        ["-m", "celery", "-A", "portal", "beat", "--schedule", schedule, "--pidfile", "", "--loglevel", "INFO"],
        demo,
        env,
    )


def shop(demo: Demo, env: dict[str, str], *, port: int) -> Child:
    """The outside world of the demo: a shop that serves the listings' pages."""
    samples = sorted((demo.root / "portal" / "demo" / "data").glob("sample_catalogue_*.jsonl"))
    files = [demo.catalogue.absolute()] if demo.catalogue else samples
    words = [
        "-m",
        "portal.demo.shop",
        "--port",
        str(port),
        "--state",
        str(demo.folder),
        "--catalogue",
        *map(str, files),
    ]
    return _python("shop", words, demo, env)


def is_healthy(port: int) -> bool:
    """Whether the web server on this machine answers /healthz with 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def banner(demo: Demo, *, port: int) -> str:
    """What a visitor needs to begin: the address, the sign-ins, how to stop, where the data is."""
    sign_ins = demo.folder / _SIGN_INS
    parts = [
        f"Offshelf is running at http://127.0.0.1:{port}",
        sign_ins.read_text(encoding="utf-8").strip() if sign_ins.is_file() else "",
        f"Stop it with Ctrl-C. Data and logs stay in {demo.folder}",
    ]
    return "\n" + "\n\n".join(part for part in parts if part) + "\n"


def _load(demo: Demo, env: dict[str, str]) -> Child:
    files = {"--recalls": demo.recalls, "--catalogue": demo.catalogue}
    words = [word for name, path in files.items() if path is not None for word in (name, str(path.absolute()))]
    past = ["--history"] if demo.history and not words else []
    return _manage(demo, env, "load_demo", *words, *past)


def _manage(demo: Demo, env: dict[str, str], command: str, *words: str) -> Child:
    return _python(command, [str(demo.root / "manage.py"), command, *words], demo, env)


def _python(
    name: str, words: list[str], demo: Demo, env: dict[str, str], *, ready: Callable[[int], bool] | None = None
) -> Child:
    return Child(name=name, argv=[sys.executable, *words], env=env, folder=demo.root, ready=ready)
