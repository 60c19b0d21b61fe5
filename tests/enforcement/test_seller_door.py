"""The seller's door: a link that was mailed or handed over shows one case, takes answers, and says of them what is known."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from enforcement import services
from enforcement.models import Appeal, Takedown
from listings import services as listings
from listings.models import Flag, Message, SellerLink
from portal.identity.account_links import token_for
from portal.identity.actors import Actor
from portal.models import AuditEvent, Mail, Notification, Organisation, User
from portal.notifications.mail import send_mail_due
from tests.enforcement.sellers import SHOP, ask, flag_at, guest, handed_over, mailed, page_of, receipt, send, state
from tests.portal.test_imaging import colours, saved
from tests.reading import words

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]


@pytest.fixture
def flag(regulator: Organisation, platform_a: Organisation) -> Flag:
    return flag_at(platform_a, "26001", "Hearthline HL-200R heater", regulator)


def test_a_mailed_link_opens_the_case_and_nothing_that_is_stored_opens_it(flag: Flag, moderator_a: User) -> None:
    given = listings.give_seller_link(flag=flag, address=SHOP, language="de", actor=Actor.person(moderator_a))
    assert (given.token, given.link.state) == ("", "waiting")
    token = token_for(given.link.pk, given.link.nonce, kind="seller")
    assert token not in str(Mail.objects.values().get()) + str(SellerLink.objects.values().get())
    send_mail_due()
    message = next(each for each in mail.outbox if each.to == [SHOP])
    assert f"/seller/open/{token}" in str(message.body)
    assert SellerLink.objects.select_related("mail", "flag").get().state == "sent"
    client = Client()
    opened = client.get(reverse("enforcement:seller_link", args=[token]), follow=True)
    assert "Hearthline HL-200R heater" in opened.content.decode()
    assert token not in opened.content.decode()
    assert SellerLink.objects.select_related("mail", "flag").get().state == "opened"
    event = AuditEvent.objects.get(action="seller_link.opened")
    assert (event.actor_kind, event.user) == ("seller", None)
    assert event.actor_label == f"Seller (claimed), through the link that was sent to {SHOP}"


def test_a_title_puts_no_link_into_the_mail_that_we_send(
    regulator: Organisation, platform_a: Organisation, moderator_a: User
) -> None:
    """Whoever names the listing chooses words of a mail that a regulator's server sends to any address."""
    title = "Locked: https://evil.example/a www.bad.example x@bad.com HL-200.5 v2.0"
    flag = flag_at(platform_a, "26001", title, regulator)
    given = listings.give_seller_link(flag=flag, address=SHOP, actor=Actor.person(moderator_a))
    send_mail_due()
    message = next(each for each in mail.outbox if each.to == [SHOP])
    whole = f"{message.subject}\n{message.body}"
    assert "HL-200.5 v2.0" in whole
    token = token_for(given.link.pk, given.link.nonce, kind="seller")
    assert re.findall(r"\w+://\S+", whole) == [f"http://127.0.0.1:8000/seller/open/{token}/"]
    assert re.findall(r"\w\.(?:example|com)\b", whole) == []


def test_the_page_says_what_is_public_and_nothing_of_inside(
    flag: Flag,
    moderator_a: User,
    officer: User,
    regulator: Organisation,
    platform_a: Organisation,
    platform_b: Organisation,
) -> None:
    for platform, title in ((platform_a, "OTHER-LISTING"), (platform_b, "OTHER-PLATFORM")):
        flag_at(platform, f"N-{title}", title, regulator)
    listings.post_message(flag=flag, audience="both", text="BETWEEN-SIDES", actor=Actor.person(officer))
    ask(flag, moderator_a)
    page = guest(handed_over(flag, moderator_a)).get(page_of(SellerLink.objects.get())).content.decode()
    assert all(word in page for word in ("HL-200R", "Which lot is it?", "Same model number", "26001", "Product Safety"))
    inside = ("INTERNAL-NOTE", "BETWEEN-SIDES", "OTHER-LISTING", "OTHER-PLATFORM", "Nia Adeyemi", "Ada Lindqvist", "Market One",
              "Otto", "listed it before", "Different model", "Sign in", "Board")  # fmt: skip
    assert [word for word in inside if word in page] == []
    numbers = ("0.87", "88", "6.0")  # which tokens have somewhere
    assert [number for number in numbers if number in words(page)] == []


def test_no_cache_no_search_engine_and_no_other_site_learns_of_it(flag: Flag, moderator_a: User) -> None:
    given = handed_over(flag, moderator_a)
    client = guest(given)
    for address in (reverse("enforcement:seller_link", args=[given.token]), page_of(given.link)):
        answer = client.get(address)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    german = client.get(f"{page_of(given.link)}?language=de")
    assert german["Content-Language"] == client.get(page_of(given.link))["Content-Language"] == "de"


def test_an_answer_stands_beside_its_question_as_a_claim_and_brings_the_flag_back(
    flag: Flag, moderator_a: User, officer: User, sign_in: Enter
) -> None:
    ask(flag, moderator_a)
    given = mailed(flag, moderator_a)
    client = guest(given)
    label = SimpleUploadedFile("label.png", saved(colours((40, 40)), "PNG"))
    status, _ = send(client, given.link, text="<b>Lot 7</b>, sold out.", name="Zoe <i>Li</i>", attachments=label)
    assert status == 302
    assert Flag.objects.get(pk=flag.pk).status == "open"
    message = Message.objects.get()
    assert (message.user, message.actor_kind, message.audience) == (None, "seller", "both")
    assert message.actor_label.startswith(f"Seller (claimed), through the link that was sent to {SHOP}, under the name")
    event = AuditEvent.objects.get(action="message.posted")
    assert (event.actor_kind, event.after["seller_link"], event.after["act"]) == ("seller", given.link.pk, "answer")
    assert Notification.objects.filter(person=moderator_a, key=f"message:{message.pk}").exists()
    for person in (moderator_a, officer):
        page = sign_in(person).get(reverse("listings:flag", args=[flag.pk])).content.decode()
        asked = page.partition('id="asked-h"')[2].partition("</section>")[0]
        assert asked.index("Which lot is it?") < asked.index("Seller (claimed)") < asked.index("&lt;b&gt;Lot 7")
        assert "label.png" in asked
        assert "<b>Lot" not in page
        assert "<i>Li" not in page
    assert "Lot 7" in client.get(page_of(given.link)).content.decode()
    assert SellerLink.objects.select_related("mail", "flag").get().state == "answered"


