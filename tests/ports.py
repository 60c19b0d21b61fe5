"""Ports for programs that are told theirs before they listen.

The kernel gives ports from 32768 on to whoever asks for any, so that one of those could be another's before the program
takes it. Those that are given here are below: of two processes of a run, each has a share of its own.
"""

import os
import socket
from itertools import count

_FIRST, _LAST = 20_000, 32_767
_SHARE = 1_000
_SHARES = (_LAST - _FIRST) // _SHARE
_given = count(os.getpid() * 7)  # another run on this machine most probably begins elsewhere


def free_port() -> int:
    """One that nobody has, and that this process was not given before."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", f"gw{os.getpid()}").removeprefix("gw")
    first = _FIRST + int(worker) % _SHARES * _SHARE
    for _ in range(_SHARE):
        port = first + next(_given) % _SHARE
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError(f"No port from {first} to {first + _SHARE - 1} is free.")
