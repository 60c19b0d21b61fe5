"""The supervisor, with real processes: it is itself run as one where it is to be signalled or killed."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from celery import Celery

from portal.local.processes import LOG_LIMIT, Child, open_log
from portal.local.servers import start_valkey
from portal.local.servers.postgres import socket_folder
from portal.local.servers.unprivileged import account_for_postgres
from portal.local.supervisor import ChildFailed, StopRequested, Supervisor
from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent

FORKS = """
import os, signal, sys, time
if {deaf}:
    signal.signal(signal.SIGTERM, lambda *_: open(sys.argv[1] + " was asked", "w").close())
if os.fork() == 0:
    time.sleep(60)
open(sys.argv[1], "a").write(f"started {{os.getpid()}}\\n")
time.sleep(60)
"""

SUPERVISE = """
import os, signal, sys
from pathlib import Path
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # a run under nohup has it ignored, and so would be what is started here
from portal.local.supervisor import Child, Supervisor
folder = Path(sys.argv[1])
def say(line):
    print(line, flush=True)
{definitions}
with Supervisor(logs=folder / "logs", say=say, grace={grace}, first_pause=0.05) as supervisor:
    for child in children:
        supervisor.start(child)
    say("up")
    supervisor.run()
say("down")
"""


def until(condition: Callable[[], object], *, within: float = 40) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def marked(mark: str) -> set[int]:
    """The living processes that inherited the environment variable OFFSHELF_TEST_MARK=`mark`."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"OFFSHELF_TEST_MARK={mark}".encode() in (entry / "environ").read_bytes():
                found.add(int(entry.name))
    return found


