"""Tasks carry the correlation id of what started them, and work under it; those that beat sends get one of their own.

Every task works as the system: what a person may is asked before, where they started it.
"""

from contextlib import ExitStack
from contextvars import ContextVar
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun
from celery.states import FAILURE

from portal import correlation, tracing
from portal.database import acting

HEADER = "offshelf_correlation"
PARENT = "offshelf_span"
_UNDER_WAY: ContextVar[tuple[ExitStack, tracing.Recorded] | None] = ContextVar("task_span", default=None)


@before_task_publish.connect
def _carry(headers: dict[str, Any] | None = None, **_kwargs: object) -> None:
    if headers is not None:
        headers[HEADER] = correlation.current_id() or correlation.new_id()
        headers[PARENT] = tracing.current_span_id()


@task_prerun.connect
def _take_up(task_id: str = "", task: Any = None, **_kwargs: object) -> None:
    acting.begin(acting.SYSTEM)
    given = str(getattr(task.request, HEADER, None) or "")
    correlation.begin(correlation.Trace(correlation.accepted(given), task.name, task_id))
    parent = str(getattr(task.request, PARENT, None) or "")
    stack = ExitStack()
    span = stack.enter_context(
        tracing.span(task.name, "CONSUMER", parent=parent, messaging__system="celery", messaging__message__id=task_id)
    )
    _UNDER_WAY.set((stack, span))


@task_postrun.connect
def _put_down(state: str | None = None, **_kwargs: object) -> None:
    if (under_way := _UNDER_WAY.get()) is not None:
        stack, span = under_way
        span.add(offshelf__task__state=state or "", failed=state == FAILURE)
        stack.close()
        _UNDER_WAY.set(None)
    correlation.begin(correlation.Trace())
    acting.begin(None)
