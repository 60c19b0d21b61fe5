"""What a browser that was closed had asked for is answered before the next test begins."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import connections_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_request_outlives_its_browser_and_is_waited_for(
    chromium: Browser, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server: Any = live_server.thread.httpd
    connections, answer = connections_of(server), server.application
    begun, may_end = threading.Event(), threading.Event()

    def slowly(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/health/live":
            begun.set()
            may_end.wait(20)
        return answer(environ, start_response)

    page = chromium.new_page()
    page.goto(f"{live_server.url}/sign-in/")
    monkeypatch.setattr(server, "application", slowly)
    page.evaluate("() => { fetch('/health/live'); }")
    assert begun.wait(20)
    page.close()
    with pytest.raises(AssertionError, match="connections are still open"):
        connections.wait_for_end(0.3)
    may_end.set()
    connections.wait_for_end()
