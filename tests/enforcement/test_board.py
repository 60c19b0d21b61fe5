"""The board: each number is the length of the list behind it; late first; and a wallboard."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import services
from enforcement.board_metrics import METRICS, TOTALS
from enforcement.models import CheckPlan, Takedown
from enforcement.oversight.pictures import recall_funnel
from listings.models import Flag
from portal.http.moments import zone_label
from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls.models import Notice
from tests.factories import TERMS, FlagFactory, ListingFactory, NoticeFactory, RecallFactory, UserFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
BOARD, WALLBOARD = reverse("enforcement:board"), reverse("enforcement:wallboard")
TAKEDOWNS, QUEUE = reverse("enforcement:takedowns"), reverse("listings:queue")
STATES = [
    "open", "open", "open", "asked_seller", "claimed_removed", "claimed_removed", "removed", "removed", "removed",
    "restricted", "dismissed", "withdrawn", "not_covered",
]  # fmt: skip
EXPECTED = {"late": 2, "found": 13, "undecided": 4, "decided": 7, "claimed": 2, "gone": 3, "restricted": 1, "dismissed": 1,
            "not_covered": 1, "unknown": 2, "relisted": 1}  # fmt: skip


def _with_clock(notice: Notice, status: str, *, unknown_in_a_row: int = 0, **takedown: Any) -> Flag:
    flag = FlagFactory(notice=notice, listing=ListingFactory(platform=notice.platform), opened_at=timezone.now())
    row = services.start_clock(flag=flag)
    Flag.objects.filter(pk=flag.pk).update(status=status)
    clock = {
        "removed": "met",
        "restricted": "met",
        "dismissed": "cancelled",
        "withdrawn": "cancelled",
        "not_covered": "cancelled",
    }.get(status, "running")
    Takedown.objects.filter(pk=row.pk).update(**{"status": clock, **takedown})
    CheckPlan.objects.filter(pk=row.pk).update(unknown_in_a_row=unknown_in_a_row)
    Flag.objects.filter(pk=flag.pk).update(due_at=Takedown.objects.get(pk=row.pk).due_at)
    return flag


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation) -> Notice:
    """Twelve listings: two of them late, one late by the clock but paused, two checks that could not tell, one relisted."""
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, matched_at=timezone.now())
    before = timezone.now() - timedelta(hours=1)
    special: dict[int, dict[str, Any]] = {
        0: {"due_at": before}, 4: {"due_at": before, "unknown_in_a_row": 3}, 1: {"due_at": before, "paused_at": before},
        6: {"due_at": before, "met_at": timezone.now(), "unknown_in_a_row": 1}, 10: {"unknown_in_a_row": 1},
    }  # fmt: skip
    flags = [_with_clock(notice, status, **special.get(place, {})) for place, status in enumerate(STATES)]
    Flag.objects.filter(pk=flags[2].pk).update(relisted_from=flags[6])
    return notice


def test_each_number_of_the_board_is_the_length_of_the_list_behind_it(
    notice: Notice, officer: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(officer)
    (row,) = client.get(BOARD).context["page"].rows
    assert {name: number for name, _, number in row.metrics} == EXPECTED
    assert list(METRICS) == list(EXPECTED)
    for name, number in EXPECTED.items():
        page = client.get(reverse("enforcement:notice_board", args=[notice.pk]), {"metric": name})
        assert len(page.context["page"].rows) == number, name
        assert f'?metric={name}" aria-current="page"' in page.content.decode()
    assert client.get(reverse("enforcement:notice_board", args=[notice.pk]), {"metric": "x"}).status_code == 404


def test_each_total_of_board_and_wall_is_the_length_of_the_list_it_leads_to(
    notice: Notice, regulator: Organisation, platform_b: Organisation, officer: User, sign_in: Callable[[User], Client]
) -> None:
    late_proof = {"due_at": timezone.now() - timedelta(hours=2), "met_at": timezone.now()}
    withdrawn = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_b, status="withdrawn")
    _with_clock(withdrawn, "restricted", **late_proof)
    _with_clock(withdrawn, "claimed_removed", due_at=timezone.now() - timedelta(hours=1))
    client = sign_in(officer)
    board = client.get(BOARD)
    assert board.context["totals"] == {"running": 7, "late": 3, "met": 5, "in_time": 0, "relisted": 1}
    assert list(TOTALS) == list(board.context["totals"])
    Takedown.objects.filter(status="met", due_at__gt=timezone.now()).update(met_at=timezone.now())
    board = client.get(BOARD)
    for name, number in board.context["totals"].items():
        assert number, f"{name}: there is something to count"
        assert f'href="{TAKEDOWNS}?total={name}"' in board.content.decode()
        page = client.get(TAKEDOWNS, {"total": name})
        assert len(page.context["page"].rows) == number, name
        assert f"<strong>{TOTALS[name][0]}.</strong>" in page.content.decode()
    wallboard = client.get(WALLBOARD)
    assert [name for name, *_ in wallboard.context["totals"]] == ["late", "undecided", "running", "met"]
    for name, _, number, address in wallboard.context["totals"]:
        assert f'<a id="n-{name}" href="{address}"' in wallboard.content.decode()
        assert len(client.get(address).context["page"].rows) == number > 0, name


@pytest.mark.parametrize("address", [BOARD, WALLBOARD])
def test_what_was_not_looked_through_yet_is_not_said_to_be_without_listings(
    address: str, regulator: Organisation, platform_b: Organisation, officer: User, sign_in: Callable[[User], Client]
) -> None:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_b)
    for moment, said in ((None, "matching"), (timezone.now(), "nothing found")):
        Notice.objects.filter(pk=notice.pk).update(matched_at=moment)
        assert f">{said}</td>" in tight(sign_in(officer).get(address).content.decode())


def test_late_ones_come_first_and_every_column_orders(
    notice: Notice, regulator: Organisation, platform_b: Organisation, officer: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(officer)
    calm = NoticeFactory(
        recall=RecallFactory(regulator=regulator, number="00001"), platform=platform_b, terms=dict(TERMS)
    )
    for _ in range(4):
        _with_clock(calm, "restricted")
    empty = NoticeFactory(recall=RecallFactory(regulator=regulator, number="00002"), platform=platform_b)

    def order(sort: str) -> list[int]:
        return [row.pk for row in client.get(BOARD, {"sort": sort} if sort else {}).context["page"].rows]

    assert order("") == [notice.pk, empty.pk, calm.pk]
    assert order("restricted") == [calm.pk, notice.pk, empty.pk]
    assert order("recall") == [calm.pk, empty.pk, notice.pk]
    assert order("platform") == [notice.pk, empty.pk, calm.pk]
    assert order("due")[0] == notice.pk
    assert order("no-such-column") == order("")
    assert order("unknown") == order(""), "not ordered by"
    for name in METRICS:
        assert len(order(name)) == 3, name


def test_a_deadline_of_a_paused_clock_orders_neither_board_nor_wallboard(
    regulator: Organisation, platform_a: Organisation, officer: User, sign_in: Callable[[User], Client]
) -> None:
    now, notices = timezone.now(), []
    for number, hours, paused_at in (("00001", 1, now), ("00002", 3, None), ("00003", 2, None)):
        row = NoticeFactory(recall=RecallFactory(regulator=regulator, number=number), platform=platform_a)
        _with_clock(row, "open", due_at=now + timedelta(hours=hours), paused_at=paused_at)
        notices.append(row.pk)
    paused, later, sooner = notices
    client = sign_in(officer)
    assert [row.pk for row in client.get(BOARD, {"sort": "due"}).context["page"].rows] == [sooner, later, paused]
    assert [row.pk for row in client.get(WALLBOARD).context["rows"]] == [sooner, later, paused]


def test_another_regulator_sees_none_of_it_and_a_platform_may_not_look(
    notice: Notice, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    other = sign_in(UserFactory(role="regulator_staff", organisation__kind="regulator"))
    assert other.get(BOARD).context["page"].rows == []
    assert other.get(WALLBOARD).context["rows"] == []
    assert {number for _, _, number, _ in other.get(WALLBOARD).context["totals"]} == {0}
    assert set(other.get(BOARD).context["totals"].values()) == {0}
    for name in TOTALS:
        assert other.get(TAKEDOWNS, {"total": name}).context["page"].rows == [], name
    assert other.get(reverse("enforcement:notice_board", args=[notice.pk])).status_code == 404
    assert sign_in(moderator_a).get(WALLBOARD).status_code == 403


def test_the_wallboard_shows_the_most_urgent_and_refreshes_itself(
    notice: Notice, officer: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(officer)
    page = tight(client.get(WALLBOARD).content.decode())
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "wb-nav" not in page
    assert 'hx-trigger="every 30s"' in page
    now = timezone.localtime(timezone=officer.zone)
    assert f"</time>{zone_label(now)}</p>" in page
    part = tight(client.get(WALLBOARD, headers={"HX-Request": "true"}).content.decode())
    assert part.lstrip().startswith('<div id="wallboard"')
    assert "data-renew-failed" in part
    assert '<div class="is-late"><dt id="t-late">Late</dt><dd><a id="n-late" href="/takedowns/?total=late" ' in part


def test_the_board_draws_the_states_of_each_platform_and_only_of_what_the_reader_may_see(
    notice: Notice, platform_b: Organisation, officer: User,
    sign_in: Callable[[User], Client],
) -> None:  # fmt: skip
    proved = Takedown.objects.filter(flag__notice=notice, status="met", met_at=None).order_by("pk")[:1].get()
    Takedown.objects.filter(pk=proved.pk).update(met_at=proved.due_at - timedelta(hours=1))
    at_b = NoticeFactory(recall=notice.recall, platform=platform_b)
    _with_clock(at_b, "open")
    strange = RecallFactory(regulator__name="Elsewhere Authority")
    _with_clock(NoticeFactory(recall=strange, platform=platform_b), "open")
    a, b = ("Bazaarly", "2", "4", "3", "1"), ("Market One", "0", "1", "0", "0")
    stranger = UserFactory(role="regulator_staff", organisation=strange.regulator)
    for person, table in ((officer, [a, b]), (stranger, [b])):
        page = sign_in(person).get(BOARD)
        chart = page.context["states"]
        assert list(chart.table) == table
        assert ("Bazaarly: 10" in page.content.decode()) == (person == officer)
    chart = sign_in(officer).get(BOARD).context["states"]
    assert chart.finding == "2 takedowns are late; Bazaarly has the most, 2."
    assert [(piece.kind, piece.text) for piece in chart.wide.bars[0].pieces] == [
        ("late", "2"), ("running", "4"), ("met-late", "3"), ("met", "1"),
    ]  # fmt: skip
    widths = [piece.width for piece in chart.wide.bars[0].pieces]
    assert widths == pytest.approx([140.8, 281.6, 211.2, 70.4], abs=0.1), "to scale"


def test_a_notice_draws_its_listings_by_state(notice: Notice, officer: User, sign_in: Callable[[User], Client]) -> None:
    chart = sign_in(officer).get(reverse("enforcement:notice_board", args=[notice.pk])).context["states"]
    assert list(chart.table) == [("Bazaarly", "4", "2", "3", "1", "1")]
    assert chart.finding == "6 of 11 listings are not decided or not confirmed."


def test_a_recall_draws_what_was_found_decided_and_gone_for_those_who_may_see_it(
    notice: Notice, platform_b: Organisation, officer: User, moderator_a: User, moderator_b: User,
    sign_in: Callable[[User], Client],
) -> None:  # fmt: skip
    at_b = NoticeFactory(recall=notice.recall, platform=platform_b)
    address = reverse("recalls:detail", args=[notice.recall_id])
    empty = sign_in(moderator_b).get(address).context["charts"][0]
    assert (empty.is_empty, empty.finding) == (True, "No listing was found for this recall yet.")
    _with_clock(at_b, "removed")
    _with_clock(NoticeFactory(recall=RecallFactory(regulator=notice.recall.regulator), platform=platform_b), "removed")
    for person, numbers, shares in (
        (officer, ["12", "8", "5"], ["100%", "67%", "42%"]),
        (moderator_a, ["11", "7", "4"], ["100%", "64%", "36%"]),
        (moderator_b, ["1", "1", "1"], ["100%"] * 3),
    ):
        page = sign_in(person).get(address)
        (chart,) = page.context["charts"]
        assert [row[1] for row in chart.table] == numbers
        assert [row[2] for row in chart.table] == shares
        assert chart.finding in page.content.decode()
    stranger = UserFactory(role="regulator_staff", organisation__kind="regulator")
    assert recall_funnel(recall=notice.recall, actor=Actor.person(stranger)).is_empty
