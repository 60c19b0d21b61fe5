"""The command line `python -m portal.run`, run as a program.

The demo runs in a small project that has our process modules and plain stand-ins for the Django side, so that these
tests are about processes only: PostgreSQL, Valkey, gunicorn and Celery are real.
"""

import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.local.servers.postgres import socket_folder
from portal.local.servers.unprivileged import account_for_postgres
from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("__init__", "background/__init__", "background/queues", "demo/__init__", "demo/processes", "env", "run", "webserver", "worker")  # fmt: skip

MANAGE = """
import os, pathlib, sys
print("manage", *sys.argv[1:], flush=True)
if sys.argv[1] == "load_demo":
    folder = pathlib.Path(os.environ["OFFSHELF_FOLDER"])
    (folder / "sign-ins.txt").write_text("ada@psa.example.gov  a-password")
    (folder / "loaded").write_text(" ".join(sys.argv[2:]))
"""
WSGI = """
import os
def application(environ, start_response):
    names = ("OFFSHELF_MODE", "OFFSHELF_FOLDER", "ALLOWED_HOSTS", "BASE_URL", "DATABASE_URL", "BROKER_URL")
    body = "\\n".join(os.environ[name] for name in names).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""
CELERY = """
import os
from celery import Celery
from celery.signals import worker_process_init
from portal.local.supervisor import die_with_parent
app = Celery("portal", broker=os.environ["BROKER_URL"])
@worker_process_init.connect
def tie(**_kwargs):
    die_with_parent()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name in OURS:
        copy = root / "portal" / f"{name}.py"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "portal" / f"{name}.py", copy)
    shutil.copytree(ROOT / "portal" / "local", root / "portal" / "local")
    (root / "manage.py").write_text(MANAGE)
    (root / "portal" / "wsgi.py").write_text(WSGI)
    (root / "portal" / "celery.py").write_text(CELERY)
    return root


def started(root: Path, *words: str) -> "subprocess.Popen[str]":
    of_this_suite = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "BROKER_URL", "SECRET_KEY", "OFFSHELF_MODE"}
    env = {name: value for name, value in os.environ.items() if name not in {*of_this_suite, "OFFSHELF_FOLDER"}}
    return subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-m", "portal.run", *words],
        cwd=root,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(root: Path, *words: str) -> tuple[int, str]:
    process = started(root, *words)
    said, _ = process.communicate(timeout=120)
    return process.returncode, said


@contextlib.contextmanager
def demo(root: Path, *words: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A running demo, and everything it said up to the end of its banner."""
    process = started(root, "demo", *words)
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if line.startswith("Stop it with"):
                break
        else:
            raise AssertionError(said)
        yield process, said
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def from_project(root: Path) -> set[int]:
    """The living processes that work in the project or below."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").readlink().is_relative_to(root):
                found.add(int(entry.name))
    return found


def until_gone(root: Path) -> None:
    deadline = time.monotonic() + 40
    while from_project(root):
        assert time.monotonic() < deadline, from_project(root)
        time.sleep(0.05)


