"""The worker of one queue: `python -m portal.worker QUEUE`, with as many processes as WORKER_PROCESSES gives it.

Processes and not threads, since only a process can be ended when its task takes too long.
"""

import argparse
import os
import sys

from portal.env import Env
from portal.queues import processes


def main(words: list[str]) -> None:
    """Work until a signal says stop."""
    try:
        numbers = processes(Env().pairs("WORKER_PROCESSES"))
    except ValueError as error:
        raise SystemExit(str(error)) from None
    parser = argparse.ArgumentParser(prog="python -m portal.worker", description=__doc__)
    parser.add_argument("queue", choices=sorted(numbers))
    queue = parser.parse_args(words).queue
    from portal.celery import app  # noqa: PLC0415  after the words are known to be right

    own = ["--queues", queue, "--hostname", f"{queue}@%h", "--concurrency", str(numbers[queue])]
    app.worker_main(
        ["worker", *own, "--without-gossip", "--without-mingle", "--loglevel", os.environ.get("LOG_LEVEL") or "INFO"]
    )


if __name__ == "__main__":
    main(sys.argv[1:])
