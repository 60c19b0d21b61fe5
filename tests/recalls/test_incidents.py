"""Shared incidents: leads between regulators, which people decide, and what each sees of the other's recall."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from portal.database import acting
from portal.database.acting import Principal
from portal.identity.actors import Actor
from portal.models import AuditEvent, Notification, Organisation, User
from portal.transitions import IllegalTransition
from recalls import services
from recalls.models import IncidentLead, IncidentMember, IncidentSearch, Recall, SharedIncident
from tests.factories import NoticeFactory, OrganisationFactory, RecallFactory, UserFactory
from tests.portal.test_regulator_keys import program

pytestmark = pytest.mark.django_db
SECRET = "Only in the draft of the neighbour"


@pytest.fixture
def ours(regulator: Organisation) -> Recall:
    return RecallFactory(regulator=regulator, number="26-100")


@pytest.fixture
def theirs(neighbour: Organisation) -> Recall:
    return RecallFactory(regulator=neighbour, number="RA-7700", title="Hearthline tower heater recalled")


@pytest.fixture
def lead(ours: Recall, theirs: Recall) -> IncidentLead:
    services.find_incidents_due()
    return IncidentLead.objects.get()


def members() -> set[str]:
    return set(IncidentMember.objects.values_list("recall__number", flat=True))


def test_recalls_of_two_regulators_become_a_lead_once(lead: IncidentLead, ours: Recall, theirs: Recall) -> None:
    assert (lead.first, lead.second, lead.answer) == (ours, theirs, "open")
    assert {"same_gtin", "same_model", "same_brand"} <= {each["signal"] for each in lead.evidence}
    assert services.find_incidents_due() == 0
    assert IncidentSearch.objects.count() == 2
    assert members() == set()


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_what_is_not_published_is_compared_with_nothing(ours: Recall, neighbour: Organisation, status: str) -> None:
    RecallFactory(regulator=neighbour, status=status, published_at=None)
    services.find_incidents_due()
    assert not IncidentLead.objects.exists()


def test_two_recalls_of_one_regulator_are_no_lead(ours: Recall, regulator: Organisation, theirs: Recall) -> None:
    RecallFactory(regulator=regulator, number="26-101")
    services.find_incidents_due()
    assert {lead.second_id for lead in IncidentLead.objects.filter(first=ours)} == {theirs.pk}


def test_a_confirmed_lead_links_both_with_reason_and_events(
    lead: IncidentLead, officer: User, neighbour_officer: User, ours: Recall, theirs: Recall
) -> None:
    services.decide_lead(lead=lead, is_same=True, reason="Same model and label.", actor=Actor.person(officer))
    assert members() == {"26-100", "RA-7700"}
    events = AuditEvent.objects.filter(action="recall.incident_joined")
    assert {(event.subject_id, event.reason) for event in events} == {
        (str(ours.pk), "Same model and label."),
        (str(theirs.pk), "Same model and label."),
    }
    told = Notification.objects.get()
    assert told.person == neighbour_officer
    assert told.link == reverse("recalls:detail", args=[theirs.pk])


def test_a_rejected_lead_links_nothing_and_can_be_confirmed_later(lead: IncidentLead, officer: User) -> None:
    actor = Actor.person(officer)
    services.decide_lead(lead=lead, is_same=False, reason="Another plug.", actor=actor)
    assert members() == set()
    with pytest.raises(IllegalTransition):
        services.decide_lead(lead=lead, is_same=False, reason="Again.", actor=actor)
    services.decide_lead(lead=lead, is_same=True, reason="The plug is the same.", actor=actor)
    assert members() == {"26-100", "RA-7700"}


def test_what_one_regulator_rejected_or_ended_the_other_does_not_link_alone(
    lead: IncidentLead, officer: User, neighbour_officer: User, ours: Recall
) -> None:
    """Linking shows the other side counts of removals, so nobody gets them against that side's word."""
    own, other = Actor.person(officer), Actor.person(neighbour_officer)
    services.decide_lead(lead=lead, is_same=False, reason="Another plug.", actor=own)
    with pytest.raises(PermissionDenied):
        services.decide_lead(lead=lead, is_same=True, reason="It is the same.", actor=other)
    assert members() == set()
    services.decide_lead(lead=lead, is_same=True, reason="The plug is the same.", actor=own)
    services.leave_incident(recall=ours, reason="Other voltage.", actor=own)
    with pytest.raises(PermissionDenied):
        services.decide_lead(lead=lead, is_same=True, reason="Linked again.", actor=other)
    lead.refresh_from_db()
    assert (members(), lead.answer, lead.reason) == (set(), "other", "Other voltage.")


