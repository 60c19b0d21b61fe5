"""The page of an event shows what it changed as a difference that can be read."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from portal import audit
from portal.audit.changes import MAX_FIELDS, MAX_LENGTH, changes_of
from portal.differences import Part
from portal.identity.actors import Actor
from portal.models import User

TEXT = "The heater can overheat while in use and set curtains on fire, which burned two people."


def test_a_short_value_is_shown_before_and_after() -> None:
    (change,) = changes_of({"is_active": True, "name": "Ada"}, {"is_active": False, "name": "Ada"})
    assert (change.field, change.was, change.now) == ("Is active", "Yes", "No")


def test_a_list_is_shown_as_added_and_removed() -> None:
    (change,) = changes_of({"scopes": ["read", "write"]}, {"scopes": ["read", "send"]})
    assert [part for part in change.parts if part.kind != "same"] == [Part("added", "send"), Part("removed", "write")]


def test_a_long_text_is_compared_word_by_word() -> None:
    (change,) = changes_of({"hazard": TEXT}, {"hazard": TEXT.replace("two", "nine")})
    assert [part.text.strip() for part in change.parts if part.kind != "same"] == ["two", "nine"]


def test_an_object_inside_is_shown_by_its_fields_and_a_moment_in_the_zone_of_the_reader() -> None:
    before, after = (
        {"due_at": "2026-03-05T09:04:00Z", "terms": {"amount": 24, "unit": "hours"}},
        {"terms": {"amount": 2}},
    )
    due, amount, unit = changes_of(before, after)
    assert "T09" not in due.was
    assert "2026" in due.was
    assert (amount.field, amount.was, amount.now) == ("Terms: amount", "24", "2")
    assert (unit.was, unit.now) == ("hours", "–")


HOSTILE: list[object] = [None, [], "x", 7, {"a": "x" * 100_000}, {"a": ["b"] * 100_000}, {"a": ["b" * 90_000] * 9}, {"a": "word " * 50_000}, {"a": {"b": {"c": {"d": {"e": 1}}}}},
           {str(number): number for number in range(5_000)}, {"a": [{"b": [1]}, None, True]}, {"a": "9999-12-31T23:59:59-23:59"},
           {"": "\u202e"}]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value)[:20])
def test_whatever_was_stored_is_shown_in_a_bounded_length(value: object) -> None:
    for before, after in ((value, {}), ({}, value), (value, value), (value, {"a": "other words than before"})):
        found = changes_of(before, after)
        assert len(found) <= MAX_FIELDS
        for change in found:
            assert len(change.was) + len(change.now) + sum(len(part.text) for part in change.parts) <= 3 * MAX_LENGTH
            assert "\u202e" not in change.was + change.now


@pytest.mark.django_db
def test_the_page_of_an_event_shows_the_difference_and_the_stored_data(
    admin: User, officer: User, client: Client
) -> None:
    row = audit.record(
        actor=Actor.person(admin),
        action="person.edited",
        subject=officer,
        before={"name": "<i>Old</i>", "note": TEXT},
        after={"name": "New", "note": TEXT.replace("two", "<b>nine</b>")},
    )
    client.force_login(admin)
    page = client.get(reverse("portal:audit_event", args=[row.pk])).content.decode()
    assert re.search(r"<td[^>]*>&lt;i&gt;Old&lt;/i&gt;</td>", page)
    assert '<del class="wb-del">' in page
    assert "<b>nine" not in page
    assert page.index("<details") < page.index("&quot;before&quot;: {"), "what is stored is one click away"
