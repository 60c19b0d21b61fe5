"""What the product is installed from: its list of components, and the question whether one is known to be vulnerable."""

import http.server
import json
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PINNED = dict(re.findall(r"(?m)^([\w.-]+)==([^\s;\\]+)", (ROOT / "requirements.lock").read_text()))
FLAW = {
    "id": "PYSEC-2026-1",
    "affected": [
        {
            "package": {"name": "celery", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}],
        }
    ],
}


def test_the_list_of_components_is_valid_and_has_every_pinned_release_with_its_digests(tmp_path: Path) -> None:
    recipe = re.search(r"(?ms)^sbom:.*?\n\t@\$\(V\)/python (.*?)\n\n", (ROOT / "Makefile").read_text())
    assert recipe is not None
    words = recipe[1].replace("\\\n", " ").replace("'$(FILE)'", str(tmp_path / "sbom")).split()
    words[words.index("--validate")] = "--no-validate"  # once is enough: below
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True)  # noqa: S603  the recipe of `make sbom`
    text = (tmp_path / "sbom").read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    sbom: dict[str, Any] = json.loads(text)
    assert {part["name"]: part["version"] for part in sbom["components"]} == PINNED
    assert all(part["externalReferences"][0]["hashes"] for part in sbom["components"])
    assert sbom["metadata"]["component"]["name"] == "offshelf"


def licence_of(name: str) -> str | None:
    """What an installed release says of its licence: an expression, classifiers, or a few words; None where it is not here."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return None
    expression, words = ((about.get_all(name) or [""])[0] for name in ("License-Expression", "License"))
    classified = [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    return expression or "; ".join(classified) or words[:200]


def test_every_licence_is_permissive_or_named_by_the_page() -> None:
    page = (ROOT / "docs" / "operations" / "install.md").read_text()
    (named,) = re.findall(r"(?m)^Licences are permissive, but .+$", page)
    said = {name: licence for name in PINNED if (licence := licence_of(name)) is not None}
    assert len(said) > len(PINNED) - 5, "the others are for other machines"
    assert [name for name, licence in said.items() if not licence] == ["pyrage"], "its file says MIT"
    less = {name for name, licence in said.items() if re.search("GPL|MPL|Mozilla|Proprietary", licence)}
    assert less == set(re.findall(r"`([\w-]+)`", named))


@pytest.fixture
def osv() -> Iterator[Any]:
    """A database of vulnerabilities that answers what its `answers` say by name, and knows of nothing else."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.asked[asked["package"]["name"]] = asked["version"]
            status, answer = server.answers.get(asked["package"]["name"], (200, {}))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_words: object) -> None: ...

    server: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.answers, server.asked = {}, {}
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def audit(port: int, lock: str | Path = "requirements.lock") -> subprocess.CompletedProcess[str]:
    words = ["scripts/audit.py", str(lock), "--service", f"http://127.0.0.1:{port}/v1/query"]
    return subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock file of two releases, one of them for other machines than this one."""
    path = tmp_path / "small.lock"
    path.write_text("celery==5.7.0 \\\n    --hash=sha256:" + "a" * 64 + "\ntzdata==2026.6 ; sys_platform == 'win32'\n")
    return path


def test_an_audit_asks_about_every_pinned_release(osv: Any) -> None:
    done = audit(osv.server_port)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{len(PINNED)} of {len(PINNED)} packages of requirements.lock were checked; 0 with" in done.stdout
    assert osv.asked == PINNED


def test_an_audit_names_the_release_that_is_vulnerable_and_the_one_that_fixes_it(osv: Any, lock: Path) -> None:
    osv.answers["celery"] = (200, {"vulns": [FLAW]})
    done = audit(osv.server_port, lock)
    assert done.returncode == 1
    assert "celery 5.7.0: PYSEC-2026-1, fixed in 99.1\n2 of 2 packages" in done.stdout
    assert osv.asked["tzdata"] == "2026.6"


def test_an_audit_without_an_answer_says_that_nothing_was_checked(osv: Any, lock: Path) -> None:
    osv.answers["celery"] = (503, {})
    for _ in range(2):
        done = audit(osv.server_port, lock)
        assert (done.returncode, done.stdout, done.stderr[:22]) == (2, "", "NOTHING was checked: h")
        osv.shutdown()
        osv.server_close()


def test_the_lock_of_the_extras_has_their_packages_and_every_release_that_the_product_has() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    pinned = dict(re.findall(r"(?m)^([\w.-]+)==([^\s;\\]+)", (ROOT / "requirements-extras.lock").read_text()))
    assert PINNED.items() <= pinned.items()
    table = (ROOT / "docs" / "operations" / "install.md").read_text().split("\n### Extras\n")[1].split("\n## ")[0]
    told = dict(re.findall(r"(?m)^\| `(\w+)` \| `\w+` \| (.+) \|$", table))
    assert set(told) == {"browser", "s3", "telemetry"}
    for name, words in told.items():
        packages = re.findall("`(.+?)`", words)
        assert packages == [wanted.partition(">=")[0] for wanted in extras[name]]
        assert [package for package in packages if package not in pinned] == []


def test_the_release_of_the_project_is_the_newest_of_the_changelog_and_has_notes_for_the_upgrade() -> None:
    version = re.search(r'(?m)^version = "(.+)"$', (ROOT / "pyproject.toml").read_text())
    assert version is not None
    headings = re.findall(r"(?m)^## (.+)$", (ROOT / "CHANGELOG.md").read_text())
    released = [heading for heading in headings if heading != "Unreleased"]
    assert headings.index(released[0]) <= 1, "what is not released yet stands above all releases"
    assert re.fullmatch(rf"{re.escape(version[1])} \(\d{{4}}-\d\d-\d\d\)", released[0])
    names = [heading.split(" ")[0].rpartition(".")[0] for heading in released]
    notes = re.findall(r"(?m)^## From (.+) to (.+)$", (ROOT / "docs" / "operations" / "upgrade.md").read_text())
    assert notes == list(zip(names[1:], names[:-1], strict=True))
    assert f"main branch ({names[0]})" in (ROOT / "SECURITY.md").read_text()
