"""Ties a process to the life of its parent, even if the parent is killed outright.

Also a tiny launcher: `python -I -S parent_death.py SIGNAL PARENT UID GID -- COMMAND…` drops to UID:GID (`-` keeps them), asks
the kernel to send SIGNAL when the process PARENT ends, and becomes COMMAND under the same process id. A launcher rather
than `preexec_fn`, because that is unsafe in a parent with threads. It imports nothing of this project: it takes 30 ms.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent(death_signal: int = signal.SIGKILL, *, parent: int | None = None) -> None:
    """Have the kernel send `death_signal` to this process as soon as its parent ends, however it ends.

    Call it in the child, after any change of user (that clears the tie), and start the child from a thread that lives
    as long as the parent: the kernel watches the thread. `parent` is the expected parent's process id; if that one is
    already gone the signal is sent at once. The tie is not inherited by children of this process. Only Linux can do
    this; elsewhere nothing happens.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(int(death_signal)), 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"cannot tie this process to its parent: {os.strerror(number)}")
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), death_signal)


def become(death_signal: int, parent: int, uid: str, gid: str, command: list[str]) -> None:
    """Turn this process into `command`; does not return. Exit code 127: no such command, 126: it cannot be run."""
    if uid != "-":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    die_with_parent(death_signal, parent=parent)
    for ignored_by_python in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored_by_python, signal.SIG_DFL)
    try:
        os.execvp(command[0], command)  # noqa: S606  the caller's own command, no shell
    except OSError as error:
        sys.stderr.write(f"cannot run {command[0]}: {error.strerror}\n")
        sys.exit(127 if isinstance(error, FileNotFoundError) else 126)


if __name__ == "__main__":
    become(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[6:])
