"""A platform's page: its own record for itself, every platform's for a regulator, and never another's."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from enforcement import services
from enforcement.models import Extension, Takedown
from enforcement.oversight.trends import late_trend, outcome_trend
from listings.models import Decision, Exclusion, Flag
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)  # a Wednesday
STATES = [  # (days since the deadline, how many hours after it the removal was confirmed; None for not yet)
    (1, -2), (1, -4), (1, 3), (2, None), (40, -1), (40, 2), (200, 5),
]  # fmt: skip


def page_of(platform: Organisation, client: Client, **query: str) -> str:
    answer = client.get(reverse("enforcement:platform", args=[platform.pk]), query)
    assert answer.status_code == 200
    return tight(answer.content.decode())


@pytest.fixture(autouse=True)
def flags(regulator: Organisation, platform_a: Organisation, platform_b: Organisation) -> list[Flag]:
    """At Bazaarly the cases of STATES, the fourth relisted from the first; at Market One one that is late; and another
    authority's late case at Bazaarly."""
    made: list[Flag] = []
    with time_machine.travel(NOW, tick=False):
        recall = RecallFactory(regulator=regulator, number="26-771")
        here, there = (NoticeFactory(recall=recall, platform=each) for each in (platform_a, platform_b))
        strange = NoticeFactory(
            recall=RecallFactory(regulator__name="Elsewhere Authority", number="X-1"), platform=platform_a
        )
        for notice, (days, hours) in [(here, each) for each in STATES] + [(there, (3, None)), (strange, (3, None))]:
            listing = ListingFactory(platform=notice.platform, title=f"Heater {len(made)} {notice.recall.number}")
            flag = FlagFactory(notice=notice, listing=listing)
            row, due = services.start_clock(flag=flag), NOW - timedelta(days=days)
            met = {} if hours is None else {"status": "met", "met_at": due + timedelta(hours=hours)}
            Takedown.objects.filter(pk=row.pk).update(
                **{"status": "missed", "started_at": due - timedelta(hours=6), "due_at": due, **met}
            )
            made.append(flag)
        Flag.objects.filter(pk=made[3].pk).update(relisted_from=made[0])
    return made


@pytest.mark.parametrize(
    ("who", "outcome", "late_now"), [("officer", (3, 2, 1), 1), ("moderator_a", (3, 2, 2), 2), ("moderator_b", (0, 0, 0), 0)]
)  # fmt: skip
def test_the_record_counts_what_the_reader_may_see_of_the_deadlines_of_the_period(
    who: str,
    outcome: tuple[int, ...],
    late_now: int,
    platform_a: Organisation,
    flags: list[Flag],
    request: pytest.FixtureRequest,
) -> None:
    for flag in (flags[3], flags[6], flags[8]):  # the last is another authority's, the one before out of the period
        about = {
            "subject_type": "enforcement.takedown",
            "subject_id": str(flag.takedown.pk),
            "organisation": platform_a,
        }
        AuditEvent.objects.create(
            action="takedown.reopened", at=NOW - timedelta(days=100 if flag is flags[6] else 1), **about
        )
    with time_machine.travel(NOW, tick=False):
        actor = Actor.person(request.getfixturevalue(who))
        record = services.platform_record(actor=actor, platform=platform_a, days=90)
    assert (record.outcome.in_time, record.outcome.late, record.outcome.still_late) == outcome
    assert record.late_now == late_now
    assert record.reopened == late_now
    assert record.median == (timedelta(hours=5) if outcome[0] else None)


