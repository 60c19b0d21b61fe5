"""Tasks carry the correlation id of what started them, and work under it; those that beat sends get one of their own."""

from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun

from portal import correlation

HEADER = "offshelf_correlation"


@before_task_publish.connect
def _carry(headers: dict[str, Any] | None = None, **_kwargs: object) -> None:
    if headers is not None:
        headers[HEADER] = correlation.current_id() or correlation.new_id()


@task_prerun.connect
def _take_up(task_id: str = "", task: Any = None, **_kwargs: object) -> None:
    given = str(getattr(task.request, HEADER, None) or "")
    correlation.begin(correlation.Trace(correlation.accepted(given), task.name, task_id))


@task_postrun.connect
def _put_down(**_kwargs: object) -> None:
    correlation.begin(correlation.Trace())
