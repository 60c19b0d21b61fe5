"""A request that is under way when its sender loses a right does nothing any more; and what two people change at once."""

import io
import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from django.utils import timezone

from enforcement import services as enforcement
from listings import services as listings
from listings.models import CatalogueUpload, Decision, Flag
from portal import services
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import (
    AccountLink,
    ApiKey,
    AuditEvent,
    Export,
    KeptAnswer,
    Organisation,
    PersonErasure,
    SingleSignOn,
    User,
)
from portal.services.account_links import give_link
from tests.at_once import elsewhere, until_waiting
from tests.factories import PASSWORD, FlagFactory, ListingFactory, NoticeFactory, RecallFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
Lose = Callable[[User, Actor], object]

LOSSES: dict[str, Lose] = {
    "closed": lambda person, by: services.edit_person(person=User.objects.get(pk=person.pk), is_active=False, actor=by),
    "moved": lambda person, by: services.edit_person(
        person=User.objects.get(pk=person.pk), organisation=Organisation.objects.get(slug="market-one"), actor=by
    ),
    "suspended": lambda person, by: services.suspend_organisation(
        organisation=person.organisation, reason="Misuse", actor=by
    ),
}


@pytest.fixture
def flag(regulator: Organisation, platform_a: Organisation) -> Flag:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=timezone.now())
    flag = FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a), opened_at=timezone.now())
    enforcement.start_clock(flag=flag)
    return flag


def hold(flag: Flag) -> None:
    """As a colleague does who decides at this moment."""
    Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)


def nothing_was_decided(flag: Flag) -> bool:
    events = AuditEvent.objects.filter(subject_type="listings.flag", subject_id=str(flag.pk))
    return (Flag.objects.get(pk=flag.pk).status, Decision.objects.count(), events.count()) == ("open", 0, 0)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_decision_that_waited_is_refused_once_its_moderator_may_not_decide_any_more(
    loss: str, flag: Flag, moderator_a: User, operator: User, platform_b: Organisation
) -> None:
    actor, seen = Actor.person(moderator_a), listings.seen_token(flag)
    with elsewhere() as do:
        with transaction.atomic():
            hold(flag)
            decision = do(lambda: listings.decide(flag=flag, kind="removed", seen=seen, actor=actor))
            until_waiting()
            do(lambda: LOSSES[loss](moderator_a, Actor.person(operator))).result()
        with pytest.raises(PermissionDenied, match="access has changed"):
            decision.result()
    assert nothing_was_decided(flag)


def test_a_call_that_waited_is_refused_once_its_key_is_revoked(
    flag: Flag, manager_a: User, platform_a: Organisation
) -> None:
    key, secret = api_keys.create_key(
        organisation=platform_a, name="Queue", scopes=["flags"], days=1, actor=Actor.person(manager_a)
    )
    before = AuditEvent.objects.filter(api_key=key).count()
    asked = {"kind": "removed", "seen": listings.seen_token(flag)}

    def call() -> Any:
        client = Client(HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_IDEMPOTENCY_KEY="once")
        return client.post(f"/api/v1/flags/{flag.pk}/decide", json.dumps(asked), content_type="application/json")

    with elsewhere() as do:
        with transaction.atomic():
            hold(flag)
            answer = do(call)
            until_waiting()
            do(lambda: api_keys.revoke_key(key=ApiKey.objects.get(), actor=Actor.person(manager_a))).result()
        assert answer.result().status_code == 403
        assert "access has changed" in answer.result().json()["detail"]
    assert nothing_was_decided(flag)
    assert AuditEvent.objects.filter(api_key=key).count() == before


def test_a_key_is_not_revoked_by_who_was_a_manager_a_moment_ago(
    manager_a: User, moderator_a: User, platform_a: Organisation, operator: User
) -> None:
    made = {"organisation": platform_a, "scopes": ["flags"], "days": 1, "actor": Actor.person(manager_a)}
    key, _ = api_keys.create_key(name="Queue", **made)
    actor = Actor.person(manager_a)
    with elsewhere() as do:
        with transaction.atomic():
            ApiKey.objects.select_for_update().get(pk=key.pk)
            revoked = do(lambda: api_keys.revoke_key(key=key, actor=actor))
            until_waiting()
            person = User.objects.get(pk=manager_a.pk)
            do(lambda: services.edit_person(person=person, role="moderator", actor=Actor.person(operator))).result()
        with pytest.raises(PermissionDenied, match="access has changed"):
            revoked.result()
    key.refresh_from_db()
    assert key.is_usable
    with pytest.raises(PermissionDenied):
        api_keys.create_key(name="Another", **made)
    assert ApiKey.objects.count() == 1


