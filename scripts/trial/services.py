"""PostgreSQL, a broker and a proxy from Debian's packages, in a root of their own; they speak TLS alone."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from trial.record import Failed, Record
from trial.roots import Root

NAMES = ("db.internal", "broker.internal", "offshelf.example.gov", "login.psa.internal")
DATABASE_PORT, BROKER_PORT, PROXY_PORT, WEB_PORTS = 15432, 16379, 18443, (18001, 18002)
AUTHORITY = "/etc/ssl/trial/authority.pem"
POSTGRES = "/usr/lib/postgresql/15/bin"


@dataclass(frozen=True)
class Passwords:
    owner: str
    application: str
    broker: str


def install(host: Root, record: Record) -> None:
    record.step(
        "apt-get install postgresql-15 redis-server nginx-light openssl prometheus",
        lambda: host.run(
            "apt-get install -y -qq --no-install-recommends postgresql-15 redis-server nginx-light openssl prometheus",
            online=True,
        ),
    )


def make_certificates(host: Root, record: Record) -> None:
    """An authority, and a certificate for each name; keys are readable by who runs the server."""
    commands = [
        "mkdir -p /etc/ssl/trial",
        "cd /etc/ssl/trial",
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=trial -keyout authority.key -out authority.pem",
    ]
    for name in NAMES:
        commands += [
            (
                f"openssl req -newkey rsa:2048 -nodes -subj /CN={name} -addext subjectAltName=DNS:{name}"
                f" -keyout {name}.key -out {name}.csr"
            ),
            (
                f"openssl x509 -req -in {name}.csr -days 2 -CA authority.pem -CAkey authority.key -copy_extensions copy"
                f" -out {name}.pem"
            ),
        ]
    commands += ["chown postgres db.internal.*", "chown redis broker.internal.*", "chmod 600 *.key"]
    record.step("openssl req …; openssl x509 …   # an authority, and a certificate for each server",
                lambda: host.run(" && ".join(f"{command} 2>/dev/null" for command in commands) + " && ls *.pem"))  # fmt: skip


def make_database(host: Root, passwords: Passwords, record: Record) -> None:
    """A cluster that lets nobody in but over TLS and with a password, and the owner's role; docs/operations/database.md, Roles."""
    postgres = Root(host.image, host.folder, user="postgres", names=NAMES)
    data = "/var/lib/postgresql/trial"
    record.step(
        "initdb --auth-local=peer --auth-host=scram-sha-256",
        lambda: postgres.run(
            f"mkdir {data} && {POSTGRES}/initdb -D {data} -E UTF8 --locale=C.UTF-8 --auth-local=peer --auth-host=scram-sha-256"
            f" && sed -i 's/^host /hostssl /' {data}/pg_hba.conf"
        ),
    )
    statements = f"CREATE ROLE offshelf_owner LOGIN PASSWORD '{passwords.owner}' CREATEROLE;\\n" + "".join(
        f"CREATE DATABASE {name} OWNER offshelf_owner;\\n" for name in ("offshelf", "restored", "upgraded")
    )
    record.step(
        "psql   # the two statements of Roles, and empty databases for the drill and the upgrade",
        lambda: postgres.run(
            f"printf \"{statements}\" > /tmp/roles.sql && {POSTGRES}/pg_ctl -D {data} -w -s -o '-c listen_addresses=' start"
            f" && psql -f /tmp/roles.sql postgres; {POSTGRES}/pg_ctl -D {data} -s stop && rm /tmp/roles.sql"
        ),
        expect="CREATE DATABASE",
    )


def commands(passwords: Passwords) -> dict[str, tuple[str, str]]:
    """Name → whom it runs as, and how it is started."""
    keys = "/etc/ssl/trial"
    return {
        "db": ("postgres", (f"{POSTGRES}/postgres -D /var/lib/postgresql/trial -c port={DATABASE_PORT}"
               f" -c listen_addresses=127.0.0.1 -c unix_socket_directories=/tmp -c ssl=on"
               f" -c ssl_cert_file={keys}/db.internal.pem -c ssl_key_file={keys}/db.internal.key")),
        "broker": ("redis", (f"redis-server --port 0 --tls-port {BROKER_PORT} --bind 127.0.0.1 --requirepass {passwords.broker}"
                   f" --tls-cert-file {keys}/broker.internal.pem --tls-key-file {keys}/broker.internal.key"
                   f" --tls-ca-cert-file {keys}/authority.pem --tls-auth-clients no --save ''")),
        "proxy": ("root", "nginx -g 'daemon off;'"),
    }  # fmt: skip


def configure_proxy(host: Root, shipped: Path, record: Record) -> None:
    """deploy/nginx as it ships, with the ports of the trial, its certificate, and both web hosts."""
    servers = "\n    ".join(f"server 127.0.0.1:{port};" for port in WEB_PORTS)
    changes = {
        "web.conf": (("server 127.0.0.1:8000;", servers),),
        "offshelf.conf": (
            ("listen 80;", "listen 127.0.0.1:18080;"), ("listen 443 ssl;", f"listen 127.0.0.1:{PROXY_PORT} ssl;"),
            ("http2 on;", "# http2 on;"),  # of nginx 1.25; Debian 12 has 1.22
            ("/etc/ssl/offshelf/certificate.pem", "/etc/ssl/trial/offshelf.example.gov.pem"),
            ("/etc/ssl/offshelf/key.pem", "/etc/ssl/trial/offshelf.example.gov.key"),
        ),
    }  # fmt: skip
    own = host.folder / "own" / "etc" / "nginx" / "conf.d"
    own.mkdir(parents=True, exist_ok=True)
    for name, replacements in changes.items():
        text = (shipped / name).read_text()
        for former, now in replacements:
            if former not in text:
                raise Failed(f"deploy/nginx/{name} no longer has {former!r}")
            text = text.replace(former, now)
        (own / name).write_text(text)
    record.step("nginx -t", lambda: host.run("rm -f /etc/nginx/sites-enabled/default && nginx -t"), expect="successful")


def wait_for(ready: str, host: Root, process: subprocess.Popen[bytes], log: Path, *, within: float = 60) -> str:
    """Repeat a command until it succeeds. Raises Failed with the end of the log where the program ended or it takes longer."""
    end = time.monotonic() + within
    while True:
        try:
            return host.run(ready)
        except Failed as error:
            if process.poll() is not None or time.monotonic() > end:
                raise Failed(f"{error}\n{log.read_text(errors='replace')[-3000:]}") from None
            time.sleep(0.5)
