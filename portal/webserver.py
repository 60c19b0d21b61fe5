"""Gunicorn's hooks (`--config python:portal.webserver`); its settings are on the command line."""

import os
import shutil
import tempfile

from portal.local.parent_death import die_with_parent

METRICS = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus_client, which nothing may import before it is set


def on_starting(_server: object) -> None:
    """All workers of this server keep their page times in one new folder, so that any of them can tell all."""
    os.environ[METRICS] = tempfile.mkdtemp(prefix="offshelf-metrics-")


def on_exit(_server: object) -> None:
    shutil.rmtree(os.environ.pop(METRICS), ignore_errors=True)


def post_fork(_server: object, _worker: object) -> None:
    """A worker ends with its arbiter at once, even while it holds long requests open."""
    die_with_parent()
