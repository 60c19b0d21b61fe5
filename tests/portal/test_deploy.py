"""What is shipped to run it elsewhere: two roles, a state directory, no values in the database's log, limits for pages."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import yaml
from django.conf import settings

from portal.database.roles import QUIET
from portal.local.servers import start_postgres

DEPLOY = Path(settings.BASE_DIR) / "deploy"
CONFINES = re.compile(r"NoNew|Protect|Private|Remove|Capab|Ambient|Restrict[ANRS]|Lock|Memory|SystemCall|ProcSubset")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_has_its_state_directory_and_knows_no_owner(path: Path) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    unit.read(path)
    service = unit["Service"]
    assert service["StateDirectory"] == "offshelf"
    assert service["EnvironmentFile"] == "/etc/offshelf.env"
    assert "OWNER_DATABASE_URL" not in path.read_text()


def test_a_unit_may_do_what_it_needs_and_little_else() -> None:
    """Every unit is confined alike; where systemd is at hand, its own judgement of each is at least "OK"."""
    confined = [[line for line in path.read_text().splitlines() if CONFINES.match(line)] for path in UNITS]
    assert confined[0] == confined[1] == confined[2]
    assert {
        "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes", "PrivateUsers=yes",
        "NoNewPrivileges=yes", "CapabilityBoundingSet=", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "RestrictNamespaces=yes", "MemoryDenyWriteExecute=yes", "SystemCallFilter=@system-service",
        "SystemCallFilter=~@privileged", "SystemCallErrorNumber=EPERM",
    } <= set(confined[0])  # fmt: skip
    if (program := shutil.which("systemd-analyze")) is None:
        return
    for path in UNITS:
        words = [program, "security", "--offline=true", "--no-pager", str(path)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
        exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
        assert exposure is not None, done.stderr
        assert float(exposure[1]) <= 2, path.name


def test_what_is_written_lies_in_the_state_directory_and_what_is_set_is_explained() -> None:
    lines = [line for file in DEPLOY.glob("*.example") for line in file.read_text().splitlines()]
    values = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    assert values["OFFSHELF_FOLDER"] == "/var/lib/offshelf"
    assert values["STATIC_ROOT"].startswith("/var/lib/offshelf/")
    explained = (Path(settings.BASE_DIR) / "docs" / "operations.md").read_text()
    assert [name for name in values if f"`{name}`" not in explained] == []


def test_in_the_compose_file_setup_alone_knows_the_owner_and_the_others_are_another_role() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    superuser = services["db"]["environment"]["POSTGRES_USER"]
    knows = [name for name, service in services.items() if "OWNER_DATABASE_URL" in service.get("environment", {})]
    assert knows == ["setup"]
    for name in ("setup", "web", "clocks", "checks", "matching", "files", "deliveries", "beat"):
        assert services[name]["environment"]["DATABASE_URL"].startswith("postgresql://offshelf:")
    assert superuser == "offshelf_owner"
    assert all(f"-c {name}={value}" in services["db"]["command"] for name, value in QUIET.items())


def test_the_values_of_statements_do_not_reach_the_log(tmp_path: Path) -> None:
    with start_postgres(tmp_path, durable=False) as server, psycopg.connect(server.url, autocommit=True) as session:
        session.execute("CREATE TABLE people (email text UNIQUE CHECK (length(email) < 30))")
        session.execute("INSERT INTO people VALUES ('ada@psa.example.gov')")
        for statement, values in (
            ("INSERT INTO people VALUES ('ada@psa.example.gov')", ()),
            ("INSERT INTO people VALUES (%s)", ("ada@psa.example.gov",)),
            ("INSERT INTO people VALUES (%s)", ("ada@psa.example.gov" + "x" * 30,)),
            ("SELECT 1/0 FROM people WHERE email = 'ada@psa.example.gov'", ()),
        ):
            with pytest.raises(psycopg.Error):
                session.execute(statement, values)
        log = server.server.log.read_text()
    assert log.count("ERROR:") == 4, "what went wrong is in it"
    assert "ada@" not in log


@pytest.mark.parametrize(("process", "seconds", "wanted"), [("web", "", 30), ("other", "", 900), ("web", "5", 5)])
def test_a_page_waits_shorter_for_the_database_than_other_work(process: str, seconds: str, wanted: int) -> None:
    program = "from portal import settings; print(settings.DATABASES['default']['OPTIONS']['options'])"
    env = {**os.environ, "OFFSHELF_PROCESS": process, "STATEMENT_SECONDS": seconds}
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", program], cwd=settings.BASE_DIR, env=env, capture_output=True, check=True
    )
    assert f"-c statement_timeout={wanted}s" in done.stdout.decode()
