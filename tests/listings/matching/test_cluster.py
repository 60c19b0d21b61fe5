"""Matching on a Ray cluster of this machine: the same bytes as the file run, and a file that fails costs itself alone."""

import gzip
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "portal" / "demo" / "data"
RECALLS = SAMPLE / "sample_recalls.json"
ROWS = [
    json.loads(line)
    for path in sorted(SAMPLE.glob("sample_catalogue_*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
HAS_RAY = importlib.util.find_spec("ray") is not None
with_ray = pytest.mark.skipif(not HAS_RAY, reason="the extra ray is not installed (requirements-ray.lock)")


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "listings.matching", *map(str, arguments), "--no-cache", "--recalls", str(RECALLS)]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)  # noqa: S603  our own


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    """The sample catalogues in five files, two of them packed, one with a line that is no listing."""
    made = []
    for number in range(5):
        lines = [json.dumps(row, ensure_ascii=False) for row in ROWS[number::5]]
        if number == 3:
            lines.insert(2, '{"id": "no title"}')
        text = "".join(f"{line}\n" for line in lines).encode()
        path = tmp_path / f"part-{number}.jsonl{'.gz' if number % 2 else ''}"
        path.write_bytes(gzip.compress(text) if number % 2 else text)
        made.append(path)
    return made


@with_ray
@pytest.mark.takes(40)
def test_a_cluster_writes_the_same_bytes_as_the_file_run(parts: list[Path], tmp_path: Path) -> None:
    one, many = tmp_path / "one.jsonl", tmp_path / "many.jsonl"
    alone = run("--listings", *parts, "--output", one, "--bands", "all")
    together = run("--listings", *parts, "--output", many, "--bands", "all", "--cluster", "local")
    assert (alone.returncode, together.returncode) == (0, 0), together.stderr
    assert many.read_bytes() == one.read_bytes() != b""
    assert f"{parts[3]}, line 3: " in alone.stderr
    assert f"{parts[3]}, line 3: " in together.stderr
    assert alone.stdout.split(" in ")[0] == together.stdout.split(" in ")[0]


@with_ray
@pytest.mark.takes(40)
def test_a_file_that_cannot_be_read_is_tried_again_and_costs_itself_alone(parts: list[Path], tmp_path: Path) -> None:
    one, many = tmp_path / "one.jsonl", tmp_path / "many.jsonl"
    broken, missing = parts[1], tmp_path / "missing.jsonl"
    broken.write_bytes(broken.read_bytes()[:-40])
    good = [path for path in parts if path != broken]
    assert run("--listings", *good, "--output", one).returncode == 0
    done = run("--listings", missing, *parts, "--output", many, "--cluster", "local", "--attempts", 2)
    assert done.returncode == 3
    said = [line for line in done.stderr.splitlines() if "attempt" in line]
    assert [line.split(": ")[0] for line in said] == [
        f"{missing}, attempt 1", f"{missing}, attempt 2", f"{broken}, attempt 1", f"{broken}, attempt 2",
    ]  # fmt: skip
    assert [line.rpartition("; ")[2] for line in said] == ["trying again", "left out"] * 2
    assert "FileNotFoundError" in said[0]
    assert "EOFError" in said[2]
    assert "2 of 6 files were left out" in done.stderr
    assert many.read_bytes() == one.read_bytes() != b"", "of a file that is left out nothing is written"


@with_ray
@pytest.mark.takes(60)
def test_a_worker_that_is_killed_costs_an_attempt_and_no_match(tmp_path: Path) -> None:
    large = tmp_path / "large.jsonl"
    with large.open("w", encoding="utf-8") as file:
        for turn in range(120):
            file.writelines(json.dumps({**row, "id": f"{row['id']}-{turn}"}) + "\n" for row in ROWS)
    one, many = tmp_path / "one.jsonl", tmp_path / "many.jsonl"
    assert run("--listings", large, "--output", one).returncode == 0
    with subprocess.Popen(  # noqa: S603  our own program
        command("--listings", large, "--output", many, "--cluster", "local"),
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        until = time.monotonic() + 300
        while not (workers := list(working(process.pid))):
            assert time.monotonic() < until, "no worker began"
            assert process.poll() is None, process.stderr and process.stderr.read()
            time.sleep(0.02)
        os.kill(workers[0], signal.SIGKILL)
        _, complained = process.communicate(timeout=300)
    assert process.returncode == 0, complained
    assert f"{large}, attempt 1: " in complained
    assert "trying again" in complained
    assert many.read_bytes() == one.read_bytes() != b""


def working(parent: int) -> Iterator[int]:
    """Ray's workers below a process that are matching a file at this moment."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            is_working = (folder / "cmdline").read_bytes().startswith(b"ray::_match_file")
            above = folder
            while is_working and above.name not in {"1", "0", str(parent)}:
                above = Path("/proc") / (above / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if is_working and above.name == str(parent):
            yield int(folder.name)


@pytest.mark.skipif(HAS_RAY, reason="the extra ray is installed")
def test_without_ray_it_says_what_to_install_and_touches_no_output(parts: list[Path], tmp_path: Path) -> None:
    output = tmp_path / "matches.jsonl"
    output.write_text("of the last run")
    done = run("--listings", *parts, "--output", output, "--cluster", "local")
    assert (done.returncode, "requirements-ray.lock" in done.stderr) == (2, True), done.stderr
    assert output.read_text() == "of the last run"