def test_a_part_of_an_upload_that_took_long_is_not_kept_for_who_was_locked_out_meanwhile(
    manager_a: User, platform_a: Organisation, operator: User, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    actor, data = Actor.person(manager_a), b"id,title\n" + b"1,Lamp\n" * 40
    upload = listings.begin_upload(platform=platform_a, filename="a.csv", size=len(data), actor=actor)

    class Slow(io.BytesIO):
        """Comes a bit at a time; in between, the account is closed."""

        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() and User.objects.get(pk=manager_a.pk).is_active:
                LOSSES["closed"](manager_a, Actor.person(operator))
            return super().read(min(size or 100, 100))

    with pytest.raises(PermissionDenied, match="access has changed"):
        listings.append_part(upload=upload, start=0, length=len(data), stream=Slow(data), checksum=None, actor=actor)
    kept = CatalogueUpload.objects.get()
    assert (kept.received, kept.parts.count()) == (0, 0)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def send_slowly(client: Client, path: str, form: dict[str, str], meanwhile: Callable[[], object]) -> Any:
    """A browser whose form arrives after it was let in; `meanwhile` happens before the last of it does."""
    body = urlencode(form).encode()

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if not self.tell():
                with elsewhere() as do:
                    do(meanwhile).result()
            return super().read(size)

    return client.request(
        PATH_INFO=path, REQUEST_METHOD="POST", CONTENT_LENGTH=str(len(body)),
        CONTENT_TYPE="application/x-www-form-urlencoded", **{"wsgi.input": Slow(body)},
    )  # fmt: skip


@pytest.mark.parametrize("loss", LOSSES)
def test_a_slow_form_about_oneself_gives_back_no_account_that_was_closed_meanwhile(
    loss: str, manager_a: User, operator: User, platform_b: Organisation, sign_in: Callable[[User], Client]
) -> None:
    client, form = sign_in(manager_a), {"language": "de", "time_zone": "", "mail_me": "never"}
    send_slowly(client, "/account/", form, lambda: LOSSES[loss](manager_a, Actor.person(operator)))
    person = User.objects.select_related("organisation").get(pk=manager_a.pk)
    assert {
        "closed": not person.is_active,
        "moved": person.organisation == platform_b,
        "suspended": person.organisation.suspended_at is not None,
    }[loss]
    assert client.get("/account/").status_code == 302, "signed out"


def test_a_slow_form_with_the_old_password_sets_none_over_the_one_that_was_chosen_by_mail_meanwhile(
    officer: User, admin: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(officer)
    form = {"old_password": PASSWORD, "new_password1": "thief of passwords 1", "new_password2": "thief of passwords 1"}

    def by_mail() -> None:
        link = give_link(person=User.objects.get(pk=officer.pk), kind=AccountLink.Kind.RESET, subject="S", body="B")
        services.set_password_by_link(link=link, password="the owner's own words 2")

    answer = send_slowly(client, "/account/", form, by_mail)
    assert 400 <= answer.status_code < 500
    assert User.objects.get(pk=officer.pk).check_password("the owner's own words 2")
    assert not AuditEvent.objects.filter(action="person.password_changed").exists()


@pytest.mark.parametrize("loss", LOSSES)
def test_a_slow_form_decides_nothing_for_who_lost_the_right_meanwhile(
    loss: str,
    flag: Flag,
    moderator_a: User,
    operator: User,
    platform_b: Organisation,
    sign_in: Callable[[User], Client],
) -> None:
    form = {"kind": "removed", "seen": listings.seen_token(flag)}
    lose = partial(LOSSES[loss], moderator_a, Actor.person(operator))
    answer = send_slowly(sign_in(moderator_a), f"/flags/{flag.pk}/decide/", form, lose)
    assert 400 <= answer.status_code < 500
    assert nothing_was_decided(flag)


def test_who_deactivates_themselves_can_finish_that(admin: User, regulator: Organisation) -> None:
    other = UserFactory(role="admin", organisation=regulator)
    made = {"organisation": regulator, "name": "Own", "scopes": ["recalls:read"], "days": 1}
    api_keys.create_key(actor=Actor.person(admin), **made)
    Client().post("/sign-in/", {"username": admin.email, "password": PASSWORD})
    services.edit_person(person=User.objects.get(pk=admin.pk), is_active=False, actor=Actor.person(admin))
    assert not User.objects.get(pk=admin.pk).is_active
    assert not ApiKey.objects.get().is_usable
    assert not User.objects.get(pk=admin.pk).sessions.exists()
    assert set(AuditEvent.objects.filter(user=admin).values_list("action", flat=True)) >= {
        "person.edited", "key.revoked", "session.ended",
    }  # fmt: skip
    assert User.objects.get(pk=other.pk).is_active


def test_a_moderator_who_leaves_while_they_decide_leaves_the_decision_and_nothing_waits_for_ever(
    flag: Flag, moderator_a: User, operator: User
) -> None:
    listings.claim_flag(flag=flag, actor=Actor.person(moderator_a))
    with elsewhere() as do:
        with transaction.atomic():
            seen = listings.seen_token(flag)
            listings.decide(flag=flag, kind="removed", seen=seen, actor=Actor.person(moderator_a))
            leaving = do(lambda: LOSSES["closed"](moderator_a, Actor.person(operator)))
            until_waiting()
        leaving.result()
    assert Flag.objects.get(pk=flag.pk).status == "claimed_removed"
    assert not User.objects.get(pk=moderator_a.pk).is_active


def test_what_one_admin_changes_of_a_person_takes_nothing_back_that_another_did(
    moderator_a: User, operator: User
) -> None:
    stale, by = User.objects.get(pk=moderator_a.pk), Actor.person(operator)
    LOSSES["closed"](moderator_a, by)
    person = User.objects.get(pk=moderator_a.pk)
    person.set_password("another long password")
    person.save()
    services.edit_person(person=stale, name="Nia A. Adeyemi", actor=by)
    person.refresh_from_db()
    assert (person.name, person.is_active) == ("Nia A. Adeyemi", False)
    assert person.check_password("another long password")


def test_an_edit_of_an_organisation_ends_no_suspension(platform_a: Organisation, operator: User) -> None:
    stale, by = Organisation.objects.get(pk=platform_a.pk), Actor.person(operator)
    services.suspend_organisation(organisation=platform_a, reason="Misuse", actor=by)
    services.edit_organisation(organisation=stale, country="SG", actor=by)
    stored = Organisation.objects.get(pk=platform_a.pk)
    assert stored.suspended_at is not None
    assert stored.country == "SG"


def _shown(page: str) -> dict[str, str]:
    """What a form of a page has in its fields, the hidden ones as well, as a browser would send it."""
    found = dict(re.findall(r'<input type="(?:text|email|hidden)" name="([^"]+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    found |= dict.fromkeys(re.findall(r'<input type="checkbox" name="([^"]+)"[^>]*\schecked', page), "on")
    return found


def test_a_page_that_was_open_for_long_brings_nobody_back(
    moderator_a: User, operator: User, sign_in: Callable[[User], Client]
) -> None:
    client, address = sign_in(operator), f"/people/{moderator_a.pk}/"
    form = _shown(client.get(address).content.decode())
    assert (form["is_active"], form["initial-is_active"]) == ("on", "True")
    LOSSES["closed"](moderator_a, Actor.person(operator))
    assert client.post(address, form | {"name": "Nia A."}).status_code == 302
    person = User.objects.get(pk=moderator_a.pk)
    assert (person.name, person.is_active) == ("Nia A.", False)
    form = _shown(client.get(address).content.decode())
    assert client.post(address, form | {"is_active": "on"}).status_code == 302
    assert User.objects.get(pk=moderator_a.pk).is_active, "who wants that, and sees it, can"


def test_a_page_that_was_open_for_long_lifts_no_second_factor(
    platform_a: Organisation, operator: User, sign_in: Callable[[User], Client]
) -> None:
    client, address = sign_in(operator), f"/platforms/{platform_a.pk}/"
    form = _shown(client.get(address).content.decode())
    services.edit_organisation(organisation=platform_a, second_factor_required=True, actor=Actor.person(operator))
    assert client.post(address, form | {"country": "SG"}).status_code == 302
    stored = Organisation.objects.get(pk=platform_a.pk)
    assert (stored.country, stored.second_factor_required) == ("SG", True)


def test_two_invitations_of_one_address_at_the_same_moment_are_one(
    platform_a: Organisation, operator: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(operator)
    asked = {"email": "new@bazaarly.example", "name": "New", "role": "moderator"}

    def press() -> Any:
        return client.post("/people/add/", asked | {"organisation": platform_a.pk})

    with elsewhere() as do:
        with transaction.atomic():
            services.invite_person(organisation=platform_a, actor=Actor.person(operator), **asked)
            second = do(press)
            until_waiting()
        assert second.result().status_code == 409
        assert "at the same moment" in second.result().content.decode()
    assert User.objects.filter(email="new@bazaarly.example").count() == 1
    assert AuditEvent.objects.filter(action="person.invited").count() == 1


def test_a_hold_that_is_placed_at_this_moment_keeps_a_person_from_being_erased(
    moderator_a: User, operator: User
) -> None:
    second = UserFactory(organisation=operator.organisation, role="operator")
    asked = services.ask_erasure(person=moderator_a, reason="They asked", actor=Actor.person(operator))
    with elsewhere() as do:
        with transaction.atomic():
            services.place_hold(
                label="portal.user", named=moderator_a.email, reason="Court", actor=Actor.person(operator)
            )
            erased = do(lambda: services.confirm_erasure(asked=asked, actor=Actor.person(second)))
            until_waiting()
        with pytest.raises(ValidationError, match="A legal hold names this person"):
            erased.result()
    assert User.objects.get(pk=moderator_a.pk).name == moderator_a.name
    assert not PersonErasure.objects.filter(confirmed=True).exists()


def test_a_mail_domain_that_two_organisations_are_given_at_once_is_one_organisations(
    platform_a: Organisation, platform_b: Organisation, operator: User
) -> None:
    chosen: dict[str, Any] = {
        "issuer": "https://login.example",
        "client_id": "c",
        "client_secret": "s",
        "domains": ["group.example"],
        "roles": {"m": "moderator"},
    }
    by = Actor.person(operator)
    with elsewhere() as do:
        with transaction.atomic():
            services.edit_single_sign_on(organisation=platform_a, actor=by, **chosen)
            second = do(lambda: services.edit_single_sign_on(organisation=platform_b, actor=by, **chosen))
            until_waiting()
        with pytest.raises(ValidationError, match="belongs to another organisation"):
            second.result()
    assert [row.organisation for row in SingleSignOn.objects.all()] == [platform_a]


def test_an_idempotency_key_of_a_regulator_replays_no_colleagues_call(
    flag: Flag, regulator: Organisation, officer: User, second_officer: User, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path

    def call(person: User) -> Any:
        scopes = ["exports", "oversight:read"]
        _, secret = api_keys.create_key(
            organisation=regulator, name="Own", scopes=scopes, days=1, actor=Actor.person(person)
        )
        client = Client(HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_IDEMPOTENCY_KEY="monday")
        return client.post(f"/api/v1/takedowns/{flag.pk}/export", "{}", content_type="application/json")

    first, again, other = call(officer), call(officer), call(second_officer)
    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert again["Idempotency-Replayed"] == "true", "a new key of the same person is the same caller"
    assert other.json()["code"] == "idempotency_key_reused"
    assert list(Export.objects.values_list("person", flat=True)) == [officer.pk]
    assert KeptAnswer.objects.count() == 1


@pytest.mark.parametrize("became", ["moved", "an admin"])
def test_a_directory_changes_nobody_who_stopped_being_its_to_change_at_that_moment(
    became: str, regulator: Organisation, platform_b: Organisation, officer: User, admin: User
) -> None:
    del admin  # who can make one
    row, _ = services.edit_provisioning(
        organisation=regulator, new_token=True, actor=Actor.system("test"), domains=["commission.example"],
        roles={"staff": "regulator_staff"}, default_role="", is_active=True,
    )  # fmt: skip
    person, address = User.objects.get(pk=officer.pk), officer.email
    changes = {"email": "somebody.else@commission.example"}
    change = partial(services.change_provisioned, row=row, person=person, changes=changes)
    with elsewhere() as do:
        with transaction.atomic():
            now = User.objects.select_for_update().filter(pk=officer.pk)
            assert now.exists()
            asked = do(change)
            until_waiting()
            if became == "moved":
                User.objects.filter(pk=officer.pk).update(organisation=platform_b, role="moderator")
            else:
                User.objects.filter(pk=officer.pk).update(role="admin")
        refused = asked.exception(timeout=30)
    assert getattr(refused, "status", refused) == (404 if became == "moved" else 403)
    officer.refresh_from_db()
    assert officer.email == address
    assert not AuditEvent.objects.filter(action="person.edited").exists()
