"""Guessing is limited, by account and by place, however the tries are spelled, spread or hurried; owners get in."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from portal import services
from portal.database.acting import SYSTEM, begin
from portal.env import Env
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.identity.client_address import client_address, network_of
from portal.identity.throttle import PLACE, sweep, take
from portal.models import AuditEvent, Organisation, TryCount, User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
WRONG = "wrong"
STRANGER, OFFICE = "203.0.113.9", "198.51.100.7"


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is hashed, to be compared or not."""

    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.hashed += 1
        return super().encode(password, salt)


@pytest.fixture
def hashed(settings: Any) -> Callable[[], int]:
    settings.PASSWORD_HASHERS = ["tests.portal.test_guessing.CountingHasher"]
    CountingHasher.hashed = 0
    return lambda: CountingHasher.hashed


def attempt(email: str, password: str = WRONG, *, at: str = STRANGER, client: Client | None = None) -> int:
    data = {"username": email, "password": password}
    return (client or Client()).post("/sign-in/", data, REMOTE_ADDR=at).status_code


@pytest.mark.parametrize(
    "spelling",
    ["  ada@psa.example.gov ", "ADA@PSA.EXAMPLE.GOV", "ａｄａ@psa.example.gov", "ada＠psa.example.gov", "\u00a0Ada@psa.example.gov"],
)  # fmt: skip
def test_another_spelling_of_the_address_gets_no_tries_of_its_own(officer: User, spelling: str) -> None:
    assert [attempt(officer.email) for _ in range(5)] == [422] * 5
    assert attempt(spelling, PASSWORD) == 429


def test_what_only_sql_takes_for_the_same_letter_is_another_address(admin: User) -> None:
    assert admin.email.startswith("ines@")
    assert attempt(admin.email.replace("i", "ı"), PASSWORD) == 422, "upper('ı') is 'I'"


def test_forty_accounts_from_one_place_are_not_tried(officer: User) -> None:
    answers = [attempt(f"person{number}@bazaarly.example") for number in range(40)]
    assert answers == [422] * 20 + [429] * 20
    assert attempt(officer.email, PASSWORD, at=OFFICE) == 302, "elsewhere nobody waits"


@pytest.mark.django_db(transaction=True)
def test_thirty_at_once_get_no_more_through_than_five(officer: User, hashed: Callable[[], int]) -> None:
    def once(_number: int) -> int:
        try:
            return attempt(officer.email)
        finally:
            connection.close()

    with ThreadPoolExecutor(30, initializer=begin, initargs=(SYSTEM,)) as pool:
        answers = list(pool.map(once, range(30)))
    assert sorted(answers) == [422] * 5 + [429] * 25
    assert hashed() == 5
    assert AuditEvent.objects.filter(action="person.sign_in_failed").count() == 5
    assert AuditEvent.objects.filter(action="person.sign_in_locked").count() == 1


def test_a_try_that_is_blocked_hashes_nothing_and_says_how_long_to_wait(
    officer: User, hashed: Callable[[], int]
) -> None:
    for _ in range(5):
        attempt(officer.email)
    before = hashed()
    answer = Client().post("/sign-in/", {"username": officer.email, "password": PASSWORD}, REMOTE_ADDR=STRANGER)
    assert (answer.status_code, hashed()) == (429, before)
    assert "Try again in 15 minutes" in answer.content.decode()


def test_an_unknown_address_costs_as_many_hashes_and_queries_as_a_known_one(
    officer: User, hashed: Callable[[], int], django_assert_num_queries: Any
) -> None:
    costs = []
    for email in (officer.email, "nobody@psa.example.gov"):
        before = hashed()
        with django_assert_num_queries(9):
            assert attempt(email) == 422
        costs.append(hashed() - before)
    assert costs == [1, 1]


def test_a_stranger_does_not_lock_the_owner_out(officer: User) -> None:
    for _ in range(6):
        attempt(officer.email)
    assert attempt(officer.email, PASSWORD) == 429
    assert attempt(officer.email, PASSWORD, at=OFFICE) == 302


