"""Traces for OpenTelemetry: requests, tasks, statements and calls outward as spans, off until an address is set.

The id of a trace is the correlation id of the logs, so that one word finds a case's lines and its spans. A span says only
what this module lets it say: names of our own, numbers, and which kind of error. No address, no text of a statement, no
header and no message of an error gets in, since any of them may quote what somebody typed.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from celery.signals import worker_process_shutdown
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.signals import connection_created

from portal import correlation

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanProcessor
    from opentelemetry.trace import Span

_HEX = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SPAN = re.compile(r"[0-9a-f]{16}", re.ASCII)
_VERB = re.compile(r"\s*\(?\s*([A-Za-z]{1,20})", re.ASCII)
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE|COPY)\s+\"?([a-z_]{1,63})\"?", re.ASCII)


class _State:
    provider: "TracerProvider | None" = None


def configure(service: str, processor: "SpanProcessor | None" = None) -> None:
    """Record spans from now on, as `service` (OTEL_SERVICE_NAME goes before), and hand them to `processor`.

    Without one they are sent in batches over HTTP to where OpenTelemetry's own variables say (OTEL_EXPORTER_OTLP_…). What
    cannot be sent is dropped and logged; nobody waits for it. Raises ImproperlyConfigured where the extra is missing.
    """
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
        raise ImproperlyConfigured(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, and the extra telemetry is not installed (docs/operations/install.md, Extras)."
        )
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource  # noqa: PLC0415  it is an extra
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415

    if processor is None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        processor = BatchSpanProcessor(OTLPSpanExporter())
    provider = TracerProvider(
        id_generator=_ids(), resource=Resource.create({SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME") or service})
    )
    provider.add_span_processor(processor)
    _State.provider = provider
    connection_created.connect(_watch_statements, dispatch_uid="tracing")


def stop() -> None:
    """Send what is left, and record no more."""
    provider, _State.provider = _State.provider, None
    if provider is not None:
        provider.shutdown()


@worker_process_shutdown.connect
def _send_the_rest(**_kwargs: object) -> None:
    """A process of a pool ends without its exit handlers."""
    stop()


@contextmanager
def span(name: str, kind: str = "INTERNAL", *, parent: str = "", **attributes: str | int) -> Iterator["Recorded"]:
    """What happens meanwhile, as a span of the trace that the correlation id names.

    `kind` is one of INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER; `parent` the id of a span of another process
    (`current_span_id`). An exception is named by its type, and goes on.
    """
    if _State.provider is None:
        yield NOTHING
        return
    from opentelemetry.trace import SpanKind, Status, StatusCode  # noqa: PLC0415  it is an extra, here and below

    with _State.provider.get_tracer("offshelf").start_as_current_span(
        name,
        context=_context(parent),
        kind=SpanKind[kind],
        attributes={key.replace("__", "."): value for key, value in attributes.items()},
        record_exception=False,
        set_status_on_exception=False,
    ) as recorded:
        try:
            yield Recorded(recorded)
        except BaseException as error:
            recorded.set_attribute("error.type", type(error).__name__)
            recorded.set_status(Status(StatusCode.ERROR))
            raise


class Recorded:
    """A span that is under way, or nothing where none is recorded."""

    def __init__(self, under_way: "Span | None") -> None:
        self._span = under_way

    def add(self, name: str = "", *, failed: bool = False, **attributes: str | int) -> None:
        """Name it again, say more about it (`__` stands for a dot), or that it failed."""
        if self._span is None:
            return
        if name:
            self._span.update_name(name)
        self._span.set_attributes({key.replace("__", "."): value for key, value in attributes.items()})
        if failed:
            from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415

            self._span.set_status(Status(StatusCode.ERROR))


NOTHING = Recorded(None)


def current_span_id() -> str:
    """16 hexadecimal digits by which another process names its parent; empty where nothing is recorded, or sampled."""
    if _State.provider is None:
        return ""
    from opentelemetry import trace  # noqa: PLC0415

    found = trace.get_current_span().get_span_context()
    return f"{found.span_id:016x}" if found.is_valid and found.trace_flags.sampled else ""


def trace_id(correlation_id: str) -> int:
    """The id of the trace that belongs to a correlation id: itself where it is 32 hexadecimal digits, else its digest."""
    if not _HEX.fullmatch(correlation_id) or not int(correlation_id, 16):
        correlation_id = hashlib.sha256(correlation_id.encode()).hexdigest()[:32]
    return int(correlation_id, 16)


def _context(parent: str) -> Any:
    """Where a new span hangs: on `parent`, on the span of this thread, or on nothing where that is of another trace."""
    from opentelemetry import trace  # noqa: PLC0415
    from opentelemetry.context import Context  # noqa: PLC0415

    ours = correlation.current_id()
    if ours and _SPAN.fullmatch(parent):
        remote = trace.SpanContext(trace_id(ours), int(parent, 16), True, trace.TraceFlags(trace.TraceFlags.SAMPLED))
        return trace.set_span_in_context(trace.NonRecordingSpan(remote), Context())
    here = trace.get_current_span().get_span_context()
    return Context() if ours and here.is_valid and here.trace_id != trace_id(ours) else None


def _ids() -> Any:
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator  # noqa: PLC0415

    class Ids(RandomIdGenerator):
        def generate_trace_id(self) -> int:
            ours = correlation.current_id()
            return trace_id(ours) if ours else super().generate_trace_id()

    return Ids()


def _watch_statements(connection: Any, **_kwargs: object) -> None:
    if _statement not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _statement)  # whoever wraps for a while takes the last one away again


def _statement(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """A statement as a span: its verb and the first table that it names."""
    if _State.provider is None:
        return execute(sql, params, many, context)
    text = str(sql)[:4_000]
    verb, table = _VERB.match(text), _TABLE.search(text)
    operation = verb[1].upper() if verb else "OTHER"
    name = f"{operation} {table[1]}" if table else operation
    with span(name, "CLIENT", db__system__name="postgresql", db__operation__name=operation):
        return execute(sql, params, many, context)
