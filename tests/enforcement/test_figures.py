"""Escalation figures: counted correctly, limited to what the reader can see, with a finding for each chart."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client

from enforcement import services
from enforcement.models import Escalation, Takedown
from portal.identity.actors import Actor
from portal.models import Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)  # a Wednesday
PAGE = "/escalations/figures/"


@pytest.fixture(autouse=True)
def _clock(regulator: Organisation, platform_a: Organisation, platform_b: Organisation) -> None:
    """Bazaarly: proved after 2 h, 4 h and 30 h (late), one running late with an open step; Market One: one running.
    Another authority has a takedown at Bazaarly of its own, proved after 5 minutes."""
    with time_machine.travel(NOW, tick=False):
        recall = RecallFactory(regulator=regulator)
        at_a, at_b = (NoticeFactory(recall=recall, platform=each) for each in (platform_a, platform_b))
        strange = NoticeFactory(recall=RecallFactory(regulator__name="Elsewhere Authority"), platform=platform_a)
        start = NOW - timedelta(days=3)
        for notice, hours in ((at_a, 2), (at_a, 4), (at_a, 30), (at_a, None), (at_b, None), (strange, 1 / 12)):
            flag = FlagFactory(notice=notice, listing=ListingFactory(platform=notice.platform))
            takedown = services.start_clock(flag=flag)
            due = NOW + timedelta(hours=1) if notice is at_b else start + timedelta(hours=6)
            met = {"status": "met", "met_at": start + timedelta(hours=hours)} if hours else {}
            missed = {"missed_at": due} if hours == 30 or (hours is None and notice is at_a) else {}
            Takedown.objects.filter(pk=takedown.pk).update(started_at=start, due_at=due, **met, **missed)
            if hours is None and notice is at_a:
                Takedown.objects.filter(pk=takedown.pk).update(status="missed")
                for step, kind in enumerate(("reminder", "missed", "officer"), 1):
                    Escalation.objects.create(
                        takedown=takedown, platform=platform_a, step=step, kind=kind, due_at=due, resolved_at=NOW if step == 1 else None
                    )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "platforms", "proved", "median_hours", "steps"),
    [
        ("officer", {"Bazaarly": (1, 1, 3, 2), "Market One": (1, 0, 0, 0)}, [0, 2, 0, 1, 0, 0], 4, {"missed": 1, "officer": 1}),
        ("moderator_a", {"Bazaarly": (1, 1, 4, 3)}, [1, 2, 0, 1, 0, 0], 3, {"missed": 1}),
        ("moderator_b", {"Market One": (1, 0, 0, 0)}, [0] * 6, None, {}),
    ],
)  # fmt: skip
def test_everybody_gets_the_figures_of_what_they_may_see(
    who: str, platforms: dict[str, tuple[int, ...]], proved: list[int], median_hours: int | None,
    steps: dict[str, int], request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        found = services.figures(actor=Actor.person(request.getfixturevalue(who)), days=30)
    counted = {row.platform.name: (row.running, row.late, row.proved, row.in_time) for row in found.platforms}
    assert counted == platforms
    assert found.took == proved
    assert found.median == (None if median_hours is None else timedelta(hours=median_hours))
    assert found.steps == steps


def test_missed_deadlines_are_counted_by_week_and_old_proofs_left_out(officer: User) -> None:
    actor = Actor.person(officer)
    with time_machine.travel(NOW + timedelta(weeks=5), tick=False):
        found = services.figures(actor=actor, days=30)
        # By then the deadline of Market One has passed as well, whether or not a sweep came by.
        assert [count for _, count in found.missed] == [0] * 5 + [2, 1] + [0] * 5
        assert [count for _, count in found.missed] == [
            week.missed for week in services.outcomes(Takedown.objects.visible_to(actor), by="week")
        ]
        assert found.total("proved") == 0
        assert services.figures(actor=actor, days=90).total("proved") == 3


def test_the_page_says_its_findings_and_sorts_the_platforms(
    officer: User, sign_in: Callable[[User], Client], platform_b: Organisation
) -> None:
    with time_machine.travel(NOW, tick=False):
        client = sign_in(officer)
        page = client.get(PAGE).content.decode()
        assert "2 of 3 removals were confirmed within 24 hours." in page
        assert "2 deadlines were missed in the last 4 weeks, compared with 0 in the 4 weeks before." in page
        assert "50% of running clocks" in page
        for sort, first in (
            ("-late", "Bazaarly"),
            ("late", "Market One"),
            ("median", "Bazaarly"),
            ("nonsense", "Bazaarly"),
        ):
            table = client.get(f"{PAGE}?sort={sort}").content.decode().partition("<caption")[2]
            rows = table[table.index("Figures by platform") :]
            other = {"Bazaarly", "Market One"} - {first}
            assert rows.index(first) < rows.index(other.pop()), sort
        narrowed = client.get(f"{PAGE}?platform={platform_b.pk}").content.decode()
        assert "No removals were confirmed in this period." in narrowed


def test_a_platform_reads_its_own_figures_in_its_language_and_no_other_platforms(
    moderator_a: User, platform_b: Organisation, sign_in: Callable[[User], Client]
) -> None:
    User.objects.filter(pk=moderator_a.pk).update(language="de")
    with time_machine.travel(NOW, tick=False):
        page = sign_in(moderator_a).get(f"{PAGE}?platform={platform_b.pk}").content.decode()
    assert "3 von 4 Entfernungen wurden binnen 24 Stunden bestätigt." in page
    assert "Market One" not in page


def test_whoever_may_not_see_escalations_gets_no_figures() -> None:
    program = Actor(kind="api", label="Program", permissions=frozenset({"flag.view"}))
    with pytest.raises(PermissionDenied):
        services.figures(actor=program, days=30)


@pytest.mark.parametrize(
    ("who", "table"),
    [
        ("officer", [("Bazaarly", "3 h 00 min", "4 h 00 min", "17 h 00 min", "3")]),
        ("moderator_a", [("Bazaarly", "1 h 31 min", "3 h 00 min", "10 h 30 min", "4")]),
        ("moderator_b", []),
    ],
)
def test_platforms_are_compared_by_median_and_quartiles(
    who: str, table: list[tuple[str, ...]], request: pytest.FixtureRequest, sign_in: Callable[[User], Client]
) -> None:
    with time_machine.travel(NOW, tick=False):
        page = sign_in(request.getfixturevalue(who)).get(PAGE)
    chart = page.context["times"]
    assert list(chart.table) == table
    assert chart.finding in page.content.decode()
    if who == "officer":
        (bar,) = chart.wide.bars
        assert (bar.pieces[0].x, bar.mark) == (132.2, 173.6), "3 and 4 of 17 hours"
        assert chart.finding == "The median time of Bazaarly is 4 h 00 min."
    elif who == "moderator_b":
        assert (chart.is_empty, chart.finding) == (True, "No removals were confirmed in this period.")


def test_the_comparison_leads_to_why_the_slowest_platform_is_slow(
    officer: User, moderator_b: User, platform_b: Organisation, sign_in: Callable[[User], Client]
) -> None:
    said = "See where the time of Market One goes"
    with time_machine.travel(NOW, tick=False):
        client = sign_in(officer)
        assert "See where the time" not in client.get(PAGE).content.decode(), "nothing to compare with"
        Takedown.objects.filter(platform=platform_b).update(status="met", met_at=NOW)
        page = client.get(PAGE, {"days": "90"}).content.decode()
        assert f"/platforms/{platform_b.pk}/record/?days=90#parts" in page
        assert said in page
        assert said not in client.get(PAGE, {"platform": platform_b.pk}).content.decode()
        assert said not in sign_in(moderator_b).get(PAGE).content.decode()
