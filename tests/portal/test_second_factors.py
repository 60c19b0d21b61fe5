"""The second factor: nobody is in by the password alone who has one, and the way back for who lost it takes two admins."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from portal import services
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.identity.encryption import Unreadable, decrypt, encrypt
from portal.models import AuditEvent, FactorReset, Mail, Organisation, SecondFactor, Session, User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def now_code(ahead: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(timezone.now() + timedelta(seconds=30 * ahead))


def give_app(person: User) -> list[str]:
    """Set up an app with SECRET; returns the recovery codes."""
    with time_machine.travel(timezone.now() - timedelta(minutes=5)):
        return services.add_app(person=person, secret=SECRET, code=now_code(), besides=None)


def with_password(person: User, **headers: Any) -> Client:
    client = Client(**headers)
    assert client.post("/sign-in/", {"username": person.email, "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_the_password_alone_lets_nobody_in_who_has_an_app(officer: User) -> None:
    give_app(officer)
    client = with_password(officer)
    assert not is_in(client)
    assert not Session.objects.filter(person=officer).exists()
    assert not AuditEvent.objects.filter(action="person.signed_in").exists()
    assert client.post("/sign-in/second-step/", {"code": now_code()})["Location"] == "/"
    assert is_in(client)
    assert AuditEvent.objects.get(action="person.signed_in").after["by"] == "app"


def test_a_code_works_once_and_for_a_minute(officer: User) -> None:
    give_app(officer)
    code = now_code()
    assert with_password(officer).post("/sign-in/second-step/", {"code": f" {code[:3]} {code[3:]} "}).status_code == 302
    assert with_password(officer).post("/sign-in/second-step/", {"code": code}).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert with_password(officer).post("/sign-in/second-step/", {"code": code}).status_code == 422
        assert with_password(officer).post("/sign-in/second-step/", {"code": now_code()}).status_code == 302


def test_tries_of_a_second_factor_are_counted_and_the_right_one_waits_too(officer: User) -> None:
    give_app(officer)
    client = with_password(officer)
    assert [client.post("/sign-in/second-step/", {"code": "000000"}).status_code for _ in range(6)] == [422] * 5 + [429]
    assert client.post("/sign-in/second-step/", {"code": now_code()}).status_code == 429
    assert not is_in(client)
    told = AuditEvent.objects.filter(action__startswith="person.factor_").exclude(action="person.factor_added")
    assert [event.action for event in told.order_by("id")] == ["person.factor_failed"] * 5 + ["person.factor_locked"]
    for number in range(20):
        Client().post("/sign-in/", {"username": officer.email, "password": PASSWORD}, REMOTE_ADDR=f"203.0.113.{number}")
    codes = []
    for number in range(20):
        guesser = Client(REMOTE_ADDR=f"203.0.113.{number}")
        guesser.post("/sign-in/", {"username": officer.email, "password": PASSWORD})
        codes.append(guesser.post("/sign-in/second-step/", {"code": "000000"}).status_code)
    assert codes.count(422) == 15, "twenty an hour from all places together"


def test_the_second_step_is_for_whose_password_was_just_right(officer: User) -> None:
    give_app(officer)
    assert Client().post("/sign-in/second-step/", {"code": now_code()})["Location"] == "/sign-in/"
    late = with_password(officer)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert late.post("/sign-in/second-step/", {"code": now_code()})["Location"] == "/sign-in/"
    for change in ({"is_active": False}, {"locked_at": timezone.now()}, {"password": "!other"}):
        client, stored = with_password(officer), User.objects.filter(pk=officer.pk).values(*change).get()
        User.objects.filter(pk=officer.pk).update(**change)
        assert client.post("/sign-in/second-step/", {"code": now_code()})["Location"] == "/sign-in/", change
        User.objects.filter(pk=officer.pk).update(**stored)
    assert not Session.objects.filter(person=officer).exists()


def test_a_recovery_code_signs_in_once_and_its_owner_hears_of_it(officer: User) -> None:
    codes = give_app(officer)
    assert len(set(codes)) == 10
    assert with_password(officer).post("/sign-in/second-step/", {"code": codes[3].lower()}).status_code == 302
    assert with_password(officer).post("/sign-in/second-step/", {"code": codes[3]}).status_code == 422
    assert Mail.objects.filter(to=officer.email, subject__startswith="A recovery code was used").count() == 1
    assert AuditEvent.objects.get(action="person.recovery_code_used").after == {"left": 9}
    fresh = services.make_recovery_codes(person=officer)
    assert with_password(officer).post("/sign-in/second-step/", {"code": codes[4]}).status_code == 422
    assert with_password(officer).post("/sign-in/second-step/", {"code": fresh[0]}).status_code == 302


def test_the_database_holds_no_second_factor_that_can_be_used(officer: User, settings: Any) -> None:
    codes = give_app(officer)
    stored = " ".join(SecondFactor.objects.values_list("secret", flat=True))
    assert SECRET not in stored
    assert not any(code.replace("-", "") in stored for code in codes)
    sealed, old = encrypt("x"), settings.SECRET_KEY
    settings.SECRET_KEY = "y" * 60
    with pytest.raises(Unreadable):
        decrypt(sealed)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert decrypt(sealed) == "x"


def test_an_app_is_set_up_on_its_page_and_sessions_elsewhere_end(officer: User) -> None:
    desk, elsewhere = with_password(officer), with_password(officer)
    page = desk.get("/account/second-factor/app/").content.decode()
    found = re.search(r'class="wb-key">([A-Z2-7 ]+)<', page)
    assert found
    secret = found[1].replace(" ", "")
    assert desk.post("/account/second-factor/app/", {"code": "000000"}).status_code == 422
    assert not SecondFactor.objects.exists()
    done = desk.post("/account/second-factor/app/", {"code": pyotp.TOTP(secret).now()})
    assert len(re.findall(r"<li>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</li>", done.content.decode())) == 10
    assert is_in(desk)
    assert not is_in(elsewhere), "it was opened without the factor"
    assert Mail.objects.filter(to=officer.email, subject__startswith="A second factor was added").exists()
    assert "Authenticator app" in desk.get("/account/").content.decode()


def test_where_an_organisation_requires_it_nothing_is_open_before_it_is_set_up(officer: User, admin: User) -> None:
    before = with_password(officer)
    services.edit_organisation(
        organisation=officer.organisation, actor=Actor.person(admin), second_factor_required=True
    )
    for client in (before, with_password(officer)):
        for path in ("/board/", "/account/", "/exports/", "/"):
            assert client.get(path)["Location"] == "/account/second-factor/", path
        assert client.post("/inbox/read/")["Location"] == "/account/second-factor/"
        assert client.get("/board/", headers={"HX-Request": "true"})["HX-Redirect"] == "/account/second-factor/"
    page = before.get("/account/second-factor/app/").content.decode()
    secret = re.search(r'class="wb-key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    before.post("/account/second-factor/app/", {"code": pyotp.TOTP(secret).now()})
    assert before.get("/board/").status_code == 200
    factor = SecondFactor.objects.get(kind="app")
    assert before.post("/account/second-factor/", {"factor": factor.pk}).status_code == 302
    assert SecondFactor.objects.filter(pk=factor.pk).exists(), "the last one stays where one is required"


def test_a_session_without_the_factor_adds_none_beside_it(officer: User, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(officer)
    assert is_in(client)
    with time_machine.travel(timezone.now() - timedelta(minutes=5)):
        services.add_app(person=officer, secret=SECRET, code=now_code(), besides=client.session.session_key)
    for path in ("/account/second-factor/", "/account/second-factor/app/", "/account/second-factor/passkey/"):
        assert client.get(path)["Location"] == f"/sign-in/confirm/?next={path}"
        assert client.post(path, {"codes": "yes", "factor": "1"})["Location"].startswith("/sign-in/confirm/")
    assert client.post("/sign-in/confirm/", {"code": PASSWORD, "password": PASSWORD}).status_code == 422
    assert client.post("/sign-in/confirm/", {"code": now_code(), "next": "/account/second-factor/"}).status_code == 302
    assert client.get("/account/second-factor/").status_code == 200


def test_a_passkey_answer_that_is_none_is_refused(officer: User) -> None:
    give_app(officer)
    client = with_password(officer)
    for answer in ("", "x", "[]", "{}", "null", '{"id": "AA", "rawId": "AA", "response": {}}', "[" * 60_000):
        data = {"answer": answer, "name": "Key"}
        status = client.post("/sign-in/second-step/", data).status_code
        assert status in {422, 429}
    assert client.post("/sign-in/second-step/", {"code": now_code()}, REMOTE_ADDR="198.51.100.7").status_code == 302
    assert client.post("/account/second-factor/passkey/", {"answer": "{}", "name": "Key"}).status_code == 422
    assert not SecondFactor.objects.filter(kind="passkey").exists()


def test_api_keys_need_no_second_factor(manager_a: User, platform_a: Organisation) -> None:
    Organisation.objects.filter(pk=platform_a.pk).update(second_factor_required=True)
    _, secret = api_keys.create_key(
        organisation=platform_a, name="K", scopes=["notices"], days=1, actor=Actor.person(manager_a)
    )
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/notices").status_code == 200


@pytest.fixture
def second_admin(regulator: Organisation) -> User:
    return UserFactory(name="Bea Lund", email="bea@psa.example.gov", role="admin", organisation=regulator)


def test_who_lost_everything_gets_back_by_two_admins(officer: User, admin: User, second_admin: User) -> None:
    give_app(officer)
    elsewhere = with_password(officer)
    elsewhere.post("/sign-in/second-step/", {"code": now_code()})
    first, second = with_password(admin), with_password(second_admin)
    address = f"/people/{officer.pk}/sign-in/"
    first.post(address, {"act": "ask_reset", "reason": ""})
    assert not FactorReset.objects.exists()
    first.post(address, {"act": "ask_reset", "reason": "Phone and codes lost on a train"})
    assert second_admin.notifications.filter(subject__startswith="Confirm or refuse").exists()
    assert Mail.objects.filter(to=officer.email, subject__startswith="Somebody asked to remove").exists()
    assert first.post(address, {"act": "confirm_reset"}).status_code == 403, "one admin alone cannot"
    assert SecondFactor.objects.filter(person=officer).exists()
    assert "Remove the second factor" not in first.get(f"/people/{officer.pk}/sessions/").content.decode()
    assert "Remove the second factor" in second.get(f"/people/{officer.pk}/sessions/").content.decode()
    assert second.post(address, {"act": "confirm_reset"}).status_code == 302
    assert not SecondFactor.objects.filter(person=officer).exists()
    assert not is_in(elsewhere)
    assert is_in(with_password(officer)), "the password is still needed, and enough where no factor is required"
    told = AuditEvent.objects.filter(action__startswith="person.factor_reset").order_by("id")
    assert [(event.action, event.user_id, event.reason) for event in told] == [
        ("person.factor_reset_requested", admin.pk, "Phone and codes lost on a train"),
        ("person.factor_reset", second_admin.pk, "Phone and codes lost on a train"),
    ]


def test_an_admin_confirms_no_reset_of_their_own_and_a_request_ends_after_a_day(
    admin: User, second_admin: User
) -> None:
    give_app(second_admin)
    asked = services.ask_factor_reset(person=second_admin, reason="Lost", actor=Actor.person(admin))
    with pytest.raises(ValidationError, match="already waiting"):
        services.ask_factor_reset(person=second_admin, reason="Lost", actor=Actor.person(admin))
    for who in (admin, second_admin):
        with pytest.raises(PermissionDenied):
            services.confirm_factor_reset(asked=asked, actor=Actor.person(who))
    third = UserFactory(role="admin", organisation=admin.organisation)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)), pytest.raises(ValidationError):
        services.confirm_factor_reset(asked=asked, actor=Actor.person(third))
    services.refuse_factor_reset(asked=asked, actor=Actor.person(admin))
    with pytest.raises(ValidationError):
        services.confirm_factor_reset(asked=asked, actor=Actor.person(third))
    assert SecondFactor.objects.filter(person=second_admin).exists()


SENSITIVE = ("/people/add/", "/keys/add/", "/policies/add/")


@pytest.mark.parametrize("path", SENSITIVE)
def test_a_sensitive_page_asks_who_it_is_an_hour_after_the_sign_in(admin: User, path: str) -> None:
    client = with_password(admin)
    assert client.get(path).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert client.get("/people/").status_code == 200, "reading goes on"
        asked = client.get(path)["Location"]
        assert asked == f"/sign-in/confirm/?next={path.replace('/', '%2F')}"
        assert client.post(asked, {"password": "wrong", "next": path}).status_code == 422
        assert client.get(path).status_code == 302
        assert client.post(asked, {"password": PASSWORD, "next": path})["Location"] == path
        assert client.get(path).status_code == 200


def test_a_form_sent_too_late_does_nothing_and_loses_no_text(officer: User, admin: User) -> None:
    client = with_password(admin)
    people = User.objects.count()
    form = {
        "name": "Eva Sol of Bazaarly",
        "email": "eva@psa.example.gov",
        "role": "regulator_staff",
        "organisation": officer.organisation_id,
    }
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        answer = client.post("/people/add/", form, headers={"Referer": "http://testserver/people/add/"})
        assert answer.status_code == 403
        assert "Eva Sol of Bazaarly" in answer.content.decode()
        assert "/sign-in/confirm/?next=%2Fpeople%2Fadd%2F" in answer.content.decode()
        elsewhere = {"Referer": "https://evil.example/people/"}
        assert (
            client.post("/people/add/", {"name": "Eva"}, headers=elsewhere)["Location"] == "/sign-in/confirm/?next=%2F"
        )
    assert User.objects.count() == people


def test_the_password_is_not_guessed_where_one_confirms(admin: User) -> None:
    client = with_password(admin)
    assert [client.post("/sign-in/confirm/", {"password": "no"}).status_code for _ in range(6)] == [422] * 5 + [429]
    assert client.post("/sign-in/confirm/", {"password": PASSWORD}).status_code == 429