def test_copies_of_one_regulator_push_out_no_lead_of_another(ours: Recall, theirs: Recall, officer: User) -> None:
    """A third regulator publishes many copies of a recall: the true neighbour's is still found, kept and shown."""
    third = OrganisationFactory(kind="regulator", name="Third Office", country="GB")
    Recall.objects.filter(pk=theirs.pk).update(title="Heater")
    for number in range(60):
        RecallFactory(regulator=third, number=f"COPY-{number}", title=ours.title)
    services.find_incidents_due()
    assert IncidentLead.objects.filter(first=ours, second=theirs).exists()
    shown = services.incident_of(ours).leads
    assert theirs.number in {each.other.number for each in shown[:2]}
    assert len(shown) <= 50


@pytest.mark.parametrize("who", ["moderator_a", "admin", "stranger"])
def test_only_staff_of_the_two_regulators_decide(lead: IncidentLead, who: str, request: pytest.FixtureRequest) -> None:
    if who == "stranger":
        third = OrganisationFactory(kind="regulator", name="Third Office")
        person = UserFactory(role="regulator_staff", organisation=third)
    else:
        person = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        services.decide_lead(lead=lead, is_same=True, reason="Same.", actor=Actor.person(person))
    lead.refresh_from_db()
    assert (lead.answer, members(), AuditEvent.objects.filter(action__startswith="recall.incident").count()) == (
        "open",
        set(),
        0,
    )


def test_a_decision_needs_a_reason(lead: IncidentLead, officer: User) -> None:
    with pytest.raises(ValidationError):
        services.decide_lead(lead=lead, is_same=True, reason=" ", actor=Actor.person(officer))
    assert members() == set()


def test_a_third_regulator_joins_the_same_incident(lead: IncidentLead, officer: User, ours: Recall) -> None:
    third = RecallFactory(number="SR/00100/26")
    services.find_incidents_due()
    for each in IncidentLead.objects.filter(first=ours):
        services.decide_lead(lead=each, is_same=True, reason="Same label.", actor=Actor.person(officer))
    assert members() == {"26-100", "RA-7700", third.number}
    assert SharedIncident.objects.count() == 1
    assert [each.number for each in services.incident_of(third).members] == ["26-100", "RA-7700"]
    assert services.incident_of(third).leads == ()  # linked already, whoever decided


def test_leaving_ends_the_link_and_is_reversible(
    lead: IncidentLead, officer: User, neighbour_officer: User, ours: Recall, theirs: Recall
) -> None:
    actor = Actor.person(officer)
    services.decide_lead(lead=lead, is_same=True, reason="Same.", actor=actor)
    with pytest.raises(PermissionDenied):
        services.leave_incident(recall=theirs, reason="Not ours to say.", actor=actor)
    assert members() == {"26-100", "RA-7700"}
    services.leave_incident(recall=ours, reason="Other voltage.", actor=actor)
    assert (members(), SharedIncident.objects.count()) == (set(), 0)
    assert AuditEvent.objects.get(action="recall.incident_left").reason == "Other voltage."
    assert "Other voltage" not in " ".join(Notification.objects.values_list("body", flat=True))
    services.decide_lead(lead=lead, is_same=True, reason="Same after all.", actor=actor)
    assert members() == {"26-100", "RA-7700"}


def test_withdrawals_and_new_versions_are_told_to_the_other_regulators_only(
    lead: IncidentLead, officer: User, second_officer: User, neighbour_officer: User, ours: Recall
) -> None:
    services.decide_lead(lead=lead, is_same=True, reason="Same.", actor=Actor.person(officer))
    Notification.objects.all().delete()
    version = services.revise_recall(recall=ours, actor=Actor.person(officer))
    version.hazard = "It can also shock."
    version.save()
    assert not Notification.objects.filter(person=neighbour_officer).exists()
    services.publish_version(version=version, change_note="Not for others", actor=Actor.person(second_officer))
    services.move_recall(recall=ours, to="withdrawn", actor=Actor.person(officer), reason="Inside reason")
    told = Notification.objects.filter(key__startswith="incident:")
    assert [each.subject.partition("Authority ")[2] for each in told.order_by("pk")] == [
        "has a new version",
        "is withdrawn",
    ]
    assert {each.person for each in told} == {neighbour_officer}
    assert not any("reason" in each.body or "Not for others" in each.body for each in told)


