"""The container image: its own steps, run in a plain folder with what it copies. What only a container adds (its user, a
read-only root) is read from the files."""

import fnmatch
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from django.conf import settings
from django.db import connection
from trial import dockerfile

from portal.background import queues
from tests.ports import free_port

ROOT = Path(settings.BASE_DIR)
STEPS = dockerfile.steps((ROOT / "Dockerfile").read_text())
IGNORE = (ROOT / ".dockerignore").read_text()
SERVICES = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
OTHERS = {"db", "broker", "proxy"}
HOST = "offshelf.example.gov"
TOKEN = "t" * 40


def steps(kind: str) -> list[str]:
    return [step.rest for step in STEPS if step.kind == kind]


def variables() -> dict[str, str]:
    return dict(word.split("=", 1) for step in STEPS if step.kind == "ENV" for word in step.words)


def command() -> list[str]:
    return [step.words for step in STEPS if step.kind == "CMD"][-1]


def test_the_image_is_installed_by_hash_and_runs_as_nobody_special() -> None:
    assert [
        rest for rest in steps("RUN") if "pip install" in rest and "--require-hashes -r requirements.lock" not in rest
    ] == []
    *_, (_, last) = dockerfile.stages(STEPS)
    assert dockerfile.Step("USER", "offshelf") in last
    ran = [step.rest for step in last if step.kind == "RUN"]
    assert [rest for rest in ran if re.search(r"\b(pip|apt|apt-get|curl|wget)\b", rest)] == []
    assert last[1].rest.endswith("install -d -o offshelf -m 0750 /var/lib/offshelf /etc/ssl/offshelf"), (
        "the folders of both volumes are the user's"
    )


def test_the_image_has_the_python_that_is_tested() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    tested = workflow["jobs"]["check-and-test"]["container"]
    assert {rest.split()[0].replace("-slim", "") for rest in steps("FROM")} == {tested}


def test_no_container_installs_anything_when_it_starts() -> None:
    ours = {name: service for name, service in SERVICES.items() if name not in OTHERS}
    for name, service in ours.items():
        assert (service["image"], service["build"]["context"], service["read_only"]) == ("offshelf", "..", True), name
        assert not re.search(r"\b(pip|venv|apt|collectstatic|compilemessages)\b", service.get("command", "")), name
        own = "${TLS_FOLDER:-tls}:/etc/ssl/offshelf" if name == "certificate" else "files:/var/lib/offshelf"
        assert service["volumes"] == [own], "the code is the image's"


def test_every_container_of_ours_can_change_nothing_but_its_volume_and_has_a_health_check_of_its_own() -> None:
    for name, service in SERVICES.items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        if name in OTHERS:
            continue
        assert (service["read_only"], service["tmpfs"], service["cap_drop"]) == (True, ["/tmp"], ["ALL"]), name  # noqa: S108
        assert not {"privileged", "cap_add", "network_mode", "pid"} & service.keys(), name
        check = service["healthcheck"].get("test", [])
        if name == "web":
            assert check == ["CMD", "python", "deploy/healthcheck.py"]
        elif name not in {"setup", "certificate"}:
            assert check == ["CMD", "python", "manage.py", "check_work", name]
            assert ("beat" if name == "beat" else f"portal.worker {name}") in service["command"]
            assert service["healthcheck"]["interval"] == "60s"


def test_every_queue_has_its_container() -> None:
    run = {
        service["command"].rpartition(" ")[2]
        for service in SERVICES.values()
        if "portal.worker" in service.get("command", "")
    }
    assert run == set(queues.processes({}))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What .dockerignore lets into the image, after the image's own step that collects static files."""
    folder = tmp_path_factory.mktemp("image")
    assert next(line for line in IGNORE.splitlines() if line and not line.startswith("#")) == "*", (
        "only what is named gets in"
    )
    tops = [top for top in ROOT.iterdir() if not top.name.startswith(".")]
    files = [path for top in tops for path in (top, *top.rglob("*")) if path.is_file()]
    for name in dockerfile.copied([str(path.relative_to(ROOT)) for path in files], IGNORE):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    assert not any(fnmatch.fnmatch(path.name, "*.po") for path in folder.rglob("*"))
    (collect,) = [rest for rest in steps("RUN") if "collectstatic" in rest]
    done = subprocess.run(  # noqa: S602  the image's own step, as its shell runs it
        collect, shell=True, cwd=folder, env=here(folder), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


def here(folder: Path, **more: str) -> dict[str, str]:
    """The image's variables, with its paths moved into the folder and the tests' own Python instead of its own."""
    own = {
        name: value.replace("/opt/offshelf", str(folder)).replace("/var/lib", str(folder / "var"))
        for name, value in variables().items()
    }
    return own | {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"} | more


def answer(port: int, path: str, **headers: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as client:
        client.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"} | headers)
        got = client.getresponse()
        return got.status, got.read()


@pytest.fixture
def served(built: Path, db: None) -> Iterator[tuple[int, dict[str, str]]]:
    """The image's command in production mode on this test's database, and the environment that it runs in."""
    port = free_port()
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = here(
        built, SECRET_KEY="x7" * 30, ALLOWED_HOSTS=HOST, DATABASE_URL=database, BROKER_URL=os.environ["BROKER_URL"],
        DEFAULT_FROM_EMAIL="duty@offshelf.example.gov", BEHIND_PROXY="yes", PORT=str(port),
        METRICS_TOKEN=TOKEN,
    )  # fmt: skip
    own = " ".join(command()).replace("0.0.0.0:8000", f"127.0.0.1:{port}").replace("--workers 4", "--workers 2").split()
    with subprocess.Popen(own, cwd=built, env=environment, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        yield port, environment
        process.send_signal(signal.SIGINT)  # at once: gracefully it would wait for open connections


@pytest.mark.takes(5)
def test_the_image_serves_pages_and_collected_files_and_knows_whether_it_does(
    built: Path, served: tuple[int, dict[str, str]]
) -> None:
    port, environment = served
    check = [line for rest in steps("HEALTHCHECK") for line in re.findall(r'"([^"]+)"', rest)]

    def is_healthy(**more: str) -> bool:
        done = subprocess.run(check, cwd=built, env=environment | more, capture_output=True, check=False)  # noqa: S603
        return done.returncode == 0

    until = time.monotonic() + 60
    while not is_healthy() and time.monotonic() < until:
        time.sleep(0.1)
    before = {path for path in built.rglob("*") if "__pycache__" not in path.parts}
    status, page = answer(port, "/sign-in/")
    assert status == 200
    for link in re.findall(rb'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page):
        assert re.search(rb"\.[0-9a-f]{12}\.", link), "the names carry digests of the collected files"
        assert answer(port, link.decode())[0] == 200
    for _ in range(12):
        assert answer(port, "/late-platforms/")[0] == 200
    for _ in range(4):  # whichever of the two processes answers
        told = answer(port, "/metrics", Authorization=f"Bearer {TOKEN}")[1].decode()
        assert 'offshelf_page_seconds_count{page="enforcement:late_platforms"} 12.0' in told
    assert not is_healthy(PORT=str(free_port()))
    assert not is_healthy(ALLOWED_HOSTS="elsewhere.example"), "an answer that refuses is not healthy"
    assert {path for path in built.rglob("*") if "__pycache__" not in path.parts} == before, "nothing was written"
