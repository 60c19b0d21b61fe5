"""What is just what was typed comes first, wherever one searches; what only begins with it or holds its parts follows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from listings.models import Flag, Listing
from portal.models import Organisation, User
from recalls.models import Notice
from tests.factories import FlagFactory, ListingFactory, NoticeFactory

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


@pytest.mark.parametrize("typed", ["API-5", " API-5 ", "012345678905", "0 12345 67890 5"])
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
