"""What is shipped to run it elsewhere: two roles, a state directory, no values in the database's log, limits for pages."""

import configparser
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import psycopg
import pytest
import yaml
from django.conf import settings

from portal.database.roles import QUIET
from portal.local.servers import start_postgres

DEPLOY = Path(settings.BASE_DIR) / "deploy"
CONFINES = re.compile(r"NoNew|Protect|Private|Remove|Capab|Ambient|Restrict[ANRS]|Lock|Memory|SystemCall|ProcSubset")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
BACKUP = DEPLOY / "systemd" / "offshelf-backup.service"


def section(path: Path, name: str) -> configparser.SectionProxy:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    unit.read(path)
    return unit[name]


@pytest.mark.parametrize("path", [path for path in UNITS if path != BACKUP], ids=lambda path: path.name)
def test_a_unit_has_its_state_directory_and_knows_no_owner(path: Path) -> None:
    service = section(path, "Service")
    assert service["User"] == "offshelf"
    assert service["StateDirectory"] == "offshelf"
    assert service["EnvironmentFile"] == "/etc/offshelf.env"
    assert "owner" not in path.read_text()


def test_the_backup_alone_knows_the_owner_as_a_user_of_its_own_and_keeps_what_nobody_else_reads() -> None:
    service, lines = section(BACKUP, "Service"), BACKUP.read_text().splitlines()
    assert "User" not in service
    assert (service["DynamicUser"], service["SupplementaryGroups"], service["UMask"]) == ("yes", "offshelf", "0077")
    files = [line.partition("=")[2] for line in lines if line.startswith("EnvironmentFile=")]
    assert files == ["/etc/offshelf.env", "/etc/offshelf-owner.env"]
    assert (service["StateDirectory"], service["StateDirectoryMode"]) == ("offshelf-backups", "0700")
    assert service["ExecStart"].endswith("manage.py backup --keep 14 /var/lib/offshelf-backups")
    assert (section(BACKUP.with_suffix(".timer"), "Timer")["Persistent"]) == "true", (
        "a night that was missed is made up"
    )


def test_systemd_takes_every_unit_and_every_timer_has_its_service(tmp_path: Path) -> None:
    """Where systemd is at hand, in its own judgement, with the folder of this project in place of /opt/offshelf."""
    timers = sorted((DEPLOY / "systemd").glob("*.timer"))
    assert [path.name for path in timers] == ["offshelf-backup.timer", "offshelf-verify-audit.timer"]
    assert [path for path in timers if path.with_suffix(".service") not in UNITS] == []
    if (program := shutil.which("systemd-analyze")) is None:
        return
    for path in (*UNITS, *timers):
        text = path.read_text().replace("/opt/offshelf/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / path.name.replace("@.", "@clocks.")).write_text(
            text.replace("/opt/offshelf", str(settings.BASE_DIR))
        )

    def verified(*names: str) -> subprocess.CompletedProcess[str]:
        words = [program, "verify", "--man=no", *(str(tmp_path / name) for name in names)]
        return subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603

    done = verified(*(path.name for path in tmp_path.iterdir()))
    assert (done.returncode, done.stderr) == (0, "")
    wrong = (tmp_path / "offshelf-backup.timer").read_text().replace("*-*-* 02:00", "each night")
    (tmp_path / "offshelf-backup.timer").write_text(wrong)
    assert "each night" in verified("offshelf-backup.timer").stderr, "it looks that deep"


def test_a_unit_may_do_what_it_needs_and_little_else() -> None:
    """Every unit is confined alike; where systemd is at hand, its own judgement of each is at least "OK"."""
    confined = [[line for line in path.read_text().splitlines() if CONFINES.match(line)] for path in UNITS]
    assert [lines for lines in confined if lines != confined[0]] == []
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
    lines = [line for file in DEPLOY.glob("offshelf*.example") for line in file.read_text().splitlines()]
    values = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    assert values["OFFSHELF_FOLDER"] == "/var/lib/offshelf"
    assert values["STATIC_ROOT"].startswith("/var/lib/offshelf/")
    explained = (Path(settings.BASE_DIR) / "docs" / "operations" / "settings.md").read_text()
    assert [name for name in values if f"`{name}`" not in explained] == []


