"""A pytest plugin: of a parallel run, the longest tests begin first, so that nobody waits for one at the end.

What takes long says so with the mark `takes(seconds)`: on two quiet cores, roughly. What starts a whole instance, with its
workers, says `takes(seconds, instance=True)`: of those, one runs after the other, since two at once starve each other.
"""

import os

import pytest


def seconds_of(item: pytest.Item) -> float:
    mark = item.get_closest_marker("takes")
    return float(mark.args[0]) if mark else 0.0


def starts_an_instance(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("takes")
    return bool(mark and mark.kwargs.get("instance"))


def in_shares(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """The same tests in another order: the long ones shared among the workers, at the front of what each is given.

    pytest-xdist gives each worker a slice (`--dist worksteal`), and moves tests from the end of a slice later on.
    """
    long = sorted(filter(seconds_of, items), key=lambda item: (-seconds_of(item), item.nodeid))
    fronts: list[list[pytest.Item]] = [[] for _ in range(workers)]
    fronts[0] += filter(starts_an_instance, long)
    for item in long:
        if not starts_an_instance(item):
            min(fronts, key=lambda front: sum(map(seconds_of, front))).append(item)
    others = [item for item in items if not seconds_of(item)]
    ordered: list[pytest.Item] = []
    for number, front in enumerate(fronts):
        room = max(0, (len(items) - len(ordered)) // (workers - number) - len(front))
        ordered += front + others[:room]
        del others[:room]
    return ordered + others


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if workers := os.environ.get("PYTEST_XDIST_WORKER_COUNT"):
        items[:] = in_shares(items, int(workers))
