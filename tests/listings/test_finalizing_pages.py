"""Undoing, handing over, renewing and confirming on the pages, with and without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import services as enforcement
from listings.models import Decision, Flag
from portal.models import AuditEvent, Notification, Organisation, User
from recalls.models import Notice
from tests.factories import TERMS, FlagFactory, ListingFactory, NoticeFactory, UserFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]
QUEUE = reverse("listings:queue")
ENHANCED = {"X-Enhance": "1"}


@pytest.fixture
def notice(platform_a: Organisation) -> Notice:
    return NoticeFactory(platform=platform_a, terms=dict(TERMS) | {"second_person_from": 95})


@pytest.fixture
def flags(notice: Notice, settings: Any) -> list[Flag]:
    """Two open flags of one seller, the second a strong match."""
    settings.UNDO_SECONDS = 20
    rows = []
    for score in (0.8, 0.97):
        listing = ListingFactory(platform=notice.platform, seller="attic-finds")
        row = FlagFactory(notice=notice, listing=listing, opened_at=timezone.now(), score=score)
        enforcement.start_clock(flag=row)
        rows.append(Flag.objects.get(pk=row.pk))
    return rows


def decide(client: Client, flag: Flag, headers: dict[str, str] | None = None, **given: str) -> Any:
    flag.refresh_from_db()
    last = max((row.pk for row in flag.decisions.all()), default=0)
    data = {"kind": "removed", "kept": "", "seen": f"{flag.status}:{last}", **given}
    return client.post(reverse("listings:flag_decide", args=[flag.pk]), data, headers=headers or {})


def test_a_decision_is_undone_by_a_plain_form(flags: list[Flag], moderator_a: User, sign_in: Enter) -> None:
    client = sign_in(moderator_a)
    shown = client.get(decide(client, flags[0])["Location"]).content.decode()
    decision = Decision.objects.get()
    assert f'name="decision" value="{decision.pk}"' in shown
    done = client.post(reverse("listings:undo"), {"decision": decision.pk, "kept": ""}, follow=True)
    assert done.redirect_chain == [(f"{QUEUE}?flag={flags[0].pk}", 302)]
    assert "1 decision undone." in done.content.decode()
    assert Flag.objects.get(pk=flags[0].pk).status == "open"


def test_the_review_shows_the_sentence_of_each_piece_of_evidence(
    flags: list[Flag], moderator_a: User, sign_in: Enter
) -> None:
    found = [
        {"signal": "same_gtin", "weight": 8.98, "recall_span": None, "listing_span": None, "says": "Same GTIN 123."},
        {"signal": "other_model", "weight": -3.9, "recall_span": None, "listing_span": None, "says": "Another model."},
    ]
    Flag.objects.filter(pk=flags[0].pk).update(evidence=found)
    page = tight(sign_in(moderator_a).get(reverse("listings:flag", args=[flags[0].pk])).content.decode())
    assert "<b>+9.0</b><span>Same GTIN 123.</span>" in page
    assert '<b>-3.9</b><span><span lang="en" dir="ltr">Another model.</span></span>' in page


def test_a_colleague_cannot_undo_it(
    flags: list[Flag], moderator_a: User, second_moderator_a: User, moderator_b: User, sign_in: Enter
) -> None:
    decide(sign_in(moderator_a), flags[0])
    data = {"decision": Decision.objects.get().pk, "kept": ""}
    assert sign_in(second_moderator_a).post(reverse("listings:undo"), data).status_code == 403
    sign_in(moderator_b).post(reverse("listings:undo"), data)
    assert Flag.objects.get(pk=flags[0].pk).status == "claimed_removed"


def test_the_script_is_told_where_to_go_on_and_gets_the_claim_alone(
    flags: list[Flag], moderator_a: User, sign_in: Enter
) -> None:
    client = sign_in(moderator_a)
    told = decide(client, flags[0], headers=ENHANCED)
    assert (told.status_code, told["X-Go-On"]) == (204, f"{QUEUE}?flag={flags[1].pk}")
    claim = reverse("listings:flag_claim", args=[flags[1].pk])
    piece = client.post(claim, {"kept": ""}, headers=ENHANCED).content.decode()
    assert piece.count('id="claim"') == 1
    assert "<html" not in piece
    assert "Claimed by you" in piece


def test_a_flag_is_handed_over_on_its_page(
    flags: list[Flag], moderator_a: User, second_moderator_a: User, sign_in: Enter
) -> None:
    client, address = sign_in(moderator_a), reverse("listings:flag_hand_over", args=[flags[0].pk])
    done = client.post(address, {"to": second_moderator_a.pk, "note": "You know heaters."}, follow=True)
    assert f"You handed flag {flags[0].pk} to Li Wen." in done.content.decode()
    mine = sign_in(second_moderator_a).get(f"{QUEUE}?view=mine").content.decode()
    assert f"Flag {flags[0].pk}," in mine


def test_a_flag_handed_over_to_no_one_stays_and_so_does_what_was_typed(
    flags: list[Flag], moderator_a: User, second_moderator_a: User, moderator_b: User, sign_in: Enter
) -> None:
    client, address = sign_in(moderator_a), reverse("listings:flag_hand_over", args=[flags[0].pk])
    note, detail = "You know <heaters>.", "Choose a colleague to hand the flag to."
    for to in ("", str(moderator_b.pk), "nobody"):
        for headers in ({}, ENHANCED):
            refused = client.post(address, {"to": to, "note": note, "kept": "view=all"}, headers=headers)
            assert refused.status_code == 422
            page = tight(refused.content.decode())
            assert '<div class="usa-alert usa-alert--error usa-alert--slim" role="alert"' in page
            assert f'<a href="#hand_to">To: {detail}</a>' in page
            assert '<input type="text" name="note" value="You know &lt;heaters&gt;."' in page
            assert "<details open><summary>Hand over</summary>" in page
            assert '<input type="hidden" name="kept" value="view=all">' in page
            assert ('id="main"' in page) is (headers != ENHANCED), "enhance.js changes this piece alone"
            assert moderator_b.name not in page
    long = client.post(address, {"to": second_moderator_a.pk, "note": "x" * 501}).content.decode()
    assert f'<option value="{second_moderator_a.pk}" selected>' in long
    assert "x" * 501 in long
    assert Flag.objects.get(pk=flags[0].pk).claimed_by is None
    assert not AuditEvent.objects.filter(action="flag.handed_over").exists()
    assert not Notification.objects.filter(person=second_moderator_a).exists()


def test_a_strong_match_waits_under_to_confirm_and_says_for_whom(
    flags: list[Flag], moderator_a: User, second_moderator_a: User, sign_in: Enter
) -> None:
    client = sign_in(moderator_a)
    decide(client, flags[1], kind="not_the_product", reason="other_model")
    page = client.get(f"{QUEUE}?view=second").content.decode()
    assert "Nia Adeyemi, Bazaarly decided that this is not the product (another model or version)." in page
    assert "Another person must confirm this" in page
    refused = decide(client, flags[1], kind="not_the_product", reason="other_model")
    assert refused.status_code == 422
    assert "Someone else must confirm the dismissal" in refused.content.decode()
    other = sign_in(second_moderator_a)
    assert "To confirm, choose the same decision" in other.get(f"{QUEUE}?view=second").content.decode()
    decide(other, flags[1], kind="not_the_product", reason="other_model")
    assert Flag.objects.get(pk=flags[1].pk).status == "dismissed"


def test_what_waits_for_a_seller_is_not_to_decide_and_the_review_knows_the_seller(
    flags: list[Flag], moderator_a: User, sign_in: Enter
) -> None:
    client = sign_in(moderator_a)
    decide(client, flags[0], kind="ask_seller", seller_hours="5")
    to_decide = client.get(QUEUE)
    assert [row.pk for row in to_decide.context["page"].rows] == [flags[1].pk]
    assert "Other flags of seller attic-finds: 1" in to_decide.content.decode()
    waiting = client.get(f"{QUEUE}?view=waiting")
    assert [row.pk for row in waiting.context["page"].rows] == [flags[0].pk]
    assert "The seller can reply until" in waiting.content.decode()


def test_numbers_that_are_none_are_refused_and_nothing_is_undone(
    flags: list[Flag], moderator_a: User, sign_in: Enter
) -> None:
    client = sign_in(moderator_a)
    decide(client, flags[0])
    for rubbish in ("x", "²", str(2**63)):
        sent = {"decision": [str(Decision.objects.get().pk), rubbish], "kept": ""}
        assert client.post(reverse("listings:undo"), sent).status_code == 400
    assert Flag.objects.get(pk=flags[0].pk).status == "claimed_removed"


def test_a_refused_overruling_keeps_what_was_written(
    flags: list[Flag], notice: Notice, moderator_a: User, sign_in: Enter, settings: Any
) -> None:
    settings.UNDO_SECONDS = 0
    admin = UserFactory(role="admin", organisation=notice.recall.regulator)
    decide(sign_in(moderator_a), flags[0], kind="not_the_product", reason="accessory")
    Flag.objects.filter(pk=flags[0].pk).update(overrule_needs_second=True)
    client, address = sign_in(admin), reverse("listings:flag_overrule", args=[flags[0].pk])
    client.post(address, {"note": "It is the heater."})
    refused = client.post(address, {"note": "I still think so."})
    assert refused.status_code == 422
    assert "Another person must overrule it too" in refused.content.decode()
    assert "I still think so." in refused.content.decode()
    assert Flag.objects.get(pk=flags[0].pk).status == "dismissed"
