"""The command as it is installed elsewhere: without the server's apps, settings or database."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SEEN = """
import sys
from offshelf_client.__main__ import main
try:
    main(["--help"])
except SystemExit:
    pass
from offshelf_client import matching, proofs
from listings.matching import ListingText, ProductText, RecallIndex, RecallText, read_recall
recall = RecallText("1", "Hearthline HL-200R Heaters Recalled", "", (ProductText("Heaters", "Hearthline", ("HL-200R",)),))
print([match.band for match in RecallIndex([read_recall(recall)]).match(ListingText("a", "Hearthline HL-200R heater"))])
roots = {name.partition(".")[0] for name in sys.modules}
print(sorted(roots & {"django", "rest_framework", "celery", "psycopg", "recalls", "enforcement"}))
print(sorted(name for name in sys.modules if name.startswith("portal.")), offshelf_client.__file__)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a wheel of this project holds, unpacked."""
    setuptools = pytest.importorskip("setuptools", minversion="61")
    assert setuptools
    folder = tmp_path_factory.mktemp("installed")
    build = ["-q", "build", "--build-base", str(folder / "build"), "--build-lib", str(folder / "lib")]
    program = f"import setuptools, sys; sys.argv[1:] = {build!r}; setuptools.setup()"
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    return folder / "lib"


def test_the_installed_command_runs_without_the_server(installed: Path) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", f"import offshelf_client, listings.ingest.parquet{SEEN}"],
        cwd=installed, env={"PYTHONPATH": str(installed), "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    bands, servers, portal = done.stdout.splitlines()[-3:]
    assert (bands, servers) == ("['flag']", "[]")
    assert portal.startswith(
        "['portal.archives', 'portal.cells', 'portal.encoding_names', 'portal.gtin', 'portal.parquet', 'portal.retry_after', 'portal.workbooks']"
    )
    assert str(installed) in portal


def test_the_installed_package_holds_no_app_that_only_the_server_has(installed: Path) -> None:
    assert {path.name for path in installed.iterdir()} == {"offshelf_client", "listings", "portal"}
    assert PROJECT["project"]["scripts"] == {"offshelf": "offshelf_client.__main__:main"}
