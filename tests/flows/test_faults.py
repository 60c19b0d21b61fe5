"""A share of the drill (benchmarks/faults) in the suite: the product is struck under load, and nothing is lost."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INJECTIONS = 44


@pytest.mark.takes(95, instance=True)
def test_nothing_is_lost_doubled_or_falsely_proved_whatever_strikes(tmp_path: Path) -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("OFFSHELF_", "PYTEST_"))}
    done = subprocess.run(  # noqa: S603  our own module
        [sys.executable, "-m", "benchmarks.faults", "--seed", "20261129", "--count", str(INJECTIONS)],
        cwd=ROOT,
        env={**ours, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=420,
    )
    last = done.stdout.strip().splitlines()[-2:]
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert any(
        re.match(rf"faults: {INJECTIONS} injected, 0 lost, 0 duplicated, 0 false proofs, longest stall", line)
        for line in last
    ), done.stdout[-2000:]
