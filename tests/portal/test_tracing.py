"""Traces: what OpenTelemetry's protocol carries to a real collector, under the logs' ids, and nothing that anybody typed."""

import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

from portal import correlation, tracing
from portal.background import traces
from portal.http.client import NoAnswer, Way, ask
from portal.models import User

pytestmark = pytest.mark.django_db


class Collector(ThreadingHTTPServer):
    """Takes OTLP over HTTP, and keeps each span and every byte."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Take)
        self.spans: list[Span] = []
        self.services: set[str] = set()
        self.bytes = b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1/traces"

    def named(self, name: str) -> list[Span]:
        return [span for span in self.spans if span.name == name]


class _Take(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bytes += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            said = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
            self.server.services.add(said["service.name"])
            for scope in resource.scope_spans:
                self.server.spans += scope.spans
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        tracing.configure("offshelf-test", SimpleSpanProcessor(OTLPSpanExporter(endpoint=server.url)))
        tracing._watch_statements(connection)
        yield server
        tracing.stop()
        connection.execute_wrappers.remove(tracing._statement)
        server.shutdown()
        thread.join()


def said(span: Span) -> dict[str, Any]:
    return {pair.key: pair.value.string_value or pair.value.int_value for pair in span.attributes}


def test_a_request_its_statements_and_its_tasks_are_one_trace_under_the_id_of_the_logs(
    collector: Collector, officer: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(officer)
    collector.spans.clear()
    id_ = client.get("/recalls/")["X-Request-ID"]
    (page,) = collector.named("GET recalls:list")
    assert page.trace_id.hex() == id_
    assert said(page) == {
        "http.request.method": "GET",
        "http.route": "recalls:list",
        "http.response.status_code": 200,
    }
    asked = collector.named("SELECT recalls_recall")
    assert asked
    assert {(span.trace_id.hex(), span.parent_span_id) for span in asked} == {(id_, page.span_id)}
    assert collector.services == {"offshelf-test"}


def test_a_task_hangs_on_what_started_it_and_says_how_it_ended(collector: Collector) -> None:
    headers: dict[str, Any] = {}
    id_ = correlation.new_id()
    with correlation.working_on(correlation.Trace(id_)), tracing.span("request", "SERVER"):
        traces._carry(headers=headers)
    request = SimpleNamespace(**headers)
    for state in ("SUCCESS", "FAILURE"):
        traces._take_up(task_id="1-2-3", task=SimpleNamespace(name="portal.tasks.send_mail_due", request=request))
        traces._put_down(state=state)
    (starter,) = collector.named("request")
    good, bad = collector.named("portal.tasks.send_mail_due")
    assert {span.trace_id.hex() for span in (starter, good, bad)} == {id_}
    assert {good.parent_span_id, bad.parent_span_id} == {starter.span_id}
    assert said(good)["offshelf.task.state"] == "SUCCESS"
    assert (good.status.code, bad.status.code) == (0, 2)


def test_work_for_another_case_within_a_task_is_of_that_case_s_trace(collector: Collector) -> None:
    other = correlation.new_id()
    with correlation.working_on(correlation.Trace(correlation.new_id())), tracing.span("outer"):
        with correlation.working_on(correlation.Trace(other)), tracing.span("delivery"):
            pass
        with tracing.span("inner"):
            pass
    (outer,), (inner,), (delivery,) = map(collector.named, ("outer", "inner", "delivery"))
    assert (inner.trace_id, inner.parent_span_id) == (outer.trace_id, outer.span_id)
    assert (delivery.trace_id.hex(), delivery.parent_span_id) == (other, b"")


def test_an_id_that_is_no_trace_id_has_one_of_its_own() -> None:
    assert tracing.trace_id("0" * 32) == tracing.trace_id("0" * 32) != 0
    assert tracing.trace_id("case-0123456789") != tracing.trace_id("case-0123456788")
    assert f"{tracing.trace_id('ab' * 16):032x}" == "ab" * 16


def test_no_span_holds_what_anybody_typed_or_asked_for(
    collector: Collector, officer: User, sign_in: Callable[[User], Client]
) -> None:
    typed = "canary-text-4711"
    client = sign_in(officer)
    client.get("/recalls/", {"q": typed})
    client.get(f"/{typed}/")
    client.get("/recalls/", headers={"Authorization": f"Bearer {typed}", "User-Agent": typed})
    Client().post("/sign-in/", {"username": f"{typed}@psa.example.gov", "password": typed})
    with pytest.raises(NoAnswer):
        ask(f"http://{typed}.invalid/{typed}", seconds=1, max_bytes=1, way=Way(), headers={"X-Token": typed})
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT '{typed}' FROM nowhere WHERE x = %s", [typed])  # noqa: S608
    with pytest.raises(ValueError, match=typed), tracing.span("broken"):
        raise ValueError(typed)
    assert said(collector.named("broken")[0]) == {"error.type": "ValueError"}
    assert said(collector.named("ask GET")[0])["error.type"] == "NoAnswer"
    assert collector.named("SELECT nowhere")
    assert len(collector.spans) > 10
    for kept in (typed, officer.email, officer.name, "psa.example.gov", str(client.session.session_key)):
        assert kept.encode() not in collector.bytes


def test_a_collector_that_is_gone_keeps_nobody_waiting(officer: User, sign_in: Callable[[User], Client]) -> None:
    gone = OTLPSpanExporter(endpoint="http://127.0.0.1:9/v1/traces", timeout=1)
    tracing.configure("offshelf-test", BatchSpanProcessor(gone, schedule_delay_millis=10))
    try:
        began = time.perf_counter()
        assert sign_in(officer).get("/recalls/").status_code == 200
        assert time.perf_counter() - began < 5
    finally:
        tracing.stop()


def test_without_an_address_nothing_is_recorded_and_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tracing.span("anything") as span:
        span.add("another", failed=True)
        assert (span, tracing.current_span_id()) == (tracing.NOTHING, "")
    monkeypatch.setattr(tracing, "find_spec", lambda _name: None)
    with pytest.raises(ImproperlyConfigured, match=r"the extra telemetry is not installed"):
        tracing.configure("offshelf-test")
