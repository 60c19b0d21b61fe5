"""A share of the drill (benchmarks/faults) in the suite: the product is struck under load, and nothing is lost."""

import re
import subprocess


def test_nothing_is_lost_doubled_or_falsely_proved_whatever_strikes(
    ran_beside: "subprocess.CompletedProcess[str]",
) -> None:
    done = ran_beside
    last = done.stdout.strip().splitlines()[-2:]
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert any(
        re.match(rf"faults: {done.args[-1]} injected, 0 lost, 0 duplicated, 0 false proofs, longest stall", line)
        for line in last
    ), done.stdout[-2000:]
