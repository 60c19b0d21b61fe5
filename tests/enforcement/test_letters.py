"""Letters and public naming: drafted by the ladder, and nothing is sent or published until people approve it."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from enforcement import services
from enforcement.letters import texts
from enforcement.letters.services import seen_of
from enforcement.models import Letter, LetterTemplate, PublicListing, Takedown
from portal.identity.actors import Actor
from portal.models import AuditEvent, Mail, Notification, Organisation, User
from portal.transitions import IllegalTransition, LostRace
from tests.factories import TERMS, FlagFactory, ListingFactory, NoticeFactory, RecallFactory, UserFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
LADDER = [
    ("reminder", -7200),
    ("missed", 0),
    ("contact", 1800),
    ("officer", 3600),
    ("letter", 86400),
    ("naming", 172800),
]
STEPS = [{"step": step, "kind": kind, "offset_seconds": offset} for step, (kind, offset) in enumerate(LADDER, 1)]


@pytest.fixture
def late(regulator: Organisation, platform_a: Organisation, manager_a: User) -> Iterator[Takedown]:
    """A takedown that went through the whole ladder without an answer."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        recall = RecallFactory(regulator=regulator, number="26117")
        notice = NoticeFactory(recall=recall, platform=platform_a, sent_at=MONDAY, terms={**TERMS, "steps": STEPS})
        listing = ListingFactory(platform=platform_a, external_id="A-1", title="Heater\nYours, the regulator")
        takedown = services.start_clock(flag=FlagFactory(notice=notice, listing=listing, opened_at=MONDAY))
        clock.shift(timedelta(days=3))
        while services.sweep_escalations():
            pass
        yield takedown


def test_every_step_notifies_the_right_people(
    late: Takedown, moderator_a: User, manager_a: User, officer: User
) -> None:
    notified = {
        kind: set(Notification.objects.filter(key=key).values_list("person__email", flat=True))
        for kind, key in late.escalations.values_list("kind", "notified_in")
    }
    platform = {moderator_a.email, manager_a.email}
    assert notified["contact"] == {manager_a.email}
    assert (
        notified["officer"] == notified["letter"] == notified["naming"] == set()
    )  # the officer came after the steps were raised
    assert notified["reminder"] <= platform
    mailed = {
        key.split(":")[2] for key in Mail.objects.filter(to="safety@bazaarly.example").values_list("key", flat=True)
    }
    assert mailed == {"2", "3"}, "missed, and the contact"


def test_the_letter_waits_for_a_person_and_keeps_untrusted_text_on_one_line(late: Takedown) -> None:
    letter = Letter.objects.get()
    assert (letter.status, letter.language, letter.template_version) == ("draft", "en", 0)
    assert letter.subject == "Listing A-1 of a recalled product is still on sale"
    assert "Recall 26117" in letter.body
    assert "Listing: A-1, Heater Yours, the regulator\n" in letter.body
    assert not Mail.objects.filter(key__startswith="letter").exists()


@pytest.mark.parametrize("language", ["de", "es", "zh-hans"])
def test_a_letter_is_in_the_platforms_language(
    language: str, regulator: Organisation, platform_a: Organisation
) -> None:
    platform_a.language = language
    platform_a.save()
    with time_machine.travel(MONDAY, tick=False) as clock:
        notice = NoticeFactory(recall__regulator=regulator, platform=platform_a, sent_at=MONDAY)
        services.start_clock(flag=FlagFactory(notice=notice, opened_at=MONDAY))
        clock.shift(timedelta(days=3))
        while services.sweep_escalations():
            pass
    letter = Letter.objects.get()
    assert letter.language == language
    assert letter.subject.split()[0] == texts.SHIPPED[language].subject.split()[0]
    assert "$" not in letter.subject + letter.body


def test_a_reviewed_letter_is_sent_once_with_the_text_that_was_read(
    late: Takedown, officer: User, moderator_a: User
) -> None:
    letter, actor = Letter.objects.get(), Actor.person(officer)
    seen = seen_of(letter)
    with pytest.raises(PermissionDenied):
        services.send_letter(letter=letter, seen=seen, actor=Actor.person(moderator_a))
    services.edit_letter(letter=letter, subject="At once, please", body="We insist.", actor=actor)
    with pytest.raises(LostRace, match="Ada Lindqvist, Product Safety Authority changed the letter"):
        services.send_letter(letter=letter, seen=seen, actor=actor)
    assert not Mail.objects.filter(key__startswith="letter").exists()
    letter.refresh_from_db()
    services.send_letter(letter=letter, seen=seen_of(letter), actor=actor)
    mail = Mail.objects.get(key__startswith="letter")
    assert (mail.to, mail.subject) == ("safety@bazaarly.example", "At once, please")
    assert mail.body.startswith("We insist.")
    letter.refresh_from_db()
    for act in (
        lambda: services.send_letter(letter=letter, seen=seen_of(letter), actor=actor),
        lambda: services.edit_letter(letter=letter, subject="x", body="y", actor=actor),
        lambda: services.discard_letter(letter=letter, reason="Late.", actor=actor),
    ):
        with pytest.raises(IllegalTransition):
            act()
    assert Mail.objects.filter(key__startswith="letter").count() == 1
    assert AuditEvent.objects.get(action="letter.edited").before["subject"].startswith("Listing A-1")


