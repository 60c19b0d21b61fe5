"""Programs of a regulator read what a notice holds back, and release or dismiss it."""

from collections.abc import Callable

import pytest

from listings import services
from listings.models import Listing
from portal.models import AuditEvent, User
from recalls.models import Notice
from tests.factories import UserFactory
from tests.listings.test_held_matches import LIMIT, WEAK, again, flagged, held, listed, matched, notice
from tests.portal.test_regulator_keys import program

__all__ = ["listed", "notice"]
pytestmark = pytest.mark.django_db
List = Callable[..., list[Listing]]


def test_what_is_held_back_is_read_with_examples_and_released(notice: Notice, listed: List, officer: User) -> None:
    listed(LIMIT + 3, WEAK)
    path = f"notices/{matched(notice).pk}"
    ada = program(officer)
    assert ada("GET", path).json()["held_back"] == 3
    shown = ada("GET", f"{path}/held").json()
    assert {name: shown[name] for name in ("matches", "undecided", "held", "released", "dismissed", "limit")} == {
        "matches": LIMIT + 3, "undecided": LIMIT, "held": 3, "released": 0, "dismissed": 0, "limit": LIMIT,
    }  # fmt: skip
    assert shown["signals"][0]["share"] == 1
    example = shown["examples"][0]
    assert (example["listing"]["title"], example["score"] > 0.5) == (WEAK, True)
    assert {"name", "detail"} <= example["evidence"][0].keys()

    released = ada("POST", f"{path}/held/release", {"reason": "All are heaters."})
    assert (released.status_code, released.json()["released"]) == (200, 3)
    services.follow_held()
    assert (len(flagged(notice)), held(notice)) == (LIMIT + 3, set())
    assert AuditEvent.objects.get(action="held.released").user == officer
    nothing = ada("POST", f"{path}/held/release", {})
    assert (nothing.status_code, list(nothing.json()["errors"])) == (422, ["from_score"])


def test_what_is_dismissed_is_flagged_no_more(notice: Notice, listed: List, officer: User) -> None:
    listed(LIMIT + 3, WEAK)
    path, ada = f"notices/{matched(notice).pk}/held", program(officer)
    for wrong, field in (({"reason": " "}, "reason"), ({}, "reason"), ({"reason": "x", "below": 85}, "below")):
        refused = ada("POST", f"{path}/dismiss", wrong)
        assert (refused.status_code, list(refused.json()["errors"])) == (422, [field])
    assert again(notice).held_back == 3
    assert ada("POST", f"{path}/dismiss", {"reason": "Filters.", "below": 1.0}).json()["dismissed"] == 3
    assert (again(notice).held_back, len(flagged(notice))) == (0, LIMIT)
    assert AuditEvent.objects.get(action="held.dismissed").reason == "Filters."


def test_only_the_recalls_own_regulator_reads_and_answers(
    notice: Notice, listed: List, officer: User, admin: User, manager_a: User
) -> None:
    listed(LIMIT + 1, WEAK)
    path = f"notices/{matched(notice).pk}/held"
    elsewhere = program(UserFactory(role="regulator_staff", organisation__kind="regulator"))
    reads, platform = program(officer, ["oversight:read"]), program(manager_a, ["notices", "flags"])
    for call, reading, answering in (
        (elsewhere, 404, 404),
        (reads, 200, 403),
        (program(admin), 200, 403),
        (platform, 403, 403),
    ):
        assert call("GET", path).status_code == reading
        for answer in ("release", "dismiss"):
            assert call("POST", f"{path}/{answer}", {"reason": "Mine."}).status_code == answering
    assert again(notice).held_back == 1
    assert not AuditEvent.objects.filter(action__startswith="held.").exists()
