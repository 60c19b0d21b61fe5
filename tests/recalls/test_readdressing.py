"""Mail to a contact that does not arrive: who hears of it, and how the notices reach the platform after all."""

from collections.abc import Callable

import pytest
from django.core import mail as outbox
from django.test import Client

from portal.identity.actors import Actor
from portal.models import Mail, Notification, Organisation, User
from portal.notifications.bounces import alarm
from portal.notifications.mail import send_mail_due
from portal.services import edit_organisation
from recalls import services
from recalls.models import Notice
from tests.factories import TERMS, NoticeFactory, OrganisationFactory, RecallFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def strangers(db: None) -> list[User]:
    """The staff and the admin of a regulator that never wrote to the platform."""
    elsewhere = OrganisationFactory(kind="regulator", name="Elsewhere Authority")
    return [UserFactory(role=role, organisation=elsewhere) for role in ("regulator_staff", "admin")]


def alarms() -> dict[str, str]:
    """Who was told that mail does not arrive, and where the message leads."""
    return dict(Notification.objects.filter(subject__startswith="Alert: mail to").values_list("person__email", "link"))


def test_a_contact_that_fails_alarms_those_who_write_to_it_with_a_link_that_opens(
    regulator: Organisation,
    platform_a: Organisation,
    officer: User,
    admin: User,
    operator: User,
    moderator_a: User,
    strangers: list[User],
    sign_in: Callable[[User], Client],
) -> None:
    NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a)
    for _ in range(3):
        alarm("Safety@bazaarly.example", "550 No such person")
    told = alarms()
    assert set(told) == {officer.email, admin.email, operator.email}
    assert Notification.objects.count() == 3, "once a day, however many messages do not arrive"
    for person in (officer, admin, operator):
        assert sign_in(person).get(told[person.email]).status_code == 200
    assert platform_a.contact_email in sign_in(admin).get(told[admin.email]).content.decode()
    assert 'name="contact_email"' in sign_in(operator).get(told[operator.email]).content.decode()
    platform_a.refresh_from_db()
    assert "550" in platform_a.contact_problem


def test_where_no_one_has_written_to_a_contact_yet_the_operators_hear_of_it(
    platform_a: Organisation, officer: User, admin: User, operator: User, strangers: list[User]
) -> None:
    alarm(platform_a.contact_email, "550 No such person")
    assert set(alarms()) == {operator.email}


def test_the_contact_of_a_regulator_and_the_address_of_a_person_are_the_business_of_who_manages_them(
    regulator: Organisation,
    platform_a: Organisation,
    officer: User,
    admin: User,
    operator: User,
    moderator_a: User,
    strangers: list[User],
    sign_in: Callable[[User], Client],
) -> None:
    NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a)
    for address in (officer.email, moderator_a.email):
        alarm(address, "550 No such person")
        told = alarms()
        assert set(told) == ({admin.email, operator.email} if address == officer.email else {operator.email})
        for person in (admin, operator):
            assert person.email not in told or sign_in(person).get(told[person.email]).status_code == 200
        Notification.objects.all().delete()
    alarm(regulator.contact_email, "550 No such person")
    assert set(alarms()) == {admin.email, officer.email, operator.email}
    alarm("nobody@nowhere.example", "550 No such person")
    assert Notification.objects.count() == 3


def test_once_the_address_is_corrected_the_notices_that_never_reached_it_are_mailed_and_confirmed(
    regulator: Organisation,
    platform_a: Organisation,
    platform_b: Organisation,
    officer: User,
    operator: User,
    moderator_a: User,
) -> None:
    as_officer, as_operator = Actor.person(officer), Actor.person(operator)

    def send(platform: Organisation) -> Notice:
        recall = RecallFactory(regulator=regulator)
        return services.send_notice(recall=recall, platform=platform, terms=dict(TERMS), actor=as_officer)

    arrived = send(platform_a)
    send_mail_due()
    assert services.confirm_deliveries() == 1
    lost, came_back, withdrawn, elsewhere = send(platform_a), send(platform_a), send(platform_a), send(platform_b)
    services.withdraw_notice(notice=withdrawn, reason="Wrong product.", actor=as_officer)
    services.record_delivery(notice=came_back, actor=as_officer)
    Mail.objects.filter(to=platform_a.contact_email, status="queued").update(status="bounced")
    platform_a.refresh_from_db()
    outbox.outbox.clear()

    edit_organisation(organisation=platform_a, contact_email="recalls@bazaarly.example", actor=as_operator)
    edit_organisation(organisation=platform_a, country="DE", actor=as_operator)
    keys = {f"notice:{notice.pk}:recalls@bazaarly.example" for notice in (lost, came_back)}
    assert set(Mail.objects.filter(to="recalls@bazaarly.example").values_list("key", flat=True)) == keys
    assert Notification.objects.filter(key=f"notice:{lost.pk}").count() == 1, "the inbox had it already"
    send_mail_due()
    assert services.confirm_deliveries() == 2, "the one that was lost, and the one of the other platform"
    for notice in (arrived, lost, came_back, elsewhere):
        notice.refresh_from_db()
        assert notice.delivered_at is not None
    edit_organisation(organisation=platform_a, contact_email="", actor=as_operator)
    edit_organisation(organisation=platform_a, contact_email="recalls@bazaarly.example", actor=as_operator)
    assert Mail.objects.filter(to="recalls@bazaarly.example").count() == 2, "once is enough"
