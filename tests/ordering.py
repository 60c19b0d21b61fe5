"""A pytest plugin: of a parallel run, the longest tests begin first, so that nobody waits for one at the end.

What takes long says so with the mark `takes(seconds)`: on two quiet cores, roughly. What waits for a program that runs beside
the tests (tests/beside.py) comes last.
"""

import os

import pytest

from tests import beside


def seconds_of(item: pytest.Item) -> float:
    mark = item.get_closest_marker("takes")
    return float(mark.args[0]) if mark else 0.0


def _seconds(items: list[pytest.Item]) -> float:
    return sum(map(seconds_of, items))


def _together(item: pytest.Item) -> object:
    """What is built once for a module is built once for all of its long tests if one worker has them: its site, or what
    else takes long (`BUILT_ONCE = True`)."""
    module = getattr(item, "module", None)
    is_shared = getattr(module, "ONE_SITE", False) or getattr(module, "BUILT_ONCE", False)
    return module if is_shared else item


def in_shares(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """The same tests in another order: the long ones shared among the workers, at the front of what each is given.

    pytest-xdist gives each worker a slice (`--dist worksteal`), and moves tests from the end of a slice later on.
    """
    long: dict[object, list[pytest.Item]] = {}
    for item in sorted(filter(seconds_of, items), key=lambda item: (-seconds_of(item), item.nodeid)):
        long.setdefault(_together(item), []).append(item)
    fronts: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for group in sorted(long.values(), key=_seconds, reverse=True):
        min(fronts, key=_seconds).extend(group)
    last = [item for item in items if item.nodeid in beside.PROGRAMS]
    others = [item for item in items if not seconds_of(item) and item.nodeid not in beside.PROGRAMS]
    ordered: list[pytest.Item] = []
    for number, front in enumerate(fronts):
        room = max(0, (len(items) - len(ordered)) // (workers - number) - len(front))
        ordered += front + others[:room]
        del others[:room]
    return ordered + others + last


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if workers := os.environ.get("PYTEST_XDIST_WORKER_COUNT"):
        items[:] = in_shares(items, int(workers))
