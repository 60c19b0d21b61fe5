"""Statements of reasons: each final removal once, as the Transparency Database takes it, of the platform alone, of no person."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from enforcement.statements.rules import problems
from enforcement.statements.services import final_removals, statements_asked
from enforcement.statements.statement import Removal, statement_of
from listings.models import Decision
from portal.identity.actors import Actor
from portal.models import Export, Organisation, User
from tests.exporting import exported
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

DAY = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
REMOVAL = Removal(
    flag=7,
    removal=9,
    decided_at=DAY,
    by_person=True,
    restricted_in="",
    listed_at=DAY - timedelta(days=3),
    gtins=["4006381333931"],
    notified_at=DAY - timedelta(days=1),
    regulator="Marktaufsicht",
    regulator_country="DE",
    recall="26117",
    title="Heaters recalled",
    hazard="Fire.",
    url="https://recalls.example.eu/26117",
    signals=["Same GTIN"],
)
PERIOD = {"first": "2026-03-01", "last": "2026-03-31"}


def test_a_removal_is_a_statement_that_the_database_takes() -> None:
    statement = statement_of(REMOVAL)
    assert problems(statement) == []
    assert statement == {
        "puid": "offshelf-7-9",
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
        "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
        "decision_ground_reference_url": "https://recalls.example.eu/26117",
        "illegal_content_legal_ground": "Regulation (EU) 2023/988 on general product safety, Articles 22 and 35; Product recall 26117 of Marktaufsicht",
        "illegal_content_explanation": "The listing offered a product that Marktaufsicht has recalled: Heaters recalled. Hazard: Fire.",
        "category": "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS",
        "category_specification": ["KEYWORD_UNSAFE_PRODUCTS"],
        "content_type": ["CONTENT_TYPE_PRODUCT"],
        "content_id": {"EAN-13": "4006381333931"},
        "content_date": "2026-02-27",
        "application_date": "2026-03-02",
        "decision_facts": "Marktaufsicht notified the platform of recall 26117 on 2026-03-01. The platform's catalogue was compared with "
        "the recall by automated means, and the listing matched. What speaks for the match: Same GTIN. A person reviewed it, "
        "and it was removed on 2026-03-02.",
        "source_type": "SOURCE_TYPE_OTHER_NOTIFICATION",
        "source_identity": "Marktaufsicht",
        "automated_detection": "Yes",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
    }  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        {"by_person": False},
        {"restricted_in": "GR"},
        {"regulator_country": "US", "hazard": "", "url": "", "signals": []},
        {"title": "x" * 9_000, "hazard": "y" * 9_000, "regulator": "z" * 900, "recall": "w" * 900},
        {"title": "a\x00b\u2028c\r\nd", "hazard": "\u202eevil", "url": "https://example.eu/" + "u" * 900},
        {"gtins": []},
        {"gtins": ["４００６３８１３３３９３１", "abc", ""]},
        {"gtins": ["96385074"]},
        {"gtins": ["012345678905"]},
        {"gtins": ["4006381333931", "012345678905"]},
        {"gtins": ["4006381333930"]},
        {"listed_at": DAY + timedelta(days=40)},
    ],
)
def test_whatever_is_known_of_a_removal_the_database_takes_it(changed: dict[str, Any]) -> None:
    statement = statement_of(replace(REMOVAL, **changed))
    assert problems(statement) == []
    assert statement["content_date"] <= statement["application_date"]
    code = statement.get("content_id", {}).get("EAN-13")
    assert code == {"012345678905": "0012345678905", "4006381333931": "4006381333931"}.get(
        ",".join(changed.get("gtins", ["4006381333931"]))
    ), "no code is invented: a GTIN-8, several, none or a wrong one are left out"
    for text in statement.values():
        assert not isinstance(text, str) or text.isprintable()


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"puid": "a b"}, "puid: has other characters"),
        ({"puid": "a" * 501}, "puid: has 501 characters"),
        ({"puid": "a\n"}, "puid: has other characters"),
        ({"puid": None}, "puid: is required"),
        ({"decision_visibility": "DECISION_VISIBILITY_CONTENT_REMOVED"}, "decision_visibility: is not a list"),
        ({"decision_visibility": []}, "decision_visibility: is required"),
        ({"decision_visibility": ["DECISION_VISIBILITY_OTHER"]}, "decision_visibility_other: is required here"),
        ({"decision_visibility_other": "x"}, "decision_visibility_other: is dropped here"),
        ({"decision_ground": "ILLEGAL_CONTENT"}, "decision_ground: 'ILLEGAL_CONTENT' is not one"),
        ({"decision_ground_reference_url": "javascript:alert(1)"}, "decision_ground_reference_url: is not a web"),
        ({"illegal_content_legal_ground": ""}, "illegal_content_legal_ground: is required here"),
        ({"illegal_content_explanation": "x" * 2_001}, "illegal_content_explanation: has 2,001 characters"),
        (
            {"decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT"},
            "incompatible_content_ground: is required here",
        ),
        ({"content_type": ["CONTENT_TYPE_OTHER"]}, "content_type_other: is required here"),
        ({"category": "UNSAFE"}, "category: 'UNSAFE' is not one"),
        ({"category_specification": ["X"]}, "category_specification: 'X' is not one"),
        ({"territorial_scope": ["US"]}, "territorial_scope: 'US' is not one"),
        ({"content_id": {"EAN-13": "123"}}, "content_id: its EAN-13"),
        ({"content_id": {"ASIN": "1"}}, "content_id: names an EAN-13"),
        ({"content_date": "2026-02-30"}, "content_date: 2026-02-30 is no day"),
        ({"application_date": "2026-03-02-15"}, "application_date: is not a day"),
        ({"application_date": "2019-12-31"}, "application_date: 2019-12-31 is not from 2020-01-01"),
        ({"decision_facts": "x" * 5_001}, "decision_facts: has 5,001 characters"),
        ({"source_type": "SOURCE_VOLUNTARY"}, "source_identity: is dropped"),
        ({"automated_detection": True}, "automated_detection: True is not one"),
        ({"automated_decision": "No"}, "automated_decision: 'No' is not one"),
        ({"url": "https://example.eu"}, "url: the database has no such field"),
    ],
)
def test_what_the_database_refuses_is_found(changed: dict[str, Any], problem: str) -> None:
    assert any(each.startswith(problem) for each in problems(statement_of(REMOVAL) | changed))


def decided(platform: Organisation, recall: Any, number: int, **fields: Any) -> Decision:
    notice = recall.notices.filter(platform=platform).first() or NoticeFactory(recall=recall, platform=platform)
    listing = ListingFactory(
        platform=platform, gtin="012345678905", seller="Erika Musterfrau", title="Call +49 30 1234"
    )
    flag = FlagFactory(notice=notice, listing=listing)
    said = {"kind": "removed", "actor_kind": "person", "actor_label": "Mara Lindt, Bazaarly", "note": "Secret note"}
    evidence = [{"signal": "same_gtin", "weight": 3.0}, {"signal": "different_brand", "weight": -1.0}, {}]
    at = DAY + timedelta(minutes=number)
    return Decision.objects.create(
        flag=flag, score=0.9, evidence=evidence, **{"at": at, "final_at": at, "finalized_at": at} | said | fields
    )


def batches_in(data: bytes) -> tuple[list[list[dict[str, Any]]], dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = sorted(archive.namelist())
        read = {name: json.loads(archive.read(name)) for name in names}
    return [read[name]["statements"] for name in names if name != "summary.json"], read["summary.json"]


@pytest.mark.django_db
def test_a_manager_gets_each_final_removal_of_the_platform_once_in_batches(
    regulator: Organisation,
    platform_a: Organisation,
    platform_b: Organisation,
    manager_a: User,
    sign_in: Callable[[User], Client],
) -> None:
    recall = RecallFactory(regulator=regulator)
    mine = [decided(platform_a, recall, number) for number in range(101)]
    decided(platform_a, recall, 0, kind="geo_restricted")  # in the United States: no business of the database
    german = RecallFactory(regulator=Organisation.objects.create(kind="regulator", name="BAuA", slug="b", country="DE"))
    there = decided(platform_a, german, 0, kind="geo_restricted", actor_kind="api", actor_label="API key")
    decided(platform_a, recall, 0, kind="not_the_product")
    decided(platform_a, recall, 0, finalized_at=None)
    decided(platform_a, recall, 0, finalized_at=DAY + timedelta(days=60))
    undone = decided(platform_a, recall, 0)
    Decision.objects.create(flag=undone.flag, kind="undone", overrides=undone, score=0.9, evidence=[])
    decided(platform_b, recall, 0)

    client = sign_in(manager_a)
    assert "Statements of reasons" in client.get("/takedowns/").content.decode()
    batches, summary = batches_in(exported(client, client.post("/statements/", PERIOD)))
    assert [len(batch) for batch in batches] == [100, 2]
    stated = [statement for batch in batches for statement in batch]
    assert [problem for statement in stated for problem in problems(statement)] == []
    assert [each["puid"] for each in stated] == [f"offshelf-{row.flag_id}-{row.pk}" for row in [*mine, there]]
    assert len({each["puid"] for each in stated}) == 102
    assert stated[-1]["decision_visibility"] == ["DECISION_VISIBILITY_CONTENT_DISABLED"]
    assert stated[-1]["territorial_scope"] == ["DE"]
    assert stated[-1]["automated_decision"] == "AUTOMATED_DECISION_PARTIALLY"
    assert "What speaks for the match: Same GTIN." in stated[0]["decision_facts"]
    assert {name: summary[name] for name in ("platform", "statements", "batches", "left_out")} == {
        "platform": platform_a.slug, "statements": 102, "batches": 2, "left_out": 1,
    }  # fmt: skip
    assert "outside the European Economic Area" in summary["left_out_because"][0]["why"][0]
    everything = json.dumps([batches, summary])
    for personal in ("Musterfrau", "Mara Lindt", "Secret note", '1234"', "shop.example.org", "Market One"):
        assert personal not in everything, personal

    again, _ = batches_in(exported(client, client.post("/statements/", PERIOD)))
    assert again == batches, "the same decisions give the same statements, with the same PUIDs"


@pytest.mark.django_db
def test_nobody_else_gets_them(
    regulator: Organisation, platform_a: Organisation, officer: User, moderator_a: User, moderator_b: User, manager_a: User,
    sign_in: Callable[[User], Client],
) -> None:  # fmt: skip
    decided(platform_a, RecallFactory(regulator=regulator), 0)
    for person in (officer, moderator_a, moderator_b):
        assert sign_in(person).post("/statements/", PERIOD).status_code == 403
        with pytest.raises(PermissionDenied):
            statements_asked(first=DAY.date(), last=DAY.date(), actor=Actor.person(person))
    User.objects.filter(pk=moderator_b.pk).update(role="platform_manager")
    moderator_b.refresh_from_db()
    with pytest.raises(ValidationError, match="No decision to remove"):
        statements_asked(first=DAY.date(), last=DAY.date(), actor=Actor.person(moderator_b))
    reach = {"first": DAY.date(), "last": DAY.date(), "actor": Actor.person(moderator_b)}
    assert not final_removals(platform=platform_a, **reach).exists()
    assert final_removals(platform=platform_a, **reach | {"actor": Actor.person(manager_a)}).count() == 1
    assert not Export.objects.exists()


@pytest.mark.django_db
def test_days_in_the_wrong_order_and_days_without_a_decision_are_said(
    platform_a: Organisation, manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(manager_a)
    for period, words in (
        ({"first": "2026-03-31", "last": "2026-03-01"}, "must not be before the first day"),
        (PERIOD, "No decision to remove a listing became final from 01 Mar 2026 to 31 Mar 2026."),
    ):
        answer = client.post("/statements/", period)
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Export.objects.exists()
