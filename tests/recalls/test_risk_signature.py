"""The risk assessment and its second signature: another person signs, a change takes it away, and none stops no notice."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.identity.actors import Actor
from portal.models import AuditEvent, Notification, Organisation, User
from portal.transitions import IllegalTransition, LostRace
from recalls import services
from recalls.models import Notice, Recall, RiskAssessment
from recalls.services import ProductContent, RecallContent
from recalls.services.content import content_of
from tests.factories import TERMS, NoticeFactory, PolicyFactory, UserFactory

pytestmark = pytest.mark.django_db
SECRET = "The lab of Ostrava measured 140 degrees"
CONTENT = RecallContent(title="Heaters Recalled", products=(ProductContent("Heaters"),), risk_level="serious")


@pytest.fixture
def recall(regulator: Organisation, officer: User) -> Recall:
    return services.create_recall(regulator=regulator, number="26-1", content=CONTENT, actor=Actor.person(officer))


@pytest.fixture
def published(recall: Recall, officer: User, second_officer: User) -> Recall:
    services.move_recall(recall=recall, to="in_review", actor=Actor.person(officer))
    services.move_recall(recall=recall, to="published", actor=Actor.person(second_officer))
    return Recall.objects.select_related("current").get()


def assess(recall: Recall, person: User, text: str = SECRET) -> RiskAssessment:
    return services.assess_risk(version=services.open_versions(recall)[-1], text=text, actor=Actor.person(person))


def sign(recall: Recall, person: User) -> RiskAssessment:
    return services.sign_assessment(version=services.open_versions(recall)[-1], actor=Actor.person(person))


def state(recall: Recall) -> str:
    return services.risk_of(services.open_versions(Recall.objects.get(pk=recall.pk))[-1]).state


def test_another_person_signs_and_it_is_shown_who_did_when(
    recall: Recall, officer: User, second_officer: User, sign_in: Callable[[User], Client]
) -> None:
    assert state(recall) == "unassessed"
    assess(recall, officer)
    page = reverse("recalls:detail", args=[recall.pk])
    assert "Second signature missing" in sign_in(officer).get(page).content.decode()
    assert "waits for a second signature" in Notification.objects.get(person=second_officer).subject
    client, address = sign_in(second_officer), reverse("recalls:assessment", args=[recall.pk])
    shown = client.get(address).content.decode()
    assert SECRET in shown
    seen = RiskAssessment.objects.get().assessed_at.isoformat()
    answer = client.post(reverse("recalls:assessment_sign", args=[recall.pk]), {"version": "1", "seen": seen})
    assert answer.status_code == 302
    assert "Signed by Tomas Berg" in client.get(page).content.decode()
    event = AuditEvent.objects.get(action="recall.risk_signed")
    assert (event.user_id, event.before["signed_by"], event.after["signed_by"]) == (
        second_officer.pk, None, second_officer.pk,
    )  # fmt: skip


def test_whoever_wrote_on_it_cannot_sign_and_nothing_moves(
    recall: Recall, officer: User, second_officer: User, sign_in: Callable[[User], Client]
) -> None:
    assess(recall, officer)
    assess(recall, second_officer, f"{SECRET}.")  # a colleague adds a full stop: both are its writers
    events = AuditEvent.objects.count()
    for writer in (officer, second_officer):
        with pytest.raises(PermissionDenied, match="did not write this assessment"):
            sign(recall, writer)
    seen = RiskAssessment.objects.get().assessed_at.isoformat()
    refused = sign_in(officer).post(reverse("recalls:assessment_sign", args=[recall.pk]), {"seen": seen})
    assert refused.status_code == 403
    assert RiskAssessment.objects.get().signed_at is None
    assert AuditEvent.objects.count() == events
    third = UserFactory(role="regulator_staff", organisation=officer.organisation)
    assert sign(recall, third).signed_by == third
    with pytest.raises(IllegalTransition, match="already signed"):
        sign(recall, UserFactory(role="regulator_staff", organisation=officer.organisation))


def test_the_database_itself_refuses_ones_own_signature(recall: Recall, officer: User) -> None:
    row = assess(recall, officer)
    with pytest.raises(IntegrityError, match="signed_by_another_person"), transaction.atomic():
        RiskAssessment.objects.filter(pk=row.pk).update(signed_by=officer, signed_at=row.assessed_at)


def test_neither_a_system_nor_a_moderator_nor_another_regulator_assesses_or_signs(
    recall: Recall, officer: User, moderator_a: User, system: Actor
) -> None:
    assess(recall, officer)
    abroad = UserFactory(role="regulator_staff", organisation__kind="regulator")
    version = services.open_versions(recall)[0]
    for actor in (system, Actor.person(moderator_a), Actor.person(abroad)):
        with pytest.raises(PermissionDenied):
            services.sign_assessment(version=version, actor=actor)
        with pytest.raises(PermissionDenied):
            services.assess_risk(version=version, text="Mine", actor=actor)
    assert (RiskAssessment.objects.get().text, RiskAssessment.objects.get().signed_at) == (SECRET, None)


def test_a_change_takes_the_signature_away_and_the_same_again_does_not(
    recall: Recall, officer: User, second_officer: User
) -> None:
    assess(recall, officer, f"{SECRET}\nin the shade")
    sign(recall, second_officer)
    assess(recall, officer, f"  {SECRET}\r\nin the shade\r\n")
    assert state(recall) == "signed"
    assess(recall, officer, "Worse than thought")
    assert state(recall) == "unsigned"
    assert (
        AuditEvent.objects.filter(action="recall.risk_assessed").order_by("-id")[0].before["signed_by"]
        == second_officer.pk
    )


def test_another_risk_level_takes_it_away_for_good(recall: Recall, officer: User, second_officer: User) -> None:
    assess(recall, officer)
    sign(recall, second_officer)
    version = services.open_versions(recall)[0]
    for level in ("low", "serious"):
        services.edit_version(
            version=version, content=replace(content_of(version), risk_level=level), actor=Actor.person(officer)
        )
        version.refresh_from_db()
    assert state(recall) == "unsigned", "back at the old level it is signed again only by a person"
    assert AuditEvent.objects.filter(action="recall.signature_dropped").count() == 1


def test_a_later_version_keeps_the_signature_while_its_level_is_the_same(
    published: Recall, officer: User, second_officer: User
) -> None:
    assess(published, officer)
    sign(published, second_officer)
    revision = services.revise_recall(recall=published, actor=Actor.person(officer))
    assert services.risk_of(revision).state == "signed"
    services.assess_risk(version=revision, text=SECRET, actor=Actor.person(officer))
    assert services.risk_of(revision).state == "signed", "the same again, as a form sends it, is no change"
    services.assess_risk(version=revision, text=f"{SECRET}!", actor=Actor.person(second_officer))
    with pytest.raises(PermissionDenied):  # who wrote what was rewritten is one of its writers
        services.sign_assessment(version=revision, actor=Actor.person(officer))
    services.edit_version(
        version=revision, content=replace(content_of(revision), risk_level="low"), actor=Actor.person(officer)
    )
    revision.refresh_from_db()
    assert services.risk_of(revision).state == "other_level"
    third = UserFactory(role="regulator_staff", organisation=officer.organisation)
    with pytest.raises(IllegalTransition, match="Assess it again"):
        services.sign_assessment(version=revision, actor=Actor.person(third))
    services.assess_risk(version=revision, text="It was less", actor=Actor.person(officer))
    assert published.current is not None
    assert [services.risk_of(each).state for each in (published.current, revision)] == ["signed", "unsigned"]


def test_what_changed_since_it_was_read_is_not_signed(recall: Recall, officer: User, second_officer: User) -> None:
    seen = assess(recall, officer).assessed_at
    assess(recall, officer, "Quite harmless")
    with pytest.raises(LostRace, match="Read it again"):
        services.sign_assessment(
            version=services.open_versions(recall)[0], actor=Actor.person(second_officer), seen=seen
        )
    assert RiskAssessment.objects.get().signed_at is None


def test_a_level_is_needed_and_a_withdrawn_recall_is_closed(recall: Recall, officer: User) -> None:
    version = services.open_versions(recall)[0]
    services.edit_version(version=version, content=replace(CONTENT, risk_level=""), actor=Actor.person(officer))
    with pytest.raises(ValidationError, match="State the risk level"):
        assess(recall, officer)
    with pytest.raises(ValidationError, match="Enter the assessment"):
        assess(recall, officer, "  ")
    services.edit_version(version=version, content=CONTENT, actor=Actor.person(officer))
    services.move_recall(recall=recall, to="withdrawn", reason="Twice", actor=Actor.person(officer))
    with pytest.raises(IllegalTransition, match="withdrawn"):
        assess(recall, officer)
    assert not RiskAssessment.objects.exists()


def test_an_unsigned_assessment_stops_no_notice_but_is_said_before_it_is_sent(
    published: Recall, officer: User, second_officer: User, platform_a: Organisation, sign_in: Callable[[User], Client]
) -> None:
    assess(published, officer)
    policy, client = PolicyFactory(regulator=published.regulator), sign_in(officer)
    given = {"recall": [published.pk], "platforms": [platform_a.pk], "policy": policy.pk, "message": ""}
    missing = "The risk assessment of 1 recall is not signed"
    assert missing in client.post(reverse("enforcement:send"), {**given, "step": "preview"}).content.decode()
    plan = services.plan_sending(recalls=[published], platforms=[platform_a])
    assert plan.unsigned == [published]
    services.send_notices(recalls=[published], platforms=[platform_a], terms=TERMS, actor=Actor.person(officer))
    assert Notice.objects.get().recall == published
    assert AuditEvent.objects.get(action="sending.started").after["risk_not_signed"] == 1
    sign(published, second_officer)
    Notice.objects.all().update(status="withdrawn")
    assert services.plan_sending(recalls=[published], platforms=[platform_a]).unsigned == []
    assert missing not in client.post(reverse("enforcement:send"), {**given, "step": "preview"}).content.decode()


def test_no_platform_sees_an_assessment_nor_who_owns_the_case_nor_where_a_business_is(
    published: Recall, officer: User, second_officer: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    full = replace(
        CONTENT,
        injuries=2,
        measures=(services.Measure("listing_removal", "Bazaarly", "ordered", "2026-03-01"),),
        businesses=(services.Business("importer", "Acme Ltd", "7 Hidden Lane", "GB"),),
    )
    revision = services.revise_recall(recall=published, actor=Actor.person(officer))
    services.edit_version(version=revision, content=full, actor=Actor.person(officer))
    services.publish_version(version=revision, change_note="Measures", actor=Actor.person(second_officer))
    published.refresh_from_db()
    assess(published, officer)
    services.assign_owner(recall=published, to=second_officer, actor=Actor.person(officer))
    notice = NoticeFactory(recall=published, platform=moderator_a.organisation, version=published.current)
    client, own = sign_in(moderator_a), sign_in(officer)
    detail, page = reverse("recalls:detail", args=[published.pk]), reverse("recalls:notice", args=[notice.pk])
    for text in (SECRET, second_officer.name, "7 Hidden Lane"):
        assert text not in client.get(detail).content.decode() + client.get(page).content.decode(), text
    for seen in (client.get(detail).content.decode(), client.get(page).content.decode()):
        for text in ("Serious", "Removal of the listing by the online marketplace", "Bazaarly", "Acme Ltd", ">2<"):
            assert text in seen.replace("\n", "").replace("  ", ""), text
    for name in ("recalls:assessment", "recalls:owner"):
        assert client.get(reverse(name, args=[published.pk])).status_code == 403
    assert client.post(reverse("recalls:assessment_sign", args=[published.pk]), {}).status_code == 403
    assert second_officer.name in own.get(detail).content.decode()
    assert "7 Hidden Lane" in own.get(detail).content.decode()
    assert SECRET in own.get(reverse("recalls:assessment", args=[published.pk])).content.decode()
