"""Run the trial: build the image in a root folder, start hosts from it, break one, back up, restore; write docs/trial.md.

Needs root on a Linux with overlayfs, `debootstrap`, about 3 GB, and Debian's and Python's package indexes. Nothing outside
of FOLDER is changed; the programs are ended with the trial.
"""

import argparse
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from trial import services, signing_on, watching
from trial.dockerfile import steps
from trial.image import PROJECT, build
from trial.record import Failed, Record
from trial.roots import Root, make_base, stop
from trial.services import AUTHORITY, BROKER_PORT, DATABASE_PORT, NAMES, PROXY_PORT, WEB_PORTS, Passwords
from trial.visitor import Visitor

HEAD_OF_0_1 = "c3c9197405752ae50919b52123aa01cd54118cd2692e38975182a3255921cb18"
"""Of the chain in tests/flows/version_0_1, at position 60."""
QUEUES = ("clocks", "checks", "matching", "files", "deliveries")
INTRODUCTION = """`make trial` wrote this page: what it ran, how long it took, and what was printed (the end of it).
Where no container can be run, the image's steps are tried all the same, in a plain root folder (a minimal Debian {suite}); its hosts are root
folders as well, each with a file system of its own that is read-only but for `/tmp` and `/var/lib/offshelf`, and with processes of its own.
They share this machine's network and its kernel, so this says nothing about a container runtime. Passwords are shown as `…`."""


