"""A feed is read in a thread while the chunk before is stored: in order, and without the database."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from django.db import connection

from listings.models import Listing
from listings.services.reading_ahead import read_ahead
from portal.database.backend.base import NoActor


def counted(upto: int, error: BaseException | None = None) -> Iterator[int]:
    yield from range(upto)
    if error is not None:
        raise error


def doubled(step: int) -> Callable[[], int]:
    return lambda: 2 * step


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("upto", [0, 1, 2, 7])
def test_every_step_comes_once_in_its_order_with_what_was_made_of_it(upto: int, threads: int) -> None:
    assert list(read_ahead(counted(upto), doubled, threads)) == [(step, 2 * step) for step in range(upto)]


def test_two_threads_make_something_of_two_steps_at_the_same_time() -> None:
    both = threading.Barrier(2)
    ahead = read_ahead(counted(2), lambda _step: lambda: both.wait(10) in (0, 1), 2)
    assert list(ahead) == [(0, True), (1, True)]


def test_the_next_step_is_read_while_the_caller_is_busy() -> None:
    read = threading.Event()

    def steps() -> Iterator[int]:
        yield 0
        yield 1
        read.set()
        yield 2

    ahead = read_ahead(steps(), doubled)
    assert next(ahead) == (0, 0)
    assert read.wait(10)
    ahead.close()


@pytest.mark.parametrize("error", [ValueError("broken"), SystemExit()])
def test_what_breaks_in_the_thread_is_raised_behind_the_steps_before_it(error: BaseException) -> None:
    ahead = read_ahead(counted(3, error), doubled)
    assert [next(ahead) for _ in range(3)] == [(0, 0), (1, 2), (2, 4)]
    with pytest.raises(type(error)) as raised:
        next(ahead)
    assert raised.value is error


def test_what_breaks_with_a_step_is_raised_in_its_turn() -> None:
    def prepare(step: int) -> Callable[[], float]:
        return lambda: 1 / (2 - step)

    ahead = read_ahead(counted(5), prepare)
    assert [next(ahead) for _ in range(2)] == [(0, 0.5), (1, 1.0)]
    with pytest.raises(ZeroDivisionError):
        next(ahead)


def test_whoever_leaves_early_waits_for_the_thread() -> None:
    ahead = read_ahead(counted(100), doubled)
    next(ahead)
    ahead.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("reading ahead")]


@pytest.mark.django_db
def test_the_thread_may_not_ask_the_database() -> None:
    def asked() -> int:
        with closing(connection):  # the thread's own, which Django opens before it is refused
            return Listing.objects.count()

    ahead = read_ahead(counted(1), lambda _step: asked)
    with pytest.raises(NoActor):
        next(ahead)
