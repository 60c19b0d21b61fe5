"""The activity of one object: for admins, with its related records, and nothing of others."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from enforcement import services
from enforcement.checks.services.observations import Seen
from enforcement.models import Escalation
from listings.services import claim_flag
from portal import audit
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from portal.subjects import page_of
from tests.factories import FlagFactory, ListingFactory, NoticeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(regulator: Organisation, platform_a: Organisation, moderator_a: User) -> Escalation:
    """A claimed flag with a running clock, one check and a reminder; beside it another flag of the same notice."""
    notice = NoticeFactory(recall__regulator=regulator, platform=platform_a)
    flag, other = (FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a)) for _ in range(2))
    takedown, _ = (services.start_clock(flag=each) for each in (flag, other))
    system = Actor.system("test")
    claim_flag(flag=flag, actor=Actor.person(moderator_a))
    services.record_observation(seen=Seen(takedown, "page", "live", "test", "It is there."), actor=system)
    step = Escalation.objects.create(
        takedown=takedown, platform=platform_a, step=1, kind="reminder", due_at=takedown.due_at
    )
    audit.record(actor=system, action="escalation.raised", subject=step)
    return step


@pytest.mark.parametrize("kind", ["listings.flag", "enforcement.takedown", "enforcement.escalation"])
def test_any_object_of_a_case_tells_the_whole_case_and_no_other(kind: str, case: Escalation, admin: User) -> None:
    pk = {"listings.flag": case.takedown.flag_id, "enforcement.takedown": case.takedown_id}.get(kind, case.pk)
    events = services.history_of(kind=kind, pk=str(pk), actor=Actor.person(admin)).order_by("pk")
    actions = list(events.values_list("action", flat=True))
    assert actions == ["takedown.started", "flag.claimed", "observation.recorded", "escalation.raised"]
    assert AuditEvent.objects.filter(action="takedown.started").count() == 2


def test_a_page_of_a_case_leads_an_admin_to_its_history_and_nobody_else(
    case: Escalation, admin: User, officer: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    history = f"/audit/of/enforcement.takedown/{case.takedown_id}/"
    page = f"/takedowns/{case.takedown_id}/"
    assert history in sign_in(admin).get(page).content.decode()
    for person in (officer, moderator_a):
        client = sign_in(person)
        assert history not in client.get(page).content.decode()
        assert client.get(history).status_code == 403
        with pytest.raises(PermissionDenied):
            services.history_of(kind="listings.flag", pk="1", actor=Actor.person(person))


def test_a_history_is_newest_first_and_narrowed_by_who_what_and_when(
    case: Escalation, admin: User, sign_in: Callable[[User], Client]
) -> None:
    client, address = sign_in(admin), f"/audit/of/listings.flag/{case.takedown.flag_id}/"
    told = client.get(address).content.decode()
    assert told.index("raised an escalation") < told.index("claimed flag") < told.index("started the takedown")
    for query in ("actor=Nia", "action=Flag+claimed", "action=flag.cl"):
        narrowed = client.get(f"{address}?{query}").content.decode()
        assert "claimed flag" in narrowed
        assert "started the takedown" not in narrowed
    assert "No matching events" in client.get(f"{address}?until=2020-01-01").content.decode()
    assert client.get("/audit/of/listings.nothing/1/").status_code == 404
    assert "No activity yet" in client.get("/audit/of/listings.flag/999999/").content.decode()


def test_wherever_events_of_an_object_are_listed_each_is_told_to_the_second(
    case: Escalation, admin: User, officer: User, sign_in: Callable[[User], Client]
) -> None:
    takedown, system = case.takedown, Actor.system("test")
    recall = takedown.flag.recall
    User.objects.filter(pk=officer.pk).update(organisation=recall.regulator)
    audit.record(actor=system, action="recall.priority_set", subject=recall)
    subjects = {"listings.flag": takedown.flag_id, "enforcement.takedown": takedown.pk, "recalls.recall": recall.pk}
    for kind, pk in subjects.items():
        events = AuditEvent.objects.filter(subject_type=kind, subject_id=str(pk))
        moments = [f"{event.at.astimezone(admin.zone):%H:%M:%S}" for event in events]
        assert moments, "there is something to list"
        for address in (page_of(kind, str(pk)), f"/audit/of/{kind}/{pk}/", "/audit/", f"/audit/{events[0].pk}/"):
            page = sign_in(admin).get(address).content.decode()
            assert moments[0] in page, (kind, address)
    check = takedown.observations.get()
    assert (
        f"{check.at.astimezone(admin.zone):%H:%M:%S}"
        in sign_in(admin).get(f"/takedowns/{takedown.pk}/").content.decode()
    )


def test_an_event_leads_to_its_object_and_to_the_events_before_and_after(
    case: Escalation, admin: User, sign_in: Callable[[User], Client]
) -> None:
    claimed = AuditEvent.objects.get(action="flag.claimed")
    after = audit.record(actor=Actor.system("test"), action="flag.released", subject=case.takedown.flag)
    page = sign_in(admin).get(f"/audit/{claimed.pk}/").content.decode()
    assert f'href="/flags/{case.takedown.flag_id}/"' in page
    assert f'href="/audit/{after.pk}/" rel="next"' in page
    assert f"/audit/of/listings.flag/{case.takedown.flag_id}/" in page


def test_a_recall_a_notice_and_a_listing_tell_the_cases_of_all_their_flags(
    case: Escalation, admin: User, sign_in: Callable[[User], Client]
) -> None:
    flag = case.takedown.flag
    started = {"recalls.recall": 2, "recalls.notice": 2, "listings.listing": 1}
    for kind, count in started.items():
        pk = {"recalls.recall": flag.recall_id, "recalls.notice": flag.notice_id}.get(kind, flag.listing_id)
        events = services.history_of(kind=kind, pk=str(pk), actor=Actor.person(admin))
        actions = list(events.values_list("action", flat=True))
        assert actions.count("takedown.started") == count
        assert {"flag.claimed", "observation.recorded", "escalation.raised"} <= {*actions}


def test_a_seller_has_one_page_of_all_their_cases_on_every_platform(
    case: Escalation, platform_b: Organisation, admin: User, officer: User, sign_in: Callable[[User], Client]
) -> None:
    seller = case.takedown.flag.listing.seller
    elsewhere = FlagFactory(
        notice=NoticeFactory(recall__regulator=admin.organisation, platform=platform_b),
        listing=ListingFactory(platform=platform_b, seller=seller),
    )
    services.start_clock(flag=elsewhere)
    stranger = FlagFactory(notice=elsewhere.notice, listing=ListingFactory(platform=platform_b, seller="Somebody else"))
    services.start_clock(flag=stranger)
    client = sign_in(admin)
    address = reverse("enforcement:history", args=["listings.seller", elsewhere.listing_id])
    assert address in client.get(reverse("listings:seller", args=[elsewhere.listing_id])).content.decode()
    page = client.get(address)
    assert seller in page.content.decode()
    about = {(event.subject_type, event.subject_id) for event in page.context["events"]}
    assert ("enforcement.takedown", str(elsewhere.takedown.pk)) in about
    assert ("enforcement.takedown", str(case.takedown_id)) in about
    assert ("enforcement.takedown", str(stranger.takedown.pk)) not in about
    assert client.get(reverse("enforcement:history", args=["listings.seller", 987654321])).status_code == 404
    assert sign_in(officer).get(address).status_code == 403
