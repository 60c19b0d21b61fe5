"""Ports for programs that are told theirs before they listen.

The kernel gives ports from a number on (mostly 32768) to whoever asks for any, so that one of those could be another's before the program
takes it. Those that are given here are below: of two processes of a run, each has a share of its own.
"""

import os
import socket
from itertools import count
from pathlib import Path

_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_KERNELS = int(_RANGE.read_text().split()[0]) if _RANGE.exists() else 32_768
_SHARE = 1_000
_FIRST = max(10_000, _KERNELS - 12 * _SHARE) // _SHARE * _SHARE
_LAST = max(_KERNELS - 1, _FIRST + 4 * _SHARE)  # where the kernel leaves no room, chance has to do
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
