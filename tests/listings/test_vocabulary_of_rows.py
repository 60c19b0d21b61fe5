"""What was stored under earlier names is carried to those of today by the migrations' own statements."""

import importlib
from typing import Any

import pytest
from django.db import connection, migrations

from enforcement import rules
from listings.models import Decision, Flag, RuleSwitch
from listings.signal_names import FIRST_NAMES, evidence_of_v1
from recalls.models import Notice
from recalls.terms import terms_of_v1
from recalls.vocabulary import rename_terms
from tests.factories import FlagFactory

OF_LISTINGS = importlib.import_module("listings.migrations.0022_vocabulary")
OLD_TERMS = {
    "policy": "Six hours", "amount": 6, "unit": "hours", "starts_on": "sent", "start_latest_hours": 24, "country": "US",
    "time_zone": "UTC", "looks_needed": 2, "looks_apart_seconds": 3600, "rescans": [3600],
    "steps": [{"rung": 1, "kind": "missed", "offset_seconds": 0}, {"rung": 2, "kind": "letter", "offset_seconds": 60}],
}  # fmt: skip
OLD_EVIDENCE = [
    {"signal": "gtin_equal", "weight": 8.98, "says": "Same GTIN.", "recall_span": None, "listing_span": None},
    {"signal": "title_fits", "weight": 2.9, "says": "The title fits.", "recall_span": None, "listing_span": None},
]


@pytest.fixture
def flag(db: None) -> Flag:
    return FlagFactory()


def run(operation: migrations.RunSQL | str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(operation if isinstance(operation, str) else str(operation.sql))


def test_frozen_terms_keep_their_values_under_the_names_of_today(flag: Flag) -> None:
    notices = Notice.objects.filter(pk=flag.notice_id)
    notices.update(terms=OLD_TERMS)
    run(rename_terms("recalls_notice"))
    read = rules.Terms.from_json(notices.get().terms)
    assert (read.checks_needed, read.check_interval_seconds) == (2, 3600)
    assert [(step.step, step.kind, step.offset_seconds) for step in read.steps] == [(1, "missed", 0), (2, "letter", 60)]
    run(rename_terms("recalls_notice"))
    assert rules.Terms.from_json(notices.get().terms) == read, "twice is once"


def test_terms_that_nobody_can_read_stay_as_they_are(flag: Flag) -> None:
    notices = Notice.objects.filter(pk=flag.notice_id)
    odds: tuple[Any, ...] = (
        [],
        "text",
        {},
        {"steps": "none"},
        {"steps": [1, None, "rung", {"kind": "missed"}]},
        {"steps": None},
    )
    for odd in odds:
        notices.update(terms=odd)
        run(rename_terms("recalls_notice"))
        assert notices.get().terms == odd


def test_the_api_answers_terms_under_both_names() -> None:
    answered = terms_of_v1({"checks_needed": 2, "check_interval_seconds": 60, "steps": [{"step": 1, "kind": "missed"}]})
    assert (answered["looks_needed"], answered["checks_needed"]) == (2, 2)
    assert (answered["looks_apart_seconds"], answered["check_interval_seconds"]) == (60, 60)
    assert answered["steps"] == [{"step": 1, "rung": 1, "kind": "missed"}]


def test_evidence_and_switches_keep_all_but_the_names_of_signals(flag: Flag) -> None:
    Flag.objects.filter(pk=flag.pk).update(evidence=[*OLD_EVIDENCE, "odd", {"weight": 1}])
    decision = Decision.objects.create(
        flag=flag, kind="removed", evidence=OLD_EVIDENCE, score=0.9, actor_kind="system", actor_label="x"
    )
    RuleSwitch.objects.create(signal="thing_other", reason="Too strict.", off_by="x")
    run(OF_LISTINGS.rename_signals(OF_LISTINGS.SIGNALS))
    flag.refresh_from_db()
    decision.refresh_from_db()
    assert flag.evidence == [{**OLD_EVIDENCE[0], "signal": "same_gtin"}, OLD_EVIDENCE[1], "odd", {"weight": 1}]
    assert decision.evidence == flag.evidence[:2]
    assert decision.signals == ["same_gtin", "title_fits"]
    assert RuleSwitch.objects.get().signal == "different_product_type"


def test_the_api_answers_signals_under_the_names_that_version_one_had(flag: Flag) -> None:
    assert {new: old for old, new in OF_LISTINGS.SIGNALS.items()} == FIRST_NAMES
    stored = [{**OLD_EVIDENCE[0], "signal": "same_gtin"}, {"weight": 2.5}]
    first, other = evidence_of_v1(stored)
    assert (first["signal"], first["name"]) == ("gtin_equal", "same_gtin")
    assert first["says"] == first["detail"] == "Same GTIN."
    assert other == {"weight": 2.5}
