"""Gunicorn's hooks (`--config python:portal.webserver`); its settings are on the command line in run.py."""

from portal.local.parent_death import die_with_parent


def post_fork(_server: object, _worker: object) -> None:
    """A worker ends with its arbiter at once, even while it holds long requests open."""
    die_with_parent()
