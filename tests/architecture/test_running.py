"""How a parallel run is shared out: no test is lost, and programs that run beside the tests are known by them."""

from pathlib import Path

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


def test_a_program_beside_the_tests_belongs_to_a_test_that_there_is() -> None:
    for test in beside.PROGRAMS:
        file, _, name = test.partition("::")
        assert f"def {name}(\n    ran_beside: " in (Path(settings.BASE_DIR) / file).read_text(), test
