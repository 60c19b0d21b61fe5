"""Checks of pages: many checks of one platform or shop never delay those of another, and neither does an invalid link."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from enforcement import services
from enforcement.checks.services import removal_checks
from enforcement.checks.services.pace import host_of, robots_refuse
from enforcement.models import CheckPlan, Observation, Takedown
from listings.models import Flag, Listing
from portal import services as portal
from portal.http.addresses import parts_of
from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls.forms import RecallForm
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
HOSTILE = (
    "http://[x",
    "http://a]b/",
    "http://shop℀.example/",
    "http://shop.example:port/",
    "http://shop.example:99999/",
    "http://",
)


@pytest.fixture
def due(regulator: Organisation) -> Callable[..., list[Takedown]]:
    """Takedowns of a platform whose checks are due, each at the link given."""

    def make(platform: Organisation, *links: str, at: Any = None) -> list[Takedown]:
        notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform)
        rows = []
        for link in links:
            listing = ListingFactory(platform=platform, link=link)
            row = services.start_clock(
                flag=FlagFactory(notice=notice, listing=listing, status="claimed_removed", opened_at=timezone.now())
            )
            CheckPlan.objects.filter(pk=row.pk).update(next_at=at or timezone.now())
            rows.append(row)
        return rows

    return make


@pytest.fixture
def _nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        removal_checks, "fetch_page", lambda url, **_: removal_checks.Capture(url, timezone.now(), failure="No answer.")
    )


@pytest.mark.parametrize("link", HOSTILE)
def test_an_invalid_link_costs_only_its_own_check(
    link: str, platform_a: Organisation, platform_b: Organisation, due: Callable[..., list[Takedown]], settings: Any
) -> None:
    settings.ROBOTS = "obey"
    early = timezone.now()
    [poison] = due(platform_a, link, at=early)
    [good], [other] = due(platform_a, "http://127.0.0.1:9/1"), due(platform_b, "http://127.0.0.1:9/2")
    services.observe_due()
    for row in (good, other):
        assert row.observations.get().rule == "no_answer"
    poison.refresh_from_db()
    assert poison.check_plan.next_at is not None
    assert poison.check_plan.next_at > early
    assert poison.observations.filter(verdict="gone").count() == 0


@pytest.mark.parametrize("link", HOSTILE)
def test_reading_the_host_of_a_link_never_raises(link: str, settings: Any) -> None:
    settings.ROBOTS = "obey"
    assert host_of(link)
    if parts_of(link) is None:
        assert not robots_refuse(link)


@pytest.mark.usefixtures("_nobody_answers")
def test_the_due_checks_of_one_platform_delay_no_other(
    platform_a: Organisation,
    platform_b: Organisation,
    due: Callable[..., list[Takedown]],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.CHECKS_PER_SECOND = 5
    monkeypatch.setattr(removal_checks, "BATCH", 4)
    monkeypatch.setattr(removal_checks, "WITHIN", removal_checks.timedelta(seconds=0))
    early = timezone.now() - removal_checks.timedelta(hours=1)
    due(platform_a, *[f"https://flood.example/{number}" for number in range(12)], at=early)
    few = due(platform_b, "https://quiet.example/1", "https://other.example/1")
    first = removal_checks._lease()
    assert first is not None
    assert {check.takedown.platform for check in first} == {platform_a, platform_b}
    services.observe_due()
    assert set(Observation.objects.filter(takedown__in=few).values_list("takedown", flat=True)) | {
        check.takedown.pk for check in first
    } >= {row.pk for row in few}


@pytest.mark.usefixtures("_nobody_answers")
def test_a_shop_with_too_many_checks_delays_no_other_shop_of_its_platform(
    platform_a: Organisation, due: Callable[..., list[Takedown]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal_checks, "BATCH", 4)
    monkeypatch.setattr(removal_checks, "WITHIN", removal_checks.timedelta(seconds=0))
    early = timezone.now() - removal_checks.timedelta(hours=1)
    due(platform_a, *[f"https://flood.example/{number}" for number in range(12)], at=early)
    [quiet] = due(platform_a, "https://quiet.example/1")
    services.observe_due()
    assert quiet.observations.exists()
    assert not CheckPlan.objects.filter(next_at__lte=timezone.now() - removal_checks.timedelta(minutes=1)).exists()


@pytest.mark.usefixtures("_nobody_answers")
def test_a_row_that_cannot_even_be_leased_is_counted_and_the_others_are_checked(
    platform_a: Organisation, due: Callable[..., list[Takedown]], monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, good = due(platform_a, "https://poison.example/1", "https://good.example/1")
    reserve = removal_checks.reserve

    def breaking(host: str, wanted: int, **more: Any) -> Any:
        if host == "poison.example":
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return reserve(host, wanted, **more)

    monkeypatch.setattr(removal_checks, "reserve", breaking)
    assert services.observe_due() == 1
    poison.refresh_from_db()
    assert (poison.check_plan.attempts, poison.check_plan.error) == (1, "DataError: division by zero")
    assert good.observations.exists()
    CheckPlan.objects.filter(pk=poison.pk).update(attempts=8, next_at=timezone.now())
    services.observe_due()
    poison.refresh_from_db()
    assert (poison.check_plan.attempts, poison.check_plan.next_at) == (9, None)
    assert "no longer checked" in services.watch_clocks().problem


def test_invalid_addresses_are_refused_at_input(platform_a: Organisation, operator: User) -> None:
    for pattern in ("https://[x/{id}", "https://shop℀.example/{id}", "https:///{id}"):
        with pytest.raises(ValidationError, match="not a web address"):
            portal.edit_organisation(
                organisation=Organisation.objects.get(pk=platform_a.pk), listing_url_pattern=pattern, actor=Actor.person(operator)
            )  # fmt: skip
    assert Organisation.objects.get(pk=platform_a.pk).listing_url_pattern == ""
    for address in HOSTILE:
        form = RecallForm({"pictures": f"https://psa.example.gov/1.jpg\n{address}"})
        assert "Line 2" in str(form.errors["pictures"])
    assert not Listing.objects.exists()
    assert not Flag.objects.exists()
