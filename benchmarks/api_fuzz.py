"""python -m portal.run servers --fresh -- .venv/bin/python -m benchmarks.api_fuzz --calls 5000 --seed 1: calls drawn from
the API's schema against the running web server, as a platform, an officer and an admin.

Everything that can be opened exists once, and calls have their effects. Prints how often each status came and what
deviates from the schema; the exit status is 1 if anything does.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

import requests  # noqa: E402  Django is set up first
import schemathesis  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.urls import resolve  # noqa: E402
from drf_spectacular.generators import SchemaGenerator  # noqa: E402

from benchmarks.api_calls import Calls, ids_of, operations_of  # noqa: E402
from portal.database import acting  # noqa: E402
from portal.identity import api_keys  # noqa: E402
from portal.identity.access import ACCESS, PLATFORM_SCOPES, REGULATOR_SCOPES, ROLE_PERMISSIONS  # noqa: E402
from portal.identity.actors import Actor  # noqa: E402
from tests.factories import OrganisationFactory, UserFactory  # noqa: E402
from tests.owner import empty_tables  # noqa: E402
from tests.world import PopulatedSite, build_populated_site  # noqa: E402

OTHERS = 0.1  # of the calls go out with keys that do not open what they ask for
SECONDS = 60
LOG = settings.FOLDER / "api-fuzz.log"
"""What the web server says: where to look for the reason of a 5xx."""


def cast() -> tuple[PopulatedSite, dict[str, str]]:
    """The populated site, and the keys of a platform, an officer and an admin."""
    regulator = OrganisationFactory(kind="regulator", name="Product Safety Authority", slug="psa")
    platform = OrganisationFactory(name="Bazaarly", slug="bazaarly")
    officer = UserFactory(role="regulator_staff", organisation=regulator)
    site = build_populated_site(
        regulator=regulator,
        platform=platform,
        officer=officer,
        moderator=UserFactory(role="moderator", organisation=platform),
        manager=UserFactory(role="platform_manager", organisation=platform),
    )
    admin = Actor.person(UserFactory(role="admin", organisation=regulator))
    _, secret = api_keys.create_key(
        organisation=regulator, name="Admin", scopes=list(REGULATOR_SCOPES), days=5, actor=admin
    )
    return site, {"platform": site.secret, "officer": site.regulator_secret, "admin": secret}


def entitled(path: str) -> str:
    """Whose key opens an address."""
    rule = ACCESS[resolve(path).view_name]
    if rule in frozenset().union(*PLATFORM_SCOPES.values()):
        return "platform"
    return "officer" if rule in ROLE_PERMISSIONS["regulator_staff"] else "admin"


@contextmanager
def web_server() -> Iterator[str]:
    """The web server as it runs in production, on a free port; its address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [
        *(
            sys.executable,
            "-m",
            "gunicorn",
            "portal.wsgi",
            "--config",
            "python:portal.webserver",
            "--no-control-socket",
        ),
        *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "1", "--threads", "4"),
        *("--log-level", "error"),
    ]
    environment = {**os.environ, "API_CALLS_PER_MINUTE": "1000000"}
    with (
        LOG.open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process,  # noqa: S603  our own server
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield address
        finally:
            process.terminate()


def _wait_for(address: str) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310  our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit("The web server did not answer.")


def fuzz(address: str, site: PopulatedSite, keys: dict[str, str], *, calls: int, number: int) -> Calls:
    """Send the calls and compare the answers."""
    api = schemathesis.openapi.from_dict(dict(SchemaGenerator().get_schema(request=None, public=True)))
    operations, ids, done = operations_of(api), ids_of(site), Calls()
    with requests.Session() as session:
        call = _caller(address, session)
        while done.sent < calls:  # not every operation gives as many different calls as it is asked for
            before, each = done.sent, max(2, (calls - done.sent) // len(operations))
            for operation in operations:
                able = entitled("/".join(part if "{" not in part else "1" for part in operation.path.split("/")))
                for who, secret in keys.items():
                    count = round(each * (1 - OTHERS * (len(keys) - 1))) if who == able else round(each * OTHERS)
                    if count:
                        done.run(operation, ids, call, key=f"Bearer {secret}", count=count, number=number)
                if done.sent >= calls:
                    return done
            number += 1
            if done.sent == before:
                break
    return done


def _caller(address: str, session: requests.Session) -> Any:
    def call(case: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return case.call(
                base_url=address, session=session, headers={"Accept-Encoding": "identity"}, timeout=SECONDS
            )

    return call


def main() -> int:
    acting.begin(acting.SYSTEM)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api_fuzz", description=__doc__)
    parser.add_argument("--calls", type=int, default=5_000, help="about how many calls; default: 5,000")
    parser.add_argument("--seed", type=int, default=1, help="which ones; default: 1")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    empty_tables()  # of an earlier run
    site, keys = cast()
    with web_server() as address:
        done = fuzz(address, site, keys, calls=options.calls, number=options.seed)
    for line in done.broken:
        sys.stdout.write(f"{line[:1_500]}\n")
    if failed := sum(count for status, count in done.statuses.items() if status >= 500):
        sys.stdout.write(f"the server's log: {LOG}\n")
    sys.stdout.write(
        f"statuses: {', '.join(f'{status}: {count:,}' for status, count in sorted(done.statuses.items()))}\n"
    )
    undocumented = done.kinds.pop("UndefinedStatusCode", 0)
    done.kinds.pop("ServerError", 0)
    sys.stdout.write(
        f"api fuzz: {done.sent:,} calls with seed {options.seed} as {', '.join(keys)}: {failed} answers 5xx, "
        f"{done.kinds.total()} schema violations, {undocumented} undocumented statuses\n"
    )
    return 0 if not failed and not done.kinds.total() and not undocumented else 1


if __name__ == "__main__":
    raise SystemExit(main())