def test_sending_asks_first_and_shows_receiver_address_subject_and_attachments(
    late: Takedown, officer: User, moderator_a: User, manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    letter, client = Letter.objects.get(), sign_in(officer)
    send = reverse("enforcement:letter_send", args=[letter.pk])
    assert send in client.get(reverse("enforcement:letter", args=[letter.pk])).content.decode()
    page = " ".join(client.get(send).content.decode().split())
    for shown in ("Bazaarly", "safety@bazaarly.example", letter.subject, "2 people of Bazaarly", "None. The message links",
                  "You cannot undo sending.", f'name="seen" value="{seen_of(letter)}"'):  # fmt: skip
        assert shown in page
    letter.refresh_from_db()
    assert letter.status == "draft", "showing it sends nothing"
    assert not Mail.objects.filter(key__startswith="letter").exists()
    assert sign_in(moderator_a).get(send).status_code == 403


@pytest.mark.parametrize("changed", ["text", "address", "name", "nothing shown"])
def test_what_changed_after_the_confirmation_page_is_not_sent(
    changed: str, late: Takedown, officer: User, as_actor: Callable[[User], Actor], sign_in: Callable[[User], Client]
) -> None:
    letter, client = Letter.objects.get(), sign_in(officer)
    send = reverse("enforcement:letter_send", args=[letter.pk])
    seen = client.get(send).context["seen"] if changed != "nothing shown" else ""
    platform = Organisation.objects.filter(pk=late.platform_id)
    if changed == "text":
        services.edit_letter(letter=letter, subject=letter.subject, body="Never mind.", actor=as_actor(officer))
    elif changed == "address":
        platform.update(contact_email="mallory@elsewhere.example")
    elif changed == "name":
        platform.update(name="Elsewhere")
    assert client.post(send, {"seen": seen}).status_code == 409
    letter.refresh_from_db()
    assert letter.status == "draft"
    assert not Mail.objects.filter(key__startswith="letter").exists()
    assert client.post(send, {"seen": client.get(send).context["seen"]}).status_code == 302
    assert Mail.objects.filter(key__startswith="letter").count() == 1
    assert client.get(send)["Location"] == reverse("enforcement:letter", args=[letter.pk])


def test_without_a_contact_address_a_letter_is_not_sent(
    late: Takedown, officer: User, sign_in: Callable[[User], Client]
) -> None:
    Organisation.objects.filter(pk=late.platform_id).update(contact_email="")
    letter = Letter.objects.get()
    with pytest.raises(ValidationError, match="no contact address"):
        services.send_letter(letter=letter, seen=seen_of(letter), actor=Actor.person(officer))
    letter.refresh_from_db()
    assert letter.status == "draft"
    page = sign_in(officer).get(reverse("enforcement:letter_send", args=[letter.pk])).content.decode()
    assert "has no contact address" in page
    assert 'name="seen"' not in page


def test_a_template_has_versions_and_the_newest_is_used(
    regulator: Organisation, platform_a: Organisation, admin: User, officer: User
) -> None:
    written = {
        "regulator": regulator,
        "language": "en",
        "subject": "About $listing",
        "body": "It costs $$5, $platform.",
    }
    with pytest.raises(PermissionDenied):
        services.write_template(actor=Actor.person(officer), **written)
    for wrong, detail in (
        ({"body": "$nobody"}, r"\$nobody is not a field"),
        ({"body": "5 $"}, "no field name after it"),
        ({"subject": " "}, "Enter a text"),
    ):
        with pytest.raises(ValidationError, match=detail):
            services.write_template(actor=Actor.person(admin), **written | wrong)
    assert not LetterTemplate.objects.exists()
    for body in ("Old.", written["body"]):
        services.write_template(actor=Actor.person(admin), **written | {"body": body})
    with time_machine.travel(MONDAY, tick=False) as clock:
        notice = NoticeFactory(recall__regulator=regulator, platform=platform_a, sent_at=MONDAY)
        services.start_clock(flag=FlagFactory(notice=notice, listing__external_id="A-7", opened_at=MONDAY))
        clock.shift(timedelta(days=3))
        while services.sweep_escalations():
            pass
    letter = Letter.objects.get()
    assert (letter.template_version, letter.subject, letter.body) == (2, "About A-7", "It costs $5, Bazaarly.")


def test_a_platform_is_named_only_when_two_people_agree(
    late: Takedown, officer: User, admin: User, regulator: Organisation
) -> None:
    public_listing = PublicListing.objects.get()
    public = reverse("enforcement:late_platforms")
    services.agree_to_public_listing(public_listing=public_listing, reason="It stays up.", actor=Actor.person(officer))
    with pytest.raises(PermissionDenied, match="Another person"):
        services.agree_to_public_listing(public_listing=public_listing, reason="Again.", actor=Actor.person(officer))
    assert "Bazaarly" not in Client().get(public).content.decode()
    services.agree_to_public_listing(public_listing=public_listing, reason="Yes.", actor=Actor.person(admin))
    page = Client().get(public).content.decode()
    assert "Bazaarly" in page
    assert "Removal not confirmed" in page
    public_listing.refresh_from_db()
    with pytest.raises(ValidationError):
        services.withdraw_public_listing(public_listing=public_listing, reason=" ", actor=Actor.person(admin))
    services.withdraw_public_listing(
        public_listing=public_listing, reason="It was another listing.", actor=Actor.person(admin)
    )
    assert "Bazaarly" not in Client().get(public).content.decode()
    with pytest.raises(IllegalTransition):
        services.agree_to_public_listing(
            public_listing=PublicListing.objects.get(), reason="Still.", actor=Actor.person(officer)
        )


def test_the_pages_review_send_and_name(
    late: Takedown, officer: User, admin: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    letter, public_listing = Letter.objects.get(), PublicListing.objects.get()
    address = reverse("enforcement:letter", args=[letter.pk])
    assert sign_in(moderator_a).get(address).status_code == 404
    assert "still on sale" in sign_in(officer).get(reverse("enforcement:letters")).content.decode()
    assert sign_in(officer).post(address, {"subject": "", "body": ""}).status_code == 422
    assert sign_in(officer).post(address, {"subject": "At once", "body": "We insist."}).status_code == 302
    letter.refresh_from_db()
    send = reverse("enforcement:letter_send", args=[letter.pk])
    assert sign_in(officer).post(send, {"seen": "older"}).status_code == 409
    assert sign_in(officer).post(send, {"seen": seen_of(letter)}).status_code == 302
    assert "We insist." in sign_in(moderator_a).get(address).content.decode()
    template = reverse("enforcement:letter_template")
    assert sign_in(officer).get(template).status_code == 403
    assert sign_in(admin).post(template, {"language": "de", "subject": "$x", "body": "y"}).status_code == 422
    assert (
        sign_in(admin).post(template, {"language": "de", "subject": "Sofort", "body": "Bitte, $platform."}).status_code
        == 302
    )
    agree = reverse("enforcement:public_listing_agree", args=[public_listing.pk])
    assert sign_in(moderator_a).post(agree, {"reason": "No."}).status_code == 403
    assert sign_in(officer).post(agree, {"reason": "It stays up."}).status_code == 302
    assert sign_in(officer).post(agree, {"reason": "Me again."}).status_code == 403
    assert sign_in(admin).post(agree, {"reason": "Yes."}).status_code == 302
    assert PublicListing.objects.get().status == "published"


def test_another_regulator_sees_neither_letter_nor_public_listing(
    late: Takedown, sign_in: Callable[[User], Client]
) -> None:
    stranger = UserFactory(role="regulator_staff", organisation__kind="regulator")
    for name, row in (("letter", Letter.objects.get()), ("public_listing_agree", PublicListing.objects.get())):
        assert sign_in(stranger).get(reverse(f"enforcement:{name}", args=[row.pk])).status_code == 404


def test_a_dismissed_flag_ends_public_naming_and_discards_its_letters(
    late: Takedown, officer: User, admin: User, moderator_a: User
) -> None:
    for person in (officer, admin):
        services.agree_to_public_listing(
            public_listing=PublicListing.objects.get(), reason="It stays up.", actor=Actor.person(person)
        )
    public = reverse("enforcement:late_platforms")
    assert "Bazaarly" in Client().get(public).content.decode()
    appeal = services.make_appeal(takedown=late, side="seller", text="Another model.", actor=Actor.person(moderator_a))
    services.answer_appeal(appeal=appeal, grant=True, answer="It is HL-300.", actor=Actor.person(officer))
    assert "Bazaarly" not in Client().get(public).content.decode()
    assert (PublicListing.objects.get().status, Letter.objects.get().status) == ("withdrawn", "discarded")
    reasons = AuditEvent.objects.filter(action__in=["public_listing.withdrawn", "letter.discarded"]).values_list(
        "reason", flat=True
    )
    assert list(reasons) == ["The flag was dismissed: not the product."] * 2


def test_a_letter_is_a_pdf_for_those_who_may_see_it(
    late: Takedown,
    officer: User,
    moderator_a: User,
    moderator_b: User,
    client: Client,
    as_actor: Callable[[User], Actor],
) -> None:
    letter = Letter.objects.get()
    address = reverse("enforcement:letter_pdf", args=[letter.pk])
    client.force_login(moderator_a)
    assert client.get(address).status_code == 404, "a draft is the regulator's own"
    client.force_login(officer)
    draft = client.get(address)
    assert draft["Content-Type"] == "application/pdf"
    assert "Toreview:notsent." in _printed(draft.content)
    services.send_letter(letter=letter, seen=seen_of(letter), actor=as_actor(officer))
    client.force_login(moderator_a)
    sent = _printed(client.get(address).content)
    assert "notsent" not in sent
    assert "".join(letter.body.split()) in sent
    client.force_login(moderator_b)
    assert client.get(address).status_code == 404


def _printed(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
