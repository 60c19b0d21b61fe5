"""One search for recalls, flags, listings and sellers, and each person finds only what is theirs to see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enforcement import services as enforcement
from listings import search
from listings.models import Flag, Listing
from listings.search import Search
from portal.models import Organisation, User
from recalls.models import Recall
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
SEARCH, QUEUE = reverse("listings:search"), reverse("listings:queue")


@pytest.fixture
def recall(regulator: Organisation) -> Recall:
    recall = RecallFactory(regulator=regulator, number="26117", title="Hearthline heaters recalled")
    Recall.objects.filter(pk=recall.pk).update(search="26117 hearthline heaters recalled hl-200r")
    return recall


@pytest.fixture
def listing(recall: Recall, platform_a: Organisation) -> Listing:
    """A flagged listing on Bazaarly, with a clock."""
    row = ListingFactory(
        platform=platform_a, external_id="B-77", title="Calefactor cerámico Hearthline de torre", seller="Norte SL",
        keys=["g:00012345678905", "m:hl200r"],
    )  # fmt: skip
    notice = NoticeFactory(recall=recall, platform=platform_a)
    flag = FlagFactory(notice=notice, listing=row, opened_at=timezone.now())
    enforcement.start_clock(flag=flag)
    return row


def test_a_sellers_name_leads_to_its_page_on_each_platform_that_the_reader_sees(
    listing: Listing, recall: Recall, platform_b: Organisation, officer: User, moderator_a: User, client: Client
) -> None:
    other = ListingFactory(platform=platform_b, seller="Norte SL")
    FlagFactory(notice=NoticeFactory(recall=recall, platform=platform_b), listing=other, opened_at=timezone.now())
    here, there = (f'href="{reverse("listings:seller", args=[row.pk])}"' for row in (listing, other))
    for person, seen in ((officer, [True, True]), (moderator_a, [True, False])):
        client.force_login(person)
        page = client.get(SEARCH, {"q": "Norte SL"}).content.decode()
        assert [link in page for link in (here, there)] == seen
        assert ("Seller's page on Bazaarly" in page, "Seller's page on Market One" in page) == tuple(seen)


def test_a_slip_of_the_pen_finds_recalls_with_a_similar_title_that_the_reader_may_see(
    recall: Recall, officer: User, moderator_b: User, client: Client
) -> None:
    for person, seen in ((officer, True), (moderator_b, False)):
        client.force_login(person)
        page = client.get(SEARCH, {"q": "hearthlnie heater"}).content.decode()
        assert "No results" in page
        assert ("Recalls with a similar title" in page, "Hearthline heaters recalled" in page) == (seen, seen)
    client.force_login(officer)
    assert "similar title" not in client.get(SEARCH, {"q": "sofa"}).content.decode()
    assert "similar title" not in client.get(SEARCH, {"q": "hearthline"}).content.decode(), "what was found is enough"


@pytest.mark.parametrize(
    "typed",
    [
        "B-77",
        "Norte SL",
        "012345678905",
        "0 12345 67890 5",
        "HL-200R",
        "cerámico",
        "CALEFACTOR torre",
        "hearth cal",
        "torre_",
    ],
)
def test_a_listing_is_found_by_id_seller_gtin_model_and_the_beginnings_of_words(typed: str, listing: Listing) -> None:
    ListingFactory(platform=listing.platform, external_id="B-78", title="Garden chair", keys=["m:gc1000"])
    assert list(Search(typed).listings()) == [listing]


@pytest.mark.parametrize("typed", ["", "  ", "sofa", "B-7", "!!!", "' | & :* <->", "calefactor sofa"])
def test_what_is_not_there_is_not_found_and_signs_break_nothing(typed: str, listing: Listing) -> None:
    assert list(Search(typed).listings()) == []


def test_the_search_page_finds_each_kind(listing: Listing, recall: Recall, moderator_a: User, client: Client) -> None:
    client.force_login(moderator_a)
    Flag.objects.update(listing_as_flagged={"title": listing.title})
    page = client.get(SEARCH, {"q": "hearthline"}).content.decode()
    flag = Flag.objects.get()
    for address in (
        reverse("recalls:detail", args=[recall.pk]),
        reverse("listings:flag", args=[flag.pk]),
        reverse("listings:listing", args=[listing.pk]),
    ):
        assert f'href="{address}"' in page
    assert "1 listing, 1 flag" in tight(client.get(SEARCH, {"q": "Norte SL"}).content.decode())
    assert f"Flag {flag.pk}:" in client.get(SEARCH, {"q": str(flag.pk)}).content.decode()
    assert "No results" in client.get(SEARCH, {"q": "sofa"}).content.decode()
    assert "No results" not in client.get(SEARCH).content.decode()


def test_a_recalls_whole_number_opens_it(recall: Recall, officer: User, client: Client) -> None:
    client.force_login(officer)
    assert client.get(SEARCH, {"q": " 26117 "})["Location"] == reverse("recalls:detail", args=[recall.pk])


def test_another_platform_and_another_regulator_find_none_of_it(
    listing: Listing, moderator_b: User, client: Client
) -> None:
    client.force_login(moderator_b)
    for typed in ("hearthline", "B-77", "Norte SL", "012345678905", str(Flag.objects.get().pk), "26117"):
        page = client.get(SEARCH, {"q": typed}).content.decode()
        assert "No results" in page, typed


def test_a_draft_is_not_found_by_a_platform(recall: Recall, moderator_a: User, client: Client) -> None:
    Recall.objects.update(status="draft")
    client.force_login(moderator_a)
    assert "No results" in client.get(SEARCH, {"q": "26117"}).content.decode()


@pytest.mark.parametrize(
    ("typed", "found"), [("calefactor", True), ("26117", True), ("hl-200r", True), ("sofa", False)]
)
def test_the_queue_is_searched_the_same_way(
    typed: str, found: bool, listing: Listing, moderator_a: User, client: Client
) -> None:
    client.force_login(moderator_a)
    Flag.objects.update(listing_as_flagged={"title": listing.title})
    assert (listing.title in client.get(QUEUE, {"q": typed}).content.decode()) is found


def test_the_queue_is_narrowed_by_hazard_and_age(listing: Listing, moderator_a: User, client: Client) -> None:
    flag = Flag.objects.select_related("notice__version").get()
    flag.notice.version.hazard = "The heater can overheat: fire hazard."
    flag.notice.version.save()
    client.force_login(moderator_a)

    def shows(**given: str) -> bool:
        return listing.title in client.get(QUEUE, given).content.decode()

    assert (shows(hazard="fire"), shows(hazard="choking")) == (True, False)
    assert (shows(age="1"), shows(age="")) == (False, True)
    Flag.objects.update(opened_at=timezone.now() - timedelta(hours=7))
    assert (shows(age="6"), shows(age="24")) == (True, False)


def test_every_way_to_find_a_listing_has_an_index(listing: Listing) -> None:
    with connection.cursor() as cursor:
        for way in ("enable_seqscan", "enable_indexscan"):  # of a table as small as this one any plan is cheap
            cursor.execute(f"SET LOCAL {way} = off")
        plan = Search("Hearthline HL-200R").listings().order_by().explain()
    assert "listing_keys" in plan
    assert "listing_words" in plan
    assert "Seq Scan" not in plan


def test_a_flag_is_found_by_the_title_it_was_flagged_with_through_an_index(listing: Listing) -> None:
    Flag.objects.update(listing_as_flagged={"title": "Calefactor de torre"})
    Listing.objects.update(title="Renamed by its seller")
    assert Search("calefactor").flags(Flag.objects.all()).count() == 1
    assert Search("").flags(Flag.objects.all()).count() == 0
    with connection.cursor() as cursor:
        for way in ("enable_seqscan", "enable_indexscan"):
            cursor.execute(f"SET LOCAL {way} = off")
        assert "flag_words" in Search("calefactor").flags(Flag.objects.all()).order_by().explain()


@pytest.mark.parametrize("address", [SEARCH, QUEUE, reverse("listings:catalogue")])
def test_a_rare_word_is_asked_of_the_index_and_no_page_reads_titles_from_the_newest_on(
    address: str, listing: Listing, moderator_a: User, client: Client
) -> None:
    ListingFactory(platform=listing.platform, title="Garden chair")
    Flag.objects.update(listing_as_flagged={"title": listing.title})
    client.force_login(moderator_a)
    with CaptureQueriesContext(connection) as asked:
        shown = client.get(address, {"q": "calefactor"}).content.decode()
    assert "Calefactor cerámico" in shown
    assert "Garden chair" not in shown
    by_words = [query["sql"] for query in asked if "to_tsvector" in query["sql"]]
    assert by_words
    assert not [query for query in by_words if "ORDER BY" in query]


def test_a_word_that_half_the_catalogue_has_is_shown_from_the_newest_on(
    listing: Listing, moderator_a: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "RARE_UP_TO", 2)
    ListingFactory.create_batch(3, platform=listing.platform, title="Garden chair")
    ListingFactory(platform=listing.platform, title="Garden table")
    client.force_login(moderator_a)
    shown = client.get(reverse("listings:catalogue"), {"q": "garden chair"}).content.decode()
    assert shown.count("Garden chair") >= 3
    assert "Garden table" not in shown


@pytest.mark.parametrize("address", [SEARCH, QUEUE, reverse("listings:catalogue")])
def test_which_platforms_there_are_is_asked_once_for_a_search(
    address: str, listing: Listing, moderator_a: User, client: Client
) -> None:
    client.force_login(moderator_a)
    with CaptureQueriesContext(connection) as captured:
        assert listing.title in client.get(address, {"q": "B-77"}).content.decode()
    asked = [
        each["sql"] for each in captured if each["sql"].startswith('SELECT "portal_organisation"."id" AS "pk" FROM')
    ]
    assert len(asked) == 1, asked
