"""A seller's page shows what the reader may see of a name, and never takes two names for one seller."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from enforcement import services as enforcement
from listings.models import Flag, Listing
from listings.seller_leads import MAX_NAMES_ON_HOST, leads_of
from listings.seller_names import folded
from portal.identity.actors import Actor
from portal.models import Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
NAME = "Norte SL"
HIDDEN = "Listings under this name on other platforms are hidden"


def flagged(regulator: Organisation, platform: Organisation, name: str, external_id: str) -> Flag:
    row = ListingFactory(platform=platform, external_id=external_id, title=f"Heater {external_id}", seller=name)
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform)
    return FlagFactory(notice=notice, listing=row)


def page_of(listing: Listing, client: Client) -> str:
    answer = client.get(reverse("listings:seller", args=[listing.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_regulator_sees_the_sellers_flags_and_the_same_name_on_another_platform(
    regulator: Organisation, platform_a: Organisation, platform_b: Organisation, officer: User, client: Client
) -> None:
    here, there = flagged(regulator, platform_a, NAME, "A-1"), flagged(regulator, platform_b, NAME, "B-1")
    flagged(regulator, platform_b, "Sur SL", "B-2")
    client.force_login(officer)
    page = page_of(here.listing, client)
    assert f'href="{reverse("listings:flag", args=[here.pk])}"' in page
    assert f'href="{reverse("listings:flag", args=[there.pk])}"' not in page
    assert f'href="{reverse("listings:seller", args=[there.listing_id])}"' in page
    assert "May be the same seller" in page
    assert "B-2" not in page


def test_geo_restrictions_are_no_removals(
    regulator: Organisation, platform_a: Organisation, moderator_a: User, client: Client
) -> None:
    """On the seller's page, beside another flag of the seller, and among the sellers of a product."""
    flags = [flagged(regulator, platform_a, NAME, f"A-{number}") for number in range(5)]
    for flag, status in zip(flags, ("removed", "removed", "restricted", "claimed_removed", "open"), strict=True):
        Flag.objects.filter(pk=flag.pk).update(status=status, recall=flags[0].recall, product=flags[0].product)
    client.force_login(moderator_a)
    facts = dict(re.findall(r"<dt>([^<]+)</dt>\s*<dd>\s*(\d+)\s*</dd>", page_of(flags[0].listing, client)))
    assert facts == {
        "Flags": "5", "Undecided": "1", "Awaiting proof": "1", "Removal confirmed": "2", "Geo-restriction confirmed": "1",
        "Not the product": "0", "Relisted": "0",
    }  # fmt: skip
    beside = tight(client.get(reverse("listings:flag", args=[flags[4].pk])).content.decode())
    assert f"Other flags of seller {NAME}: 4 (removal confirmed: 2, geo-restriction confirmed: 1," in beside
    product = tight(client.get(reverse("enforcement:product", args=[flags[0].product_id])).content.decode())
    row = product.partition("Sellers with the most listings")[2].partition("</table>")[0]
    assert [*re.findall(r"<th scope=.col.[^>]*>([^<]+)<", row)][1:] == [
        "Flags", "Removal confirmed", "Geo-restriction confirmed", "Relisted",
    ]  # fmt: skip
    assert re.findall(r'class="wb-num"[^>]*>(\d+)<', row) == ["5", "2", "1", "0"]


def test_a_moderator_sees_their_platform_alone_and_reads_that_others_are_hidden(
    regulator: Organisation, platform_a: Organisation, platform_b: Organisation, moderator_a: User, client: Client
) -> None:
    here, there = flagged(regulator, platform_a, NAME, "A-1"), flagged(regulator, platform_b, NAME, "B-1")
    client.force_login(moderator_a)
    page = page_of(here.listing, client)
    assert HIDDEN in page
    assert "B-1" not in page
    assert client.get(reverse("listings:seller", args=[there.listing_id])).status_code == 404


@pytest.mark.parametrize("name", ["", "<script>x</script>", "a/../b?c#d", "\u202egnp.exe", "x" * 200])
def test_a_hostile_name_is_shown_as_text(
    name: str, regulator: Organisation, platform_a: Organisation, officer: User, client: Client
) -> None:
    flag = flagged(regulator, platform_a, name, "A-1")
    client.force_login(officer)
    page = page_of(flag.listing, client)
    assert "<script>x" not in page
    assert ("names no seller" in page) == (name == "")


def test_six_flags_take_no_more_than_sixteen_queries(
    regulator: Organisation,
    platform_a: Organisation,
    officer: User,
    client: Client,
    django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:
    flags = [flagged(regulator, platform_a, NAME, f"A-{number}") for number in range(6)]
    client.force_login(officer)
    page_of(flags[0].listing, client)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        page = page_of(flags[0].listing, client)
    assert all(reverse("listings:flag", args=[flag.pk]) in page for flag in flags)


def test_search_says_what_it_hides(moderator_a: User, officer: User, admin: User, client: Client) -> None:
    said = {}
    for user in (moderator_a, officer, admin):
        client.force_login(user)
        said[user] = client.get(reverse("listings:search"), {"q": "heater"}).content.decode()
    assert "Recalls not sent to it" in said[moderator_a]
    assert "Listings that are not flagged for one of them are hidden" in said[officer]
    assert "Listings that are not flagged for one of them are hidden" in said[admin]


PICTURE = f"{(1 << 2000) // 7:0576x}" + "40" * 32


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("NORTE, S.L.", True), ("Nоrte sl", True), ("norte", True), ("Norte Store Co., Ltd.", True), ("Ñorte", True),
        ("Norte Sur", False), ("Nord", False), ("", False), ("SL", False),
    ],
)  # fmt: skip
def test_a_name_that_reads_alike_is_a_lead_and_another_one_is_none(name: str, same: bool) -> None:
    assert (folded(name) == folded(NAME)) == same