class Trial:
    """The hosts of a trial, and what runs on them."""

    def __init__(self, folder: Path, record: Record, passwords: Passwords, stack: ExitStack) -> None:
        self.folder, self.record, self.passwords, self.stack = folder, record, passwords, stack
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.hosts: dict[str, Root] = {}
        self.shared = folder / "shared"
        self.secret_key, self.metrics_token = secrets.token_urlsafe(60), secrets.token_hex(24)

    def start(self, name: str, command: str) -> None:
        process = self.hosts[name].start(command, self.folder / f"{name}.log")
        self.running[name] = process
        self.stack.callback(stop, process)

    def make_services(self, base: Path) -> None:
        self.record.section("A database, a broker and a proxy, each over TLS",
                            "Debian's packages, each in a root folder of its own.")  # fmt: skip
        tools = Root(str(base), self.folder / "services", names=NAMES)
        services.install(tools, self.record)
        services.make_certificates(tools, self.record)
        for name in (*services.commands(self.passwords), "watch"):
            self.hosts[name] = Root(f"{tools.folder}/own:{base}", self.folder / name, names=NAMES)
        services.make_database(self.hosts["db"], self.passwords, self.record)
        services.configure_proxy(self.hosts["proxy"], PROJECT / "deploy" / "nginx", self.record)
        for name, (user, command) in services.commands(self.passwords).items():
            self.hosts[name] = replace(self.hosts[name], user=user)
            self.start(name, command)
        self.authority = tools.folder / "own" / AUTHORITY.lstrip("/")

    def make_hosts(self, image: Root, base: Path) -> None:
        """Two web hosts, one for the workers, one for beat, and one for commands, from the image; the latter with the
        database's own client programs, as for every database that is reached over TLS."""
        tools = f"{self.folder}/services/own"
        (self.shared / "files").mkdir(parents=True)
        for name in ("web-1", "web-2", "work", "beat", "setup"):
            home = self.folder / f"{name}-home"
            (home / "files").mkdir(parents=True)
            self.hosts[name] = replace(
                image,
                image=":".join([f"{image.folder}/own", *([tools] if name == "setup" else []), str(base)]),
                folder=self.folder / name,
                read_only=True,
                names=NAMES,
                environment={**image.environment, **self.environment()},
                binds={
                    home: "/var/lib/offshelf",
                    self.shared / "files": "/var/lib/offshelf/files",
                    self.authority: AUTHORITY,
                },
            )
            for path in (home, home / "files", self.shared / "files"):
                os.chown(path, 10001, 10001)
                path.chmod(0o750)

    def address(self, role: str, password: str, database: str = "offshelf") -> str:
        tls = f"sslmode=verify-full&sslrootcert={AUTHORITY}"
        return f"postgresql://{role}:{password}@db.internal:{DATABASE_PORT}/{database}?{tls}"

    def environment(self) -> dict[str, str]:
        return {
            "SECRET_KEY": self.secret_key,
            "DATABASE_URL": self.address("offshelf", self.passwords.application),
            "BROKER_URL": f"rediss://:{self.passwords.broker}@broker.internal:{BROKER_PORT}/0"
            f"?ssl_cert_reqs=required&ssl_ca_certs={AUTHORITY}",
            "ALLOWED_HOSTS": "offshelf.example.gov",
            "BASE_URL": f"https://offshelf.example.gov:{PROXY_PORT}",
            "BEHIND_PROXY": "yes",
            "DEFAULT_FROM_EMAIL": "duty@offshelf.example.gov",
            "METRICS_TOKEN": self.metrics_token,
            "SIGN_ON_PRIVATE_HOSTS": f"{signing_on.PROVIDER_NAME}:{signing_on.PROVIDER_PORT}",
            "SIGN_ON_ROOTS": AUTHORITY,
            "WORKER_PROCESSES": ",".join(f"{queue}=1" for queue in QUEUES),
        }

    def manage(
        self,
        words: str,
        *,
        expect: str = "",
        owner: bool = False,
        shown: str = "",
        environment: Mapping[str, str] | None = None,
        before: str = "true",
    ) -> str:
        """A command on the host for commands, with both environments where `owner` is meant. `before` runs ahead of it."""
        more = {"OWNER_DATABASE_URL": self.address("offshelf_owner", self.passwords.owner)} if owner else {}
        command = f"python manage.py {words}"
        return self.record.step(
            shown or command,
            lambda: self.hosts["setup"].run(f"{before} && {command}", environment={**more, **(environment or {})}),
            expect=expect,
        )

    def start_product(self, image_command: str) -> None:
        for name, port in zip(("web-1", "web-2"), WEB_PORTS, strict=True):
            self.start(name, image_command.replace("0.0.0.0:8000", f"127.0.0.1:{port}"))
        self.start("work", "sh -c '" + " & ".join(f"python -m portal.worker {queue}" for queue in QUEUES) + " & wait'")
        self.start_beat()

    def start_watching(self) -> watching.Watcher:
        """Prometheus, on the network of the web hosts."""
        host, shipped = self.hosts["watch"], PROJECT / "deploy" / "monitoring"
        targets = [f"offshelf.example.gov:{port}" for port in WEB_PORTS]
        watching.configure(host, shipped, token=self.metrics_token, targets=targets, record=self.record)
        self.hosts["watch"] = replace(host, user="prometheus")
        self.start("watch", watching.COMMAND)
        return watching.Watcher(shipped / "dashboard.json")

    def start_beat(self) -> None:
        self.start("beat", "celery -A portal beat --schedule /tmp/beat-schedule --loglevel INFO")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make trial", description=__doc__)
    parser.add_argument(
        "--folder", type=Path, required=True, help="where the root folders are made; emptied at the start"
    )
    parser.add_argument("--output", type=Path, default=PROJECT / "docs" / "trial.md", help="the page to write")
    parser.add_argument(
        "--keep-image", action="store_true", help="start from the image of the last trial, for trying the rest"
    )
    options = parser.parse_args()
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        sys.exit("The trial mounts and changes roots: run it as root, where debootstrap is installed.")
    folder = options.folder.resolve()
    base, place = folder / "base", folder / "hosts"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    passwords = Passwords(*(secrets.token_hex(24) for _ in range(3)))
    record = Record(options.output, title="A trial of production", introduction=INTRODUCTION.format(suite="12"),
                    hidden=(passwords.owner, passwords.application, passwords.broker, str(folder)))  # fmt: skip
    try:
        with ExitStack() as stack:
            conduct(Trial(place, record, passwords, stack), base, folder / "image", keep=options.keep_image)
    except Failed as error:
        sys.exit(f"The trial failed: {error}")
    print(f"Done: {options.output}")


