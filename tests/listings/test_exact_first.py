"""What is just what was typed comes first, wherever one searches; what only begins with it or holds its parts follows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import services as enforcement
from listings.models import CatalogueImport, CatalogueReject, Exclusion, Flag, Listing
from portal import audit
from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls.models import Notice
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory, UserFactory

pytestmark = pytest.mark.django_db
SEARCH, QUEUE = reverse("listings:search"), reverse("listings:queue")
CATALOGUE = reverse("listings:catalogue")


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation) -> Notice:
    return NoticeFactory(recall__regulator=regulator, platform=platform_a)


@pytest.fixture
def listings(notice: Notice) -> list[Listing]:
    """The oldest is API-5, with the latest deadline; the others have its parts in their titles."""

    def flagged(number: str, title: str, hours: int, keys: list[str]) -> Listing:
        row: Listing = ListingFactory(platform=notice.platform, external_id=number, title=title, keys=keys)
        due = timezone.now() + timedelta(hours=hours)
        FlagFactory(notice=notice, listing=row, due_at=due, listing_as_flagged={"title": title})
        return row

    first = flagged("API-5", "Heater", 99, ["g:00012345678905"])
    return [
        first,
        *(flagged(f"X-{number}", f"API 5{number} heater 012345678905", number, ["m:x100"]) for number in range(60)),
    ]


@pytest.mark.parametrize("typed", ["API-5", " API-5 ", "api-5", "012345678905", "0 12345 67890 5"])
@pytest.mark.parametrize("address", [CATALOGUE, QUEUE])
def test_an_id_or_gtin_comes_first_and_once_in_the_catalogue_and_the_queue(
    address: str, typed: str, listings: list[Listing], moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(moderator_a)
    shown, query = [], f"?{'view=all&' if address == QUEUE else ''}q={typed.replace(' ', '+')}"
    page = client.get(f"{address}{query}").context["page"]
    shown += page.rows
    assert page.previous_url == ""
    while page.next_url:
        page = client.get(f"{address}{page.next_url}").context["page"]
        shown += page.rows
    ids = [row.external_id if isinstance(row, Listing) else row.listing.external_id for row in shown]
    assert ids[0] == "API-5"
    assert len(ids) == len(set(ids))
    while page.previous_url:
        page = client.get(f"{address}{page.previous_url}").context["page"]
    assert page.rows[0] == shown[0], "back at the beginning it is there again"


def test_the_queue_opens_the_flag_whose_number_or_listing_was_typed(
    listings: list[Listing], moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    client, flag = sign_in(moderator_a), Flag.objects.get(listing=listings[0])
    for typed in ("API-5", str(flag.pk)):
        context = client.get(QUEUE, {"q": typed}).context
        assert (context["page"].rows[0].pk, context["flag"].pk) == (flag.pk, flag.pk), typed


def test_search_everywhere_shows_exact_ids_first_of_each_kind(
    listings: list[Listing], moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    context = sign_in(moderator_a).get(SEARCH, {"q": "API-5"}).context
    assert context["listings"][0] == listings[0]
    assert context["flags"][0].listing == listings[0]
    assert len(set(context["flags"])) == len(context["flags"]) > 10


def test_an_exact_id_of_another_platform_stays_hidden(
    listings: list[Listing], moderator_b: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(moderator_b)
    assert client.get(CATALOGUE, {"q": "API-5"}).context["page"].rows == []
    assert client.get(QUEUE, {"q": str(Flag.objects.get(listing=listings[0]).pk)}).context["page"].rows == []


def test_a_rejected_row_comes_first_by_its_id_before_newer_ones_whose_reason_holds_it(
    manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    job = CatalogueImport.objects.create(
        platform=manager_a.organisation, kind="full", filename="feed.csv", status="done"
    )
    for number, reason in (("API-5", "The title is missing."), ("API-599", "The id repeats that of API-5.")):
        CatalogueReject.objects.create(job=job, line=1, external_id=number, reason=reason, content="")
    rows = sign_in(manager_a).get("/rejects/", {"q": "api-5"}).context["page"].rows
    assert [row.external_id for row in rows] == ["API-5", "API-599"]


def test_an_exclusion_comes_first_by_its_listing_before_newer_ones_whose_title_holds_it(
    listings: list[Listing], notice: Notice, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    other = ListingFactory(platform=notice.platform, external_id="Y-1", title="Cover for API-5")
    for listing in (listings[0], other):
        Exclusion.objects.create(
            recall=notice.recall,
            platform=notice.platform,
            regulator=notice.recall.regulator,
            listing=listing,
            scope="listing",
            reason="accessory",
        )
    rows = sign_in(moderator_a).get(reverse("listings:exclusions"), {"q": "API-5"}).context["page"].rows
    assert [row.listing.external_id for row in rows] == ["API-5", "Y-1"]


def test_a_person_comes_first_by_name_or_address(admin: User, sign_in: Callable[[User], Client]) -> None:
    for name in ("Aaron Li Wang", "Li Wang"):
        UserFactory(name=name, email=f"{name.replace(' ', '.').lower()}@psa.example.gov", role="regulator_staff",
                    organisation=admin.organisation)  # fmt: skip
    for typed in ("li wang", "LI.WANG@psa.example.gov"):
        rows = sign_in(admin).get(reverse("portal:people"), {"q": typed}).context["page"].rows
        assert rows[0].name == "Li Wang", typed


def test_the_events_of_just_this_object_come_first_in_the_audit_log(
    admin: User, sign_in: Callable[[User], Client]
) -> None:
    for number in ("API-5", "API-599"):
        recall = RecallFactory(regulator=admin.organisation, number=number)
        audit.record(actor=Actor.system("test"), action="recall.published", subject=recall)
    for typed in ("API-5", "recall api-5"):
        rows = sign_in(admin).get(reverse("portal:audit"), {"q": typed}).context["page"].rows
        assert rows[0].subject_label == "Recall API-5", typed
        assert "Recall API-599" in {row.subject_label for row in rows}


def test_a_takedown_is_found_in_small_letters(
    listings: list[Listing], officer: User, sign_in: Callable[[User], Client]
) -> None:
    takedown = enforcement.start_clock(flag=Flag.objects.get(listing=listings[0]))
    rows = sign_in(officer).get(reverse("enforcement:takedowns"), {"q": "api-5"}).context["page"].rows
    assert rows == [takedown]