def test_leads_by_name_host_and_picture_are_said_to_be_no_facts(
    regulator: Organisation, platform_a: Organisation, platform_b: Organisation, officer: User, client: Client
) -> None:
    here = flagged(regulator, platform_a, NAME, "A-1")
    alike, beside, pictured, stranger = (
        flagged(regulator, platform_b, name, f"B-{place}")
        for place, name in enumerate(("NORTE S.L.", "Westside", "Eastside", "Unrelated"))
    )
    for flag, values in (
        (here, {"link": "https://norte.example/1", "picture_hash": PICTURE}),
        (beside, {"link": "https://www.norte.example/2"}),
        (pictured, {"picture_hash": PICTURE}),
    ):
        Listing.objects.filter(pk=flag.listing_id).update(**values)
    flagged(regulator, platform_a, "Another", "A-2")
    client.force_login(officer)
    page = page_of(here.listing, client)
    assert "These are leads, not facts." in page
    assert "Pages on norte.example" in page
    for flag in (alike, beside, pictured):
        assert f'href="{reverse("listings:seller", args=[flag.listing_id])}"' in page
    assert f'href="{reverse("listings:seller", args=[stranger.listing_id])}"' not in page
    leads = leads_of(Listing.objects.get(pk=here.listing_id), Actor.person(officer))
    found = {"names": leads.names, **leads.hosts, "pictures": leads.pictures}
    assert {kind: [each.name for each in others] for kind, others in found.items()} == {
        "names": ["NORTE S.L."], "norte.example": ["Westside"], "pictures": ["Eastside"],
    }  # fmt: skip


def test_a_host_of_many_sellers_or_of_the_whole_platform_is_no_lead(
    regulator: Organisation, platform_a: Organisation, platform_b: Organisation, officer: User
) -> None:
    here = flagged(regulator, platform_a, NAME, "A-1")
    for place in range(MAX_NAMES_ON_HOST):
        flagged(regulator, platform_b, f"Seller {place}", f"B-{place}")
    Listing.objects.exclude(pk=here.listing_id).update(link="https://mall.example/x")
    assert leads_of(here.listing, Actor.person(officer)).hosts == {}  # each platform has one host
    Listing.objects.filter(pk=here.listing_id).update(link="https://mall.example/y")
    flagged(regulator, platform_a, "Own host", "A-2")
    flagged(regulator, platform_b, "Own host", "B-99")
    found = leads_of(Listing.objects.get(pk=here.listing_id), Actor.person(officer))
    assert found.hosts == {}  # too many sell there
    Flag.objects.filter(listing__external_id="B-0").update(listing=Listing.objects.get(external_id="B-99"))
    found = leads_of(Listing.objects.get(pk=here.listing_id), Actor.person(officer))
    assert [each.name for each in found.hosts["mall.example"]] == [f"Seller {place}" for place in (4, 3, 2, 1)]


def test_a_platform_gets_leads_within_its_own_catalogue_alone(
    regulator: Organisation, platform_a: Organisation, platform_b: Organisation, moderator_a: User, client: Client
) -> None:
    here, near = flagged(regulator, platform_a, NAME, "A-1"), flagged(regulator, platform_a, "norte", "A-2")
    far = flagged(regulator, platform_b, "NORTE", "B-1")
    Listing.objects.update(picture_hash=PICTURE)
    client.force_login(moderator_a)
    page = page_of(here.listing, client)
    assert f'href="{reverse("listings:seller", args=[near.listing_id])}"' in page
    assert f'href="{reverse("listings:seller", args=[far.listing_id])}"' not in page
    assert "NORTE" not in page


@pytest.mark.parametrize("link", ["http://[x", "javascript:alert(1)", "\u0000", "https://", "x" * 2000])
def test_a_hostile_address_leads_nowhere(
    link: str, regulator: Organisation, platform_a: Organisation, officer: User
) -> None:
    here, other = flagged(regulator, platform_a, NAME, "A-1"), flagged(regulator, platform_a, "Other", "A-2")
    here.listing.link = link
    Listing.objects.filter(pk=other.listing_id).update(link=link.replace("\u0000", ""))
    assert leads_of(here.listing, Actor.person(officer)).hosts == {}


def test_takedowns_and_queue_are_narrowed_to_the_seller(
    regulator: Organisation, platform_a: Organisation, officer: User, client: Client
) -> None:
    here, other = flagged(regulator, platform_a, NAME, "A-1"), flagged(regulator, platform_a, "Norte", "A-2")
    for flag in (here, other):
        enforcement.start_clock(flag=flag)
    client.force_login(officer)
    page = page_of(here.listing, client)
    for name in ("enforcement:takedowns", "listings:queue"):
        query = "view=all&amp;seller=Norte%20SL" if name == "listings:queue" else "seller=Norte%20SL"
        assert f'href="{reverse(name)}?{query}"' in page
        listed = client.get(reverse(name), {"view": "all", "seller": NAME}).content.decode()
        assert "A-1" in listed
        assert "A-2" not in listed
