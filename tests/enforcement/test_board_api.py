"""The board by API: the same numbers as its page, for the regulator its own notices and for a platform only its own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement.board_metrics import METRICS
from enforcement.models import Takedown
from enforcement.services import start_clock
from listings.models import Flag
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls.models import Notice
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory, UserFactory
from tests.portal.test_api_calls import problem

pytestmark = pytest.mark.django_db


def key_of(person: User, *scopes: str) -> Callable[[str], Any]:
    _, secret = api_keys.create_key(
        organisation=person.organisation, name="K", scopes=list(scopes), days=1, actor=Actor.person(person)
    )
    client = Client(headers={"authorization": f"Bearer {secret}"})
    return lambda path: client.get(f"/api/v1/{path}")


def flagged(notice: Notice, status: str = "open", *, due_in: float = 2, paused: bool = False) -> Flag:
    """A flag with its clock, due in so many hours."""
    now, due = timezone.now(), timezone.now() + timedelta(hours=due_in)
    flag = FlagFactory(notice=notice, listing=ListingFactory(platform=notice.platform), opened_at=now)
    start_clock(flag=flag)
    Flag.objects.filter(pk=flag.pk).update(status=status, due_at=due)
    clock = {"removed": "met", "dismissed": "cancelled"}.get(status, "running")
    Takedown.objects.filter(flag=flag).update(
        status=clock, due_at=due, paused_at=now if paused else None, met_at=now if clock == "met" else None
    )
    return flag


@pytest.fixture
def notices(regulator: Organisation, platform_a: Organisation, platform_b: Organisation) -> list[Notice]:
    """Two of this regulator to two platforms, and one of another regulator to the first."""
    ours = RecallFactory(regulator=regulator, number="26-501", priority="urgent")
    made = [
        NoticeFactory(recall=ours, platform=platform, sent_at=timezone.now()) for platform in (platform_a, platform_b)
    ]
    made.append(NoticeFactory(recall=RecallFactory(), platform=platform_a, sent_at=timezone.now()))
    for status, due_in, paused in (
        ("open", -1, False), ("open", 3, False), ("claimed_removed", 5, True), ("removed", 2, False), ("dismissed", 2, False),
    ):  # fmt: skip
        flagged(made[0], status, due_in=due_in, paused=paused)
    flagged(made[1])
    flagged(made[2], due_in=-5)
    return made


def test_each_notice_has_its_clocks_and_flags_counted(notices: list[Notice], officer: User) -> None:
    rows = key_of(officer, "oversight:read")("board").json()["results"]
    assert [row["notice"] for row in rows] == [notices[1].pk, notices[0].pk], "newest first, none of another regulator"
    row = rows[1]
    assert (row["recall_number"], row["platform"], row["priority"]) == ("26-501", "bazaarly", "urgent")
    assert row["clocks"] == {"running": 2, "late": 1, "paused": 1}
    assert row["flags"] == {
        "found": 5, "undecided": 2, "decided": 3, "claimed": 1, "gone": 1, "restricted": 0, "dismissed": 1, "not_covered": 0,
        "unknown": 0, "relisted": 0,
    }  # fmt: skip
    first_due = min(flag.due_at for flag in Flag.objects.filter(notice=notices[0], status="open") if flag.due_at)
    assert row["next_due_at"][:19] == f"{first_due:%Y-%m-%dT%H:%M:%S}"


def test_a_platform_has_its_own_notices_of_every_regulator(notices: list[Notice], manager_a: User) -> None:
    get = key_of(manager_a, "flags")
    assert [row["notice"] for row in get("board").json()["results"]] == [notices[2].pk, notices[0].pk]
    (row,) = get("board/platforms").json()["results"]
    assert (row["platform"], row["takedowns"]["running"], row["takedowns"]["late"]) == ("bazaarly", 4, 2)


def test_a_regulator_has_each_platform_with_its_own_takedowns_alone(
    notices: list[Notice], officer: User, platform_b: Organisation
) -> None:
    quiet = UserFactory(role="platform_manager", organisation__kind="platform", organisation__name="Quiet").organisation
    rows = {
        row["platform"]: row["takedowns"]
        for row in key_of(officer, "oversight:read")("board/platforms").json()["results"]
    }
    assert rows["bazaarly"]["running"] == 3
    assert rows["bazaarly"]["late"] == 1
    assert rows[platform_b.slug]["running"] == 1
    assert set(rows[quiet.slug].values()) == {0}


def test_the_call_and_the_page_show_the_same_numbers(
    notices: list[Notice], officer: User, sign_in: Callable[[User], Client]
) -> None:
    shown = {row["notice"]: row for row in key_of(officer, "oversight:read")("board").json()["results"]}
    page = sign_in(officer).get(reverse("enforcement:board")).context
    for notice in page["page"].rows:
        row = shown.pop(notice.pk)
        numbers = {name: number for name, _, number in notice.metrics}
        assert numbers == {"late": row["clocks"]["late"], **row["flags"]}
        assert set(numbers) == set(METRICS)
        assert notice.paused == row["clocks"]["paused"]
    assert shown == {}


def test_another_authority_and_a_key_without_the_scope_see_nothing_of_it(
    notices: list[Notice], manager_a: User
) -> None:
    stranger = UserFactory(
        role="regulator_staff", organisation__kind="regulator", organisation__name="Elsewhere Authority"
    )
    get = key_of(stranger, "oversight:read")
    assert get("board").json()["results"] == []
    assert all(set(row["takedowns"].values()) == {0} for row in get("board/platforms").json()["results"])
    for path in ("board", "board/platforms"):
        assert problem(key_of(manager_a, "catalogue")(path)) == (403, "permission_denied")


def test_it_is_counted_for_the_notices_that_are_asked_for(
    notices: list[Notice], officer: User, platform_b: Organisation
) -> None:
    get = key_of(officer, "oversight:read")
    (row,) = get(f"board?platform={platform_b.slug}").json()["results"]
    assert (row["notice"], row["clocks"]["running"]) == (notices[1].pk, 1)
    first = get("board?page_size=1&fields=notice").json()
    assert first["results"] == [{"notice": notices[1].pk}]
    assert len(get(first["next"].rpartition("/api/v1/")[2]).json()["results"]) == 1
