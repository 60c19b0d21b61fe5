"""Kept scores of findability follow the rules of the program that runs."""

import pytest

from portal.models import Organisation
from recalls import tasks
from recalls.models import Recall
from recalls.services import ratings
from recalls.services.content import content_of
from tests.factories import RecallFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def _worker_that_started_just_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratings, "_rated", ratings._Rated())


@pytest.mark.usefixtures("_worker_that_started_just_now")
def test_scores_of_earlier_rules_are_given_again_a_batch_at_a_time(
    regulator: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ratings, "BATCH", 2)
    rows = [RecallFactory(regulator=regulator, findability=7) for _ in range(3)]
    today = content_of(rows[0].current).findability.score
    assert today != 7
    seen = []
    for _ in range(3):
        tasks.refresh_findability_due()
        seen.append(list(Recall.objects.order_by("pk").values_list("findability", flat=True)))
    assert seen == [[today, today, 7], [today] * 3, [today] * 3]


@pytest.mark.usefixtures("_worker_that_started_just_now")
def test_a_process_that_has_rated_all_recalls_reads_none_again(
    regulator: Organisation, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    row = RecallFactory(regulator=regulator)
    tasks.refresh_findability_due()
    Recall.objects.filter(pk=row.pk).update(findability=7)
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        tasks.refresh_findability_due()
    row.refresh_from_db()
    assert row.findability == 7
