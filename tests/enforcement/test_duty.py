"""Escalations never land on nobody: absences, deputies, duty hours, and organisations where no one is left."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import services
from enforcement.models import Escalation, Takedown
from listings import services as listings
from listings.models import Flag
from portal import services as portal
from portal.identity.actors import Actor
from portal.identity.duty import within_hours
from portal.models import Absence, AuditEvent, Notification, Organisation, User
from portal.notifications.outbox import notify, notify_personally
from portal.tasks import begin_absences
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory, UserFactory

pytestmark = pytest.mark.django_db
SUNDAY = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def new_takedown(regulator: Organisation, platform_a: Organisation) -> Takedown:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=timezone.now())
    flag = FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a), opened_at=timezone.now())
    return services.start_clock(flag=flag)


@pytest.fixture
def takedown(regulator: Organisation, platform_a: Organisation) -> Takedown:
    return new_takedown(regulator, platform_a)


@pytest.fixture
def escalation(takedown: Takedown, officer: User) -> Escalation:
    """One that the officer has taken."""
    row = raise_step(takedown, "officer")
    return services.acknowledge_escalation(escalation=row, note="Mine.", actor=Actor.person(officer))


def raise_step(takedown: Takedown, kind: str) -> Escalation:
    """Have a step of this kind come due; where the takedown's ladder has none, its last one becomes it."""
    steps = takedown.terms["steps"]
    step = next((each for each in steps if each["kind"] == kind), steps[-1])
    step["kind"] = kind
    changes = {"next_step": step["step"], "next_step_at": timezone.now(), "terms": takedown.terms}
    Takedown.objects.filter(pk=takedown.pk).update(**changes)
    services.sweep_escalations()
    return Escalation.objects.get(takedown=takedown, kind=kind)


def away(person: User, deputy: User | None = None, *, hours: float = -1, days: float = 3) -> Absence:
    now = timezone.now()
    return portal.add_absence(
        person=person,
        starts_at=now + timedelta(hours=hours),
        ends_at=now + timedelta(days=days),
        deputy=deputy,
        actor=Actor.person(person),
    )


def told(takedown: Takedown, kind: str) -> set[str]:
    """The names of those whom a step reaches."""
    row = raise_step(takedown, kind)
    people = Notification.objects.filter(key=row.notified_in).values_list("person__name", flat=True)
    return set(people)


def assignee(escalation: Escalation) -> User | None:
    escalation.refresh_from_db()
    return escalation.assigned_to


