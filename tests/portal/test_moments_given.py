"""Moments that people and programs enter: one that no page could show is refused where it was entered, and kept nowhere."""

import json
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from enforcement import services as enforcement
from listings import services
from listings.models import Exclusion, Flag
from portal.identity.actors import Actor
from portal.models import Absence, Export, Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory
from tests.world import PopulatedSite

pytestmark = pytest.mark.django_db
ODD = (
    "9999-12-31T23:59:59",
    "9999-12-31T23:59-12:00",
    "9999-12-31 23:59",
    "9000-01-03T00:00",
    "0001-01-01T00:00+14:00",
    "0001-01-01T00:00",
    "2030-02-30T10:00",
    "2030-12-01T10:00+24:00",
)
FAR_EAST = ("2030-12-01T10:00+23:59", "2030-12-01T10:00-23:59", "2030-12-01T10:00+16:00")
"""Offsets that Python reads, and PostgreSQL refuses."""


@pytest.fixture
def flag(officer: User, platform_a: Organisation) -> Flag:
    notice = NoticeFactory(recall=RecallFactory(regulator=officer.organisation), platform=platform_a)
    flag = FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a))
    enforcement.start_clock(flag=flag)
    return flag


@pytest.fixture(params=["America/Los_Angeles", "Pacific/Kiritimati"])
def moderator(request: pytest.FixtureRequest, moderator_a: User) -> User:
    moderator_a.time_zone = request.param
    moderator_a.save()
    return moderator_a


def decided(client: Client, flag: Flag, until: str) -> int:
    given = {"kind": "not_the_product", "reason": "accessory", "remember": "listing", "until": until}
    seen = {"seen": services.seen_token(flag)}
    return client.post(reverse("listings:flag_decide", args=[flag.pk]), given | seen).status_code


@pytest.mark.parametrize("moment", ODD)
def test_a_dismissal_until_such_a_moment_is_refused(
    moment: str, sign_in: Callable[[User], Client], moderator: User, flag: Flag
) -> None:
    client = sign_in(moderator)
    assert decided(client, flag, moment) == 422
    assert not Exclusion.objects.exists()
    assert Flag.objects.get().status == "open"
    assert client.get(reverse("listings:exclusions")).status_code == 200


@pytest.mark.parametrize("moment", FAR_EAST)
def test_a_dismissal_until_a_moment_with_any_offset_is_kept_and_shown(
    moment: str, sign_in: Callable[[User], Client], moderator: User, flag: Flag
) -> None:
    client = sign_in(moderator)
    assert decided(client, flag, moment) == 302
    assert Exclusion.objects.get().expires_at == parse_datetime(moment)
    assert client.get(reverse("listings:exclusions")).status_code == 200


@pytest.mark.parametrize("moment", ODD)
def test_an_absence_and_an_embargo_with_such_an_end_are_refused(
    moment: str, sign_in: Callable[[User], Client], officer: User
) -> None:
    recall = RecallFactory(regulator=officer.organisation, status="in_review")
    client, given = sign_in(officer), {"act": "absence", "starts_at": "8999-01-01T00:00", "ends_at": moment}
    embargo = client.post(reverse("recalls:move", args=[recall.pk, "embargoed"]), {"publish_at": moment})
    absence = client.post(reverse("portal:duty"), given)
    assert (embargo.status_code, absence.status_code) == (422, 422)
    recall.refresh_from_db()
    assert recall.status == "in_review"
    assert not Absence.objects.exists()


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59+00:00", "9999-12-31T23:59:59-12:00"])
def test_no_program_can_exclude_until_such_a_moment_either(moment: str, moderator_a: User, flag: Flag) -> None:
    until = parse_datetime(moment)
    given = {"flag": flag, "kind": "not_the_product", "reason": "accessory", "seen": services.seen_token(flag)}
    with pytest.raises(ValidationError) as refused:
        services.decide(**given, until=until, actor=Actor.person(moderator_a))
    assert set(refused.value.message_dict) == {"until"}
    assert not Exclusion.objects.exists()
    assert Flag.objects.get().status == "open"


@pytest.mark.parametrize(
    "days", [("2026-01-01", "9999-12-31"), ("0001-01-01", "2026-01-01"), ("9999-12-31", "9999-12-31")]
)
@pytest.mark.parametrize("path", ["packs", "statements"])
def test_days_that_no_calendar_goes_to_are_refused_to_programs_and_start_no_export(
    path: str, days: tuple[str, str], populated_site: PopulatedSite
) -> None:
    before = Export.objects.count()
    body = {"first": days[0], "last": days[1]} | (
        {"platform": populated_site.flag.platform.slug} if path == "packs" else {}
    )
    answer = Client(headers={"authorization": f"Bearer {populated_site.secret}"}).post(
        f"/api/v1/{path}", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) <= {"first", "last"}
    assert Export.objects.count() == before


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("asked", ["since", "until"])
def test_the_log_is_asked_for_any_days_there_are(
    asked: str, day: str, sign_in: Callable[[User], Client], admin: User
) -> None:
    for zone in ("America/Los_Angeles", "Pacific/Kiritimati"):
        admin.time_zone = zone
        admin.save()
        assert sign_in(admin).get(reverse("portal:audit"), {asked: day}).status_code in {200, 422}