def test_a_regulator_sees_of_the_other_only_what_is_published(
    lead: IncidentLead,
    theirs: Recall,
    neighbour_officer: User,
    officer: User,
    sign_in: Callable[[User], Client],
    ours: Recall,
) -> None:
    draft = services.revise_recall(recall=theirs, actor=Actor.person(neighbour_officer))
    draft.title, draft.hazard = SECRET, SECRET
    draft.save()
    client = sign_in(officer)
    for address in (reverse("recalls:detail", args=[ours.pk]), reverse("recalls:lead", args=[lead.pk])):
        page = client.get(address).content.decode()
        assert "RA-7700" in page
        assert SECRET not in page
    assert client.get(reverse("recalls:detail", args=[theirs.pk])).status_code == 404


def test_the_pages_link_and_part_recalls(
    lead: IncidentLead, officer: User, sign_in: Callable[[User], Client], ours: Recall
) -> None:
    client, address = sign_in(officer), reverse("recalls:lead", args=[lead.pk])
    assert client.post(address, {"answer": "same", "reason": ""}).status_code == 422
    assert members() == set()
    answer = client.post(address, {"answer": "same", "reason": "Same label."}, follow=True)
    assert "Shared incident" in answer.content.decode()
    assert members() == {"26-100", "RA-7700"}
    leave = reverse("recalls:incident_leave", args=[ours.pk])
    assert client.get(leave).status_code == 200
    assert client.post(leave, {"reason": "Other voltage."}, follow=True).status_code == 200
    assert members() == set()
    assert client.post(leave, {"reason": "Twice."}).status_code == 409


def test_strangers_see_no_lead(lead: IncidentLead, moderator_a: User, sign_in: Callable[[User], Client]) -> None:
    third = UserFactory(role="regulator_staff", organisation=OrganisationFactory(kind="regulator", name="Third Office"))
    address = reverse("recalls:lead", args=[lead.pk])
    assert sign_in(third).get(address).status_code == 404
    assert sign_in(moderator_a).get(address).status_code == 403


def test_the_database_shows_leads_to_their_two_regulators_alone(
    lead: IncidentLead, regulator: Organisation, neighbour: Organisation, platform_a: Organisation
) -> None:
    third = OrganisationFactory(kind="regulator", name="Third Office")
    seen = {}
    for side in (regulator, neighbour, third):
        with acting.acting(Principal(acting.REGULATOR, side.pk)):
            seen[side.name] = IncidentLead.objects.count()
    with acting.acting(Principal(acting.PLATFORM, platform_a.pk)):
        seen["platform"] = IncidentLead.objects.count()
    assert seen == {regulator.name: 1, neighbour.name: 1, "Third Office": 0, "platform": 0}


def test_a_new_version_scores_open_leads_again_and_drops_what_is_none(
    lead: IncidentLead, theirs: Recall, neighbour_officer: User
) -> None:
    colleague = UserFactory(role="regulator_staff", organisation=theirs.regulator)
    version = services.revise_recall(recall=theirs, actor=Actor.person(neighbour_officer))
    version.title = "Baby strollers recalled"
    version.save()
    version.products.update(name="Baby strollers", brand="Softstep", model_numbers=["SX-9"], gtins=[])
    services.publish_version(version=version, change_note="Another product", actor=Actor.person(colleague))
    services.find_incidents_due()
    assert not IncidentLead.objects.exists()


def test_a_program_reads_leads_and_members_and_a_platform_neither(
    lead: IncidentLead, officer: User, ours: Recall, manager_a: User, platform_a: Organisation
) -> None:
    ada, path = program(officer, ["recalls:read"]), f"recalls/{ours.pk}/incident"
    [shown] = ada("GET", path).json()["leads"]
    assert (shown["other"]["number"], shown["id"], round(shown["score"], 3)) == (
        "RA-7700",
        lead.pk,
        round(lead.score, 3),
    )
    assert {"same_gtin", "same_model"} <= {each["signal"] for each in shown["evidence"]}
    assert SECRET not in str(shown)
    services.decide_lead(lead=lead, is_same=True, reason="Same label.", actor=Actor.person(officer))
    incident = ada("GET", path).json()
    assert ([other["number"] for other in incident["members"]], incident["leads"]) == (["RA-7700"], [])
    assert incident["members"][0]["products"][0]["model_numbers"] == "HL-200R"
    NoticeFactory(recall=ours, platform=platform_a)
    assert program(manager_a, ["notices"])("GET", f"recalls/{ours.pk}").status_code == 200
    assert program(manager_a, ["notices"])("GET", path).status_code == 404
