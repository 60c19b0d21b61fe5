"""Decided flags leave as labelled pairs, and come back into the fit as the same pairs."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from listings.models import Decision, Flag
from tests.factories import FlagFactory

pytestmark = pytest.mark.django_db


def decided(kind: str, flag: Flag | None = None, *, final: bool = True, overrides: Decision | None = None) -> Decision:
    flag = flag or FlagFactory(
        listing_as_flagged={"title": "Norvik heater", "seller": "Ada", "url": "https://shop.example/1", "gtin": "1"}
    )
    return Decision.objects.create(
        flag=flag,
        kind=kind,
        score=0.5,
        actor_kind="person",
        actor_label="Nia",
        overrides=overrides,
        finalized_at=timezone.now() if final else None,
    )


def exported(tmp_path: Path) -> list[dict[str, object]]:
    output = tmp_path / "decisions.jsonl"
    said = StringIO()
    call_command("export_decisions", output=output, stdout=said)
    rows = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert said.getvalue() == f"{len(rows)} decided flags written to {output}.\n"
    return rows


def test_the_last_final_decision_that_nobody_overruled_is_the_label(tmp_path: Path) -> None:
    right, wrong = decided("removed"), decided("not_the_product")
    twice = decided("not_the_product")
    decided("removed", twice.flag)
    overruled = decided("not_the_product")
    decided("overrule", overruled.flag, overrides=overruled)
    decided("removed", final=False)
    decided("ask_seller")
    labels = {row["id"]: row["label"] for row in exported(tmp_path)}
    assert labels == {f"flag-{right.flag_id}": 1, f"flag-{wrong.flag_id}": 0, f"flag-{twice.flag_id}": 1}


def test_neither_seller_nor_address_leave(tmp_path: Path) -> None:
    decided("removed")
    (row,) = exported(tmp_path)
    assert (row["title"], row["gtin"]) == ("Norvik heater", "1")
    assert "Ada" not in json.dumps(row)
    assert "shop.example" not in json.dumps(row)


def test_what_is_exported_can_be_read_back_as_pairs(tmp_path: Path) -> None:
    pairs = pytest.importorskip("benchmarks.pairs")
    decision = decided("removed")
    exported(tmp_path)
    (pair,) = pairs.decided_pairs(tmp_path / "decisions.jsonl")
    assert (pair.source, pair.label, pair.listing) == ("decisions", 1, f"flag-{decision.flag_id}")
    assert pair.recall == decision.flag.recall.number
