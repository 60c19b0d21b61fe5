"""What the API answers is what its OpenAPI schema says: statuses, content types and every field, for calls good and bad."""

import os
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings
from openapi_spec_validator import validate
from schemathesis.core.failures import Failure
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as openapi_checks

from tests.fuzz.sending import SEED
from tests.world import PopulatedSite

pytestmark = pytest.mark.django_db
CALLS = int(os.environ.get("SCHEMA_CALLS", "60"))
"""About how many calls are made together; docs/operations.md says how to make many more."""
CHECKS = (
    schemathesis.checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
)


def schema() -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(request=None, public=True))


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


def test_answers_are_what_the_schema_says(populated_site: PopulatedSite, settings: Any) -> None:
    settings.API_CALLS_PER_MINUTE = 1_000_000
    api = schemathesis.openapi.from_dict(schema())
    api.app = get_wsgi_application()
    for signal in (request_started, request_finished):  # as Django's own client does: the test's connection stays open
        signal.disconnect(close_old_connections)
    try:
        _call_all(api, populated_site)
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _call_all(api: Any, populated_site: PopulatedSite) -> None:
    own = {
        "external_id": populated_site.listing.external_id, "flag_id": populated_site.flag.pk, "flags": populated_site.flag.pk,
        "notices": populated_site.notice.pk, "exclusions": populated_site.exclusion.pk, "innocents": populated_site.exclusion.pk,
        "attachments": populated_site.attachment.pk, "letters": populated_site.letter.pk,
    }  # fmt: skip
    operations = [each.ok() for each in api.get_all_operations()]
    operations = [each for each in operations if not each.path.endswith("/schema")]
    found: dict[str, int] = {}
    broken = []
    for operation in operations:
        send = _sender(operation, own, f"Bearer {populated_site.secret}", found)
        try:
            _run(operation, send, max(1, CALLS // len(operations) // 2))
        except* Failure as group:
            broken += [f"{operation.label}: {error}" for error in group.exceptions]
    assert not broken, "\n".join(broken)
    assert sum(found.values()) >= min(CALLS, 40)
    assert {"200", "404"} <= found.keys(), "calls that reach something, and calls that do not"


def _sender(operation: Any, own: dict[str, Any], key: str, found: dict[str, int]) -> Callable[[Any], None]:
    def send(case: Any) -> None:
        for name in case.path_parameters or {}:  # what is there, for every second call
            known = own.get(name) or own.get(operation.path.split("/")[3])
            if known is not None and sum(found.values()) % 2:
                case.path_parameters[name] = known
        with transaction.atomic(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer = case.call(headers={"Authorization": key, "Accept-Encoding": "identity"})
            transaction.set_rollback(True)
        found[str(answer.status_code)] = found.get(str(answer.status_code), 0) + 1
        case.validate_response(answer, checks=list(CHECKS))

    return send


def _run(operation: Any, send: Callable[[Any], None], calls: int) -> None:
    limits = settings(
        max_examples=calls,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        try:
            strategy = operation.as_strategy(generation_mode=mode)
        except Exception:  # noqa: BLE001, S112  some calls have nothing that could be wrong
            continue
        seed(SEED)(limits(given(strategy)(send)))()