def page(port: int) -> list[str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
        return str(answer.read(), "utf-8").splitlines()


def test_the_demo_comes_up_stops_on_ctrl_c_and_keeps_its_key_and_data(project: Path, tmp_path: Path) -> None:
    recalls = tmp_path / "recalls of mine.csv"
    recalls.write_text("one")
    port, folder = free_port(), tmp_path / "a folder"
    words = ("--folder", str(folder), "--port", str(port), "--recalls", str(recalls))
    with demo(project, *words) as (process, said):
        assert f"Offshelf is running at http://127.0.0.1:{port}\n" in said
        assert "ada@psa.example.gov  a-password" in said
        assert f"Data and logs: {folder}" in said
        assert (folder / "loaded").read_text() == f"--recalls {recalls}"
        assert (folder / "logs" / "migrate.log").read_text() == "manage migrate --no-input\n"
        mode, at, hosts, base, database, broker = page(port)
        assert (mode, at, hosts) == ("demo", str(folder), "127.0.0.1,localhost")
        assert base == f"http://127.0.0.1:{port}"
        assert database.startswith("postgresql://offshelf_app@/offshelf?host=/")
        assert broker.startswith("redis://:")
        key = folder / "secret-key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert len(made := key.read_text().strip()) >= 50
        assert (
            run(project, "demo", *words)[1].count(f"already running in {folder} (process {process.pid})") == 1
        )  # refused by the folder before anything else was touched
        code, refusal = run(project, "reset", "--folder", str(folder))
        assert code == 2
        assert "already running" in refusal
        assert (folder / "loaded").exists()

        process.send_signal(signal.SIGINT)
        last, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        assert last.endswith(f"Stopping.\nStopped. The data is kept in {folder}\n")
        assert from_project(tmp_path) == set()
    assert key.read_text().strip() == made

    assert run(project, "reset", "--folder", str(folder)) == (0, f"{folder} is now empty.\n")
    assert [entry.name for entry in folder.iterdir()] == ["offshelf.lock"]


def test_a_second_demo_takes_a_folder_of_its_own_and_kill_9_of_the_first_leaves_nothing(project: Path) -> None:
    with (
        demo(project, "--port", str(free_port())) as (first, _),
        demo(project, "--port", str(other := free_port())) as (second, said),
    ):
        wanted = project / ".offshelf" / "demo"
        assert f"{wanted} is in use by a running demo. This one uses {wanted}-2.\n" in said
        assert page(other)[1] == f"{wanted}-2"
        first.kill()
        second.kill()
        until_gone(project)
    for folder in (wanted, wanted.with_name("demo-2")):
        shutil.rmtree(socket_folder(folder, account_for_postgres()))  # nobody was left to remove it


def test_a_given_port_that_is_taken_is_one_sentence_and_starts_nothing(project: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        code, said = run(project, "demo", "--port", str(port))
    assert code == 2
    assert said == f"Port {port} is in use. Use --port with another port, or omit it to use a free port.\n"
    assert not (project / ".offshelf" / "demo" / "postgres").exists()


def test_the_demo_outlives_the_reader_of_its_output(project: Path) -> None:
    with demo(project, "--port", str(port := free_port())) as (process, _):
        assert process.stdout is not None
        process.stdout.close()
        beat = next(pid for pid in from_project(project) if b"\0beat\0" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(beat, signal.SIGKILL)
        time.sleep(1)  # its end must have been told to nobody by now
        assert page(port)[0] == "demo"
        process.terminate()
        assert process.wait(timeout=60) == 0
    assert from_project(project) == set()


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1"])
def test_nonsense_ports_are_refused_with_the_range(project: Path, port: str) -> None:
    code, said = run(project, "demo", f"--port={port}")
    assert code == 2
    assert f"{port!r} is not a port: give a number from 1 to 65535" in said


@pytest.mark.parametrize("option", ["--recalls", "--catalogue"])
def test_a_missing_file_is_one_sentence_and_starts_nothing(project: Path, option: str) -> None:
    code, said = run(project, "demo", option, "no/such.csv")
    assert (code, said) == (2, f"{option}: file not found: no/such.csv.\n")
    assert not (project / ".offshelf").exists()


def test_a_demo_whose_loading_fails_says_so_and_leaves_no_process(project: Path) -> None:
    (project / "manage.py").write_text("import sys; print('row 7: no title'); sys.exit('load' in sys.argv[1])")
    code, said = run(project, "demo", "--port", str(free_port()))
    assert code == 1
    assert "row 7: no title\n" in said
    assert said.endswith("load_demo failed (exit code 1).\n")
    assert from_project(project) == set()


def test_a_folder_with_other_files_is_never_used_nor_emptied(project: Path, tmp_path: Path) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "to-grandmother.txt").write_text("dear")
    code, said = run(project, "demo", "--folder", str(letters))
    assert (code, said) == (2, f"{letters} contains other files: give a new or empty folder with --folder.\n")
    code, said = run(project, "reset", "--folder", str(letters))
    assert (code, said) == (2, f"{letters} is not a data folder of Offshelf, so nothing was removed.\n")
    assert [entry.name for entry in letters.iterdir()] == ["to-grandmother.txt"]


def test_resetting_a_folder_that_does_not_exist_is_not_an_error(project: Path, tmp_path: Path) -> None:
    assert run(project, "reset", "--folder", str(tmp_path / "none"))[0] == 0


def test_servers_hands_the_addresses_to_the_command_and_exits_as_it_did(project: Path, tmp_path: Path) -> None:
    program = (
        "import os, sys, psycopg, redis\n"
        "with psycopg.connect(os.environ['DATABASE_URL']) as c: print(c.execute('SHOW fsync').fetchone()[0])\n"
        "with redis.Redis.from_url(os.environ['BROKER_URL']) as r: print(r.ping())\n"
        "print(os.environ['OFFSHELF_MODE'], len(os.environ['SECRET_KEY']) >= 50); sys.exit(7)\n"
    )
    folder = str(tmp_path / "servers")
    code, said = run(project, "servers", "--folder", folder, "--", sys.executable, "-c", program)
    assert (code, said) == (7, "off\nTrue\ntest True\n")
    assert from_project(tmp_path) == set()


def test_servers_begins_with_an_empty_database_where_asked(project: Path, tmp_path: Path) -> None:
    program = (
        "import os, psycopg\n"
        "with psycopg.connect(os.environ['OWNER_DATABASE_URL']) as c:\n"
        "    print(c.execute(\"SELECT count(*) FROM pg_tables WHERE tablename = 'left'\").fetchone()[0])\n"
        "    c.execute('CREATE TABLE IF NOT EXISTS \"left\" ()')\n"
    )
    command = ("--folder", str(tmp_path / "servers"), "--", sys.executable, "-c", program)
    assert [run(project, "servers", *more, *command) for more in ((), (), ("--fresh",))] == [
        (0, "0\n"),
        (0, "1\n"),
        (0, "0\n"),
    ]


def test_servers_ends_with_its_command_on_sigterm_and_reports_the_signal(project: Path, tmp_path: Path) -> None:
    folder = str(tmp_path / "servers")
    process = started(project, "servers", "--folder", folder, "--", "sh", "-c", "echo up; exec sleep 60")
    assert process.stdout is not None
    with process:
        assert process.stdout.readline() == "up\n"
        process.terminate()
        assert process.wait(timeout=60) == 128 + signal.SIGTERM
    assert from_project(tmp_path) == set()


@pytest.mark.parametrize("words", [("servers",), ("servers", "--")])
def test_servers_without_a_command_says_how(project: Path, words: tuple[str, ...]) -> None:
    code, said = run(project, *words)
    assert code == 2
    assert "COMMAND…" in said


def test_help_names_every_command(project: Path) -> None:
    code, said = run(project, "--help")
    assert code == 0
    assert all(f"\n    {name} " in said for name in ("demo", "servers", "reset"))
