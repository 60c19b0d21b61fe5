"""The worked examples of CONTRIBUTING.md are followed to the letter, in a copy of the source; their tests pass there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COPIED = (
    "portal",
    "recalls",
    "listings",
    "enforcement",
    "benchmarks",
    "templates",
    "locale",
    "tests",
    "pyproject.toml",
)
EXAMPLES = ("Add a page", "Add a matching rule", "Add a recall feed")
BINARIES = Path(sys.executable).parent


class Block(NamedTuple):
    example: str
    path: str
    kind: str
    """python, html or json for a new file, diff for a change to one that is there."""
    body: str


def blocks() -> list[Block]:
    found, example, path = [], "", ""
    for match in re.finditer(r"^### (?P<title>[^\n]+)$|^(?:New file|In) `(?P<path>[^`]+)`|^```(?P<kind>\w+)\n(?P<body>.*?)^```$",
                             TEXT.partition("## Worked examples")[2], re.MULTILINE | re.DOTALL):  # fmt: skip
        if match["title"]:
            example, path = match["title"], ""
        elif match["path"]:
            path = match["path"]
        else:
            found.append(Block(example, path, match["kind"], match["body"]))
    return found


def patched(text: str, block: Block) -> str:
    """The text with a diff applied that has no line numbers: what it shows of the text must be there exactly once."""
    lines = block.body.splitlines()
    before = "\n".join(line[1:] for line in lines if line[0] in " -")
    after = "\n".join(line[1:] for line in lines if line[0] in " +")
    assert text.count(before) == 1, f"CONTRIBUTING.md, {block.example}: {block.path} has not once\n{before}"
    return text.replace(before, after)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source in which all examples were followed."""
    copy = tmp_path_factory.mktemp("contributing")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("*.pyc.*", "*.po", "browser"))
        else:
            shutil.copy(source, copy / name)
    for block in blocks():
        path = copy / block.path
        if block.kind == "diff":
            path.write_text(patched(path.read_text(encoding="utf-8"), block), encoding="utf-8")
        else:
            assert not path.exists(), f"{block.path} is there already"
            path.write_text(block.body, encoding="utf-8")
    return copy


def run(followed: Path, *command: str | Path) -> str:
    """What the command prints in the copy, which works on this test's own database."""
    name = str(connection.settings_dict["NAME"]).removeprefix("test_")
    addresses = {
        variable: urlsplit(os.environ[variable])._replace(path=f"/{name}").geturl()
        for variable in ("DATABASE_URL", "OWNER_DATABASE_URL")
        if variable in os.environ
    }
    left_out = {"PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_CURRENT_TEST"}
    inherited = {
        each: value
        for each, value in os.environ.items()
        if each not in left_out and not each.startswith("COVERAGE_")  # the copy is not what is measured
    }
    done = subprocess.run(  # noqa: S603  our own tools
        [str(part) for part in command], cwd=followed, env=inherited | addresses, capture_output=True, text=True, check=False, timeout=120
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return done.stdout


def test_every_example_has_new_files_and_a_test() -> None:
    assert tuple(dict.fromkeys(block.example for block in blocks())) == EXAMPLES
    for example in EXAMPLES:
        own = [block for block in blocks() if block.example == example]
        assert all(block.path for block in own), "each block says which file it is for"
        assert [block for block in own if block.path.startswith("tests/")], example


def test_the_examples_are_clean(followed: Path) -> None:
    touched = sorted({block.path for block in blocks() if block.path.endswith(".py")})
    run(followed, BINARIES / "ruff", "check", "--no-cache", *touched)
    run(followed, BINARIES / "ruff", "format", "--check", "--no-cache", *touched)


@pytest.mark.takes(3)
@pytest.mark.django_db
def test_the_examples_work(followed: Path) -> None:
    """The new page answers, the new rule speaks, the new importer reads: the examples' own tests pass."""
    tests = [block.path for block in blocks() if block.path.startswith("tests/")]
    printed = run(
        followed, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "--reuse-db", *tests
    )
    cases = sum(block.body.count("def test_") for block in blocks() if block.path in tests)
    passed = re.search(r"(\d+) passed", printed)
    assert passed is not None, printed
    assert int(passed[1]) >= cases