def test_what_an_officer_holds_goes_to_the_deputy_when_the_absence_begins(
    escalation: Escalation, officer: User, second_officer: User
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        away(officer, second_officer, hours=2)
        begin_absences()
        assert assignee(escalation) == officer
        clock.shift(timedelta(hours=3))
        begin_absences()
        begin_absences()
    assert assignee(escalation) == second_officer
    message = Notification.objects.get(person=second_officer, subject="Escalations assigned to you: 1")
    assert message.body.startswith("For Ada Lindqvist, who is away until")
    event = AuditEvent.objects.get(action="escalation.handed_over")
    assert (event.before["assigned_to"], event.after["assigned_to"]) == (officer.pk, second_officer.pk)


def test_without_a_deputy_it_is_everybodys(
    escalation: Escalation, officer: User, second_officer: User, admin: User
) -> None:
    away(officer)
    assert assignee(escalation) is None
    unassigned = Notification.objects.filter(subject="Escalations without an assignee: 1")
    assert {row.person for row in unassigned} == {second_officer, admin}


def test_deputies_of_deputies_are_followed_and_a_circle_is_everybodys(
    escalation: Escalation, officer: User, second_officer: User, admin: User
) -> None:
    third = UserFactory(name="Third", role="regulator_staff", organisation=officer.organisation)
    away(second_officer, third)
    away(officer, second_officer)
    assert assignee(escalation) == third
    away(third, officer)
    assert assignee(escalation) is None
    unassigned = Notification.objects.filter(subject="Escalations without an assignee: 1")
    assert {row.person for row in unassigned} == {admin}


def test_a_deputy_who_left_or_is_locked_stands_in_for_nobody(
    escalation: Escalation, takedown: Takedown, officer: User, second_officer: User, admin: User, system: Actor
) -> None:
    away(officer, second_officer)
    assert assignee(escalation) == second_officer
    portal.edit_person(person=second_officer, is_active=False, actor=system)
    assert assignee(escalation) is None
    assert Notification.objects.filter(person=admin, subject="Escalations without an assignee: 1").exists()
    assert told(takedown, "letter") >= {"Ines Duarte"}


@pytest.mark.parametrize("kind", ["reminder", "missed", "contact", "officer", "letter", "naming"])
def test_no_step_lands_on_nobody_even_when_a_whole_side_is_gone(
    kind: str, takedown: Takedown, regulator: Organisation, platform_a: Organisation, admin: User, officer: User
) -> None:
    """Nobody works at the platform, no contact is known, the only officer is locked, the admin is away without a deputy."""
    Organisation.objects.update(contact_email="")
    User.objects.filter(pk=officer.pk).update(locked_at=timezone.now())
    away(admin)
    assert "Ines Duarte" in told(takedown, kind)


def test_where_nobody_of_a_regulator_is_left_the_operators_hear_so_and_no_other_regulator_hears_of_the_case(
    takedown: Takedown, operator: User, other_admin: User
) -> None:
    UserFactory(name="Gone", role="regulator_staff", organisation=takedown.flag.recall.regulator, is_active=False)
    assert told(takedown, "officer") == set()
    (note,) = Notification.objects.filter(person=operator)
    assert note.subject == f"Alert: nobody at {takedown.flag.recall.regulator} is available"
    assert takedown.flag.recall.number not in note.subject + note.body
    assert not Notification.objects.filter(person=other_admin).exists()


def test_what_the_last_of_a_regulator_held_is_handed_to_no_other_regulator(
    escalation: Escalation, officer: User, other_admin: User, operator: User
) -> None:
    away(officer)
    assert assignee(escalation) is None
    assert Notification.objects.filter(person=operator, subject__startswith="Alert: nobody at").exists()
    assert not Notification.objects.filter(person=other_admin).exists()


def test_a_locked_account_holds_nothing_any_more(
    escalation: Escalation, officer: User, admin: User, settings: Any
) -> None:
    settings.INACTIVE_DAYS = 365
    long_ago = timezone.now() - timedelta(days=400)
    User.objects.filter(pk=officer.pk).update(date_joined=long_ago, last_login=long_ago)
    portal.lock_inactive_people()
    assert assignee(escalation) is None
    assert Notification.objects.filter(person=admin, subject="Escalations without an assignee: 1").exists()


def test_a_step_outside_of_everybodys_hours_reaches_who_is_on_duty(
    regulator: Organisation, platform_a: Organisation, officer: User, admin: User
) -> None:
    with time_machine.travel(SUNDAY, tick=False):
        first, second = (new_takedown(regulator, platform_a) for _ in range(2))
        portal.set_duty_hours(person=officer, hours={"0": ("09:00", "17:00")}, actor=Actor.person(officer))
        assert told(first, "officer") == {"Ada Lindqvist", "Ines Duarte"}
        portal.set_duty_hours(person=admin, hours={"0": ("09:00", "17:00")}, actor=Actor.person(admin))
        assert told(first, "letter") == {"Ada Lindqvist", "Ines Duarte"}, "nobody is on duty at all"
        portal.set_duty_hours(person=officer, hours={"6": ("00:00", "00:00")}, actor=Actor.person(officer))
        assert told(second, "letter") == {"Ada Lindqvist"}


@pytest.mark.parametrize(
    ("moment", "is_within"),
    [
        ("2026-03-02T21:59", False), ("2026-03-02T22:00", True), ("2026-03-03T05:59", True), ("2026-03-03T06:00", False),
        ("2026-03-03T22:00", False), ("2026-03-04T02:00", False), ("2026-03-06T08:00", True), ("2026-03-06T12:00", False),
    ],
)  # fmt: skip
def test_hours_may_end_on_the_next_day(moment: str, is_within: bool) -> None:
    hours = {"0": ["22:00", "06:00"], "4": ["08:00", "12:00"]}
    assert within_hours(hours, datetime.fromisoformat(moment)) is is_within


def test_claimed_flags_go_to_the_deputy_and_else_are_free(
    takedown: Takedown, moderator_a: User, second_moderator_a: User, manager_a: User
) -> None:
    flag = takedown.flag
    listings.claim_flag(flag=flag, actor=Actor.person(moderator_a))
    away(moderator_a, second_moderator_a)
    flag = Flag.objects.get()
    assert flag.claimed_by == second_moderator_a
    assert Notification.objects.filter(person=second_moderator_a, subject="Flags handed to you: 1").exists()
    away(second_moderator_a)
    flag = Flag.objects.get()
    assert (flag.claimed_by, flag.claim_expires_at) == (None, None)
    assert Notification.objects.get(subject="Flags free to claim: 1").person == manager_a


def test_a_moderator_hands_over_on_the_account_page_and_on_the_page_of_a_flag(
    takedown: Takedown, moderator_a: User, second_moderator_a: User, manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    listings.claim_flag(flag=takedown.flag, actor=Actor.person(moderator_a))
    local = timezone.now().astimezone(moderator_a.zone)
    times = {"starts_at": f"{local:%Y-%m-%dT%H:%M}", "ends_at": f"{local + timedelta(days=3):%Y-%m-%dT%H:%M}"}
    client, given = sign_in(moderator_a), {"act": "absence", "deputy": second_moderator_a.pk}
    assert client.post(reverse("portal:duty"), times | given).status_code == 302
    assert Flag.objects.get().claimed_by == second_moderator_a
    address = reverse("listings:flag_hand_over", args=[takedown.flag_id])
    refused = sign_in(second_moderator_a).post(address, {"to": moderator_a.pk})
    assert "You stand in for Nia Adeyemi, who is away." in refused.content.decode()
    assert Flag.objects.get().claimed_by == second_moderator_a
    assert sign_in(second_moderator_a).post(address, {"to": manager_a.pk}).status_code == 302
    answer = sign_in(manager_a).post(address, {"to": moderator_a.pk}, follow=True)
    assert "to Li Wen" in answer.content.decode(), "the deputy of the one who is away"
    assert Flag.objects.get().claimed_by == second_moderator_a
    assert Absence.objects.visible_to(Actor.person(manager_a)).count() == 1


def test_messages_for_who_is_away_reach_the_stand_in_but_none_about_their_account(
    officer: User, second_officer: User, admin: User, moderator_b: User
) -> None:
    away(officer, second_officer)
    notify(people=[officer, moderator_b], key="a", subject="Appeal", body="Read it.")
    copy = Notification.objects.get(person=second_officer, key="a")
    assert copy.body.endswith("Read it.")
    assert copy.body.startswith("For Ada Lindqvist, who is away until")
    notify_personally(people=[officer], key="b", subject="Your password was changed", body="…")
    assert set(Notification.objects.filter(key__in="ab").values_list("person", "key")) == {
        (officer.pk, "a"), (moderator_b.pk, "a"), (second_officer.pk, "a"), (officer.pk, "b"),
    }  # fmt: skip


def test_handing_over_to_somebody_away_reaches_the_deputy_or_is_refused(
    escalation: Escalation, takedown: Takedown, officer: User, second_officer: User, admin: User, moderator_a: User,
    second_moderator_a: User, manager_a: User,
) -> None:  # fmt: skip
    away(second_officer, admin)
    services.hand_over_escalation(escalation=escalation, to=second_officer, note="", actor=Actor.person(officer))
    assert assignee(escalation) == admin
    away(admin)
    before = (Escalation.objects.values().get(), AuditEvent.objects.count(), Notification.objects.count())
    with pytest.raises(ValidationError, match="not available and nobody stands in"):
        services.hand_over_escalation(escalation=escalation, to=second_officer, note="", actor=Actor.person(officer))
    assert (Escalation.objects.values().get(), AuditEvent.objects.count(), Notification.objects.count()) == before
    away(second_moderator_a, manager_a)
    listings.hand_over_flag(flag=takedown.flag, to=second_moderator_a, actor=Actor.person(moderator_a))
    assert Flag.objects.get().claimed_by == manager_a


def test_nonsense_is_refused_and_nothing_moves(
    escalation: Escalation, officer: User, second_officer: User, moderator_a: User, regulator: Organisation
) -> None:
    stranger = UserFactory(role="regulator_staff", organisation__kind="regulator")
    gone = UserFactory(role="regulator_staff", organisation=regulator, is_active=False)
    locked = UserFactory(role="regulator_staff", organisation=regulator, locked_at=timezone.now())
    away(officer, second_officer, hours=24, days=2)
    before = (assignee(escalation), AuditEvent.objects.count(), list(Absence.objects.values()))
    for deputy in (officer, moderator_a, stranger, gone, locked):
        with pytest.raises(ValidationError, match="cannot stand in"):
            away(officer, deputy, days=0.5)
    for times in ({"days": -1}, {"hours": 30, "days": 1}, {"days": 800}, {"days": 1.5}):
        with pytest.raises(ValidationError):
            away(officer, **times)
    with pytest.raises(PermissionDenied):
        portal.set_duty_hours(person=officer, hours={}, actor=Actor.person(second_officer))
    with pytest.raises(PermissionDenied):
        portal.end_absence(absence=Absence.objects.get(), actor=Actor.person(second_officer))
    for hours in ({"7": ("09:00", "17:00")}, {"0": ("9", "17:00")}, {"0": ("09:00",)}):
        with pytest.raises(ValidationError):
            portal.set_duty_hours(person=officer, hours=hours, actor=Actor.person(officer))
    assert (assignee(escalation), AuditEvent.objects.count(), list(Absence.objects.values())) == before


def test_the_pages_add_show_and_end_an_absence_also_for_admins(
    escalation: Escalation, officer: User, second_officer: User, admin: User, sign_in: Callable[[User], Client]
) -> None:
    User.objects.filter(pk=officer.pk).update(time_zone="Europe/Berlin")
    client, address = sign_in(officer), reverse("portal:duty")
    local = timezone.now() + timedelta(days=1)
    given: dict[str, Any] = {"act": "absence", "starts_at": f"{local:%Y-%m-%dT08:00}", "deputy": second_officer.pk}
    assert client.post(address, given).status_code == 422
    page = client.get(address).content.decode()
    assert "Times are in Europe/Berlin." in page
    assert client.post(address, given | {"ends_at": f"{local:%Y-%m-%dT18:00}"}).status_code == 302
    absence = Absence.objects.get()
    assert absence.starts_at.astimezone(officer.zone).hour == 8 or absence.starts_at.hour in (6, 7)
    assert "Deputy: Tomas Berg" in client.get(reverse("portal:account")).content.decode()
    assert client.post(address, {"act": "hours", "from_0": "09:00"}).status_code == 422
    assert client.post(address, {"act": "hours", "from_0": "09:00", "until_0": "17:00"}).status_code == 302
    officer.refresh_from_db()
    assert officer.duty_hours == {"0": ["09:00", "17:00"]}
    above, theirs = sign_in(admin), reverse("portal:person_duty", args=[officer.pk])
    assert "Deputy: Tomas Berg" in above.get(reverse("portal:person_sessions", args=[officer.pk])).content.decode()
    assert above.post(theirs, {"act": "end", "absence": absence.pk}).status_code == 302
    assert client.post(address, {"act": "end", "absence": "nonsense"}).status_code == 404
    assert sign_in(second_officer).get(theirs).status_code == 403
    absence.refresh_from_db()
    assert absence.ended_at is not None
    away(second_officer, admin)
    hand_over = client.get(reverse("enforcement:escalation_hand_over", args=[escalation.pk])).content.decode()
    assert "Tomas Berg (away until" in hand_over
    assert "deputy: Ines Duarte)" in hand_over
