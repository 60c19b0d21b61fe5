"""The whole product from its own command line: what `make demo-check` walks."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings


@pytest.mark.takes(85, instance=True)
def test_the_main_job_works_over_http_on_a_private_instance() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "portal.demo.check"],
        cwd=Path(settings.BASE_DIR),
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.stdout.splitlines()[-1] == "demo-check: 24 steps, 0 failed", done.stdout + done.stderr
    assert done.returncode == 0