class Supervised:
    """A supervisor in a process of its own, with everything that came from it findable by a mark."""

    def __init__(self, folder: Path, definitions: str, *, grace: float = 5, env: dict[str, str] | None = None) -> None:
        self.mark = uuid.uuid4().hex
        self.process = subprocess.Popen(  # noqa: S603  our own interpreter
            [sys.executable, "-c", SUPERVISE.format(definitions=definitions, grace=grace), str(folder)],
            cwd=ROOT,
            env={**os.environ, **(env or {}), "OFFSHELF_TEST_MARK": self.mark},
            stdout=subprocess.PIPE,
            text=True,
        )

    def hear(self, words: str) -> str:
        """Read its lines up to the first with these words, and give that one."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if words in line:
                return line.rstrip("\n")
        raise AssertionError(f"it ended without saying {words!r}")

    def alive(self) -> set[int]:
        return marked(self.mark)


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Callable[..., Supervised]]:
    running: list[Supervised] = []

    def start(definitions: str, *, grace: float = 5, env: dict[str, str] | None = None) -> Supervised:
        running.append(Supervised(tmp_path, definitions, grace=grace, env=env))
        return running[-1]

    yield start
    for one in running:
        one.process.kill()
        one.process.communicate()
        for pid in one.alive():
            os.kill(pid, signal.SIGKILL)


def forking(tmp_path: Path, *names: str, deaf: bool = False) -> str:
    """The definition of children that each fork one more process and note their starts in a file; ready once it is
    written, for a file is there before what is written to it."""
    program = FORKS.format(deaf=deaf)
    return "children = [" + ", ".join(
        f"Child(name={name!r}, argv=[sys.executable, '-c', {program!r}, {str(tmp_path / name)!r}], "
        f"ready=lambda _pid: bool((at := Path({str(tmp_path / name)!r})).exists() and at.stat().st_size))"
        for name in names
    ) + "]"  # fmt: skip


def starts(path: Path) -> list[int]:
    return [int(line.split()[1]) for line in path.read_text().splitlines()] if path.exists() else []


def test_what_dies_is_started_again_and_one_line_says_so(tmp_path: Path, supervised: Callable[..., Supervised]) -> None:
    supervisor = supervised(forking(tmp_path, "web", "worker"))
    supervisor.hear("up")
    first = starts(tmp_path / "worker")[0]
    os.kill(first, signal.SIGKILL)
    said = supervisor.hear("worker ended")
    assert said.startswith("worker ended (signal SIGKILL); starting it again in 0.05 s.")
    until(lambda: len(starts(tmp_path / "worker")) == 2)
    assert len(starts(tmp_path / "web")) == 1
    # web, worker, one forked process each, the supervisor; nothing of the killed worker is left.
    until(lambda: len(supervisor.alive()) == 5)
    assert first not in supervisor.alive()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_and_leaves_no_process(
    tmp_path: Path, supervised: Callable[..., Supervised], number: signal.Signals
) -> None:
    supervisor = supervised(forking(tmp_path, "web", "worker"))
    supervisor.hear("up")
    assert len(supervisor.alive()) == 5
    supervisor.process.send_signal(number)
    supervisor.hear("down")
    assert supervisor.process.wait(timeout=40) == 0
    assert supervisor.alive() == set()


def test_a_child_deaf_to_the_signal_is_killed_when_its_time_is_up(
    tmp_path: Path, supervised: Callable[..., Supervised]
) -> None:
    supervisor = supervised(forking(tmp_path, "deaf", deaf=True), grace=0.5)
    supervisor.hear("up")
    supervisor.process.terminate()
    assert supervisor.hear("deaf") == "deaf did not end in time and was killed."
    supervisor.process.wait(timeout=40)
    assert supervisor.alive() == set()


def test_a_second_ctrl_c_does_not_wait(tmp_path: Path, supervised: Callable[..., Supervised]) -> None:
    supervisor = supervised(forking(tmp_path, "deaf", deaf=True), grace=60)
    supervisor.hear("up")
    supervisor.process.send_signal(signal.SIGINT)
    until((tmp_path / "deaf was asked").exists)  # one signal that comes before the other was heard is the same one
    supervisor.process.send_signal(signal.SIGINT)
    assert supervisor.process.wait(timeout=40) == 0
    assert supervisor.alive() == set()


def exists(path: Path) -> Callable[[int], bool]:
    return lambda _pid: path.exists()


def supervise(tmp_path: Path, program: str, *names: str) -> tuple[list[str], list[str]]:
    """Start children with this program, the first of which the others need, and end them: their notes in order, and what
    was said. Each gets the file for notes, its name, and the file that says it is up."""
    notes, said = tmp_path / "order", list[str]()
    with Supervisor(logs=tmp_path / "logs", say=said.append, grace=20) as supervisor:
        for name in names:
            up = tmp_path / name
            argv = [sys.executable, "-c", program, str(notes), name, str(up)]
            supervisor.start(Child(name=name, argv=argv, ready=exists(up), others_need=name == names[0]))
    return notes.read_text().split(), said


def test_what_others_need_is_ended_last(tmp_path: Path) -> None:
    notes_its_end = (
        "import signal, sys, time\n"
        "def end(*_): time.sleep(0.3); open(sys.argv[1], 'a').write(sys.argv[2] + ' '); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); open(sys.argv[3], 'w').close(); time.sleep(60)\n"
    )
    order, said = supervise(tmp_path, notes_its_end, "database", "web", "worker")
    assert (sorted(order[:2]), order[2:]) == (["web", "worker"], ["database"])
    assert said == []


def test_what_nobody_needs_is_ended_at_the_same_time(tmp_path: Path) -> None:
    """Each of both ends only when the other was asked to end as well."""
    waits_for_the_other = (
        "import signal, sys, time\n"
        "notes, name, up = sys.argv[1:]\n"
        "def end(*_):\n"
        "    open(notes, 'a').write(name + ' ')\n"
        "    while name != 'database' and len(open(notes).read().split()) < 2: time.sleep(0.01)\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); open(up, 'w').close(); time.sleep(60)\n"
    )
    order, said = supervise(tmp_path, waits_for_the_other, "database", "web", "worker")
    assert (sorted(order[:2]), order[2:]) == (["web", "worker"], ["database"])
    assert said == [], "nobody had to be killed"


CELERY_APP = """
import os, time
from celery import Celery
from celery.signals import worker_process_init
from portal.local.supervisor import die_with_parent
app = Celery("tied", broker=os.environ["BROKER_URL"])
app.conf.task_ignore_result = True
app.conf.task_acks_late = True  # or the task is held for a moment only
@worker_process_init.connect
def tie(**_kwargs):
    die_with_parent()
@app.task(name="hold")
def hold():
    time.sleep(60)
"""
WSGI_APP = """
import time
def application(environ, start_response):
    if environ["PATH_INFO"] == "/hold":
        time.sleep(60)
    start_response("200 OK", [("Content-Length", "0")])
    return [b""]
"""
REAL = """
from portal.demo.processes import is_healthy
from portal.local.processes import Child
from portal.local.servers import postgres_server, valkey_server
from portal.local.supervisor import die_with_parent
port = int(os.environ["TEST_PORT"])
postgres = postgres_server(folder, durable=True)
env = {**os.environ, "PYTHONPATH": f"{folder}:{os.getcwd()}"}
env.pop("DJANGO_SETTINGS_MODULE", None)  # this application is not the portal's
python = lambda name, *words, ready=None: Child(
    name=name, argv=[sys.executable, "-m", *words], env=env, folder=folder, ready=ready)
