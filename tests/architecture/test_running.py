"""How a parallel run is shared out: no test is lost, and programs that run beside the tests are known by them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests import beside, ordering


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_every_test_is_run_once_and_those_that_wait_come_last(workers: int, request: pytest.FixtureRequest) -> None:
    items = list(request.session.items)
    shared = ordering.in_shares(items, workers)
    assert sorted(item.nodeid for item in shared) == sorted(item.nodeid for item in items)
    waiting = [item.nodeid in beside.PROGRAMS for item in shared]
    assert waiting == sorted(waiting)


@dataclass(eq=False)
class _Item:
    nodeid: str
    module: object
    seconds: float

    def get_closest_marker(self, _name: str) -> pytest.Mark:
        return pytest.mark.takes(self.seconds).mark


@pytest.mark.parametrize("flag", ["ONE_SITE", "BUILT_ONCE"])
def test_what_a_module_builds_once_is_built_by_one_worker(flag: str) -> None:
    ours, others = type("Ours", (), {flag: True}), type("Others", (), {})
    drawn = [_Item(f"drawn {number}", ours, 2) for number in range(3)]
    items: Any = [item for number, each in enumerate(drawn) for item in (each, _Item(f"other {number}", others, 3))]
    shared = [item.nodeid for item in ordering.in_shares(items, 2)]
    first = shared.index("drawn 0")
    assert shared[first : first + 3] == ["drawn 0", "drawn 1", "drawn 2"]
    assert first in {0, 3}, "the three begin what one of the two workers is given"


def test_a_program_beside_the_tests_belongs_to_a_test_that_there_is() -> None:
    for test in beside.PROGRAMS:
        file, _, name = test.partition("::")
        assert f"def {name}(\n    ran_beside: " in (Path(settings.BASE_DIR) / file).read_text(), test
