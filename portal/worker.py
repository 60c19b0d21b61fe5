"""The worker of one queue: `python -m portal.worker QUEUE`, with as many processes as WORKER_PROCESSES gives it.

Processes and not threads, since only a process can be ended when its task takes too long.
"""

import argparse
import os
import socket
import sys

from celery import Celery

from portal.background.queues import processes
from portal.env import Env


def main(words: list[str]) -> None:
    """Work until a signal stops it."""
    try:
        numbers = processes(Env().pairs("WORKER_PROCESSES"))
    except ValueError as error:
        raise SystemExit(str(error)) from None
    parser = argparse.ArgumentParser(prog="python -m portal.worker", description=__doc__)
    parser.add_argument("queue", choices=sorted(numbers))
    queue = parser.parse_args(words).queue
    from portal.celery import app  # noqa: PLC0415  after the arguments are known to be valid

    _wait_for_the_broker(app)
    own = ["--queues", queue, "--hostname", f"{queue}@%h", "--concurrency", str(numbers[queue])]
    app.worker_main(
        ["worker", *own, "--without-gossip", "--without-mingle", "--loglevel", os.environ.get("LOG_LEVEL") or "INFO"]
    )


def _wait_for_the_broker(app: Celery) -> None:
    """Let this worker wait for a frozen broker, and notice only by TCP that a broker is gone.

    With a time limit for answers, an acknowledgement that times out is dropped without a new connection, and its
    message blocks the place of the next one forever.
    """
    alive = {socket.TCP_KEEPIDLE: 10, socket.TCP_KEEPINTVL: 5, socket.TCP_KEEPCNT: 3}
    patient = {"socket_timeout": None, "socket_keepalive": True, "socket_keepalive_options": alive}
    app.conf.broker_transport_options = {**app.conf.broker_transport_options, **patient}


if __name__ == "__main__":
    main(sys.argv[1:])
