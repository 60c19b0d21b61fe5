"""The seller network as a picture: who is drawn, why, and the same as a table, within what the reader may see."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from listings.models import Listing
from listings.seller_leads import Leads, Other
from listings.seller_network import MAX_DRAWN, network_of
from portal.models import Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
PICTURE = f"{(1 << 2000) // 7:0576x}" + "40" * 32


def flagged(regulator: Organisation, platform: Organisation, seller: str, **listing: str) -> Listing:
    recall = RecallFactory(regulator=regulator)
    sold = ListingFactory(platform=platform, seller=seller, **listing)
    FlagFactory(notice=NoticeFactory(recall=recall, platform=platform), listing=sold)
    return sold


def page_of(listing: Listing, reader: User, client: Client) -> str:
    client.force_login(reader)
    return tight(client.get(reverse("listings:seller", args=[listing.pk])).content.decode())


def test_who_may_be_the_same_seller_is_drawn_with_a_caption_and_a_table(
    regulator: Organisation, platform_a: Organisation, platform_b: Organisation, officer: User, client: Client
) -> None:
    here = flagged(regulator, platform_a, "Norte SL", link="https://norte.example/1")
    flagged(regulator, platform_a, "Another", link="https://bazaarly.example/2")
    flagged(regulator, platform_b, "NORTE S.L.", link="https://www.norte.example/3")
    flagged(regulator, platform_b, "Westside", link="https://www.norte.example/4")
    flagged(regulator, platform_b, "Unrelated", link="https://other.example/5")
    page = page_of(here, officer, client)
    assert f"2 other sellers may be the same one. Platforms: {platform_b}." in page
    drawing = page.partition('<svg class="is-wide"')[2].partition("</svg>")[0]
    assert re.findall(r'<text class="c-lab"[^>]*>([^<]*)<', drawing) == ["NORTE S.L.", "Westside", "Norte SL"]
    assert (drawing.count("c-link-name"), drawing.count("c-link-host"), drawing.count("c-link-picture")) == (1, 2, 0)
    table = page.partition('aria-labelledby="network-cap"')[2].partition("</table>")[0]
    assert re.findall(r'data-label="Why">([^<]*)<', table) == [
        "Name reads alike, Pages on one host",
        "Pages on one host",
    ]
    assert "Unrelated" not in table


def test_one_other_seller_is_one_and_none_draws_nothing(
    regulator: Organisation, platform_a: Organisation, platform_b: Organisation, officer: User, client: Client
) -> None:
    here = flagged(regulator, platform_a, "Norte SL")
    assert "Seller network" not in page_of(here, officer, client)
    flagged(regulator, platform_b, "NORTE S.L.")
    assert f"1 other seller may be the same one. Platforms: {platform_b}." in page_of(here, officer, client)


def test_a_platform_sees_no_other_platform_in_the_picture(
    regulator: Organisation, platform_a: Organisation, platform_b: Organisation, moderator_a: User, client: Client
) -> None:
    here = flagged(regulator, platform_a, "Norte SL")
    flagged(regulator, platform_b, "NORTE S.L.")
    page = page_of(here, moderator_a, client)
    assert "Seller network" not in page
    assert "NORTE S.L." not in page


def test_a_hostile_name_is_text_and_long_or_many_names_are_cut_in_the_picture_alone(
    regulator: Organisation, platform_a: Organisation, platform_b: Organisation, officer: User, client: Client
) -> None:
    here = flagged(regulator, platform_a, "Norte SL", picture_hash=PICTURE)
    name = "<script>alert(1)</script>" + "x" * 40
    flagged(regulator, platform_b, name, picture_hash=PICTURE)
    page = page_of(here, officer, client)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page
    many = [Other(f"Norte {number}", platform_b.pk, here.pk, 1) for number in range(MAX_DRAWN + 3)]
    network = network_of(here, Leads(names=many, hosts={}, pictures=[], is_partial=False), {platform_b.pk: platform_b})
    assert network is not None
    assert (len(network.wide.names), len(network.table), network.is_cut) == (MAX_DRAWN, MAX_DRAWN + 3, True)
    for drawing in (network.wide, network.narrow):
        assert all(0 <= line.y1 <= drawing.height and 0 <= line.y2 <= drawing.height for line in drawing.lines)