children = [
    postgres.child,
    python("web", "gunicorn", "held:application", "--config", "python:portal.webserver", "--bind", f"127.0.0.1:{port}",
        "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket",
        ready=lambda _pid: is_healthy(port)),
    python("worker", "celery", "-A", "tied", "worker", "--concurrency", "2", "--loglevel", "INFO",
        ready=lambda _pid: "ready." in (folder / "logs" / "worker.log").read_text()),
    python("beat", "celery", "-A", "tied", "beat", "--schedule", str(folder / "beat"), "--pidfile", ""),
]
"""


def test_kill_9_of_the_supervisor_leaves_no_process_of_postgres_gunicorn_or_celery(
    tmp_path: Path, supervised: Callable[..., Supervised]
) -> None:
    (tmp_path / "tied.py").write_text(CELERY_APP)
    (tmp_path / "held.py").write_text(WSGI_APP)
    port = free_port()
    with start_valkey(tmp_path, durable=False) as valkey:
        supervisor = supervised(REAL, env={"TEST_PORT": str(port), "BROKER_URL": valkey.url})
        supervisor.hear("up")
        with redis.Redis.from_url(valkey.url) as broker, socket.create_connection(("127.0.0.1", port)) as request:
            hold_a_task(valkey.url)
            request.sendall(b"GET /hold HTTP/1.1\r\nHost: localhost\r\n\r\n")
            until(lambda: broker.hlen("unacked") == 1)
            # supervisor; gunicorn and 2; celery and 2; beat. PostgreSQL has an environment of its own.
            assert len(supervisor.alive()) >= 8
            data = (tmp_path / "postgres").stat().st_ino
            assert len(working_in(data)) >= 5
            supervisor.process.kill()
            until(lambda: not supervisor.alive() and not working_in(data))
    shutil.rmtree(socket_folder(tmp_path, account_for_postgres()))  # nobody was left to remove it


def hold_a_task(url: str) -> None:
    with Celery("sender", broker=url) as app:
        app.send_task("hold")


def working_in(inode: int) -> set[int]:
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").stat().st_ino == inode:
                found.add(int(entry.name))
    return found


def test_a_child_that_ends_while_starting_is_named_with_the_end_of_its_log(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", "import sys; print('no such table'); sys.exit(3)"]
    with (
        Supervisor(logs=tmp_path / "logs", say=lambda _line: None) as supervisor,
        pytest.raises(ChildFailed, match=r"(?s)web ended while starting \(exit code 3\).*no such table"),
    ):
        supervisor.start(Child(name="web", argv=argv, ready=lambda _pid: False))


def test_a_child_that_never_gets_ready_is_ended_and_named(tmp_path: Path) -> None:
    pids: list[int] = []

    def never(pid: int) -> bool:
        pids.append(pid)
        return False

    with Supervisor(logs=tmp_path / "logs", say=lambda _line: None) as supervisor:
        with pytest.raises(ChildFailed, match=r"web was not ready within 0\.3 seconds"):
            supervisor.start(Child(name="web", argv=["sleep", "60"], ready=never), within=0.3)
        assert not Path(f"/proc/{pids[0]}").exists()


def test_a_command_that_does_not_exist_is_a_failure_that_says_so(tmp_path: Path) -> None:
    with (
        Supervisor(logs=tmp_path / "logs", say=lambda _line: None) as supervisor,
        pytest.raises(ChildFailed, match=r"(?s)exit code 127.*cannot run no-such-program"),
    ):
        supervisor.run_once(Child(name="migrate", argv=["no-such-program"]), to_log=True)


def test_a_command_run_once_succeeds_silently_and_is_not_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    ran = tmp_path / "ran"
    with Supervisor(logs=tmp_path / "logs", say=said.append) as supervisor:
        supervisor.run_once(Child(name="migrate", argv=["touch", str(ran)]), to_log=True)
        ran.unlink()
        threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGTERM)).start()
        supervisor.run()
    assert not ran.exists()
    assert said == []


def test_a_signal_during_a_command_ends_the_command(tmp_path: Path) -> None:
    with Supervisor(logs=tmp_path / "logs", say=lambda _line: None) as supervisor:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        began = time.monotonic()
        with pytest.raises(StopRequested):
            supervisor.run_once(Child(name="load", argv=["sleep", "60"]), to_log=True)
        assert time.monotonic() - began < 5
        with pytest.raises(StopRequested):
            supervisor.start(Child(name="web", argv=["sleep", "60"]))


def test_pauses_grow_with_each_quick_failure_up_to_the_longest(tmp_path: Path) -> None:
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if len(said) == 4:
            os.kill(os.getpid(), signal.SIGTERM)

    with Supervisor(logs=tmp_path / "logs", say=say, first_pause=0.1, longest_pause=0.3) as supervisor:
        supervisor.start(Child(name="web", argv=["false"]))
        supervisor.run()
    assert [line.partition("again in ")[2].partition(" s")[0] for line in said] == ["0.1", "0.2", "0.3", "0.3"]


def test_the_handlers_of_the_caller_are_put_back(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Supervisor(logs=tmp_path / "logs", say=lambda _line: None):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_long_log_is_put_aside_when_it_is_opened(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * (LOG_LIMIT + 1))
    with open_log(log) as out:
        out.write(b"new\n")
    assert log.read_bytes() == b"new\n"
    assert (tmp_path / "web.log.1").stat().st_size == LOG_LIMIT + 1