def test_a_device_known_from_before_passes_what_strangers_used_up(officer: User, moderator_a: User) -> None:
    own = Client()
    assert attempt(officer.email, PASSWORD, at=OFFICE, client=own) == 302
    own.post("/sign-out/")
    for number in range(25):
        attempt(officer.email, at=f"203.0.113.{number}")
    assert attempt(officer.email, PASSWORD, at="192.0.2.1") == 429, "the account has had its tries from new devices"
    for number in range(25):
        attempt(f"person{number}@bazaarly.example", at=OFFICE)
    assert attempt(officer.email, PASSWORD, at=OFFICE, client=own) == 302
    own.post("/sign-out/")
    assert attempt(moderator_a.email, PASSWORD, at=OFFICE, client=own) == 429, (
        "the mark is good for its own account alone"
    )
    assert [attempt(officer.email, at=OFFICE, client=own) for _ in range(6)] == [422] * 5 + [429], "it has a count, too"


def test_a_forged_mark_of_a_device_is_none(officer: User) -> None:
    forger = Client()
    forger.cookies["offshelf_device"] = "eyJhIjoiYiJ9:1tXxYz:forged"
    for number in range(20):
        attempt(officer.email, at=f"203.0.113.{number}")
    assert attempt(officer.email, PASSWORD, at="192.0.2.1", client=forger) == 429


def test_signing_in_between_buys_a_guesser_no_more_tries(officer: User, moderator_a: User) -> None:
    answers = []
    for number in range(30):
        answers.append(attempt(f"person{number}@bazaarly.example"))
        if number % 3 == 0:
            attempt(moderator_a.email, PASSWORD)
    assert answers.count(422) == 20


def test_the_owners_own_failures_are_forgotten_once_they_are_in(officer: User) -> None:
    for _ in range(2):
        assert [attempt(officer.email, at=OFFICE) for _ in range(4)] == [422] * 4
        assert attempt(officer.email, PASSWORD, at=OFFICE) == 302


def test_the_audit_log_has_who_came_in_who_failed_and_what_was_locked_and_no_password(officer: User) -> None:
    attempt(officer.email, PASSWORD, at=OFFICE)
    for _ in range(6):
        attempt(" ADA@psa.example.gov", "Tr0ub4dor&3")
    attempt("nobody@psa.example.gov\x00", at="2001:db8::1")
    events = AuditEvent.objects.filter(action__startswith="person.sign").order_by("id")
    told = [(row.action, row.subject_id, row.after["address"]) for row in events]
    mine = str(officer.pk)
    assert told == [
        ("person.signed_in", mine, OFFICE),
        *[("person.sign_in_failed", mine, STRANGER)] * 5,
        ("person.sign_in_locked", mine, STRANGER),
    ]
    assert events[0].user == officer
    assert {row.after["account"] for row in events[1:]} == {officer.email}
    assert "Tr0ub4dor" not in "".join(str(row.__dict__) for row in events)
    attempt("Ｎobody@" + "x" * 200 + ".example", at="2001:db8::1")
    last = AuditEvent.objects.filter(action="person.sign_in_failed").latest("id")
    assert (last.subject_id, last.user, len(last.after["account"])) == ("", None, 100)
    assert last.after["account"].startswith("nobody@xxx")