def test_each_command_gets_the_settings_it_needs_and_the_owner_s_only_those_of_the_owner(tmp_path: Path) -> None:
    """deploy/manage.sh reads files as systemd does: what a shell would run, or split, is a letter like any other."""
    project, etc = tmp_path / "project", tmp_path / "etc"
    for folder in (project / "deploy", project / ".venv" / "bin", etc):
        folder.mkdir(parents=True)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/tmp"):  # noqa: S108
            folder.chmod(folder.stat().st_mode | 0o011)  # the user that it works as looks inside
    shutil.copy2(DEPLOY / "manage.sh", project / "deploy")
    python = project / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\necho "$(id -un) $*|$DATABASE_URL|${OWNER_DATABASE_URL-no owner}|$SECRET_KEY"\n')
    python.chmod(0o755)
    address = "postgresql://a:b@db:5432/o?sslmode=verify-full&sslrootcert=/etc/ssl/a.pem"
    (etc / "offshelf.env").write_text(
        f"# of the application\nDATABASE_URL={address}\nSECRET_KEY=$(id) `id` 'x' \"y\"\n"
    )
    (etc / "offshelf-owner.env").write_text("OWNER_DATABASE_URL=postgresql://owner@db/o\n")
    as_root = os.getuid() == 0
    environment = {"PATH": os.environ["PATH"], "OFFSHELF_ETC": str(etc), "OFFSHELF_USER": "nobody" if as_root else ""}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  our own program
            [str(project / "deploy" / "manage.sh"), *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    who = "nobody" if as_root else pwd.getpwuid(os.getuid()).pw_name
    shown = run("create_admin", "ines@psa.example.gov", "--name", "Ines Duarte").stdout
    words = "manage.py create_admin ines@psa.example.gov --name Ines Duarte"
    assert shown == f"{who} {words}|{address}|no owner|$(id) `id` 'x' \"y\"\n"
    for command in ("migrate", "ensure_roles", "backup", "restore"):
        assert "|postgresql://owner@db/o|" in run(command).stdout
    (etc / "offshelf.env").write_text("export THIS\n")
    refused = run("check")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert '"export THIS" is not NAME=value' in refused.stderr


def test_the_compose_file_is_one_by_the_specification() -> None:
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    text = (DEPLOY / "compose.yaml").read_text()
    assert [error.message for error in validator.iter_errors(yaml.safe_load(text))] == []
    wrong = yaml.safe_load(text.replace("condition: service_healthy", "condition: service_well"))
    assert next(validator.iter_errors(wrong)).json_path == "$.services.setup.depends_on", "the schema looks that deep"


def test_it_comes_up_from_nothing_with_what_the_page_says_to_put_into_the_environment(tmp_path: Path) -> None:
    """The commands of docs/operations/install.md write .env; every variable that compose asks for is in it, and fits the settings."""
    page = (Path(settings.BASE_DIR) / "docs" / "operations" / "install.md").read_text()
    (block,) = [found for found in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) if "compose.env.example" in found]
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    lines = [line for line in block.splitlines() if not line.startswith("docker ")]
    subprocess.run(["sh", "-euc", "\n".join(lines)], cwd=tmp_path, check=True)  # noqa: S603,S607
    written = tmp_path / "deploy" / ".env"
    assert written.stat().st_mode & 0o777 == 0o600
    values = dict(line.split("=", 1) for line in written.read_text().splitlines() if line and not line.startswith("#"))
    asked = set(re.findall(r"\$\{(\w+):\?\}", (DEPLOY / "compose.yaml").read_text()))
    assert asked == {"SECRET_KEY", "ALLOWED_HOSTS", "OWNER_PASSWORD", "DB_PASSWORD", "DEFAULT_FROM_EMAIL"}
    assert [name for name in asked if not values.get(name)] == []
    secrets = [values[name] for name in ("SECRET_KEY", "OWNER_PASSWORD", "DB_PASSWORD")]
    assert len(set(secrets)) == 3
    assert all(re.fullmatch(r"[0-9a-zA-Z]{50,}", secret) for secret in secrets)
    taken = set(re.findall(r"\$\{(\w+)[:}]", (DEPLOY / "compose.yaml").read_text()))
    assert set(values) <= taken, "nothing is set there that compose does not read"


def test_strangers_come_in_through_the_proxy_alone_which_starts_after_its_certificate() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert ports == {"proxy": ["80:80", "443:443"], "web": ["127.0.0.1:8000:8000"]}
    proxy = services["proxy"]
    assert proxy["depends_on"]["certificate"] == {"condition": "service_completed_successfully"}
    assert (proxy["read_only"], proxy["cap_drop"]) == (True, ["ALL"])
    mounted = [volume.split(":") for volume in proxy["volumes"] if volume.startswith("./")]
    assert [(DEPLOY / source).is_file() for source, *_ in mounted] == [True, True]
    assert {mode for *_, mode in mounted} == {"ro"}
    uid = re.search(r"--uid (\d+)", (Path(settings.BASE_DIR) / "Dockerfile").read_text())
    assert uid is not None
    assert proxy["user"] == f"{uid[1]}:{uid[1]}", "key.pem can be read"


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
