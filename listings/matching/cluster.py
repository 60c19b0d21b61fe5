"""Matching on a Ray cluster, for a catalogue in many files that stays where it is: each file is a task of its own.

The index of the recalls goes to the cluster once, and each worker unpacks it once. Lines come back in the order of the
files, so the output is byte for byte that of a run on one machine. A file whose task fails is tried again, on whichever
machine is free, and in the end costs its own lines alone. Ray is the extra `ray`; nothing else here needs it.
"""

import gc
import hashlib
import os
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from listings.matching.cache import Kept, pack, unpack
from listings.matching.chunks import COLLECT_AFTER, ChunkMatcher, Matched, chunks

LOCAL = "local"
AHEAD = 4  # files that are under way or wait for their turn to be written, for each processor
STORE = 512 << 20  # bytes of shared memory for the index and for what comes back, in a cluster of this machine
_kept: dict[str, ChunkMatcher] = {}
"""In a worker: what compares with the index that it met last, by digest and options."""


class NoCluster(Exception):
    """There is no cluster to match on; the message says why and what to do."""


class Failure(NamedTuple):
    """An attempt at a file that came to nothing: the file, its how manieth attempt, why, and whether it was the last."""

    path: Path
    attempt: int
    reason: str
    is_last: bool


class Cluster:
    """A connection to a cluster. `address` is LOCAL for one of this machine alone, with so many processes, or as
    `ray start` prints it; `attempts` and `seconds` are those of one file. Close it: a local one ends with that."""

    def __init__(self, address: str, *, processes: int, attempts: int, seconds: float) -> None:
        """Raises NoCluster."""
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing is sent to Ray's makers
        try:
            import ray  # noqa: PLC0415  the extra `ray`
        except ImportError:
            raise NoCluster(
                "A cluster needs Ray: pip install --require-hashes -r requirements-ray.lock, or the extra `ray`."
            ) from None
        self._ray: Any = ray
        self._stack = ExitStack()
        own: dict[str, Any] = {}
        if address == LOCAL:
            folder = self._stack.enter_context(TemporaryDirectory(prefix="offshelf-ray-", ignore_cleanup_errors=True))
            own = {"num_cpus": processes, "object_store_memory": STORE, "include_dashboard": False}
            own |= {"_temp_dir": folder, "_node_ip_address": "127.0.0.1"}  # nobody else on the network reaches it
        try:
            self._begin(address, own)
        except BaseException:
            self.close()
            raise
        self.attempts, self.seconds = attempts, seconds
        self.processors = int(ray.cluster_resources().get("CPU", 1))
        self._task = ray.remote(_match_file).options(max_retries=0, num_cpus=1)

    def _begin(self, address: str, own: dict[str, Any]) -> None:
        """A local cluster has fifteen seconds to start, which is little on a busy machine: it may try again."""
        for is_last in (address != LOCAL, address != LOCAL, True):
            try:
                self._ray.init(address=address, log_to_driver=False, logging_level="CRITICAL", **own)
            except Exception as error:  # noqa: BLE001  Ray raises Exception itself
                self._ray.shutdown()
                if is_last:
                    first = str(error).strip().partition("\n")[0]
                    raise NoCluster(f"The cluster at {address} cannot be joined: {first}") from None
            else:
                return

    def close(self) -> None:
        self._ray.shutdown()
        self._stack.close()

    def match(self, kept: Kept, paths: Sequence[Path], *, bands: str, pairs: bool) -> Iterator[Matched | Failure]:
        """What the files hold, in their order, and each attempt that failed as it does."""
        packed = bytes(pack(*kept))
        name = hashlib.sha256(packed).hexdigest()
        index = self._ray.put(packed)

        def begin(path: Path) -> Any:
            return self._task.remote(str(path.absolute()), str(path), [index], name, bands, pairs)

        waiting, under_way = deque(paths), deque[tuple[Path, Any]]()
        while waiting or under_way:
            while waiting and len(under_way) < AHEAD * self.processors:
                path = waiting.popleft()
                under_way.append((path, begin(path)))
            path, task = under_way.popleft()
            for attempt in range(1, self.attempts + 1):
                try:
                    found = self._ray.get(task, timeout=self.seconds)
                except self._ray.exceptions.RayError as error:
                    self._ray.cancel(task, force=True)  # of one that is over by now nothing is left to cancel
                    is_last = attempt == self.attempts
                    yield Failure(path, attempt, self._reason(error), is_last)
                    if not is_last:
                        task = begin(path)
                else:
                    yield Matched(*found)
                    break

    def _reason(self, error: Exception) -> str:
        if isinstance(error, self._ray.exceptions.GetTimeoutError):
            return f"it took longer than {self.seconds:g} s"
        cause = getattr(error, "cause", None) or error
        text = str(cause).strip()
        return f"{type(cause).__name__}: {text.splitlines()[0] if text else ''}"


def _match_file(
    place: str, shown: str, index: list[Any], name: str, bands: str, pairs: bool
) -> tuple[list[str], list[str], int]:
    """In a worker: the matches of a whole file, in lines; what was complained of names the file as the caller does."""
    import ray  # noqa: PLC0415

    options = f"{name} {bands} {pairs}"
    if options not in _kept:
        _kept.clear()
        gc.set_threshold(COLLECT_AFTER)
        _kept[options] = ChunkMatcher(unpack(ray.get(index[0])), bands=bands, pairs=pairs)
    lines: list[str] = []
    complaints: list[str] = []
    count = 0
    for chunk in chunks([Path(place)]):
        matched = _kept[options].match([(shown, number, line) for _, number, line in chunk])
        lines += matched.lines
        complaints += matched.complaints
        count += matched.listings
    return lines, complaints, count
