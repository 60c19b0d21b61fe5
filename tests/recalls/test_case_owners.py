"""Who owns a recall: assigned, handed over, shown with the deputy, found under "mine", and nobody's case is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal import services as portal
from portal.database.acting import acting
from portal.identity.actors import Actor
from portal.models import AuditEvent, Notification, Organisation, User
from recalls import services
from recalls.models import Recall
from tests.exporting import exported
from tests.factories import RecallFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = reverse("recalls:list")


@pytest.fixture
def recall(regulator: Organisation) -> Recall:
    return RecallFactory(regulator=regulator, number="26-777")


def own(recall: Recall, to: User | None, by: User) -> Recall:
    return services.assign_owner(recall=recall, to=to, note="Please see to it", actor=Actor.person(by))


def test_a_case_is_assigned_handed_over_and_let_go(
    recall: Recall, officer: User, second_officer: User, sign_in: Callable[[User], Client]
) -> None:
    client, page = sign_in(officer), reverse("recalls:owner", args=[recall.pk])
    assert client.post(page, {"to": officer.pk, "note": ""}).status_code == 302
    assert not Notification.objects.exists(), "who takes a case needs no message about it"
    client.post(page, {"to": second_officer.pk, "note": "You know the firm"})
    recall.refresh_from_db()
    assert recall.owner == second_officer
    assert Notification.objects.get(person=second_officer).subject.startswith("You own recall 26-777 now")
    event = AuditEvent.objects.filter(action="recall.owner_set").order_by("id").last()
    assert event is not None
    assert (event.before["owner"], event.after["owner"], event.reason) == (
        officer.pk, second_officer.pk, "You know the firm",
    )  # fmt: skip
    assert "gave recall" in client.get(reverse("recalls:detail", args=[recall.pk])).content.decode()
    client.post(page, {"to": "", "note": ""})
    recall.refresh_from_db()
    assert recall.owner is None
    events = AuditEvent.objects.count()
    own(recall, None, officer)
    assert AuditEvent.objects.count() == events, "the same again changes nothing"


@pytest.mark.parametrize("who", ["moderator_a", "admin", "abroad", "locked", "gone"])
def test_only_staff_of_the_regulator_who_can_sign_in_own_a_case(
    who: str, recall: Recall, officer: User, request: pytest.FixtureRequest, sign_in: Callable[[User], Client]
) -> None:
    made = {
        "abroad": {"organisation__kind": "regulator"},
        "locked": {"organisation": officer.organisation, "locked_at": timezone.now()},
        "gone": {"organisation": officer.organisation, "is_active": False},
    }
    person = UserFactory(role="regulator_staff", **made[who]) if who in made else request.getfixturevalue(who)
    with pytest.raises(ValidationError, match="not on the regulator's staff"):
        own(recall, person, officer)
    answer = sign_in(officer).post(reverse("recalls:owner", args=[recall.pk]), {"to": person.pk, "note": ""})
    assert answer.status_code == 422
    recall.refresh_from_db()
    assert recall.owner is None
    assert not AuditEvent.objects.filter(action="recall.owner_set").exists()


def test_no_one_else_says_whose_a_case_is(recall: Recall, officer: User, moderator_a: User, admin: User) -> None:
    for person in (moderator_a, admin, UserFactory(role="regulator_staff", organisation__kind="regulator")):
        with pytest.raises(PermissionDenied):
            own(recall, officer, person)
    recall.refresh_from_db()
    assert recall.owner is None


def test_mine_and_nobodys_are_found_in_the_list_and_in_its_export(
    recall: Recall, officer: User, second_officer: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    RecallFactory(regulator=recall.regulator, number="26-888")
    own(recall, officer, officer)
    mine, theirs = sign_in(officer), sign_in(second_officer)

    def found(client: Client, query: str) -> list[bool]:
        page = client.get(f"{LIST}?{query}").content.decode()
        return ["26-777" in page, "26-888" in page]

    assert found(mine, "owner=me") == [True, False]
    assert found(theirs, "owner=me") == [False, False]
    assert found(mine, "owner=none") == [False, True]
    data = exported(mine, mine.post("/exports/of/recalls/?owner=me", {"format": "csv"})).decode()
    assert ["26-777" in data, "26-888" in data] == [True, False]
    assert "Case owner" not in sign_in(moderator_a).get(LIST).content.decode()
    send = f"{reverse('enforcement:send')}?all=yes&owner=me"
    assert found_in(mine.get(send).content.decode()) == [True, False]


def found_in(page: str) -> list[bool]:
    return ["26-777" in page, "26-888" in page]


def test_while_the_owner_is_away_the_deputy_is_shown(
    recall: Recall, officer: User, second_officer: User, sign_in: Callable[[User], Client]
) -> None:
    own(recall, officer, officer)
    now = timezone.now()
    portal.add_absence(
        person=officer,
        starts_at=now,
        ends_at=now + timedelta(days=3),
        deputy=second_officer,
        actor=Actor.person(officer),
    )
    page = sign_in(second_officer).get(reverse("recalls:detail", args=[recall.pk])).content.decode()
    assert "deputy: Tomas Berg" in page
    recall.refresh_from_db()
    assert recall.owner == officer


@pytest.mark.parametrize("how", ["moved", "deactivated", "deactivated with a deputy"])
def test_who_leaves_hands_their_cases_over(
    how: str, recall: Recall, officer: User, second_officer: User, operator: User, platform_a: Organisation
) -> None:
    other = RecallFactory(regulator=recall.regulator, number="26-888")
    theirs = RecallFactory(regulator=recall.regulator, number="26-999")
    for each in (recall, other):
        own(each, officer, officer)
    own(theirs, second_officer, officer)
    now = timezone.now()
    if "deputy" in how:
        portal.add_absence(
            person=officer, starts_at=now, ends_at=now + timedelta(days=3), deputy=second_officer,
            actor=Actor.person(officer),
        )  # fmt: skip
    Notification.objects.all().delete()
    change = {"organisation": platform_a, "role": "moderator"} if how == "moved" else {"is_active": False}
    with acting(Actor.person(operator).principal):  # who sees no recall
        portal.edit_person(person=User.objects.get(pk=officer.pk), actor=Actor.person(operator), **change)
    has = second_officer if "deputy" in how else None
    assert list(Recall.objects.order_by("number").values_list("owner", flat=True)) == [
        has.pk if has else None, has.pk if has else None, second_officer.pk,
    ]  # fmt: skip
    told = Notification.objects.filter(person=second_officer, subject__contains="Ada Lindqvist")
    assert [row.subject for row in told] == [
        "You own 2 recalls of Ada Lindqvist now" if has else "Nobody owns 2 recalls of Ada Lindqvist"
    ]
    last = AuditEvent.objects.filter(action="recall.owner_set", reason="Ada Lindqvist left.")
    assert [row.before["owner"] for row in last] == [officer.pk] * 2
