"""What became of a product's listings in one country is shown to the other regulators of its incident: counts, nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from enforcement import services as enforcement
from enforcement.models import Takedown
from listings.models import Decision, Flag
from portal.identity.actors import Actor
from portal.models import Notification, Organisation, User
from recalls import services
from recalls.models import IncidentMember, Notice, Recall, Sending, SharedIncident
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
CANARY = "Kanari of the neighbour"
MARCH = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def ours(regulator: Organisation) -> Recall:
    return RecallFactory(regulator=regulator, number="26-100")


@pytest.fixture
def theirs(neighbour: Organisation) -> Recall:
    return RecallFactory(regulator=neighbour, number="RA-7700", title="Tower heater recalled")


@pytest.fixture
def linked(ours: Recall, theirs: Recall) -> SharedIncident:
    incident = SharedIncident.objects.create()
    for recall in (ours, theirs):
        IncidentMember.objects.create(incident=incident, recall=recall)
    return incident


@pytest.fixture
def cases(theirs: Recall, platform_a: Organisation, platform_b: Organisation, system: Actor) -> None:
    """At platform_a one listing removed by its moderators, one found gone, one seen online, one dismissed; at platform_b one open."""
    notice = NoticeFactory(recall=theirs, platform=platform_a)

    def case(of: Notice, status: str, name: str) -> Flag:
        listing = ListingFactory(platform=of.platform, external_id=f"{CANARY} {name}", seller=CANARY, title=CANARY)
        flag = FlagFactory(notice=of, listing=listing, opened_at=MARCH)
        enforcement.start_clock(flag=flag)
        Flag.objects.filter(pk=flag.pk).update(status=status)
        return flag

    removed, gone = case(notice, "removed", "removed"), case(notice, "removed", "gone")
    Decision.objects.create(flag=removed, kind="removed", score=1, actor_kind="person", actor_label=CANARY, note=CANARY)
    Takedown.objects.filter(flag__in=(removed, gone)).update(status="met", met_at=MARCH)
    online = case(notice, "claimed_removed", "online")
    enforcement.record_observation(seen=enforcement.Seen(online.takedown, "page", "live", "test", CANARY), actor=system)
    case(notice, "dismissed", "dismissed")
    case(NoticeFactory(recall=theirs, platform=platform_b), "open", "open")


def shown_to(client: Client, recall: Recall) -> tuple[list[tuple[Any, ...]], str]:
    answer = client.get(f"/recalls/{recall.pk}/")
    incident = answer.context["incident"]
    rows = [
        (other.country, row.platform, row.found, row.removed, row.found_gone, row.seen_online, row.open)
        for other, row in (incident.removals if incident else ())
    ]
    return rows, answer.content.decode()


def test_the_other_regulator_sees_counts_by_country_and_platform_and_nothing_of_a_case(
    linked: SharedIncident, cases: None, ours: Recall, theirs: Recall, officer: User, neighbour_officer: User,
    sign_in: Callable[[User], Client],
) -> None:  # fmt: skip
    rows, page = shown_to(sign_in(officer), ours)
    assert rows == [("CA", "Bazaarly", 3, 1, 1, 1, 0), ("CA", "Market One", 1, 0, 0, 0, 1)]
    assert "Neighbour Safety Office" in page
    assert CANARY not in page
    rows, _ = shown_to(sign_in(neighbour_officer), theirs)
    assert rows == [], "nothing is under way here yet"


def test_a_lead_that_nobody_confirmed_shows_no_counts_and_platforms_see_none_at_all(
    cases: None, ours: Recall, theirs: Recall, officer: User, moderator_a: User, moderator_b: User,
    sign_in: Callable[[User], Client],
) -> None:  # fmt: skip
    services.find_incidents_due()
    rows, page = shown_to(sign_in(officer), ours)
    assert (rows, "Bazaarly" in page) == ([], False)
    incident = SharedIncident.objects.create()
    for recall in (ours, theirs):
        IncidentMember.objects.create(incident=incident, recall=recall)
    for person, other in ((moderator_a, "Market One"), (moderator_b, "Bazaarly")):
        rows, page = shown_to(sign_in(person), theirs)
        assert (rows, other in page, ours.number in page) == ([], False, False)


def test_a_new_notice_is_told_to_the_other_regulators_once_for_each_sending(
    linked: SharedIncident, ours: Recall, theirs: Recall, officer: User, neighbour_officer: User, admin: User,
    platform_a: Organisation, platform_b: Organisation,
) -> None:  # fmt: skip
    terms = NoticeFactory(recall__regulator=ours.regulator).terms
    sending = Sending.objects.create(regulator=theirs.regulator, policy="Within hours")
    for platform in (platform_a, platform_b):
        services.send_notice(
            recall=theirs, platform=platform, terms=terms, sending=sending, actor=Actor.person(neighbour_officer)
        )
    note = Notification.objects.get(person=officer)
    assert "RA-7700 of Neighbour Safety Office was sent to platforms" in note.subject
    assert note.link == f"/recalls/{ours.pk}/"
    assert not Notification.objects.filter(person=neighbour_officer, subject__contains="was sent to platforms").exists()
    services.send_notice(recall=ours, platform=platform_a, terms=terms, actor=Actor.person(officer))
    assert "26-100" in Notification.objects.filter(person=neighbour_officer).latest("pk").subject
