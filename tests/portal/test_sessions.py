"""Where people are signed in: seen and ended by themselves and by admins, and by no one else."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal import services
from portal.identity.actors import Actor
from portal.identity.backends import SignedInBackend
from portal.identity.devices import device_of
from portal.identity.sessions import SessionStore
from portal.models import AuditEvent, Session, User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"


def signed_in(person: User, agent: str) -> Client:
    client = Client(headers={"user-agent": agent})
    assert client.post("/sign-in/", {"username": person.email, "password": PASSWORD}).status_code == 302
    return client


def test_who_is_signed_in_and_where_they_work_is_one_question_to_the_database(moderator_a: User) -> None:
    client = signed_in(moderator_a, FIREFOX)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/account/").status_code == 200
    people = [query["sql"] for query in asked if 'FROM "portal_user"' in query["sql"] and "is_active" in query["sql"]]
    assert len(people) == 1
    assert 'JOIN "portal_organisation"' in people[0]
    assert not [query for query in asked if 'FROM "portal_organisation"' in query["sql"]]


def test_who_asks_is_read_as_the_models_read_them_column_by_column(moderator_a: User, officer: User) -> None:
    User.objects.filter(pk=moderator_a.pk).update(
        duty_hours={"0": ["09:00", "17:00"]}, list_columns={"queue": ["a"]}, unlocked_at=timezone.now(), language="de"
    )
    for person in (moderator_a, officer):
        known = User.objects.select_related("organisation").get(pk=person.pk)
        with CaptureQueriesContext(connection) as asked:
            read = SignedInBackend().get_user(person.pk)
            assert read is not None
            assert _columns(read) == _columns(known)
            assert _columns(read.organisation) == _columns(known.organisation)
        assert len(asked) == 1
        read.save()
        assert _columns(User.objects.get(pk=person.pk)) == _columns(known)


def _columns(row: Model) -> list[tuple[type, object]]:
    values = [getattr(row, field.attname) for field in row._meta.concrete_fields]
    return [(type(value), value) for value in values]


def test_a_session_past_its_time_holds_nothing_and_is_given_up(moderator_a: User) -> None:
    key = signed_in(moderator_a, FIREFOX).cookies["sessionid"].value
    assert SessionStore(key).load()["_auth_user_id"] == str(moderator_a.pk)
    Session.objects.filter(session_key=key).update(expire_date=timezone.now())
    ended = SessionStore(key)
    assert (ended.load(), ended.session_key) == ({}, None)
    assert SessionStore("a" * 32).load() == {}


def test_a_locked_account_and_one_that_is_gone_are_nobody(moderator_a: User) -> None:
    assert SignedInBackend().get_user(moderator_a.pk + 1_000) is None
    User.objects.filter(pk=moderator_a.pk).update(is_active=False)
    assert SignedInBackend().get_user(moderator_a.pk) is None


def test_a_session_that_began_before_an_upgrade_goes_on(moderator_a: User) -> None:
    client = Client()
    client.force_login(moderator_a, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/queue/").status_code == 200


def test_a_locked_account_is_signed_out_at_once(moderator_a: User) -> None:
    client = signed_in(moderator_a, FIREFOX)
    assert client.get("/queue/").status_code == 200
    User.objects.filter(pk=moderator_a.pk).update(is_active=False)
    assert client.get("/queue/").status_code == 302


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (IPHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge, macOS"),
        ("curl/8.0", ""),
    ],
)  # fmt: skip
def test_a_browser_is_called_by_its_name(agent: str, words: str) -> None:
    assert device_of(agent) == words


def test_a_person_sees_their_sessions_and_ends_the_one_on_a_lost_telephone(moderator_a: User) -> None:
    desk, telephone = signed_in(moderator_a, FIREFOX), signed_in(moderator_a, IPHONE)
    page = desk.get("/account/").content.decode()
    assert "Firefox, Windows" in page
    assert "Safari, iPhone" in page
    lost = Session.objects.get(device="Safari, iPhone")
    assert lost.session_key not in page, "the key of a session is as good as a password"
    assert desk.post("/account/sessions/end/", {"session": lost.handle}).status_code == 302
    assert telephone.get("/queue/").status_code == 302
    assert desk.get("/queue/").status_code == 200
    event = AuditEvent.objects.get(action="session.ended")
    assert (event.subject_id, event.before["device"]) == (str(moderator_a.pk), "Safari, iPhone")
    assert lost.session_key not in str(event.before)


def test_a_person_ends_all_sessions_but_the_one_they_sit_at(moderator_a: User, manager_a: User) -> None:
    desk, telephone, stranger = (signed_in(who, FIREFOX) for who in (moderator_a, moderator_a, manager_a))
    desk.post("/account/sessions/end/")
    assert [client.get("/queue/").status_code for client in (desk, telephone, stranger)] == [200, 302, 200]


def test_no_one_ends_a_colleagues_session_by_its_handle(moderator_a: User, second_moderator_a: User) -> None:
    desk, colleague = signed_in(moderator_a, FIREFOX), signed_in(second_moderator_a, FIREFOX)
    desk.post("/account/sessions/end/", {"session": Session.objects.get(person=second_moderator_a).handle})
    assert colleague.get("/queue/").status_code == 200
    with pytest.raises(PermissionDenied):
        services.end_sessions(person=second_moderator_a, actor=Actor.person(moderator_a))
    assert not AuditEvent.objects.filter(action="session.ended").exists()


def test_an_operator_sees_and_ends_anybodys_sessions_and_an_officer_does_not(
    operator: User, officer: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    theirs, client, address = signed_in(moderator_a, FIREFOX), sign_in(operator), f"/people/{moderator_a.pk}/sessions/"
    assert sign_in(officer).post(address).status_code == 403
    assert "Firefox, Windows" in client.get(address).content.decode()
    assert theirs.get("/queue/").status_code == 200
    client.post(address)
    assert theirs.get("/queue/").status_code == 302
    assert "No active sessions" in client.get(address).content.decode()
    assert AuditEvent.objects.get(action="session.ended").user == operator


def test_a_new_password_ends_the_sessions_that_the_old_one_opened(moderator_a: User) -> None:
    desk, telephone = signed_in(moderator_a, FIREFOX), signed_in(moderator_a, IPHONE)
    new = "a much newer horse battery"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert desk.post("/account/", data).status_code == 302
    assert desk.get("/queue/").status_code == 200
    assert telephone.get("/queue/").status_code == 302
    assert [row.device for row in moderator_a.sessions.all()] == ["Firefox, Windows"]
    assert AuditEvent.objects.filter(action="person.password_changed").exists()


def test_use_is_noted_every_few_minutes_and_does_not_make_a_session_last_longer(moderator_a: User) -> None:
    start = timezone.now()
    client = signed_in(moderator_a, FIREFOX)
    for hours, status in ((6, 200), (11.5, 200), (12.1, 302)):
        with time_machine.travel(start + timedelta(hours=hours)):
            assert client.get("/queue/").status_code == status
    row = moderator_a.sessions.get()
    assert row.used_at is not None
    assert row.since is not None
    assert timedelta(hours=11) < row.used_at - row.since < timedelta(hours=12)


def test_in_production_neither_a_neighbour_under_the_domain_nor_a_plain_connection_sets_our_cookies() -> None:
    """What browsers ask of a name with __Host-: Secure, for the whole site, and of no domain."""
    names = (
        "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_DOMAIN",
        "CSRF_COOKIE_DOMAIN", "SESSION_COOKIE_PATH", "CSRF_COOKIE_PATH",
    )  # fmt: skip
    program = f"from django.conf import settings\nprint(*(getattr(settings, name) for name in {names!r}))"
    environment = {
        "DJANGO_SETTINGS_MODULE": "portal.settings", "OFFSHELF_MODE": "production", "SECRET_KEY": "k" * 50,
        "ALLOWED_HOSTS": "offshelf.example.gov", "DATABASE_URL": "postgresql://nobody@localhost/none",
        "BROKER_URL": "redis://localhost",
    }  # fmt: skip
    told = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.split() == ["__Host-sessionid", "__Host-csrftoken", "True", "True", "None", "None", "/", "/"]
