"""What the API answers is what its OpenAPI schema says: statuses, content types and every field, for calls good and bad."""

import os
import re
import warnings
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import requests
import schemathesis
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from openapi_spec_validator import validate

from benchmarks.api_calls import Calls, ids_of, operations_of
from portal.api.schema_view import schema_in
from tests.fuzz.sending import SEED
from tests.world import PopulatedSite

pytestmark = pytest.mark.django_db
CALLS = int(os.environ.get("SCHEMA_CALLS", "60"))
"""About how many calls are made together; `benchmarks.api_fuzz` makes many more, against a running server."""


def schema() -> dict[str, Any]:
    """One's own: schemathesis may change what it is given."""
    return deepcopy(dict(schema_in(settings.LANGUAGE_CODE)))


def test_the_schema_is_valid_openapi_3_1() -> None:
    made = schema()
    assert made["openapi"] == "3.1.0"
    validate(made)


def test_every_call_says_how_it_refuses() -> None:
    calls = [
        (path, method, call)
        for path, methods in schema()["paths"].items()
        for method, call in methods.items()
        if not path.endswith("/schema")
    ]
    assert len(calls) > 25
    for path, method, call in calls:
        assert {"400", "401", "403", "404", "429"} <= call["responses"].keys(), (method, path)
        if method != "get":
            assert {"409", "422"} <= call["responses"].keys(), (method, path)
            assert "Idempotency-Key" in {each["name"] for each in call["parameters"]}, (method, path)


def test_answers_are_what_the_schema_says(
    populated_site: PopulatedSite, keys: Callable[[str], str], settings: Any
) -> None:
    settings.API_CALLS_PER_MINUTE = 1_000_000
    api = schemathesis.openapi.from_dict(schema())
    api.app = get_wsgi_application()
    for signal in (request_started, request_finished):  # as Django's own client does: the test's connection stays open
        signal.disconnect(close_old_connections)
    try:
        _call_all(api, populated_site, keys)
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _call_all(api: Any, populated_site: PopulatedSite, keys: Callable[[str], str]) -> None:
    operations, done = operations_of(api), Calls()
    for operation in operations:
        key = keys(re.sub(r"\{\w+\}", "1", operation.path))
        done.run(operation, ids_of(populated_site), _call, key=key, count=max(2, CALLS // len(operations)), number=SEED)
    assert not done.broken, "\n".join(done.broken)
    assert done.sent >= min(CALLS, 40)
    assert {200, 404} <= done.statuses.keys(), "calls that reach something, and calls that do not"


def _call(case: Any) -> Any:
    """Send a call, and undo it."""
    with transaction.atomic(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = case.call(headers={"Accept-Encoding": "identity"})
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (418, b"{}", "UndefinedStatusCode"),
        (500, b"{}", "ServerError"),
        (200, b'{"next": null, "previous": null, "results": [{"id": "x"}]}', "JsonSchemaError"),
        (200, b"<p>", "MalformedJson"),
    ],
)
def test_what_deviates_from_the_schema_is_found(status: int, body: bytes, kind: str) -> None:
    (operation,) = (
        each for each in operations_of(schemathesis.openapi.from_dict(schema())) if each.label == "GET /api/v1/appeals"
    )
    answer = requests.Response()
    answer.status_code, answer._content, answer.url = status, body, "http://x.example/api/v1/appeals"
    answer.request = requests.Request("GET", answer.url).prepare()
    done = Calls()
    done.run(operation, {}, lambda _case: answer, key="", count=2, number=1)
    assert done.kinds[kind] >= 2
