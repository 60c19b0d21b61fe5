"""Where the servers of a test run keep their data: in memory where the machine has plenty, else where temporary files are.

A disk writes back what the tests have long forgotten, and both cores wait for it.
"""

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108  the folder in it is this process's alone
_ROOM = 4 << 30
"""Bytes that have to be free there, twice as many in the machine: a run keeps a gigabyte at most."""
_PREFIX = "offshelf-tests-"


def own_folder() -> Path:
    """A new folder of this process, for the servers of a run and what they start. What a killed run left is removed."""
    place = _MEMORY if _has_room() else Path(tempfile.gettempdir())
    _remove_left(place)
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))


def _has_room() -> bool:
    try:
        free, about = shutil.disk_usage(_MEMORY).free, Path("/proc/meminfo").read_text()
    except OSError:
        return False  # not a Linux
    kilobytes = next(int(line.split()[1]) for line in about.splitlines() if line.startswith("MemAvailable:"))
    return os.access(_MEMORY, os.W_OK) and free >= _ROOM and kilobytes << 10 >= 2 * _ROOM


def _remove_left(place: Path) -> None:
    """Folders in `place` whose process is no longer there, of whatever run; those of another user stay."""
    for folder in place.glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and Path("/proc/self").exists() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(folder, ignore_errors=True)