def conduct(trial: Trial, base: Path, image_folder: Path, *, keep: bool) -> None:
    """The whole trial, in order."""
    record = trial.record
    record.section("The image", f"On {datetime.now(UTC):%Y-%m-%d}.")
    record.step("debootstrap --variant=minbase bookworm", lambda: make_base(base))
    image = build(base, image_folder, record, keep=keep)
    trial.make_services(base)
    trial.make_hosts(image, base)
    record.section("Install: roles, tables, first people")
    trial.manage("migrate", owner=True, expect="OK")
    trial.manage("ensure_roles", owner=True)
    trial.manage("check --deploy --database default --fail-level WARNING", expect="no issues")
    password = secrets.token_urlsafe(18)
    for words in (
        "create_operator olga@operator.example --name 'Olga Marin'",
        "create_admin ines@psa.example.gov --name 'Ines Duarte' --regulator psa --regulator-name 'Product Safety Authority'",
    ):
        trial.manage(f"{words} <<E\n{password}\nE", shown=f"python manage.py {words}")
    record.section("Run: two web hosts, one for workers, one beat")
    (command,) = [step for step in steps((PROJECT / "Dockerfile").read_text()) if step.kind == "CMD"]
    trial.start_product(" ".join(command.words))
    visitor = Visitor(f"https://offshelf.example.gov:{PROXY_PORT}", trial.authority)
    record.step(
        "curl https://offshelf.example.gov/health/ready", lambda: visitor.until("/health/ready", 200, within=90)
    )
    record.step("curl https://offshelf.example.gov/health/work", lambda: visitor.until("/health/work", 200, within=180))
    record.section("Use: a page of one host, a file made by another, downloaded from a third")
    record.step(
        "sign in as olga@operator.example", lambda: visitor.sign_in("olga@operator.example", password), expect="200"
    )
    record.step(
        "export the people as CSV, and download it",
        lambda: visitor.export("/exports/of/people/", page="/people/"),
        expect="ines@psa.example.gov",
    )
    record.section("Single sign-on, and second factors", signing_on.INTRODUCTION)
    signing_on.start_provider(trial.authority, trial.folder / "provider.log", trial.stack)
    signing = signing_on.SigningOn(f"https://offshelf.example.gov:{PROXY_PORT}", trial.authority, record)
    signing.set_up("ines@psa.example.gov", password)
    signing.use("ines@psa.example.gov", password)
    record.section("Watch: Prometheus, with the alert rules and the dashboard that ship",
                   "Of each panel, the largest value that its queries find.")  # fmt: skip
    watcher = trial.start_watching()
    record.step("the panels of the dashboard", lambda: watcher.shown(within=120),
                expect=r"(?s)Silence: \d[\d.]*, \d[\d.]*\nLag of clocks: \d[\d.]*, \d")  # fmt: skip
    record.step(
        "the alert rule OffshelfSweepsSilent", lambda: watcher.until("OffshelfSweepsSilent", "inactive", within=120)
    )
    record.section("Break: a web host and the workers end")
    stop(trial.running["web-1"])
    record.step("web-1 is killed; ten pages", lambda: visitor.many("/account/", 10), expect=r"10 times 200")
    stop(trial.running["work"])
    stop(trial.running["beat"])
    record.step("workers and beat are killed; curl …/health/work", lambda: visitor.until("/health/work", 503, within=300),
                expect="late")  # fmt: skip
    record.step(
        "the alert rule OffshelfSweepsSilent", lambda: watcher.until("OffshelfSweepsSilent", "firing", within=300)
    )
    trial.start("work", "sh -c '" + " & ".join(f"python -m portal.worker {queue}" for queue in QUEUES) + " & wait'")
    trial.start_beat()
    record.step("they are started again; curl …/health/work", lambda: visitor.until("/health/work", 200, within=300))
    record.step(
        "the alert rule OffshelfSweepsSilent", lambda: watcher.until("OffshelfSweepsSilent", "inactive", within=120)
    )
    record.step(
        "curl -H 'Authorization: Bearer …' web-2/metrics",
        lambda: visitor.metrics(WEB_PORTS[1], trial.metrics_token, "offshelf_(sweep_silence|deadline_monitor_silence)"),
        expect="offshelf_sweep_silence_seconds",
    )
    restore(trial)
    record.step(
        "curl -H 'Authorization: Bearer …' web-2/metrics",
        lambda: visitor.metrics(WEB_PORTS[1], trial.metrics_token, "offshelf_backup_age_seconds"),
        expect=r"offshelf_backup_age_seconds \d{1,3}\.",
    )
    upgrade(trial)


