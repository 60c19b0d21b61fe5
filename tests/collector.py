"""A pytest plugin: the garbage collector leaves alone what was imported and collected, which stays until the end.

A process of the suite holds hundreds of megabytes before its first test. Each full collection would walk through all of
it again, while tests are collected and later beneath them, and find nothing.
"""

import gc

import pytest

gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()
