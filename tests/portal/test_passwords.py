"""Passwords: what a new one must not be, and how people get one that nobody else knows."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from portal import services
from portal.identity.actors import Actor
from portal.models import AccountLink, AuditEvent, Mail, Organisation, PasswordRequest, User
from portal.notifications.mail import send_mail_due
from portal.notifications.outbox import notify
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "seven purple otters juggle"
SAME_ANSWER = "Check your mail"


def enter(email: str, password: str) -> Client | None:
    """A client that is signed in, or None where it was refused."""
    client = Client()
    answer = client.post("/sign-in/", {"username": email, "password": password})
    return client if answer.status_code == 302 else None


def ask_for_link(email: str, **more: Any) -> str:
    answer = Client().post("/password/forgotten/", {"email": email}, **more)
    return re.sub(r'value="[^"]{60,}"', "", answer.content.decode())  # the form's own token differs each time


def mailed_link(mailoutbox: list[EmailMessage]) -> str:
    services.answer_password_requests()
    send_mail_due()
    return path_in(str(mailoutbox[-1].body))


def path_in(body: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/password/link/\S+)", body)
    return found[1] if found else ""


def choose(path: str, password: str) -> int:
    client = Client()
    opened = client.get(path)
    if opened.status_code != 302:
        return opened.status_code
    return client.post(opened["Location"], {"new_password1": password, "new_password2": password}).status_code


@pytest.mark.parametrize(
    "password",
    [
        "short but sweet",  # fine: 15 characters; the others are not
        "fourteen chars",
        "passwordpassword",
        "Password1234567890",
        "!!!dragon!!!!!!!!!!",
        "qwertyuiopqwertyuiop",
        "monkey monkey monkey",
        "aaaaaaaaaaaaaaaaaaaa",
        "abababababababab",
        "123456789012345678",
        "abcdefghijklmnopqrs",
        "ada@psa.example.gov",
        "AdaLindqvistAdaLindqvist",
        "offshelf offshelf 1",
        "Product Safety Authority 1",
    ],
)
def test_known_passwords_and_those_made_of_ones_own_words_are_refused(officer: User, password: str) -> None:
    if password == "short but sweet":
        validate_password(password, officer)
        return
    with pytest.raises(ValidationError):
        validate_password(password, officer)


@pytest.mark.parametrize(
    "password", [PASSWORD, NEW, "ünïcödé 漢字 and a few words", "x7#Kq!vRt2@LmZ9p", "all lower case and no digit", "yellow canoe rides " * 1 + "and home again " * 4]
)  # fmt: skip
def test_no_rule_asks_for_digits_capitals_or_signs(officer: User, password: str) -> None:
    validate_password(password, officer)


def test_the_second_field_of_a_new_password_cannot_be_taken_for_the_old_one(officer: User, client: Client) -> None:
    client.force_login(officer)
    page = client.get("/account/").content.decode()
    assert "Enter the new password again." in page
    assert "same password as before" not in page


def test_whoever_planted_the_cookie_of_a_browser_does_not_choose_its_password(
    officer: User, mailoutbox: list[EmailMessage]
) -> None:
    thief, victim = Client(), Client()
    thief.session.save()
    victim.cookies["sessionid"] = thief.cookies["sessionid"].value
    ask_for_link(officer.email)
    page = victim.get(mailed_link(mailoutbox), follow=True)
    assert (page.status_code, page.request["PATH_INFO"]) == (200, "/password/choose/")
    assert thief.get("/password/choose/").status_code == 404
    given = {"new_password1": NEW, "new_password2": NEW}
    assert thief.post("/password/choose/", given).status_code == 404
    assert enter(officer.email, NEW) is None
    assert victim.post("/password/choose/", given).status_code == 302
    assert enter(officer.email, NEW) is not None


def test_a_forgotten_password_is_replaced_through_a_link_that_works_once(
    officer: User, mailoutbox: list[EmailMessage], sign_in: Callable[[User], Client]
) -> None:
    elsewhere = sign_in(officer)
    assert elsewhere.get("/board/").status_code == 200
    assert SAME_ANSWER in ask_for_link(" ADA@psa.example.gov")
    path = mailed_link(mailoutbox)
    assert Client().get(path, follow=True).status_code == 200
    assert Client().get(path, follow=True).status_code == 200, "looking, as mail scanners do, uses nothing up"
    assert choose(path, "passwordpassword") == 422
    assert choose(path, NEW) == 302
    assert elsewhere.get("/board/").status_code == 302, "sessions elsewhere have ended"
    assert enter(officer.email, PASSWORD) is None
    assert enter(officer.email, NEW) is not None
    assert choose(path, "another otter entirely") == 404
    assert enter(officer.email, NEW) is not None, "and nothing moved"
    assert AuditEvent.objects.filter(action="person.password_reset", subject_id=str(officer.pk)).count() == 1
    assert "was changed" in Mail.objects.filter(to=officer.email, account_link=None).get().subject


def test_a_link_opens_nothing_after_an_hour_nor_after_a_newer_one_nor_at_another_address(
    officer: User, admin: User, mailoutbox: list[EmailMessage]
) -> None:
    ask_for_link(officer.email)
    first = mailed_link(mailoutbox)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert choose(first, NEW) == 404
    ask_for_link(officer.email)
    second = mailed_link(mailoutbox)
    assert (choose(first, NEW), Client().get(second).status_code) == (404, 302)
    services.edit_person(person=officer, actor=Actor.person(admin), email="ada.l@psa.example.gov")
    assert choose(second, NEW) == 404
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_a_token_is_not_to_be_guessed_or_made_from_the_database(officer: User, mailoutbox: list[EmailMessage]) -> None:
    ask_for_link(officer.email)
    path = mailed_link(mailoutbox)
    token = path.split("/")[-2]
    link = AccountLink.objects.get()
    assert token not in Mail.objects.get(account_link=link).body
    assert token.split("-")[1] not in str(link.__dict__)
    for forged in (
        f"{link.pk}-{'0' * 64}",
        f"{link.pk + 1}-{token.split('-')[1]}",
        str(link.pk),
        "x",
        f"0{token}",
        f"{10**30}-{'a' * 64}",
    ):
        assert Client().get(f"/password/link/{forged}/").status_code == 404
    assert Client().get(path)["Location"] == "/password/choose/", "the token leaves the address, which logs keep"
    assert Client().get("/password/choose/").status_code == 404


def test_a_text_of_somebody_else_brings_no_link_along(
    officer: User, moderator_a: User, mailoutbox: list[EmailMessage]
) -> None:
    ask_for_link(officer.email)
    services.answer_password_requests()
    link = AccountLink.objects.get()
    notify(
        people=[],
        key="k",
        subject="S",
        body=f"{{account_link:{link.pk}}} [[account-link]]",
        mail_to=[moderator_a.email],
    )
    Mail.objects.create(key="forged", to=moderator_a.email, subject="S", body="B", account_link=link)
    send_mail_due()
    assert all(not path_in(str(mail.body)) for mail in mailoutbox if mail.to == [moderator_a.email])
    assert any(path_in(str(mail.body)) for mail in mailoutbox if mail.to == [officer.email])


def test_neither_text_nor_work_tells_whether_there_is_such_an_account(
    officer: User, mailoutbox: list[EmailMessage], django_assert_num_queries: Any
) -> None:
    pages = []
    for email in (officer.email, "nobody@psa.example.gov"):
        with django_assert_num_queries(3):
            pages.append(ask_for_link(email))
    assert pages[0] == pages[1]
    services.answer_password_requests()
    assert [mail.to for mail in Mail.objects.all()] == [officer.email]
    asked = AuditEvent.objects.filter(action="person.password_requested").order_by("id")
    assert [event.subject_id for event in asked] == [str(officer.pk), ""]


def test_links_are_not_asked_for_without_end(officer: User) -> None:
    for number in range(8):
        assert SAME_ANSWER in ask_for_link(officer.email, REMOTE_ADDR=f"203.0.113.{number}")
    assert PasswordRequest.objects.count() == 3, "the others are taken silently"
    answers = [
        Client()
        .post("/password/forgotten/", {"email": f"p{number}@example.org"}, REMOTE_ADDR="198.51.100.7")
        .status_code
        for number in range(22)
    ]
    assert answers == [200] * 20 + [429] * 2


@pytest.mark.parametrize("change", [{"is_active": False}, {"locked_at": timezone.now()}, {"password": "!never"}])
def test_who_may_not_sign_in_by_password_gets_no_link(officer: User, change: dict[str, Any]) -> None:
    User.objects.filter(pk=officer.pk).update(**change)
    assert SAME_ANSWER in ask_for_link(officer.email)
    assert services.answer_password_requests() == 1
    assert not Mail.objects.exists()


def test_an_invitation_lets_a_person_choose_the_password_that_nobody_else_knows(
    operator: User, platform_a: Organisation, sign_in: Callable[[User], Client], mailoutbox: list[EmailMessage]
) -> None:
    form = {"name": "Eva Sol", "email": "Eva@Bazaarly.example", "role": "moderator", "organisation": platform_a.pk}
    desk = sign_in(operator)
    assert "password" not in desk.get("/people/add/").content.decode().lower().replace("own password", "")
    assert desk.post("/people/add/", form).status_code == 302
    eva = User.objects.get(email="eva@bazaarly.example")
    assert not eva.has_usable_password()
    send_mail_due()
    first = path_in(str(mailoutbox[-1].body))
    ask_for_link(eva.email)
    services.answer_password_requests()
    assert AccountLink.objects.count() == 1, "whoever has not accepted needs an invitation"
    assert desk.post(f"/people/{eva.pk}/sign-in/", {"act": "invite"}).status_code == 302
    send_mail_due()
    second = path_in(str(mailoutbox[-1].body))
    assert (choose(first, NEW), choose(second, "Eva Sol Bazaarly")) == (404, 422)
    assert choose(second, NEW) == 302
    assert enter(eva.email, NEW) is not None
    told = AuditEvent.objects.filter(subject_id=str(eva.pk)).order_by("id").values_list("action", flat=True)
    assert [action for action in told if "inv" in action] == ["person.invited"] * 2 + ["person.invitation_accepted"]
    with pytest.raises(ValidationError, match="already has a password"):
        services.invite_again(person=User.objects.get(pk=eva.pk), actor=Actor.person(operator))


def test_an_invitation_ends_after_a_week_and_with_the_account(
    operator: User, platform_a: Organisation, mailoutbox: list[EmailMessage]
) -> None:
    eva = services.invite_person(
        email="eva@bazaarly.example",
        name="Eva Sol",
        role="moderator",
        organisation=platform_a,
        actor=Actor.person(operator),
    )
    send_mail_due()
    path = path_in(str(mailoutbox[-1].body))
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert choose(path, NEW) == 404
    services.edit_person(person=eva, actor=Actor.person(operator), is_active=False)
    assert choose(path, NEW) == 404
    eva.refresh_from_db()
    assert not eva.has_usable_password()


def test_only_who_manages_people_invites_asks_for_new_passwords_and_unlocks(
    officer: User, moderator_a: User, regulator: Organisation
) -> None:
    actor = Actor.person(officer)
    calls: list[Callable[[], object]] = [
        lambda: services.invite_person(
            email="x@example.org", name="X", role="admin", organisation=regulator, actor=actor
        ),
        lambda: services.invite_again(person=moderator_a, actor=actor),
        lambda: services.require_new_password(person=moderator_a, actor=actor),
        lambda: services.unlock_person(person=moderator_a, actor=actor),
        lambda: services.ask_factor_reset(person=moderator_a, reason="x", actor=actor),
    ]
    for call in calls:
        with pytest.raises(PermissionDenied):
            call()
    assert not User.objects.filter(email="x@example.org").exists()
    assert not AuditEvent.objects.exists()


def test_who_must_choose_a_new_password_reaches_nothing_else_until_then(
    officer: User, admin: User, sign_in: Callable[[User], Client]
) -> None:
    signed_in = sign_in(officer)
    assert sign_in(admin).post(f"/people/{officer.pk}/sign-in/", {"act": "new_password"}).status_code == 302
    for client in (signed_in, enter(officer.email, PASSWORD)):
        assert client is not None
        assert client.get("/board/")["Location"] == client.post("/recalls/add/")["Location"] == "/password/new/"
    page = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert signed_in.post("/password/new/", page).status_code == 422, "the same one is no new one"
    assert signed_in.post("/password/new/", page | {"new_password1": NEW, "new_password2": NEW}).status_code == 302
    assert signed_in.get("/board/").status_code == 200
    assert AuditEvent.objects.filter(action="person.password_change_required").count() == 1


def test_an_account_that_nobody_uses_is_locked_and_an_admin_unlocks_it(
    officer: User, second_officer: User, admin: User, settings: Any
) -> None:
    assert enter(officer.email, PASSWORD)
    settings.INACTIVE_DAYS = 90
    assert services.lock_inactive_people() == 0
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        assert enter(second_officer.email, PASSWORD)
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert enter(officer.email, PASSWORD) is None, "the sweep need not have come by"
        services.lock_inactive_people()
        people = {person.pk: person for person in User.objects.all()}
        assert (people[officer.pk].locked_at is None, people[second_officer.pk].locked_at) == (False, None)
        assert people[admin.pk].locked_at is None, "the last admin who can sign in is never locked"
        page = Client().post("/sign-in/", {"username": officer.email, "password": PASSWORD}).content.decode()
        assert "Ask an admin to unlock it" in page
        wrong = Client().post("/sign-in/", {"username": officer.email, "password": "wrong"}).content.decode()
        assert "unlock" not in wrong, "only who knows the password is told"
        services.unlock_person(person=people[officer.pk], actor=Actor.person(admin))
        assert services.lock_inactive_people() <= 1
        assert enter(officer.email, PASSWORD)
    told = AuditEvent.objects.filter(subject_id=str(officer.pk), action__in=["person.locked", "person.unlocked"])
    assert [event.action for event in told.order_by("id")] == ["person.locked", "person.unlocked"]