def restore(trial: Trial) -> None:
    """A backup under the key of a recipient, and a drill: an empty database, an empty folder, the same head."""
    record = trial.record
    record.section("Back up, and restore into an empty database")
    made = trial.hosts["setup"].run(
        "python -c 'from pyrage import x25519; key = x25519.Identity.generate(); print(key.to_public(), key)'"
    )
    recipient, identity = made.split()
    (trial.folder / "setup-home" / "restore-key.txt").write_text(f"{identity}\n")
    os.chown(trial.folder / "setup-home" / "restore-key.txt", 10001, 10001)
    said = trial.manage(f"backup --recipient {recipient} /var/lib/offshelf/offshelf.age", owner=True, expect="head")
    record.step(
        "python manage.py backup --keep 14 /tmp/backups   # as offshelf-backup.service: a user of its own, in the files' group",
        lambda: backed_up_by_another(trial, recipient),
        expect=r"encrypted(?s:.*)0 older ones(?s:.*)offshelf-\d{8}T\d{6}Z\.age",
    )
    head = re.search(r"head ([0-9a-f]{64})", said)
    other = {
        "DATABASE_URL": trial.address("offshelf", trial.passwords.application, "restored"),
        "OWNER_DATABASE_URL": trial.address("offshelf_owner", trial.passwords.owner, "restored"),
        "OFFSHELF_FOLDER": "/tmp/restored",  # noqa: S108  in the host's own
    }
    restored = trial.manage(
        "restore --identity /var/lib/offshelf/restore-key.txt /var/lib/offshelf/offshelf.age && python manage.py verify_audit",
        environment=other,
    )
    same = head is not None and head[1] in restored
    if not same:
        raise Failed(f"The restored chain ends elsewhere than the backup's: {said}\n{restored}")


def backed_up_by_another(trial: Trial, recipient: str) -> str:
    """What a backup prints that is made by neither root nor the user of the services."""
    environment = {
        "OWNER_DATABASE_URL": trial.address("offshelf_owner", trial.passwords.owner),
        "BACKUP_RECIPIENTS": recipient,
    }
    other = "setpriv --reuid=61184 --regid=61184 --groups=10001 --no-new-privs --bounding-set=-all"
    return replace(trial.hosts["setup"], user="root").run(
        "install -d -o 61184 -m 0700 /tmp/backups && umask 0077"
        f" && {other} python manage.py backup --keep 14 /tmp/backups && ls /tmp/backups",
        environment=environment,
    )


def upgrade(trial: Trial) -> None:
    """A database with what 0.1 wrote (tests/flows/version_0_1) becomes one of this version, by docs/operations/upgrade.md, Upgrade."""
    record, home = trial.record, trial.folder / "setup-home"
    record.section("Upgrade a database that 0.1 wrote",
                   "Its 60 sealed events end in the head that 0.1 printed; a last one waited for its seal.")  # fmt: skip
    for name in ("schema.sql", "rows.sql"):
        shutil.copy2(PROJECT / "tests" / "flows" / "version_0_1" / name, home / name)
    (home / "anchors-of-0.1").write_text(json.dumps({"position": 60, "hash": HEAD_OF_0_1}) + "\n")
    owner = trial.address("offshelf_owner", trial.passwords.owner, "upgraded")
    there = {"DATABASE_URL": trial.address("offshelf", trial.passwords.application, "upgraded")}
    psql = f"psql -q -1 -v ON_ERROR_STOP=1 '{owner}' -f /var/lib/offshelf/schema.sql -f /var/lib/offshelf/rows.sql"
    record.step("psql -f schema.sql -f rows.sql   # as 0.1 left it",
                lambda: trial.hosts["setup"].run(f"{psql} && echo loaded"), expect="loaded")  # fmt: skip
    trial.manage("migrate", environment={**there, "OWNER_DATABASE_URL": owner}, expect="create_operator")
    seal = "python manage.py shell -v 0 -c 'from portal import audit; audit.seal_events()'"
    trial.manage(
        "verify_audit --anchor /var/lib/offshelf/anchors-of-0.1",
        shown="python manage.py verify_audit --anchor anchors-of-0.1   # after the last event was sealed, as the worker does",
        environment=there,
        before=seal,
        expect="61 events, chain intact",
    )
    trial.manage("check --deploy --database default --fail-level WARNING", environment=there, expect="no issues")


if __name__ == "__main__":
    main()
