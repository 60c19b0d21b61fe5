"""Somebody subscribes to a saved search of the audit log: told of what fits, once, as long as they may read it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from portal import audit, services
from portal.audit import sentences, subscriptions
from portal.audit.subscriptions import PAUSE, QUIET, notify_subscribers_due
from portal.identity.actors import Actor
from portal.models import AuditEvent, Mail, MailMe, Notification, Organisation, SavedView, Subscription, User
from portal.notifications.mail import send_mail_due
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
AUDIT, SAVE = reverse("portal:audit"), reverse("portal:saved_view")
NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
LATER = QUIET + timedelta(seconds=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def view_of(person: User, query: str = "action=key.revoked", **more: Any) -> SavedView:
    return SavedView.objects.create(
        person=person, organisation=person.organisation, page="portal:audit", name="Keys", query=query, **more
    )


def subscribed(person: User, **more: Any) -> Subscription:
    return services.subscribe(view=view_of(person, **more), actor=Actor.person(person))


def happen(organisation: Organisation, count: int = 1, action: str = "key.revoked") -> None:
    """So many events, sealed at once."""
    system = Actor.system("test")
    audit.record_many(audit.event_for(actor=system, action=action, subject=organisation) for _ in range(count))
    audit.seal_events()


def told(person: User) -> list[str]:
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("subject", flat=True))


def sweep_later(clock: time_machine.Traveller, after: timedelta = LATER) -> None:
    clock.shift(after)
    notify_subscribers_due()


def test_an_event_that_fits_is_told_once_and_the_link_shows_it(
    admin: User, clock: time_machine.Traveller, sign_in: Callable[[User], Client]
) -> None:
    happen(admin.organisation)  # before anybody subscribed
    User.objects.filter(pk=admin.pk).update(mail_me=MailMe.AT_ONCE)
    client = sign_in(admin)
    client.post(SAVE, {"page": "portal:audit", "name": "Keys", "kept": "action=key.revoked"})
    answer = client.post(
        SAVE, {"page": "portal:audit", "view": SavedView.objects.get().pk, "do": "subscribe"}, follow=True
    )
    assert "Unsubscribe from Keys" in answer.content.decode()
    happen(admin.organisation, action="key.created")
    happen(admin.organisation)
    sweep_later(clock)
    assert told(admin) == ["1 audit event: Keys"]
    note = Notification.objects.get()
    assert "Offshelf" in note.body
    assert "Product Safety Authority" in note.body
    assert Mail.objects.get().to == admin.email
    listed = client.get(note.link, follow=True).context["events"]
    assert [event.pk for event in listed] == [AuditEvent.objects.filter(action="key.revoked").latest("pk").pk]
    sweep_later(clock, PAUSE)
    assert len(told(admin)) == 1


@pytest.mark.parametrize("length", [1, 250], ids=["the filters themselves", "the view's number"])
def test_the_link_shows_just_these_events_however_long_the_filters_are(
    length: int, admin: User, clock: time_machine.Traveller, sign_in: Callable[[User], Client]
) -> None:
    row = subscribed(admin, query=f"action=key.revoked&actor={'%20' * length}test")
    for _ in range(2):
        happen(admin.organisation)
        sweep_later(clock, PAUSE)
    note = Notification.objects.earliest("pk")
    assert len(note.link) <= 300
    assert (f"saved={row.view_id}" in note.link) is (length > 100)
    assert len(sign_in(admin).get(note.link, follow=True).context["events"]) == 1


def test_thousands_of_events_are_one_message_with_their_number(admin: User, clock: time_machine.Traveller) -> None:
    subscribed(admin)
    happen(admin.organisation, 1_200)
    notify_subscribers_due()  # the import goes on
    assert told(admin) == []
    clock.shift(timedelta(seconds=30))
    happen(admin.organisation, 34)
    sweep_later(clock, timedelta(seconds=40))
    assert told(admin) == [], "not before it has been quiet for a minute"
    sweep_later(clock, timedelta(seconds=30))
    assert told(admin) == ["1,234 audit events: Keys"]
    assert "and 1,224 more" in Notification.objects.get().body


def test_what_never_ends_is_told_after_ten_minutes_and_then_no_more_than_twice_an_hour(
    admin: User, clock: time_machine.Traveller
) -> None:
    subscribed(admin)
    for _ in range(120):
        happen(admin.organisation)
        sweep_later(clock, timedelta(seconds=45))
    assert 2 <= len(told(admin)) <= 4  # in an hour and a half
    sweep_later(clock, PAUSE)
    assert sum(int(subject.split()[0]) for subject in told(admin)) == 120


@pytest.mark.parametrize(
    "change", [{"role": "regulator_staff"}, {"is_active": False}], ids=["another role", "deactivated"]
)
def test_who_may_not_read_the_log_any_more_is_told_nothing(
    change: dict[str, Any],
    admin: User,
    regulator: Organisation,
    clock: time_machine.Traveller,
) -> None:
    other = UserFactory(role="admin", organisation=regulator, mail_me=MailMe.DAILY, time_zone="America/New_York")
    row = subscribed(other)
    happen(admin.organisation)
    sweep_later(clock)
    assert Mail.objects.get(to=other.email).next_attempt_at == datetime(2026, 11, 3, 13, 0, tzinfo=UTC)  # 08:00 there
    services.edit_person(person=other, actor=Actor.person(admin), **change)
    assert not Mail.objects.filter(to=other.email).exists(), "nor by the digest that waits for their morning"
    happen(admin.organisation)
    sweep_later(clock, PAUSE)
    assert len(told(other)) == 1
    row.refresh_from_db()
    assert row.place == audit.unsealed().count() + AuditEvent.objects.count()
    services.edit_person(person=other, actor=Actor.person(admin), role="admin", is_active=True)
    audit.seal_events()
    sweep_later(clock, PAUSE)
    assert len(told(other)) == 1, "nor afterwards what happened meanwhile"


def test_a_day_of_messages_is_one_mail_in_the_morning_of_the_person(
    admin: User, clock: time_machine.Traveller, mailoutbox: list[Any]
) -> None:
    User.objects.filter(pk=admin.pk).update(mail_me=MailMe.DAILY, time_zone="Asia/Shanghai")
    subscribed(User.objects.get(pk=admin.pk))
    for _ in range(3):
        happen(admin.organisation)
        sweep_later(clock, PAUSE)
    send_mail_due()
    assert mailoutbox == []
    clock.move_to(datetime(2026, 11, 4, 0, 0, 1, tzinfo=UTC))
    send_mail_due()
    assert [mail.subject for mail in mailoutbox] == ["3 messages: 1 audit event: Keys"]


def test_a_view_that_is_shared_no_longer_tells_colleagues_nothing(
    admin: User, regulator: Organisation, clock: time_machine.Traveller
) -> None:
    colleague = UserFactory(role="admin", organisation=regulator)
    view = view_of(admin, shared=True)
    for person in (admin, colleague):
        services.subscribe(view=view, actor=Actor.person(person))
    services.change_view(view=view, person=admin, name="Keys", shared=False)
    happen(admin.organisation)
    sweep_later(clock)
    assert [len(told(person)) for person in (admin, colleague)] == [1, 0]


def test_nobody_subscribes_who_may_not_read_the_log(officer: User, sign_in: Callable[[User], Client]) -> None:
    view = view_of(officer)
    with pytest.raises(PermissionDenied):
        services.subscribe(view=view, actor=Actor.person(officer))
    form = {"page": "portal:audit", "view": view.pk, "do": "subscribe"}
    assert sign_in(officer).post(SAVE, form).status_code == 403
    assert not Subscription.objects.exists()


def test_an_event_that_cannot_be_put_into_words_costs_its_own_line(
    admin: User, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed(admin)
    happen(admin.organisation, 2)
    poison = AuditEvent.objects.filter(action="key.revoked").earliest("pk")

    def broken(event: AuditEvent) -> str:
        if event.pk == poison.pk:
            raise RecursionError
        return sentences.sentence(event)

    monkeypatch.setattr(subscriptions, "sentence", broken)
    sweep_later(clock)
    body = Notification.objects.get().body
    assert f"Event {poison.pk}" in body
    assert "Offshelf" in body