def test_contesting_is_an_appeal_and_its_answer_closes_the_door_for_good(
    flag: Flag, moderator_a: User, officer: User, admin: User, sign_in: Enter
) -> None:
    given = mailed(flag, moderator_a)
    client = guest(given)
    assert send(client, given.link, act="contest", text="It is the HL-300.", attachments=receipt())[0] == 302
    appeal = Appeal.objects.get()
    assert (appeal.side, appeal.origin, appeal.made_by_user) == ("seller", "link", None)
    assert appeal.made_by.startswith("Seller (claimed)")
    before = state()
    status, page = send(client, given.link, act="contest", text="Once more, it is not.")
    assert (status, "Once more, it is not." in page) == (422, True)
    assert state() == before
    shown = sign_in(officer).get(reverse("enforcement:appeal", args=[appeal.pk])).content.decode()
    assert "Seller (claimed)" in shown
    assert "receipt.pdf" in shown
    services.answer_appeal(appeal=appeal, grant=True, answer="The label shows HL-300.", actor=Actor.person(officer))
    assert SellerLink.objects.get().closed_at is not None
    assert Mail.objects.filter(to=SHOP, subject__startswith="Your appeal", body="The label shows HL-300.").exists()
    before = state()
    assert client.get(page_of(given.link)).status_code == 404
    assert send(client, given.link)[0] == 404
    listings.overrule(flag=flag, note="It is the product.", actor=Actor.person(admin))
    assert Flag.objects.get(pk=flag.pk).status == "open"
    assert client.get(page_of(given.link)).status_code == 404, "a case that is opened again opens no old link"
    assert Message.objects.count() == 1


def test_evidence_packs_have_what_the_seller_wrote_and_when_the_link_was_opened(
    flag: Flag, moderator_a: User, officer: User
) -> None:
    given = handed_over(flag, moderator_a)
    assert send(guest(given), given.link, act="proof", text="Destroyed on Monday.")[0] == 302
    pack = services.start_takedown_pack(
        takedown=Takedown.objects.select_related("flag__listing", "platform").get(), actor=Actor.person(officer)
    )
    with zipfile.ZipFile(io.BytesIO(b"".join(services.stream_pack(pack)))) as archive:
        files = {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}
    assert files[f"messages/{Message.objects.get().pk}.txt"] == "Destroyed on Monday."
    for told in ("seller_link.given", "seller_link.opened", "Seller (claimed), through the link that Nia Adeyemi"):
        assert told in files["timeline.csv"], told
    assert given.token not in "".join(files.values())


def test_who_is_signed_in_looks_and_cannot_write_as_the_seller(flag: Flag, moderator_a: User, sign_in: Enter) -> None:
    given = handed_over(flag, moderator_a)
    client, before = sign_in(moderator_a), state()
    shown = client.get(reverse("enforcement:seller_link", args=[given.token]), follow=True).content.decode()
    assert "this is a preview" in shown
    assert 'name="text"' not in shown
    assert send(client, given.link)[0] == 403
    assert state() == before
    assert SellerLink.objects.get().openings == 0
    assert AuditEvent.objects.get(action="seller_link.previewed").user == moderator_a


def test_a_link_to_hand_over_is_shown_once_and_revoking_it_shuts_the_door(
    flag: Flag, moderator_a: User, officer: User, sign_in: Enter
) -> None:
    page, client = reverse("listings:flag_seller_links", args=[flag.pk]), sign_in(moderator_a)
    given = client.post(page, {"address": "", "language": "en"})
    token = given.content.decode().partition("/seller/open/")[2].partition("/")[0]
    assert "no-store" in given["Cache-Control"]
    assert token not in client.get(page).content.decode()
    link = SellerLink.objects.get()
    browser = guest(listings.GivenLink(link, token))
    assert "Opened" in client.get(reverse("enforcement:takedown", args=[flag.takedown.pk])).content.decode()
    revoke = reverse("listings:seller_link_revoke", args=[link.pk])
    assert sign_in(officer).post(revoke).status_code == 403
    assert "Revoke" not in sign_in(officer).get(page).content.decode()
    assert client.post(revoke).status_code == 302
    assert client.post(revoke).status_code == 409
    before = state()
    assert send(browser, link)[0] == 404
    assert browser.get(reverse("enforcement:seller_link", args=[token])).status_code == 404
    assert state() == before
    assert AuditEvent.objects.filter(action="seller_link.revoked", user=moderator_a).count() == 1


@pytest.mark.parametrize("fields", [{"address": "no address"}, {"language": "tlh"}])
def test_a_link_needs_an_address_that_is_one_and_a_language_that_is_known(
    fields: dict[str, str], flag: Flag, moderator_a: User, sign_in: Enter
) -> None:
    answer = sign_in(moderator_a).post(
        reverse("listings:flag_seller_links", args=[flag.pk]), {"address": "", "language": "en", **fields}
    )
    assert answer.status_code == 422
    assert not SellerLink.objects.exists()
