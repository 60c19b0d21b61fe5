"""The whole product from its own command line: what `make demo-check` walks."""

import subprocess


def test_the_main_job_works_over_http_on_a_private_instance(
    ran_beside: "subprocess.CompletedProcess[str]",
) -> None:
    done = ran_beside
    assert done.stdout.splitlines()[-1:] == ["demo-check: 24 steps, 0 failed"], done.stdout + done.stderr
    assert done.returncode == 0
