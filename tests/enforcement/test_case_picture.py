"""The timeline picture of a takedown: what it shows, to whom, and that it stays small."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from enforcement.models import Observation, Takedown
from enforcement.takedowns.pictures import picture_of
from portal.models import User
from tests.enforcement.conftest import Case

pytestmark = pytest.mark.django_db
ONE_CASE = True


def _flipping(takedown: Takedown, count: int) -> None:
    """A shop that answers differently each time."""
    last = (takedown.met_at or timezone.now()) - takedown.started_at
    Observation.objects.bulk_create(
        Observation(
            takedown=takedown,
            at=takedown.started_at + last * number / count,
            source="page",
            verdict=("gone", "live", "unknown", "restricted")[number % 4],
            rule="status",
            actor_label="system",
        )
        for number in range(count)
    )


def _lanes(takedown: Takedown) -> dict[str, list[str]]:
    picture = picture_of(takedown, [], now=timezone.now())
    return {lane.label: [spot.detail for spot in lane.spots] for lane in picture.wide.lanes}


def test_it_shows_the_clock_the_decisions_the_checks_by_verdict_and_the_proof(case: Case) -> None:
    case.takedown.refresh_from_db()
    lanes = _lanes(case.takedown)
    checks = {verdict: case.takedown.observations.filter(verdict=verdict).count() for verdict in ("gone", "live")}
    assert checks["gone"]
    assert checks["live"]
    for verdict, number in checks.items():
        drawn = lanes[f"Checks: {verdict}"]
        assert sum(int(detail.split()[0]) for detail in drawn) == number
    assert lanes["Decisions"]
    assert lanes["Removal confirmed"] == ["Removal confirmed"]
    assert "Checks: unknown" not in lanes, "an empty lane says nothing"


def test_its_caption_is_one_sentence_with_the_delay_and_the_newest_verdict(case: Case) -> None:
    case.takedown.refresh_from_db()
    finding = picture_of(case.takedown, [], now=timezone.now()).finding
    number = case.takedown.observations.count()
    assert finding.startswith("Removal was confirmed ")
    assert finding.endswith(f" after the deadline; {number} checks, the newest found: gone.")


def test_a_shop_that_flips_its_answer_thousands_of_times_makes_no_larger_picture(
    case: Case, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case.takedown.refresh_from_db()
    _flipping(case.takedown, 2_000)
    total = case.takedown.observations.count()
    takedown = Takedown.objects.select_related("flag").get(pk=case.takedown.pk)
    with django_assert_num_queries(4):
        picture = picture_of(takedown, [], now=timezone.now())
    assert sum(len(lane.spots) for lane in picture.wide.lanes) <= 4 * 48 + 20 + 1
    counted = sum(row.count for row in picture.rows if row.label.startswith("Checks: "))
    assert counted == total, "no check is left out of the table"


def test_rescans_of_months_do_not_squeeze_the_hours_that_count(case: Case) -> None:
    case.takedown.refresh_from_db()
    assert case.takedown.met_at is not None
    later = case.takedown.met_at + timedelta(days=90)
    Observation.objects.create(
        takedown=case.takedown, at=later, source="page", verdict="gone", rule="status", actor_label="system"
    )
    chart = picture_of(case.takedown, [], now=later).wide
    assert chart.break_x is not None
    proof = next(lane for lane in chart.lanes if lane.label == "Removal confirmed")
    assert proof.spots[0].x > chart.width / 2


def test_a_platform_sees_the_picture_without_the_steps_of_the_regulator_alone(
    case: Case, moderator_a: User, moderator_b: User, officer: User, client: Client
) -> None:
    page = reverse("enforcement:takedown", args=[case.takedown.pk])
    officer_step = case.takedown.escalations.get(kind="officer")
    shown = {}
    for person in (officer, moderator_a):
        client.force_login(person)
        answer = client.get(page)
        shown[person.role] = [row.label for row in answer.context["picture"].rows]
        assert 'aria-labelledby="case-wide-t case-wide-d"' in answer.content.decode()
    assert str(officer_step.get_kind_display()) in shown["regulator_staff"]
    assert str(officer_step.get_kind_display()) not in shown["moderator"]
    assert "Deadline missed: platform manager notified" in shown["moderator"]
    client.force_login(moderator_b)
    assert client.get(page).status_code == 404


def test_a_reason_with_markup_stays_text(case: Case, officer: User, client: Client) -> None:
    case.takedown.pauses.create(
        started_at=case.takedown.started_at,
        ended_at=timezone.now(),
        reason="<script>alert(1)</script>",
        started_by="Ada",
    )
    client.force_login(officer)
    text = client.get(reverse("enforcement:takedown", args=[case.takedown.pk])).content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text
