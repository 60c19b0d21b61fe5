"""Who moves to another organisation, or is deactivated, takes nothing along: no message, no key, no claim, no session."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client

from enforcement import services as enforcement
from enforcement.models import Escalation
from listings import services as listings
from listings.models import Flag
from portal import services
from portal.database.acting import SYSTEM, begin
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import ApiKey, AuditEvent, Mail, Notification, Organisation, SavedView, Session, User
from portal.notifications.mail import send_mail_due
from portal.notifications.outbox import notify, still_at
from tests.factories import PASSWORD, FlagFactory, UserFactory

pytestmark = pytest.mark.django_db
SECRET = "The seller is a cousin of Omar"


@pytest.fixture
def flag(moderator_a: User, officer: User) -> Flag:
    return FlagFactory(notice__platform=moderator_a.organisation, notice__recall__regulator=officer.organisation)


@pytest.fixture
def noted(flag: Flag, moderator_a: User, second_moderator_a: User) -> None:
    second_moderator_a.mail_me = "daily"
    second_moderator_a.save()
    listings.post_message(
        flag=flag, audience="own", text=SECRET, mentions=[second_moderator_a], actor=Actor.person(moderator_a)
    )


def move(person: User, to: Organisation, operator: User) -> None:
    services.edit_person(person=User.objects.get(pk=person.pk), actor=Actor.person(operator), organisation=to)
    person.refresh_from_db()


def test_a_mover_reads_no_note_of_the_old_platform_in_their_inbox(
    noted: None, second_moderator_a: User, platform_a: Organisation, platform_b: Organisation, operator: User
) -> None:
    client = Client()
    client.force_login(second_moderator_a)
    assert SECRET in client.get("/inbox/").content.decode()
    move(second_moderator_a, platform_b, operator)
    assert client.get("/inbox/").status_code == 302, "their sessions are over"
    client.force_login(second_moderator_a)
    page = client.get("/inbox/").content.decode()
    assert SECRET not in page
    assert "mentioned" not in page
    assert '<span class="usa-sr-only"> unread' not in page
    client.post("/inbox/read/")
    assert Notification.objects.get(person=second_moderator_a).read_at is None
    move(second_moderator_a, platform_a, operator)
    client.force_login(second_moderator_a)
    assert SECRET in client.get("/inbox/").content.decode(), "back at the old place it is theirs again"


def test_the_same_key_at_two_organisations_notifies_both(
    moderator_a: User, platform_b: Organisation, operator: User
) -> None:
    notify(people=[moderator_a], key="k", subject="Old", body="")
    move(moderator_a, platform_b, operator)
    notify(people=[moderator_a], key="k", subject="New", body="")
    assert [row.subject for row in Notification.objects.inbox_of(moderator_a)] == ["New"]


@pytest.mark.parametrize("how", ["moved", "deactivated"])
def test_mail_that_waits_for_someone_does_not_follow_them(
    noted: None,
    second_moderator_a: User,
    platform_b: Organisation,
    operator: User,
    mailoutbox: list[EmailMessage],
    how: str,
) -> None:
    waiting = Mail.objects.get(to=second_moderator_a.email)
    assert SECRET in waiting.body
    Mail.objects.create(key="contact:1", to=second_moderator_a.email, subject="To the contact", body="It stays")
    change = {"organisation": platform_b} if how == "moved" else {"is_active": False}
    services.edit_person(person=second_moderator_a, actor=Actor.person(operator), **change)
    Mail.objects.update(next_attempt_at=waiting.created_at)
    send_mail_due()
    assert [mail.subject for mail in mailoutbox] == ["To the contact"]


def test_what_a_leaver_holds_is_free_for_colleagues(
    flag: Flag, moderator_a: User, second_moderator_a: User, platform_b: Organisation, operator: User
) -> None:
    listings.claim_flag(flag=flag, actor=Actor.person(moderator_a))
    SavedView.objects.create(
        person=moderator_a,
        organisation=moderator_a.organisation,
        page="listings:queue",
        name="The cousin",
        query="q=cousin",
    )
    with pytest.raises(listings.Held):
        listings.claim_flag(flag=Flag.objects.get(), actor=Actor.person(second_moderator_a))
    move(moderator_a, platform_b, operator)
    assert not SavedView.objects.filter(person=moderator_a).exists()
    assert AuditEvent.objects.get(action="flag.released").before == {"claimed_by": moderator_a.pk}
    listings.claim_flag(flag=Flag.objects.get(), actor=Actor.person(second_moderator_a))


def test_who_moves_while_inactive_takes_nothing_along_either(
    moderator_a: User, platform_b: Organisation, operator: User
) -> None:
    SavedView.objects.create(
        person=moderator_a,
        organisation=moderator_a.organisation,
        page="listings:queue",
        name="The cousin",
        query="q=cousin",
    )
    services.edit_person(person=moderator_a, actor=Actor.person(operator), is_active=False)
    assert SavedView.objects.exists(), "who comes back to the same place finds them again"
    move(moderator_a, platform_b, operator)
    assert not SavedView.objects.exists()


def test_an_escalation_that_an_officer_took_care_of_is_no_ones_once_they_leave(
    flag: Flag, officer: User, admin: User
) -> None:
    takedown = enforcement.start_clock(flag=flag)
    row = Escalation.objects.create(
        takedown=takedown, platform=flag.platform, step=1, kind="officer", due_at=takedown.due_at
    )
    enforcement.acknowledge_escalation(escalation=row, note="Mine", actor=Actor.person(officer))
    services.edit_person(person=officer, actor=Actor.person(admin), is_active=False)
    row.refresh_from_db()
    assert row.assigned_to is None
    enforcement.comment_escalation(escalation=row, text="Anybody?", actor=Actor.person(admin))
    assert not Notification.objects.filter(person=officer).exists()


def test_an_answer_to_a_question_does_not_reach_who_asked_it_elsewhere(
    moderator_a: User, platform_a: Organisation, platform_b: Organisation, operator: User
) -> None:
    assert still_at(platform_a.pk, [moderator_a, None]) == [moderator_a]
    move(moderator_a, platform_b, operator)
    assert still_at(platform_a.pk, [moderator_a]) == []


def test_a_move_ends_all_sessions_and_the_audit_log_says_why(
    moderator_a: User, platform_b: Organisation, operator: User
) -> None:
    Client().post("/sign-in/", {"username": moderator_a.email, "password": PASSWORD})
    services.edit_person(person=moderator_a, actor=Actor.person(operator), name="Nia A. Adeyemi")
    assert Session.objects.filter(person=moderator_a).count() == 1, "an edit of the name ends none"
    move(moderator_a, platform_b, operator)
    assert not Session.objects.filter(person=moderator_a).exists()
    assert AuditEvent.objects.get(action="session.ended").reason == "Nia A. Adeyemi moved to Market One."


@pytest.fixture
def keys_made(manager_a: User, platform_a: Organisation) -> list[tuple[ApiKey, str]]:
    def make(name: str) -> tuple[ApiKey, str]:
        actor = Actor.person(manager_a)
        return api_keys.create_key(organisation=platform_a, name=name, scopes=["notices"], days=5, actor=actor)

    return [make("Catalogue upload"), make("Night job")]


def answers(secret: str) -> int:
    return Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/notices").status_code


@pytest.mark.parametrize("how", ["moved", "deactivated"])
def test_the_keys_that_a_leaver_made_are_revoked(
    keys_made: list[tuple[ApiKey, str]], manager_a: User, platform_b: Organisation, operator: User, how: str
) -> None:
    assert [answers(secret) for _, secret in keys_made] == [200, 200]
    change = {"organisation": platform_b} if how == "moved" else {"is_active": False}
    services.edit_person(person=manager_a, actor=Actor.person(operator), **change)
    assert [answers(secret) for _, secret in keys_made] == [401, 401]
    assert [row.reason[:12] for row in AuditEvent.objects.filter(action="key.revoked")] == ["Omar Haddad "] * 2


def form_of(person: User, **changes: str) -> dict[str, str]:
    fields = {
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "organisation": str(person.organisation_id),
    }
    return {**fields, "is_active": "on", **changes}


def test_an_admin_is_asked_which_keys_to_revoke_and_may_keep_one(
    keys_made: list[tuple[ApiKey, str]], manager_a: User, operator: User, client: Client
) -> None:
    client.force_login(operator)
    address, leaving = f"/people/{manager_a.pk}/", form_of(manager_a)
    del leaving["is_active"]
    page = client.post(address, leaving).content.decode()
    assert "Revoke the API keys of Omar Haddad?" in page
    assert "Catalogue upload" in page
    assert [f'id="id_revoke_{number}" checked' in page for number in range(3)] == [True, True, False]
    manager_a.refresh_from_db()
    assert manager_a.is_active, "so far it was a question"
    keep, drop = keys_made
    done = client.post(
        address, {**leaving, "is_active": "False", "asked": f"{keep[0].pk},{drop[0].pk}", "revoke": [str(drop[0].pk)]}
    )
    assert done.status_code == 302
    manager_a.refresh_from_db()
    assert not manager_a.is_active
    assert [answers(secret) for _, secret in (keep, drop)] == [200, 401]


def test_a_key_that_was_not_asked_about_is_not_kept(
    keys_made: list[tuple[ApiKey, str]], manager_a: User, operator: User, client: Client
) -> None:
    client.force_login(operator)
    leaving = {**form_of(manager_a, is_active="False"), "asked": str(keys_made[0][0].pk)}
    assert client.post(f"/people/{manager_a.pk}/", leaving).status_code == 302
    assert [answers(secret) for _, secret in keys_made] == [200, 401]


def test_no_one_is_asked_where_there_is_no_key_or_no_one_leaves(
    keys_made: list[tuple[ApiKey, str]], manager_a: User, moderator_a: User, operator: User, client: Client
) -> None:
    client.force_login(operator)
    assert client.post(f"/people/{manager_a.pk}/", form_of(manager_a, name="Omar H.")).status_code == 302
    leaving = form_of(moderator_a)
    del leaving["is_active"]
    assert client.post(f"/people/{moderator_a.pk}/", leaving).status_code == 302
    assert [answers(secret) for _, secret in keys_made] == [200, 200]


def test_who_is_deactivated_already_makes_no_key(manager_a: User, platform_a: Organisation, operator: User) -> None:
    actor = Actor.person(manager_a)
    services.edit_person(person=manager_a, actor=Actor.person(operator), is_active=False)
    with pytest.raises(PermissionDenied):
        api_keys.create_key(organisation=platform_a, name="Late", scopes=["notices"], days=5, actor=actor)
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "regulator_staff"}])
def test_the_only_admin_stays_one(admin: User, client: Client, change: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="only active admin"):
        services.edit_person(person=User.objects.get(pk=admin.pk), actor=Actor.person(admin), **change)
    client.force_login(admin)
    wanted = form_of(admin, **{name: str(value) for name, value in change.items()})
    answer = client.post(f"/people/{admin.pk}/", wanted)
    assert answer.status_code == 422
    assert "This is the only active admin" in answer.content.decode()
    admin.refresh_from_db()
    assert (admin.is_active, admin.role) == (True, "admin")
    assert not AuditEvent.objects.filter(action="person.edited").exists()
    assert client.get("/people/").status_code == 200


def test_with_another_admin_the_first_may_go(admin: User, regulator: Organisation) -> None:
    UserFactory(role="admin", organisation=regulator, is_active=False)
    with pytest.raises(ValidationError):
        services.edit_person(person=User.objects.get(pk=admin.pk), actor=Actor.person(admin), is_active=False)
    UserFactory(role="admin", organisation=regulator)
    services.edit_person(person=admin, actor=Actor.person(admin), is_active=False)
    assert not User.objects.get(pk=admin.pk).is_active


@pytest.mark.django_db(transaction=True)
def test_two_admins_do_not_deactivate_each_other_at_the_same_moment(
    admin: User, regulator: Organisation, as_actor: Callable[[User], Actor]
) -> None:
    other = UserFactory(role="admin", organisation=regulator)

    def deactivate(who: User, by: User) -> bool:
        try:
            services.edit_person(person=User.objects.get(pk=who.pk), actor=as_actor(by), is_active=False)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2, initializer=begin, initargs=(SYSTEM,)) as pool:
        done = [pool.submit(deactivate, who, by) for who, by in ((admin, other), (other, admin))]
    assert sorted(each.result() for each in done) == [False, True]
    assert User.objects.filter(role="admin", is_active=True).count() == 1
