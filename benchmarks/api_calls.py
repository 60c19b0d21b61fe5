"""Calls drawn from the API's schema by schemathesis, sent to a running server or to one in this process; each answer is
compared with what the schema says. The suite makes few (tests/fuzz/test_schema.py), `benchmarks.api_fuzz` thousands."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as openapi_checks

from tests.world import PopulatedSite

CHECKS = (
    schemathesis.checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
)
"""What an answer is asked: no 5xx, a status that the schema has, and content and fields as it says."""
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def ids_of(site: PopulatedSite) -> dict[str, Any]:
    """What is there to be named in an address: by the name of the parameter, or by the first part of the address."""
    return {
        "external_id": site.listing.external_id, "flag_id": site.flag.pk, "flags": site.flag.pk, "notices": site.notice.pk,
        "exclusions": site.exclusion.pk, "innocents": site.exclusion.pk, "attachments": site.attachment.pk,
        "letters": site.letter.pk, "recalls": site.draft.pk, "dry-runs": site.dry_run.pk, "exports": site.export.pk,
        "escalations": site.escalation.pk, "public-listings": site.public_listing.pk, "appeals": site.appeal.pk,
        "audit": site.event.pk, "checks": site.observation.pk, "sendings": site.sending.pk, "uploads": site.upload.pk,
        "imports": site.catalogue_import.pk, "recall-imports": site.recall_import.pk, "recall-files": site.recall_file.pk,
        "recall-feeds": site.feed.pk, "scheduled-feeds": site.scheduled_feed.pk, "seller-links": site.seller_link.pk,
    }  # fmt: skip


def operations_of(api: Any) -> list[Any]:
    """All operations but the schema's own."""
    found = [each.ok() for each in api.get_all_operations()]
    return [each for each in found if not each.path.endswith("/schema")]


@dataclass
class Calls:
    """What was sent and answered: statuses, and what deviates, by kind and in words."""

    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    @property
    def sent(self) -> int:
        return self.statuses.total()

    def run(
        self, operation: Any, ids: Mapping[str, Any], call: Callable[[Any], Any], *, key: str, count: int, number: int
    ) -> None:
        """About `count` calls of one operation, half of them as they should not be; `call` sends one of them.

        Every second one names what is there, and all but each twentieth have the key; schemathesis would make up others.
        Goes on after a deviation, and keeps the first of each kind.
        """

        def send(case: Any) -> None:
            for name in case.path_parameters or {}:
                known = ids.get(name) or ids.get(operation.path.split("/")[3])
                if known is not None and self.sent % 2:
                    case.path_parameters[name] = known
            if self.sent % 20:
                case.headers = {**(case.headers or {}), "Authorization": key}
            answer = call(case)
            self.statuses[answer.status_code] += 1
            try:
                case.validate_response(answer, checks=list(CHECKS))
            except (Failure, FailureGroup) as failure:
                self._keep(operation, answer, failure)

        for mode in MODES:
            try:
                strategy = operation.as_strategy(generation_mode=mode)
            except Exception:  # noqa: BLE001, S112  some calls have nothing that could be wrong
                continue
            seed(number)(_limits(max(1, count // len(MODES)))(given(strategy)(send)))()

    def _keep(self, operation: Any, answer: Any, failure: Failure | FailureGroup) -> None:
        for each in failure.exceptions if isinstance(failure, FailureGroup) else [failure]:
            kind = type(each).__name__
            self.kinds[kind] += 1
            line = f"{operation.label} {answer.status_code}: {kind}: {each}"
            if len(self.broken) < 200 and not any(
                line.startswith(before.partition(": ")[0] + f": {kind}") for before in self.broken
            ):
                self.broken.append(line)


def _limits(count: int) -> Any:
    return settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