@pytest.mark.parametrize(
    ("trusted", "remote", "forwarded", "found"),
    [
        (0, "203.0.113.9", "198.51.100.7", "203.0.113.9"),
        (1, "10.0.0.1", "198.51.100.7", "198.51.100.7"),
        (1, "10.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7"),
        (2, "10.0.0.1", "1.2.3.4, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "rubbish", "10.0.0.1"),
        (1, "", "198.51.100.7:51234", "198.51.100.7"),
        (0, "", "", "unknown"),
        (["10.0.0.0/8"], "10.0.0.1", "1.2.3.4, 198.51.100.7, 10.9.9.9", "198.51.100.7"),
        (["10.0.0.0/8"], "203.0.113.9", "198.51.100.7", "203.0.113.9"),
        (["10.0.0.0/8"], "10.0.0.1", "198.51.100.7, rubbish", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", "10.0.0.3", "10.0.0.3"),
        (["10.0.0.0/8"], "", "198.51.100.7", "198.51.100.7"),
        (["fd00::/8"], "fd00::1", "[2001:db8::5]:443", "2001:db8::5"),
        (["10.0.0.0/8"], "::ffff:10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        (1, "10.0.0.1", ",".join(["6.6.6.6"] * 5_000) + ",198.51.100.7", "198.51.100.7"),
    ],
)
def test_only_proxies_of_ours_say_where_someone_comes_from(
    settings: Any, trusted: Any, remote: str, forwarded: str, found: str
) -> None:
    settings.TRUSTED_PROXIES = trusted if isinstance(trusted, int) else [ip_network(word) for word in trusted]
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)) == found


def test_behind_a_proxy_each_client_has_its_own_count(officer: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    data = {"username": officer.email, "password": "wrong"}
    for _ in range(6):
        Client(headers={"X-Forwarded-For": f"1.1.1.1, {STRANGER}"}).post("/sign-in/", data)
    data["password"] = PASSWORD
    assert Client(headers={"X-Forwarded-For": STRANGER}).post("/sign-in/", data).status_code == 429
    assert Client(headers={"X-Forwarded-For": f"{STRANGER}, {OFFICE}"}).post("/sign-in/", data).status_code == 302


def test_an_ipv6_connection_is_one_place_with_all_its_addresses(officer: User) -> None:
    assert network_of("2001:db8:1:2::5") == network_of("2001:db8:1:2:ffff::1") != network_of("2001:db8:1:3::5")
    for number in range(5):
        attempt(officer.email, at=f"2001:db8:1:2::{number}")
    assert attempt(officer.email, PASSWORD, at="2001:db8:1:2:aaaa::1") == 429


def test_proxies_are_a_number_or_networks() -> None:
    assert Env({"X": "2"}).proxies("X", 0) == 2
    assert Env({"X": "10.0.0.0/8, 192.0.2.1"}).proxies("X", 0) == (ip_network("10.0.0.0/8"), ip_network("192.0.2.1"))
    assert Env({}).proxies("X", 1) == 1
    with pytest.raises(ImproperlyConfigured, match="X must be a number of proxies"):
        Env({"X": "my-proxy"}).proxies("X", 0)


def test_unknown_keys_are_counted_by_place_and_a_known_one_passes(manager_a: User, platform_a: Organisation) -> None:
    _, secret = api_keys.create_key(
        organisation=platform_a, name="K", scopes=["notices"], days=1, actor=Actor.person(manager_a)
    )

    def ask(key: str) -> int:
        return Client(headers={"Authorization": f"Bearer {key}"}).get("/api/v1/notices").status_code

    assert [ask(f"ofs_{number}") for number in range(62)] == [401] * 60 + [429] * 2
    assert ask(secret) == 200


def test_the_old_password_is_not_guessed_in_a_session_that_was_found_open(
    officer: User, hashed: Callable[[], int]
) -> None:
    client = Client()
    client.force_login(officer)
    new = "a much newer horse battery"

    def change(old: str) -> int:
        data = {"old_password": old, "new_password1": new, "new_password2": new}
        return client.post("/account/", data).status_code

    assert [change("wrong") for _ in range(5)] == [422] * 5
    before = hashed()
    assert change(PASSWORD) == 422
    assert hashed() == before
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        client.force_login(officer)
        assert change(PASSWORD) == 302


def test_counts_that_ran_out_are_swept_and_begin_again(db: None) -> None:
    for _ in range(21):
        taken = take(PLACE, STRANGER)
    assert not taken.allowed
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        sweep()
        assert not TryCount.objects.exists()
        assert take(PLACE, STRANGER).allowed


def test_an_edited_address_is_kept_as_it_is_looked_for(officer: User, admin: User) -> None:
    services.edit_person(person=officer, actor=Actor.person(admin), email="Ada.Lindqvist@PSA.example.gov")
    officer.refresh_from_db()
    assert officer.email == "ada.lindqvist@psa.example.gov"
    assert attempt("Ada.Lindqvist@psa.example.gov", PASSWORD) == 302


def test_an_attempt_with_nobodys_address_can_be_read_in_the_audit_log(operator: User) -> None:
    attempt("nobody@psa.example.gov")
    client = Client()
    client.force_login(operator)
    event = AuditEvent.objects.get(action="person.sign_in_failed")
    for page in ("/audit/", f"/audit/{event.pk}/"):
        answer = client.get(page)
        assert (answer.status_code, "nobody@psa.example.gov" in answer.content.decode()) == (200, True), page
