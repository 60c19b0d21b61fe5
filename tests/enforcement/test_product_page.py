"""A recalled product's page: its listings on every platform, in every version of its recall; for a platform its own."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from enforcement import services
from enforcement.models import Takedown
from listings.models import Decision, Flag
from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls.models import Product, Recall, RecallVersion
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db


@pytest.fixture
def recall(regulator: Organisation, platform_a: Organisation, platform_b: Organisation) -> Recall:
    """Two versions of one product and another product; three listings at Bazaarly, one at Market One."""
    recall = RecallFactory(regulator=regulator, number="26-771", product={"model_numbers": ["HL-200R"]})
    first = recall.current
    at_a, at_b = (NoticeFactory(recall=recall, platform=each) for each in (platform_a, platform_b))
    product = first.products.get()
    for notice, name, seller, status in (
        (at_a, "A-1", "northside", "removed"), (at_a, "A-2", "northside", "open"), (at_b, "B-1", "westside", "dismissed"),
    ):  # fmt: skip
        listing = ListingFactory(platform=notice.platform, external_id=name, title=f"Heater {name}", seller=seller)
        flag = FlagFactory(notice=notice, listing=listing, product=product, status=status)
        services.start_clock(flag=flag)
    gone = Flag.objects.get(listing__external_id="A-1")
    Takedown.objects.filter(flag=gone).update(status="met", met_at=gone.opened_at)
    Flag.objects.filter(listing__external_id="A-2").update(relisted_from=gone)
    second = RecallVersion.objects.create(recall=recall, version=2, title=first.title, published_at=first.published_at)
    renamed = Product.objects.create(
        version=second, name="Tower heater, all colours", model_numbers=["hl-200r", "HL-300"]
    )
    other = Product.objects.create(version=second, position=1, name="Fan", model_numbers=["F-1"])
    for name, found in (("A-3", renamed), ("A-4", other)):
        listing = ListingFactory(platform=platform_a, external_id=name, title=f"Heater {name}", seller="")
        services.start_clock(flag=FlagFactory(notice=at_a, listing=listing, product=found))
    at_a.version = second
    at_a.save()
    recall.current = second
    recall.save()
    return recall


def test_numbers_on_removed_listings_that_the_recall_lacks_are_shown_to_the_regulator(
    recall: Recall, officer: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    product = of_version(recall, 1, "Hearthline")
    flag = Flag.objects.get(listing__external_id="A-1")
    said = flag.listing_as_flagged | {"gtin": "5901234123457, 00012345678905", "mpn": "ZT-4410"}
    Flag.objects.filter(pk=flag.pk).update(listing_as_flagged=said)
    assert "Identifiers on removed listings" not in page_of(product, sign_in(officer))  # nobody decided it
    Decision.objects.create(flag=flag, kind="removed", score=1, actor_kind="person", actor_label="Nia Adeyemi")
    page = page_of(product, sign_in(officer))
    assert "Identifiers on removed listings" in page
    assert "<bdi>5901234123457</bdi>" in page
    assert "<bdi>ZT-4410</bdi>" in page
    assert "<bdi>012345678905</bdi>" not in page
    in_force = of_version(recall, 2, "Tower")
    assert "Identifiers on removed listings" in page_of(in_force, sign_in(officer))
    assert "Identifiers on removed listings" not in page_of(in_force, sign_in(moderator_a))


def of_version(recall: Recall, version: int, name: str) -> Product:
    return Product.objects.get(version__recall=recall, version__version=version, name__startswith=name)


def page_of(product: Product, client: Client, **query: str) -> str:
    answer = client.get(reverse("enforcement:product", args=[product.pk]), query)
    assert answer.status_code == 200
    return tight(answer.content.decode())


@pytest.mark.parametrize(
    ("version", "name", "found"),
    [(1, "Hearthline", {"A-1", "A-2", "A-3", "B-1"}), (2, "Tower", {"A-1", "A-2", "A-3", "B-1"}), (2, "Fan", {"A-4"})],
)
def test_a_product_has_the_listings_of_all_versions_of_its_recall(
    recall: Recall, officer: User, version: int, name: str, found: set[str]
) -> None:
    flags = services.flags_of_product(product=of_version(recall, version, name), actor=Actor.person(officer))
    assert set(flags.values_list("listing__external_id", flat=True)) == found


def test_a_regulator_reads_states_sellers_removals_and_relistings_of_every_platform(
    recall: Recall, officer: User, sign_in: Callable[[User], Client]
) -> None:
    client, product = sign_in(officer), of_version(recall, 2, "Tower")
    page = page_of(product, client)
    assert "2 of 4 listings are not decided or not confirmed." in page
    assert all(text in page for text in ("B-1", "westside", "Market One", "looks like listing A-1", "hl-200r"))
    gone = page_of(product, client, state="gone")
    assert "Heater A-1" in gone
    assert reverse("listings:listing", args=[Flag.objects.get(listing__external_id="A-3").listing_id]) not in gone
    assert client.get(reverse("enforcement:product", args=[product.pk]), {"state": "x"}).status_code == 404
    address = f'href="{reverse("enforcement:product", args=[product.pk])}"'
    assert address in client.get(reverse("recalls:detail", args=[recall.pk])).content.decode()
    Recall.objects.filter(pk=recall.pk).update(search="26-771 hl-300 tower heater")
    assert address in client.get(reverse("listings:search"), {"q": "HL-300"}).content.decode()


def test_a_platform_reads_its_own_listings_of_a_version_that_was_sent_to_it(
    recall: Recall, moderator_a: User, moderator_b: User, outsider: User, sign_in: Callable[[User], Client]
) -> None:
    new, old = of_version(recall, 2, "Tower"), of_version(recall, 1, "Hearthline")
    page = page_of(new, sign_in(moderator_a))
    assert "A-3" in page
    assert not any(text in page for text in ("B-1", "westside", "Market One"))
    client = sign_in(moderator_b)
    assert client.get(reverse("enforcement:product", args=[new.pk])).status_code == 404
    theirs = page_of(old, client)
    assert "B-1" in theirs
    assert not any(text in theirs for text in ("A-1", "northside", "Bazaarly"))
    assert sign_in(outsider).get(reverse("enforcement:product", args=[old.pk])).status_code == 404


def test_more_listings_take_no_more_queries(
    recall: Recall, officer: User, sign_in: Callable[[User], Client], django_assert_max_num_queries: pytest.FixtureRequest,
    platform_a: Organisation,
) -> None:  # fmt: skip
    client, product = sign_in(officer), of_version(recall, 1, "Hearthline")
    page_of(product, client)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        page_of(product, client)
    notice = NoticeFactory(recall=recall, platform=platform_a, status="withdrawn")
    for number in range(5):
        listing = ListingFactory(platform=platform_a, external_id=f"C-{number}", seller=f"seller {number}")
        services.start_clock(flag=FlagFactory(notice=notice, listing=listing, product=product))
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert "C-4" in page_of(product, client)
