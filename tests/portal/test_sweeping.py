"""A row that breaks costs itself alone, in whatever sweep."""

from datetime import timedelta

import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from portal.background.sweeping import each, ready, run_jobs_due
from portal.models import Organisation, SetAside
from recalls.models import RecallImport
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> list[Organisation]:
    return [OrganisationFactory(name=name) for name in ("first", "poison", "third")]


def break_on_poison(row: Organisation) -> None:
    Organisation.objects.filter(pk=row.pk).update(country="DE")
    if row.name == "poison":
        raise ValueError("its terms cannot be read")


def countries() -> dict[str, str]:
    return dict(Organisation.objects.values_list("name", "country"))


def test_the_others_go_on_and_nothing_of_the_broken_row_stays(rows: list[Organisation]) -> None:
    before = countries()["poison"]
    swept = each(rows, break_on_poison, sweep="trial")
    assert (swept.done, swept.broken, swept.stopped) == (2, 1, False)
    assert countries() == {"first": "DE", "poison": before, "third": "DE"}
    kept = SetAside.objects.get()
    assert (kept.subject_id, kept.error, kept.attempts) == (rows[1].pk, "ValueError: its terms cannot be read", 1)


def test_a_row_that_was_set_aside_waits_longer_each_time_and_is_forgotten_once_it_goes_well(
    rows: list[Organisation],
) -> None:
    wanted = Organisation.objects.filter(pk__in=[row.pk for row in rows])
    for attempt, pause in enumerate((30, 60, 120), 1):
        each(ready(wanted, sweep="trial"), break_on_poison, sweep="trial", lease=timedelta(minutes=1))
        kept = SetAside.objects.get()
        assert kept.attempts == attempt
        assert kept.next_attempt_at - kept.last_at == timedelta(seconds=pause)
        assert rows[1] not in ready(wanted, sweep="trial")
        assert rows[1] in ready(wanted, sweep="another sweep")
        SetAside.objects.update(next_attempt_at=timezone.now())
    each(ready(wanted, sweep="trial"), lambda _row: None, sweep="trial", lease=timedelta(minutes=1))
    assert not SetAside.objects.exists()


def test_a_row_that_killed_its_worker_is_set_aside_by_the_next(rows: list[Organisation]) -> None:
    class Killed(BaseException):
        pass

    def kill(row: Organisation) -> None:
        if row.name == "poison":
            raise Killed

    with pytest.raises(Killed):
        each(rows, kill, sweep="trial", lease=timedelta(minutes=1))
    dealt_with: list[str] = []
    each(rows, lambda row: dealt_with.append(row.name), sweep="trial", lease=timedelta(minutes=1))
    assert dealt_with == ["first", "third"], "the lease holds"
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        each(rows, lambda row: dealt_with.append(row.name), sweep="trial", lease=timedelta(minutes=1))
        assert dealt_with[2:] == ["first", "third"], "it is known as the one that the worker died on"
        assert SetAside.objects.get().error == "Its worker died on it."
    with time_machine.travel(timezone.now() + timedelta(minutes=4), tick=False):
        each(rows, lambda row: dealt_with.append(row.name), sweep="trial", lease=timedelta(minutes=1))
        assert dealt_with[4:] == ["first", "poison", "third"]


def test_a_row_that_takes_too_long_is_set_aside_and_ends_the_sweep(rows: list[Organisation]) -> None:
    def take_long(row: Organisation) -> None:
        if row.name == "poison":
            raise SoftTimeLimitExceeded

    swept = each(rows, take_long, sweep="trial")
    assert (swept.done, swept.broken, swept.stopped) == (1, 1, True)
    assert SetAside.objects.get().subject_id == rows[1].pk


def test_a_flood_of_files_of_one_owner_holds_up_that_of_another_by_one_file(
    regulator: Organisation, neighbour: Organisation
) -> None:
    flood = [RecallImport.objects.create(regulator=regulator, filename=f"flood-{number}.json") for number in range(5)]
    RecallImport.objects.create(regulator=neighbour, filename="single.json")
    RecallImport.objects.create(regulator=neighbour, filename="broke-off.json", status="running", attempts=1)
    worked_on = []

    def work(job: RecallImport) -> RecallImport:
        worked_on.append(job.filename)
        if job.pk == flood[1].pk:  # one more comes while the others wait
            RecallImport.objects.create(regulator=neighbour, filename="late.json")
        RecallImport.objects.filter(pk=job.pk).update(status="done", heartbeat_at=timezone.now())
        return job

    run_jobs_due(RecallImport.objects.all(), work, owner="regulator", sweep="trial")
    assert worked_on == [
        *("flood-0.json", "single.json", "flood-1.json", "late.json", "flood-2.json", "broke-off.json"),
        *("flood-3.json", "flood-4.json"),
    ]
