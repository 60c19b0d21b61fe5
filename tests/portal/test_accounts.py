"""Sign-in, its throttle, people, keys, exports, settings."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from portal import services
from portal.cells import inert
from portal.env import Env
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import AuditEvent, Mail, Organisation, User
from portal.notifications.mail import send_mail_due
from portal.notifications.outbox import notify
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def attempt(email: str, password: str) -> int:
    return Client().post("/sign-in/", {"username": email, "password": password}).status_code


def test_the_right_password_signs_in_in_any_case_of_the_address(officer: User) -> None:
    assert attempt("ADA@psa.example.gov", PASSWORD) == 302


def test_unknown_and_wrong_get_the_same_answer(officer: User) -> None:
    pages = [
        Client().post("/sign-in/", {"username": email, "password": "x"}).content.decode()
        for email in (officer.email, "nobody@example.org")
    ]
    assert all("do not match an active account" in page for page in pages)


def test_five_failures_make_even_the_right_password_wait_a_quarter_of_an_hour(officer: User) -> None:
    assert [attempt(officer.email, "wrong") for _ in range(5)] == [422] * 5
    assert attempt(officer.email, PASSWORD) == 429
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert attempt(officer.email, PASSWORD) == 302


def test_someone_elses_sign_in_does_not_wait(officer: User, moderator_a: User) -> None:
    for _ in range(5):
        attempt(officer.email, "wrong")
    assert attempt(moderator_a.email, PASSWORD) == 302


def test_a_redirect_after_sign_in_stays_on_this_site(officer: User) -> None:
    data = {"username": officer.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/sign-in/", data)["Location"] == "/"


def test_deactivating_a_person_signs_them_out_at_once(
    moderator_a: User, operator: User, as_actor: Callable[[User], Actor]
) -> None:
    client = Client()
    client.post("/sign-in/", {"username": moderator_a.email, "password": PASSWORD})
    assert client.get("/queue/").status_code == 200
    services.edit_person(person=moderator_a, actor=as_actor(operator), is_active=False)
    assert client.get("/queue/").status_code == 302
    assert AuditEvent.objects.filter(action="person.edited").exists()


def test_a_moderator_cannot_work_at_a_regulator(
    regulator: Organisation, admin: User, as_actor: Callable[[User], Actor]
) -> None:
    with pytest.raises(ValidationError, match="must belong to a platform"):
        services.create_person(
            email="x@example.org",
            name="X",
            role="moderator",
            organisation=regulator,
            password=PASSWORD,
            actor=as_actor(admin),
        )
    assert not User.objects.filter(email="x@example.org").exists()


def test_only_admins_manage_people(officer: User, moderator_a: User, as_actor: Callable[[User], Actor]) -> None:
    colleague = UserFactory(organisation=officer.organisation, role="regulator_staff")
    for person in (moderator_a, colleague):
        before = (person.name, person.is_active)
        for changes in ({"is_active": False}, {"name": "Somebody Else"}):
            with pytest.raises(PermissionDenied):
                services.edit_person(person=person, actor=as_actor(officer), **changes)
        person.refresh_from_db()
        assert (person.name, person.is_active) == before


def test_a_key_is_stored_as_a_digest_and_stops_when_revoked(
    manager_a: User, platform_a: Organisation, as_actor: Callable[[User], Actor]
) -> None:
    key, secret = api_keys.create_key(
        organisation=platform_a, name="K", scopes=["notices"], days=1, actor=as_actor(manager_a)
    )
    assert secret not in str(key.__dict__)
    header = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert Client().get("/api/v1/notices", **header).status_code == 200
    assert Client().get("/api/v1/flags", **header).status_code == 403
    api_keys.revoke_key(key=key, actor=as_actor(manager_a))
    refused = Client().get("/api/v1/notices", **header)
    assert refused.status_code == 401
    assert refused["Content-Type"] == "application/problem+json"


def test_an_expired_key_is_refused(
    manager_a: User, platform_a: Organisation, as_actor: Callable[[User], Actor]
) -> None:
    _, secret = api_keys.create_key(
        organisation=platform_a, name="K", scopes=["notices"], days=1, actor=as_actor(manager_a)
    )
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        assert Client().get("/api/v1/notices", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code == 401


def test_no_one_makes_a_key_for_another_platform(
    manager_a: User, platform_b: Organisation, as_actor: Callable[[User], Actor]
) -> None:
    with pytest.raises(PermissionDenied):
        api_keys.create_key(organisation=platform_b, name="K", scopes=["notices"], days=1, actor=as_actor(manager_a))
    assert not platform_b.api_keys.exists()


def test_notifying_twice_is_notifying_once(moderator_a: User) -> None:
    for _ in range(2):
        notify(people=[moderator_a], key="k", subject="S", body="B", link="/x/", mail_to=["a@example.org"])
    assert moderator_a.notifications.count() == 1
    assert Mail.objects.count() == 1


def test_mail_that_cannot_leave_is_kept_with_its_error_and_tried_again(
    moderator_a: User, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    notify(people=[], key="k", subject="S", body="B", mail_to=["a@example.org"])
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    assert send_mail_due() == 0
    mail = Mail.objects.get()
    assert (mail.status, mail.attempts) == ("queued", 1)
    assert "Error" in mail.error
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_mail_due() == 0, "it waits before it tries again"
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert send_mail_due() == 1
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "  =HYPERLINK(1)", "\u00a0=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_inert(cell: str) -> None:
    assert inert(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["00012345678905", "plain", "a=b", ""])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert inert(cell) == cell


@pytest.mark.parametrize(
    ("variables", "call", "detail"),
    [
        ({}, lambda env: env.text("SECRET_KEY"), "SECRET_KEY is not set"),
        ({"X": "maybe"}, lambda env: env.flag("X", default=True), "must be yes or no"),
        ({"X": "0"}, lambda env: env.integer("X", 10, low=1, high=300), "from 1 to 300"),
        ({"X": "ten"}, lambda env: env.integer("X", 10, low=1, high=300), "whole number"),
        ({"X": "mysql://h/d"}, lambda env: env.database("X"), "must start with postgresql://"),
        ({"X": "postgresql://h/"}, lambda env: env.database("X"), "names no database"),
        ({"X": "amqp://h"}, lambda env: env.broker("X"), "must start with redis://"),
        ({"X": "sentinel://h:26379"}, lambda env: env.broker("X"), "must start with redis://"),
        ({"X": "staging"}, lambda env: env.choice("X", ("production", "demo"), "demo"), "must be one of"),
    ],
)
def test_a_nonsense_setting_is_refused_with_one_sentence(
    variables: dict[str, str], call: Callable[[Env], object], detail: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=detail):
        call(Env(variables))


def test_a_name_has_nothing_in_it_that_nobody_sees_and_so_reads_as_no_other(
    moderator_a: User, manager_a: User, platform_a: Organisation, operator: User, as_actor: Callable[[User], Actor]
) -> None:
    by = as_actor(operator)
    unseen = "N\u200bia\u2060 Ade\u00adyemi\u202e\u2028\u3164\ufe0f"
    made = services.invite_person(
        email="other@bazaarly.example", name=unseen, role="moderator", organisation=platform_a, actor=by
    )
    assert (made.name, User.objects.get(pk=made.pk).name) == ("Nia Adeyemi", "Nia Adeyemi")
    services.edit_person(person=moderator_a, name="Li\u200b Wen", actor=by)
    event = AuditEvent.objects.filter(action="person.edited").latest("pk")
    assert event.after == {"name": "Li Wen"}
    market = services.create_organisation(kind="platform", name="Market\u200b One\ufeff", slug="m", actor=by)
    assert market.name == "Market One"
    key, _ = api_keys.create_key(
        organisation=platform_a, name="Queue\u202e\x1b[2J", scopes=["flags"], days=1, actor=as_actor(manager_a)
    )
    assert key.name == "Queue [2J"
    with pytest.raises(ValidationError, match="characters that can be seen"):
        services.edit_person(person=moderator_a, name="\u200b\u2060", actor=by)
    for name in ("نیا\u200cآدی", "क्\u200dष", "Zoë O’Brien-García", "李 文"):
        services.edit_person(person=moderator_a, name=name, actor=by)
        assert User.objects.get(pk=moderator_a.pk).name == name


def test_whoever_had_the_account_hears_where_they_had_mail_that_its_address_changed(admin: User, officer: User) -> None:
    before = officer.email
    services.edit_person(person=officer, actor=Actor.person(admin), email="other@psa.example.gov")
    told = Mail.objects.filter(subject__contains="address for signing in").order_by("to")
    assert {mail.to for mail in told} == {before, "other@psa.example.gov"}
    assert all(f"from {before} to other@psa.example.gov" in mail.body for mail in told)
    assert "new password" in told[0].body
    services.edit_person(person=officer, actor=Actor.person(admin), name="Ada L.")
    assert told.count() == 2, "a name lets nobody in"


def test_an_invitation_that_went_to_a_mistyped_address_tells_its_owner_nothing_more(
    admin: User, regulator: Organisation
) -> None:
    invited = services.invite_person(
        email="typo@psa.example.gov",
        name="Una",
        role="regulator_staff",
        organisation=regulator,
        actor=Actor.person(admin),
    )
    services.edit_person(person=invited, actor=Actor.person(admin), email="una@psa.example.gov")
    assert not Mail.objects.filter(to="typo@psa.example.gov").exists()
