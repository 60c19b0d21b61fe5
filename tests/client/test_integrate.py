"""docs/integrate.md does what it says: its blocks run one after the other, and print what it shows."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from enforcement.models import Observation
from enforcement.sandbox import services as sandboxes
from listings import services as listings
from listings.models import Flag, Listing
from offshelf_client.failures import MEANINGS
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls.models import Notice
from tests.client.conftest import Site

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "integrate.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", PAGE, re.MULTILINE | re.DOTALL)
END = "-- end of the block --"


class Shell:
    """One bash for all blocks, as the reader has one; it ends with the first command that fails."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._bash = subprocess.Popen(
            ["/bin/bash", "-euo", "pipefail"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder, env=environment,
        )  # fmt: skip

    def run(self, block: str) -> str:
        """What the block prints; fails if one of its commands does."""
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        self._bash.stdin.write(f"{block}\necho; echo {shlex.quote(END)}\n")
        self._bash.stdin.flush()
        lines: list[str] = []
        for line in self._bash.stdout:
            if line.strip() == END:
                return "".join(lines)
            lines.append(line)
        pytest.fail(f"{block}\n{''.join(lines)}")

    def close(self) -> None:
        self._bash.communicate(timeout=30)


@pytest.fixture
def site(live_server: LiveServer, platform_a: Organisation, manager_a: User) -> Site:
    """The sandbox that a manager creates with one press, and its key."""
    manager = Actor.person(manager_a)
    sandbox = sandboxes.create_sandbox(platform=platform_a, actor=manager)
    listings.match_notices_due()
    _, secret = api_keys.create_key(
        organisation=sandbox,
        name="Catalogue machine",
        scopes=["notices", "catalogue", "flags", "observations"],
        days=5,
        actor=manager,
    )
    notice = Notice.objects.get(platform=sandbox, recall__number="SANDBOX-1")
    return Site(live_server.url, sandbox, notice, secret)


def test_the_page_leads_from_the_key_to_a_decision(site: Site, home: Path) -> None:
    assert shutil.which("curl"), "on Debian run 'apt-get install curl'"
    programs = home / "bin"
    programs.mkdir()
    command = programs / "offshelf"
    command.write_text(
        f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {sys.executable} -m offshelf_client "$@"\n'
    )
    command.chmod(0o755)
    path = f"{programs}:{os.environ['PATH']}"
    shell = Shell(home, {**os.environ, "PATH": path, "OFFSHELF_ADDRESS": site.url, "OFFSHELF_KEY": site.secret})
    for block, shown in BLOCKS:
        printed = shell.run(block)
        for line in shown.splitlines():
            assert re.search(re.escape(line).replace("…", ".*"), printed), f"{block}\n{line}\n{printed}"
        site.work()
    shell.close()

    flags = Flag.objects.order_by("pk")
    assert [(flag.listing.external_id, flag.status) for flag in flags] == [("A-1", "claimed_removed"), ("A-3", "claimed_removed")]  # fmt: skip
    assert list(Listing.objects.order_by("pk").values_list("external_id", "present")) == [("A-1", False), ("A-2", True), ("A-3", False)]  # fmt: skip
    assert Observation.objects.filter(source="api", verdict="gone").count() == 2
    site.notice.refresh_from_db()
    assert site.notice.acknowledged_at is not None


def test_the_page_shows_every_exit_status() -> None:
    shown = re.findall(r"^\| (\d+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert shown == [(str(status.value), meaning) for status, meaning in MEANINGS.items()]
