"""Real worker processes and a real beat: clocks go on while checks hang, and a frozen broker stops neither pages nor them."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from enforcement import services
from enforcement.models import CheckPlan, Heartbeat, Observation
from listings.models import CatalogueImport
from portal import audit
from portal.identity.actors import Actor
from portal.local.servers import start_valkey
from portal.models import Organisation, Pulse, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = """
import json, os, sys, time, django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from portal.database import acting
from portal.models import User
acting.begin(acting.SYSTEM)
client = Client()
client.force_login(User.objects.get(email=sys.argv[1]))
client.get("/")  # so that only the page is timed
for line in sys.stdin:
    began = time.monotonic()
    file = SimpleUploadedFile("feed.jsonl", b'{"id": "1", "title": "Heater"}')
    answer = client.post(reverse("listings:import_add"), {"file": file, "kind": "delta"})
    print(json.dumps([answer.status_code, time.monotonic() - began]), flush=True)
"""


def until(condition: Callable[[], object], *, within: float) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@dataclass(frozen=True)
class SilentShop:
    """Takes every connection and says one letter each second, until it hangs up on all."""

    host: str
    hangs_up: threading.Event


@pytest.fixture
def silent_shop() -> Iterator[SilentShop]:
    server, hangs_up = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def drip(taken: socket.socket) -> None:
        with taken:
            try:
                while not hangs_up.wait(1):
                    taken.sendall(b"H")
            except OSError:
                return

    def serve() -> None:
        while True:
            try:
                taken, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(taken,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield SilentShop(f"127.0.0.1:{server.getsockname()[1]}", hangs_up)
    server.close()


@contextmanager
def running(environment: dict[str, str], folder: Path, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
    with (folder / f"{words[-1].strip('-')}.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603  our own programs
        try:
            yield process
        finally:
            process.kill()  # the processes of its pool are tied to it
            process.wait()


@pytest.mark.takes(17)
def test_clocks_go_on_while_checks_hang_and_pages_workers_and_beat_outlive_a_frozen_broker(
    silent_shop: SilentShop, platform_a: Organisation, regulator: Organisation, manager_a: User, tmp_path: Path
) -> None:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=timezone.now())
    for number in range(4):
        listing = ListingFactory(platform=platform_a, link=f"http://{silent_shop.host}/listing/{number}")
        services.start_clock(flag=FlagFactory(notice=notice, listing=listing, status="claimed_removed"))
    CheckPlan.objects.update(next_at=None)
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    with start_valkey(tmp_path, durable=False) as valkey:
        environment = {
            **os.environ,
            "DATABASE_URL": database,
            "BROKER_URL": valkey.url,
            "SWEEP_SECONDS": "1",
            "CHECK_SECONDS": "40",
            "FETCH_ALLOWED_PRIVATE": silent_shop.host,
            "WORKER_PROCESSES": "clocks=1,checks=1",
            "OFFSHELF_FOLDER": str(tmp_path),
        }
        beat = ("celery", "-A", "portal", "beat", "--schedule", str(tmp_path / "schedule"), "--pidfile=")
        page_of = [sys.executable, "-c", PAGE, manager_a.email]
        with (
            running(environment, tmp_path, "portal.worker", "checks"),
            running(environment, tmp_path, "portal.worker", "clocks"),
            running(environment, tmp_path, *beat),
            subprocess.Popen(  # noqa: S603
                page_of, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            ) as pages,
        ):
            until(Pulse.objects.exists, within=120)
            CheckPlan.objects.update(next_at=timezone.now())
            until(lambda: CheckPlan.objects.filter(attempts=1).count() == 4, within=120)  # they hang from now on
            for _ in range(2):
                clocks_go_on(manager_a, within=12)
            assert not Observation.objects.exists(), "the checks hang all the while"

            os.kill(valkey.process.pid, signal.SIGSTOP)
            try:
                for _ in range(3):
                    assert page(pages) < 2
                time.sleep(3)  # longer than anybody waits for its answer
            finally:
                os.kill(valkey.process.pid, signal.SIGCONT)
            assert CatalogueImport.objects.filter(status="queued").count() == 3, "what the pages said was done is done"
            clocks_go_on(manager_a, within=30)
            silent_shop.hangs_up.set()
            until(lambda: Observation.objects.filter(verdict="unknown").count() == 4, within=60)
        valkey.stop()
    assert not Observation.objects.exclude(rule="no_answer").exists()


def clocks_go_on(person: User, *, within: float) -> None:
    """An event is sealed, and the watchdog looks."""
    audit.record(actor=Actor.person(person), action="person.edited", subject=person)
    began = timezone.now()
    until(lambda: not audit.unsealed().exists(), within=within)
    until(lambda: Heartbeat.objects.filter(name="clocks", checked_at__gt=began).exists(), within=within)


def page(pages: "subprocess.Popen[str]") -> float:
    """Seconds that the page takes in which a manager starts an import."""
    assert pages.stdin is not None
    assert pages.stdout is not None
    pages.stdin.write("go\n")
    pages.stdin.flush()
    status, seconds = json.loads(pages.stdout.readline())
    assert status == 302
    return float(seconds)
