"""The private instance of the drill: the programs of the demo, two web servers and two beats, run by the supervisor.

    python -m benchmarks.faults.instance --folder FOLDER --allow HOST:PORT,… --smtp PORT

Each program has OFFSHELF_CHILD=<name> in its environment, so that the drill can find its processes.
"""

import argparse
import dataclasses
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from portal.background.queues import QUEUES
from portal.demo import processes
from portal.local.folder import claimed
from portal.local.processes import Child
from portal.local.servers import postgres_server, valkey_server
from portal.local.supervisor import StopRequested, Supervisor

ROOT = Path(__file__).resolve().parents[2]
READY = "ready.json"
_FIRST_PORT = 8050
"""Away from where demos begin: with a TMPDIR of its own the drill does not see which ports they were promised."""


def processes_of(folder: Path, *names: str) -> list[int]:
    """The process ids of programs of the instance with these names (all without names), including new children."""
    mine, found = f"OFFSHELF_FOLDER={folder}".encode(), []
    wanted = {f"OFFSHELF_CHILD={name}".encode() for name in names}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            variables = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if mine in variables and (not wanted or wanted & set(variables)):
            found.append(int(entry.name))
    return sorted(found)


def _named(child: Child, name: str, *, folder: Path) -> Child:
    env = {**(child.env or {}), "OFFSHELF_CHILD": name, "OFFSHELF_FOLDER": str(folder)}
    return dataclasses.replace(child, name=name, env=env)


def _twice(child: Child, name: str, folder: Path) -> Iterator[Child]:
    """Two beats, each with its own schedule file."""
    for number in (1, 2):
        argv = [word.replace("beat-schedule", f"beat-schedule-{number}") for word in child.argv]
        yield _named(dataclasses.replace(child, argv=argv), f"{name}-{number}", folder=folder)


def run(folder: Path, *, allow: str, smtp: int) -> None:
    with claimed(folder) as held:
        demo = processes.Demo(root=ROOT, folder=held, wanted_port=None, recalls=None, catalogue=None)
        ports = [processes.free_port(None, first=_FIRST_PORT) for _ in range(2)]
        database, broker = postgres_server(held, durable=True), valkey_server(held, durable=True)
        # Under root, the database runs as another user, so only this name identifies its processes.
        database_child = _named(database.child, "postgres", folder=held)
        broker_child = _named(broker.child, "valkey", folder=held)
        env = processes.environment(
            demo, port=ports[0], shop_port=0, database_url=database.app_url, broker_url=broker.url
        ) | {
            "DJANGO_SETTINGS_MODULE": "benchmarks.faults.settings",
            "FETCH_ALLOWED_PRIVATE": allow,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(smtp),
            "SWEEP_SECONDS": "1",
            "UNDO_SECONDS": "0",
            "CHECKS_PER_SECOND": "500",
        }

        def all_healthy(_pid: int) -> bool:
            return all(map(processes.is_healthy, ports))

        with Supervisor(logs=held / "logs", say=_say, first_pause=0.2, longest_pause=2.0) as supervisor:
            try:
                supervisor.start(database_child)
                supervisor.start(broker_child)
                migrate = [str(ROOT / "manage.py"), "migrate", "--no-input"]
                as_owner = {**env, "OWNER_DATABASE_URL": database.url}
                supervisor.run_once(
                    Child(name="migrate", argv=[sys.executable, *migrate], env=as_owner, folder=ROOT), to_log=True
                )
                names = [f"worker-{queue.name}" for queue in QUEUES]
                for queue in QUEUES:
                    worker = processes.worker(demo, env, queue=queue.name)
                    supervisor.start(_named(worker, f"worker-{queue.name}", folder=held))
                for beat in _twice(processes.beat(demo, env), "beat", held):
                    supervisor.start(beat)
                for number, port in enumerate(ports, 1):
                    web = _named(processes.web(demo, env, port=port), f"web-{number}", folder=held)
                    supervisor.start(dataclasses.replace(web, ready=all_healthy if port == ports[-1] else None))
                said = {"web": ports, "workers": names, "owner": database.url, "env": {**env}}
                (held / f"{READY}.new").touch(mode=0o600)
                (held / f"{READY}.new").write_text(json.dumps(said))
                (held / f"{READY}.new").replace(held / READY)
                supervisor.run()
            except StopRequested:
                pass
        database.tidy()
        broker.tidy()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def strike(pids: list[int], number: signal.Signals) -> int:
    """Send a signal to each process; returns how many existed."""
    struck = 0
    for pid in pids:
        try:
            os.kill(pid, number)
            struck += 1
        except ProcessLookupError:
            continue
    return struck


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--allow", required=True)
    parser.add_argument("--smtp", type=int, required=True)
    options = parser.parse_args()
    run(options.folder, allow=options.allow, smtp=options.smtp)
