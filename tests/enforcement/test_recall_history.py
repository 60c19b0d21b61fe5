"""A recall's listings over time: found, decided and gone at the end of each week."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from enforcement import services
from enforcement.models import Takedown
from enforcement.oversight.recall_history import recall_history, weeks_of
from listings.models import Decision, Flag
from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls.models import Recall
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)  # a Wednesday
FLAGS = [  # opened, decided and gone, in weeks ago; status
    (3, 2, 1, "removed"), (3, 3, None, "dismissed"), (2, None, 0, "restricted"), (1, None, None, "open"),
    (1, 1, None, "claimed_removed"), (3, None, None, "withdrawn"), (2, 2, 1, "open"),
]  # fmt: skip


@pytest.fixture
def recall(regulator: Organisation, platform_a: Organisation, platform_b: Organisation) -> Recall:
    """The cases of FLAGS, the fifth at Market One, the others at Bazaarly; the last was opened again."""
    recall = RecallFactory(regulator=regulator)
    at_a, at_b = (NoticeFactory(recall=recall, platform=each) for each in (platform_a, platform_b))
    for place, (opened, decided, gone, status) in enumerate(FLAGS):
        notice = at_b if place == 4 else at_a
        flag = FlagFactory(notice=notice, listing=ListingFactory(platform=notice.platform), status=status)
        row = services.start_clock(flag=flag)
        Flag.objects.filter(pk=flag.pk).update(opened_at=NOW - timedelta(weeks=opened))
        if decided is not None:
            at = NOW - timedelta(weeks=decided)
            Decision.objects.create(flag=flag, kind="removed", score=1, actor_kind="person", actor_label="Nia", at=at)
        if gone is not None:
            Takedown.objects.filter(pk=row.pk).update(met_at=NOW - timedelta(weeks=gone))
    return recall


def test_each_week_counts_what_was_found_decided_and_gone_by_its_end(
    recall: Recall, officer: User, moderator_b: User
) -> None:
    with time_machine.travel(NOW, tick=False):
        weeks = weeks_of(recall=recall, actor=Actor.person(officer))
        assert [week[1:] for week in weeks] == [(2, 1, 0), (4, 2, 0), (6, 3, 1), (6, 4, 2)]
        chart = recall_history(recall=recall, actor=Actor.person(officer))
        assert chart is not None
        assert chart.finding == "3 weeks ago 0 of 2 listings were confirmed gone or restricted; now it is 2 of 6."
        assert chart.table[-1] == ("16 Mar 2026", "2", "2", "2")
        theirs = weeks_of(recall=recall, actor=Actor.person(moderator_b))
    assert [week[1:] for week in theirs] == [(1, 1, 0), (1, 1, 0)]


def test_nothing_is_drawn_before_there_is_a_second_week(recall: Recall, officer: User) -> None:
    actor = Actor.person(officer)
    with time_machine.travel(NOW, tick=False):
        Flag.objects.update(opened_at=NOW)
        assert recall_history(recall=recall, actor=actor) is None
        assert recall_history(recall=RecallFactory(regulator=recall.regulator), actor=actor) is None
        Flag.objects.update(opened_at=NOW - timedelta(weeks=60))
        assert len(weeks_of(recall=recall, actor=actor)) == 12
