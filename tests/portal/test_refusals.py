"""Pages of refusal lose nothing that someone wrote, and show no one's words but the reader's."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from listings.models import Flag
from portal.http.errors import changed_meanwhile
from portal.identity.access import OWN_METHODS
from portal.models import AuditEvent, Export, Organisation, User
from portal.transitions import IllegalTransition, LostRace
from tests.factories import FlagFactory, ListingFactory, NoticeFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db


@pytest.fixture
def flag(platform_a: Organisation) -> Flag:
    notice = NoticeFactory(platform=platform_a)
    return FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a), opened_at=timezone.now())


def test_a_hand_over_that_came_too_late_gives_the_note_back(
    flag: Flag, moderator_a: User, second_moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    Flag.objects.filter(pk=flag.pk).update(status="removed")
    form = {"to": second_moderator_a.pk, "note": "The seller <b>called</b> twice."}
    answer = sign_in(moderator_a).post(f"/flags/{flag.pk}/hand-over/", form)
    assert answer.status_code == 409
    assert "The seller &lt;b&gt;called&lt;/b&gt; twice." in answer.content.decode()
    assert Flag.objects.get(pk=flag.pk).claimed_by is None


def test_a_person_who_is_signed_out_gets_their_text_back_and_nothing_is_done(flag: Flag) -> None:
    form = {"kind": "removed", "note": "Long and careful words", "seen": "open:0", "new_password1": "two secret words"}
    answer = Client().post(f"/flags/{flag.pk}/decide/", form)
    page = answer.content.decode()
    assert (answer.status_code, "You are signed out" in page, "Long and careful words" in page) == (403, True, True)
    assert "two secret words" not in page
    assert Flag.objects.get(pk=flag.pk).status == "open"
    assert Client().post(f"/flags/{flag.pk}/decide/", {"kind": "removed"}).status_code == 302, "nothing was written"


def test_a_form_that_was_open_for_too_long_gives_the_text_back_unless_another_site_sent_it(
    flag: Flag, moderator_a: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(moderator_a)
    form = {"kind": "removed", "note": "Long and careful words", "seen": "open:0"}
    for site, shown in (("same-origin", True), ("cross-site", False), ("same-site", False)):
        answer = client.post(f"/flags/{flag.pk}/decide/", form, headers={"sec-fetch-site": site})
        assert (answer.status_code, "Long and careful words" in answer.content.decode()) == (403, shown), site
    assert Flag.objects.get(pk=flag.pk).status == "open"


def test_a_form_without_cookies_gives_the_text_back_and_leads_to_the_sign_in_page(flag: Flag) -> None:
    form = {"kind": "removed", "note": "Long and careful words", "seen": "open:0"}
    answer = Client(enforce_csrf_checks=True).post(
        f"/flags/{flag.pk}/decide/", form, headers={"sec-fetch-site": "same-origin"}
    )
    page = tight(answer.content.decode())
    assert answer.status_code == 403
    assert "Your browser sent no cookies, so no changes were made." in page
    assert "Long and careful words" in page
    assert f'<a class="usa-button" href="/sign-in/?next=%2Fflags%2F{flag.pk}%2F%3Fkind%3Dremoved">Sign in</a>' in page
    assert Flag.objects.get(pk=flag.pk).status == "open"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "NONSENSE"])
def test_a_page_is_shown_and_takes_forms_and_answers_nothing_else(
    method: str, flag: Flag, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    form, client, before = (
        {"kind": "removed", "note": "x", "seen": "open:0"},
        sign_in(moderator_a),
        AuditEvent.objects.count(),
    )
    for address in (
        f"/flags/{flag.pk}/",
        f"/flags/{flag.pk}/claim/",
        f"/flags/{flag.pk}/decide/",
        "/queue/",
        "/sign-in/",
    ):
        for sender in (client, Client()):
            answer = sender.generic(method, address, urlencode(form), "application/x-www-form-urlencoded")
            assert (answer.status_code, answer.content) == (405, b""), address
            assert answer["Allow"] == "GET, HEAD, OPTIONS, POST"
    flag.refresh_from_db()
    assert (flag.status, flag.claimed_by, AuditEvent.objects.count()) == ("open", None, before)
    assert client.get(f"/flags/{flag.pk}/").status_code == 200


def test_a_method_that_no_page_has_is_refused_before_anybody_is_looked_up(
    moderator_a: User,
    sign_in: Callable[[User], Client],
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    client = sign_in(moderator_a)
    with django_assert_num_queries(0):
        answers = [client.generic(method, "/queue/") for method in ("PUT", "DELETE", "NONSENSE")]
    assert [answer.status_code for answer in answers] == [405, 405, 405]
    assert answers[0]["X-Frame-Options"] == "DENY"
    assert client.put("/no-such-page/").status_code == 404


@pytest.mark.parametrize("name", sorted(OWN_METHODS))
def test_what_answers_for_its_methods_itself_is_no_page(name: str) -> None:
    """It names the methods that it has, or asks for a token first."""
    at = {"listings:upload": {"pk": 1}, "portal:scim_type": {"name": "User"}, "portal:scim_schema": {"name": "x"}}
    try:
        address = reverse(name)
    except NoReverseMatch:
        address = reverse(name, kwargs=at.get(name, {"name": "1"}))
    answer = Client().generic("NONSENSE", address)
    assert answer.get("Allow") != "GET, HEAD, OPTIONS, POST"
    assert answer.status_code in {302, 401, 405}


def test_an_address_with_a_character_that_no_text_has_is_refused_with_the_reason(
    admin: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(admin)
    for address in (
        "/rejects/?q=a%00b",
        "/search/?q=%00",
        reverse("enforcement:history", args=["listings.flag", "\x00"]),
    ):
        answer = client.get(address)
        assert (answer.status_code, "Remove it" in answer.content.decode()) == (400, True), address
    for address in ("/audit/export/?q=%00", "/rejects/export/?q=%00"):
        assert client.post(address).status_code == 400
    assert not Export.objects.exists()
    assert client.get("/search/?q=%2500").status_code == 200, "a percent sign is a character like others"
    assert Client().get("/search/?q=%00").status_code == 302, "a stranger is sent to sign in"
    program = client.get("/api/v1/flags?cursor=%00")
    assert (program.status_code, program["Content-Type"]) == (400, "application/problem+json")


def test_a_refusal_with_values_is_in_the_readers_language_on_a_page_and_in_english_elsewhere() -> None:
    refusal = IllegalTransition("Edit %(name)s", {"name": "100% Wool"})
    state = LostRace("%(state)s", states={"state": "Draft"})
    assert (str(refusal), str(state)) == ("Edit 100% Wool", "draft")
    page, program = RequestFactory().get("/recalls/"), RequestFactory().get("/api/v1/notices")
    with translation.override("de"):
        answers = [changed_meanwhile(page, each).content.decode() for each in (refusal, state)]
        detail = json.loads(changed_meanwhile(program, refusal).content)["detail"]
    assert "<p>100% Wool bearbeiten</p>" in answers[0]
    assert "<p>Entwurf</p>" in answers[1]
    assert detail == "Edit 100% Wool"


def test_a_refusal_without_values_may_have_a_percent_sign() -> None:
    refusal = LostRace("Someone else was first: 100%")
    assert str(refusal) == "Someone else was first: 100%"
    assert "100%" in changed_meanwhile(RequestFactory().get("/recalls/"), refusal).content.decode()


@pytest.mark.parametrize("address", ["/no/such/page/", "/recalls/?cursor=none"])
def test_pages_of_refusal_are_marked_with_the_language_they_are_in(
    address: str, officer: User, sign_in: Callable[[User], Client]
) -> None:
    officer.language = "de"
    officer.save(update_fields=["language"])
    page = sign_in(officer).get(address).content.decode()
    assert '<html lang="de"' in page
    assert 'lang="en"' not in page