def test_the_record_says_whether_the_time_passes_before_or_after_the_decision(
    flags: list[Flag], platform_a: Organisation, officer: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    """Three removals are decided one hour before they are confirmed, or one hour after the start of the clock."""
    with time_machine.travel(NOW, tick=False):
        record = services.platform_record(actor=Actor.person(officer), platform=platform_a, days=90)
        assert (record.to_decide, record.to_confirm, record.waits_for_decision) == (None, None, None)
        assert "Where the time goes" not in page_of(platform_a, sign_in(officer))
    for late, words in ((True, "before the platform decides"), (False, "after the decision")):
        Decision.objects.all().delete()
        for flag in flags[:3]:
            row = Takedown.objects.get(flag=flag)
            assert row.met_at is not None
            hour = timedelta(hours=1)
            decision = {
                "kind": "removed",
                "score": 0.9,
                "actor_kind": "user",
                "actor_label": "Nia",
                "user": moderator_a,
            }
            Decision.objects.create(flag=flag, at=row.met_at - hour if late else row.started_at + hour, **decision)
        with time_machine.travel(NOW, tick=False):
            record = services.platform_record(actor=Actor.person(officer), platform=platform_a, days=90)
            short, long = timedelta(hours=1), timedelta(hours=3)
            assert (record.to_decide, record.to_confirm) == ((long, short) if late else (short, long))
            page = page_of(platform_a, sign_in(officer))
        assert f"Most of the time passes {words}" in page


def test_the_parts_are_compared_with_those_of_other_platforms_for_the_regulator_alone(
    flags: list[Flag],
    platform_a: Organisation,
    officer: User,
    moderator_a: User,
    sign_in: Callable[[User], Client],
) -> None:
    """Bazaarly decides after one hour, Market One after five and is confirmed an hour later."""
    hour = timedelta(hours=1)
    there = Takedown.objects.get(flag=flags[-2])
    Takedown.objects.filter(pk=there.pk).update(status="met", met_at=there.started_at + 6 * hour)
    decision = {"kind": "removed", "score": 0.9, "actor_kind": "user", "actor_label": "Nia", "user": moderator_a}
    for flag, hours in ((flags[0], 1), (flags[1], 1), (flags[2], 1), (flags[-2], 5)):
        row = Takedown.objects.get(flag=flag)
        Decision.objects.create(flag=flag, at=row.started_at + hours * hour, **decision)
    with time_machine.travel(NOW, tick=False):
        page, own = (page_of(platform_a, sign_in(person)) for person in (officer, moderator_a))
    assert "1 h 00 min (median)<small>other platforms: 5 h 00 min" in page
    assert "other platforms: 1 h 00 min" in page
    assert "Where the time goes" in own
    assert "other platforms" not in own


def test_the_record_and_the_comparison_give_the_same_median_for_the_same_days(
    platform_a: Organisation, officer: User
) -> None:
    """A removal counts from when it was confirmed: one that was due long before has its time in both, or in neither."""
    late = Takedown.objects.filter(platform=platform_a, status="met", due_at__lt=NOW - timedelta(days=30)).first()
    assert late is not None
    Takedown.objects.filter(pk=late.pk).update(met_at=NOW - timedelta(days=1))
    actor = Actor.person(officer)
    with time_machine.travel(NOW, tick=False):
        for days in (30, 90):
            row = next(
                each for each in services.figures(actor=actor, days=days).platforms if each.platform == platform_a
            )
            record = services.platform_record(actor=actor, platform=platform_a, days=days)
            assert record.median == row.median is not None
            assert (record.quarter, record.three_quarters) == (row.quarter, row.three_quarters)


def test_the_trend_counts_by_week_and_month_of_the_deadline_and_says_what_changed(officer: User) -> None:
    with time_machine.travel(NOW, tick=False):
        rows = Takedown.objects.visible_to(Actor.person(officer)).filter(platform__name="Bazaarly")
        weeks, months = (services.outcomes(rows, by=by) for by in ("week", "month"))
        late = services.outcomes(rows, by="week", missed_only=True)
    assert [(each.in_time, each.late, each.still_late) for each in weeks if each.ended] == [(1, 1, 0), (2, 1, 1)]
    assert [(each.in_time, each.late, each.still_late) for each in months if each.ended] == [
        (0, 1, 0), (1, 1, 0), (2, 1, 1),
    ]  # fmt: skip
    assert [(each.in_time, each.missed) for each in late if each.ended] == [(0, 1), (0, 2)]
    drawn = outcome_trend(weeks, by="week")
    assert drawn.finding.startswith("50% of the deadlines of the last 4 weeks were met, compared with 50%")
    assert [column.total for column in drawn.columns if column.total] == ["2", "4"]
    assert drawn.table[-1] == ("16 Mar 2026", "2", "1", "1")
    assert late_trend(late).finding.startswith("2 deadlines were missed in the last 4 weeks, compared with 1 in")


def test_a_regulator_reads_record_lists_and_contact_and_links_lead_there(
    officer: User, platform_a: Organisation, flags: list[Flag], sign_in: Callable[[User], Client]
) -> None:
    with time_machine.travel(NOW, tick=False):
        Extension.objects.create(takedown=flags[3].takedown, amount=2, reason="Warehouse closed", asked_by="Omar")
        Exclusion.objects.create(
            platform=platform_a,
            regulator=officer.organisation,
            scope="gtin",
            gtin="04006381333931",
            reason="Sealed",
            made_by="Ada",
        )
        client = sign_in(officer)
        page = page_of(platform_a, client)
        for text in (
            "Heater 3 26-771",
            "Warehouse closed",
            "04006381333931",
            platform_a.contact_email,
            "looks like listing",
        ):
            assert text in page
        assert "X-1" not in page
        assert "Deadlines by month" in page_of(platform_a, client, by="month")
        address = f'href="{reverse("enforcement:platform", args=[platform_a.pk])}'
        for name in ("enforcement:board", "enforcement:escalation_figures", "enforcement:takedowns", "recalls:notices"):
            assert address in client.get(reverse(name)).content.decode(), name
        assert address in client.get(reverse("listings:search"), {"q": "bazaar"}).content.decode()


def test_a_platform_opens_its_own_record_and_no_other(
    moderator_a: User, platform_a: Organisation, platform_b: Organisation, regulator: Organisation, officer: User,
    sign_in: Callable[[User], Client],
) -> None:  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        client = sign_in(moderator_a)
        assert "Your platform" in page_of(platform_a, client)
        assert client.get(reverse("enforcement:platform", args=[platform_b.pk])).status_code == 404
        listed = client.get(reverse("enforcement:takedowns")).content.decode()
        assert f'href="{reverse("enforcement:platform", args=[platform_a.pk])}"' in listed
        assert platform_b.name not in client.get(reverse("listings:search"), {"q": "market"}).content.decode()
        assert sign_in(officer).get(reverse("enforcement:platform", args=[regulator.pk])).status_code == 404
