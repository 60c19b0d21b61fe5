"""A hostile seller costs himself alone: forged tokens, floods, files that are none, two answers at once, another's case."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from enforcement.models import Appeal
from enforcement.sellers import guests, views
from listings import services as listings
from listings.models import Flag, Message, SellerLink
from listings.services import seller_answers, seller_links
from portal.identity.account_links import token_for
from portal.identity.actors import Actor
from portal.models import AuditEvent, Notification, Organisation, User
from tests.enforcement.sellers import ask, flag_at, guest, handed_over, page_of, receipt, send, state
from tests.portal.test_imaging import claiming

pytestmark = pytest.mark.django_db


@pytest.fixture
def flag(regulator: Organisation, platform_a: Organisation) -> Flag:
    return flag_at(platform_a, "26001", "Hearthline HL-200R heater", regulator)


def opened(token: str, place: str = "203.0.113.7") -> int:
    return Client(REMOTE_ADDR=place).get(reverse("enforcement:seller_link", args=[token])).status_code


def test_a_forged_token_opens_nothing_and_guessing_ends_for_its_place_alone(
    flag: Flag, moderator_a: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = handed_over(flag, moderator_a)
    link, right = given.link, given.token
    forged = [
        f"{link.pk}-{'0' * 64}",
        right[:-1] + ("0" if right[-1] != "0" else "1"),
        token_for(link.pk, link.nonce),  # what the same row would be as a link to an account
        token_for(link.pk, "another", kind="seller"),
        f"{link.pk + 1}-{right.partition('-')[2]}",
        f"{9 * 10**17}-{'f' * 64}", "x", "%00", "1-١", "-", right.upper(),
    ]  # fmt: skip
    pages = {Client(REMOTE_ADDR="203.0.113.9").get(f"/seller/open/{token}/").status_code for token in forged}
    assert pages <= {404, 400}
    monkeypatch.setattr(views, "SELLERS_FROM_PLACE", replace(views.SELLERS_FROM_PLACE, most=6))
    assert {opened(f"{link.pk}-{number:064x}") for number in range(6)} == {404}
    assert opened(right) == 429
    assert opened(right, "198.51.100.4") == 302
    assert AuditEvent.objects.filter(action="seller_link.opened").count() == 1


def test_whoever_planted_the_cookie_of_a_browser_reads_no_case_with_it(flag: Flag, moderator_a: User) -> None:
    given, thief, seller = handed_over(flag, moderator_a), Client(), Client()
    thief.session.save()
    seller.cookies["sessionid"] = thief.cookies["sessionid"].value
    page = seller.get(reverse("enforcement:seller_link", args=[given.token]))["Location"]
    assert seller.get(page).status_code == 200
    assert thief.get(page).status_code == 404


def test_a_link_that_is_opened_all_the_time_fills_no_log(
    flag: Flag, moderator_a: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = handed_over(flag, moderator_a)
    monkeypatch.setattr(seller_links, "SELLER_OPENINGS", replace(seller_links.SELLER_OPENINGS, most=4))
    assert [opened(given.token, f"198.51.100.{number}") for number in range(6)] == [302] * 4 + [429] * 2
    assert AuditEvent.objects.filter(action="seller_link.opened").count() == 4


def test_a_late_link_opens_nothing(flag: Flag, moderator_a: User, settings: Settings) -> None:
    settings.SELLER_LINK_DAYS = 3
    given = handed_over(flag, moderator_a)
    client, before = guest(given), state()
    with time_machine.travel(timezone.now() + timedelta(days=3, seconds=1)):
        assert opened(given.token) == 404
    SellerLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    status, page = send(client, given.link, text="My whole long story.")
    assert (status, "My whole long story." in page) == (404, True)
    assert state() == before
    assert SellerLink.objects.select_related("mail", "flag").get().state == "expired"


def test_a_dismissed_flag_and_a_withdrawn_notice_close_its_links_and_let_none_leave(
    flag: Flag, moderator_a: User, regulator: Organisation, platform_a: Organisation
) -> None:
    actor = Actor.person(moderator_a)
    other = flag_at(platform_a, "26002", "Another heater", regulator)
    for row in (flag, other):
        listings.give_seller_link(flag=row, address="a@example.com", actor=actor)
    listings.decide(
        flag=flag, kind="not_the_product", reason="other_model", seen=listings.seen_token(flag), actor=actor
    )
    listings.withdraw_flags(notice=other.notice, actor=Actor.system("test"), reason="withdrawn")
    for link in SellerLink.objects.select_related("flag"):
        assert link.closed_at is not None
        assert link.mail is None
        assert opened(token_for(link.pk, link.nonce, kind="seller")) == 404
    assert AuditEvent.objects.filter(action="seller_link.closed").count() == 2


def test_one_seller_never_sees_nor_reaches_anothers_case(
    flag: Flag, moderator_a: User, moderator_b: User, regulator: Organisation, platform_b: Organisation
) -> None:
    other = flag_at(platform_b, "26001-B", "Secret of another seller", regulator)
    mine, theirs = handed_over(flag, moderator_a), handed_over(other, moderator_b)
    client, before = guest(mine), state()
    assert client.get(page_of(theirs.link)).status_code == 404
    assert send(client, theirs.link)[0] == 404
    assert state() == before
    both = guest(theirs)
    both.get(reverse("enforcement:seller_link", args=[mine.token]))
    assert send(both, theirs.link, text="About theirs.")[0] == send(both, mine.link, text="About mine.")[0] == 302
    assert set(Message.objects.values_list("flag", "text")) == {(flag.pk, "About mine."), (other.pk, "About theirs.")}
    assert "About theirs." not in both.get(page_of(mine.link)).content.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.png", claiming(30_000, 30_000)), ("page.html", b"<script>alert(1)</script>\x00"),
        ("empty.txt", b""), ("large.txt", b"a" * 5_000_001), ("archive.zip", b"PK\x03\x04" + b"0" * 99),
    ],
)  # fmt: skip
def test_a_refused_file_keeps_the_answer_and_stores_nothing(
    name: str, content: bytes, flag: Flag, moderator_a: User
) -> None:
    given = handed_over(flag, moderator_a)
    client, before = guest(given), state()
    files = [SimpleUploadedFile(name, content), receipt()]
    status, page = send(client, given.link, text="It was <b>repaired</b> & sold.", name="Zoe", attachments=files)
    assert (status, "It was &lt;b&gt;repaired&lt;/b&gt; &amp; sold." in page, 'value="Zoe"' in page) == (
        422,
        True,
        True,
    )
    assert state() == before


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"text": ""}, 422), ({"text": " \n "}, 422), ({"text": "a" * 10_001}, 422), ({"text": "x" * 10_000_000}, 413),
        ({"text": "a\x00b"}, 400), ({"name": "n" * 101}, 422), ({"act": "remove"}, 422), ({"act": ""}, 422),
        ({"attachments": [receipt() for _ in range(4)]}, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_and_moves_nothing(
    fields: dict[str, object], status: int, flag: Flag, moderator_a: User
) -> None:
    ask(flag, moderator_a)
    given = handed_over(flag, moderator_a)
    client, before = guest(given), state()
    assert send(client, given.link, **fields)[0] == status
    assert state() == before


def test_strangers_bring_no_files_and_a_flood_is_refused_before_it_is_read(
    flag: Flag, moderator_a: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer = replace(views.SELLER_TRIES, most=4)
    for module in (views, guests):
        monkeypatch.setattr(module, "SELLER_TRIES", fewer)
    given = handed_over(flag, moderator_a)
    large = SimpleUploadedFile("a.txt", b"a" * 100_000)
    assert send(Client(), given.link, attachments=large)[0] == 413
    client = guest(given)
    statuses = [send(client, given.link, text="")[0] for _ in range(6)]
    assert statuses == [422] * 4 + [429] * 2
    large.seek(0)
    assert send(client, given.link, attachments=large)[0] == 413
    assert not Message.objects.exists()


def test_a_link_takes_so_many_answers_and_the_same_one_twice_is_once(
    flag: Flag, moderator_a: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seller_answers, "MAX_ANSWERS", 4)
    given = handed_over(flag, moderator_a)
    client = guest(given)
    assert [send(client, given.link, act="contest", text="Not mine.")[0] for _ in range(2)] == [302, 302]
    assert (Message.objects.count(), Appeal.objects.count()) == (1, 1)
    statuses = [send(client, given.link, text=f"Answer {number}")[0] for number in range(4)]
    assert statuses == [302] * 3 + [422]
    assert Message.objects.count() == SellerLink.objects.get().answers == 4
    assert Notification.objects.filter(person=moderator_a, key__startswith="message:").count() == 4


def test_forms_of_other_sites_are_refused_and_our_own_is_taken_without_a_referrer(
    flag: Flag, moderator_a: User
) -> None:
    given = handed_over(flag, moderator_a)
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("enforcement:seller_link", args=[given.token]))
    page = client.get(page_of(given.link)).content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    fields = {"act": "answer", "text": "It is lot 7.", "csrfmiddlewaretoken": token}
    own = {"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "same-origin"}
    before = state()
    for data, headers in (
        (fields, {"HTTP_ORIGIN": "null"}),
        (fields, {"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "cross-site"}),
        (fields, {"HTTP_ORIGIN": "https://evil.example", "HTTP_SEC_FETCH_SITE": "same-origin"}),
        (fields | {"csrfmiddlewaretoken": ""}, own),
    ):
        assert client.post(page_of(given.link), data, **headers).status_code == 403, headers
    assert state() == before
    assert client.post(page_of(given.link), fields, **own).status_code == 302


@pytest.fixture
def closing_connections() -> Iterator[None]:
    yield
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_many_answers_at_once_are_one_each_and_the_flag_comes_back_once(
    regulator: Organisation, platform_a: Organisation, moderator_a: User, closing_connections: None
) -> None:
    flag = flag_at(platform_a, "26001", "Hearthline HL-200R heater", regulator)
    ask(flag, moderator_a)
    given = handed_over(flag, moderator_a)
    texts = ["The same."] * 3 + ["Other one.", "Other two."]
    clients, together = [guest(given) for _ in texts], Barrier(len(texts))

    def answer(place: int) -> int:
        together.wait()
        try:
            return send(clients[place], given.link, text=texts[place])[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(texts)) as threads:
        assert list(threads.map(answer, range(len(texts)))) == [302] * len(texts)
    assert sorted(Message.objects.values_list("text", flat=True)) == ["Other one.", "Other two.", "The same."]
    assert SellerLink.objects.get().answers == 3
    assert flag.decisions.filter(kind="seller_answered").count() == 1
    assert Flag.objects.get().status == "open"
