"""Pages of refusal lose nothing that somebody wrote, and show nobody's words but the reader's."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from listings.models import Flag
from portal.models import Export, Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory

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


def test_who_is_signed_out_meanwhile_gets_their_text_back_and_nothing_is_done(flag: Flag) -> None:
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
