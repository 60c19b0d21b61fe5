"""A seller at their door: flags with evidence, links that were given, and a browser that has opened one."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import services
from enforcement.models import Appeal
from listings import services as listings
from listings.models import Attachment, Decision, Flag, Message, SellerAnswer, SellerLink
from portal.identity.account_links import token_for
from portal.identity.actors import Actor
from portal.models import Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory
from tests.portal.test_attachments import PDF

SHOP = "shop@example.com"
EVIDENCE = [
    {"signal": "same_model", "weight": 6.0, "says": "Same model number: HL-200R",
     "recall_span": {"field": "model_numbers", "start": 0, "end": 7, "text": "HL-200R"},
     "listing_span": {"field": "title", "start": 11, "end": 18, "text": "HL-200R"}},
    {"signal": "seller_before", "weight": 0.8, "says": "Seller Otto has listed it 4 times", "recall_span": None, "listing_span": None},
    {"signal": "other_model", "weight": -3.25, "says": "Another model", "recall_span": None, "listing_span": None},
]  # fmt: skip


def flag_at(platform: Organisation, recall_number: str, title: str, regulator: Organisation) -> Flag:
    notice = NoticeFactory(
        recall=RecallFactory(regulator=regulator, number=recall_number), platform=platform, sent_at=timezone.now()
    )
    row = FlagFactory(
        notice=notice,
        listing=ListingFactory(platform=platform, title=title),
        opened_at=timezone.now(),
        score=0.8765,
        evidence=EVIDENCE,
        listing_as_flagged={"title": title, "link": "https://shop.example.org/item/1"},
    )
    services.start_clock(flag=row)
    return Flag.objects.get(pk=row.pk)


def ask(flag: Flag, who: User, question: str = "Which lot is it?") -> None:
    seen = listings.seen_token(Flag.objects.get(pk=flag.pk))
    listings.decide(
        flag=flag, kind="ask_seller", question=question, note="INTERNAL-NOTE", seen=seen, actor=Actor.person(who)
    )


def handed_over(flag: Flag, who: User) -> listings.GivenLink:
    return listings.give_seller_link(flag=flag, actor=Actor.person(who))


def mailed(flag: Flag, who: User) -> listings.GivenLink:
    """A link that was mailed, with the token that the mail has."""
    link = listings.give_seller_link(flag=flag, address=SHOP, actor=Actor.person(who)).link
    return listings.GivenLink(link, token_for(link.pk, link.nonce, kind="seller"))


def guest(given: listings.GivenLink) -> Client:
    """A browser that has opened the link."""
    client = Client()
    answer = client.get(reverse("enforcement:seller_link", args=[given.token]))
    assert (answer.status_code, answer["Location"]) == (302, page_of(given.link))
    return client


def page_of(link: SellerLink) -> str:
    return reverse("enforcement:seller_page", args=[link.pk])


def send(client: Client, link: SellerLink, **fields: object) -> tuple[int, str]:
    answer = client.post(page_of(link), {"act": "answer", "text": "It is lot 7.", **fields})
    return answer.status_code, answer.content.decode()


def state() -> tuple[object, ...]:
    """What a refusal must leave as it was."""
    return (
        list(Flag.objects.order_by("pk").values_list("status", flat=True)),
        Message.objects.count(),
        Attachment.objects.count(),
        SellerAnswer.objects.count(),
        Appeal.objects.count(),
        Decision.objects.count(),
    )


def receipt() -> SimpleUploadedFile:
    return SimpleUploadedFile("receipt.pdf", PDF)
