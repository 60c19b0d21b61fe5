"""A moderator keeps filters of the queue under a name; nobody else has them."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import services as enforcement
from listings.models import SavedView
from listings.services.saved_views import MAX_COUNT
from portal.models import Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, UserFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
QUEUE, SAVE = reverse("listings:queue"), reverse("listings:view_save")


@pytest.fixture
def queue(platform_a: Organisation) -> None:
    """Two flags of the seller north, one of south."""
    notice = NoticeFactory(platform=platform_a)
    for seller in ("north", "north", "south"):
        listing = ListingFactory(platform=platform_a, seller=seller)
        enforcement.start_clock(flag=FlagFactory(notice=notice, listing=listing, opened_at=timezone.now()))


def test_a_view_is_saved_shown_with_its_count_and_removed(queue: None, moderator_a: User, client: Client) -> None:
    client.force_login(moderator_a)
    saved = client.post(SAVE, {"name": " North  only ", "kept": "view=undecided&seller=north&after=xyz&flag=3&band="})
    assert saved["Location"] == f"{QUEUE}?seller=north&view=undecided"
    page = tight(client.get(QUEUE).content.decode())
    assert '<a href="?seller=north&amp;view=undecided">North only<b>2</b></a>' in page
    shown = tight(client.get(f"{QUEUE}?seller=north&view=undecided").content.decode())
    assert 'aria-current="true">North only' in shown
    client.post(SAVE, {"name": "North only", "do": "remove"})
    assert "North only" not in client.get(QUEUE).content.decode().replace("View North only deleted.", "")


def test_a_view_of_the_same_name_is_replaced(queue: None, moderator_a: User, client: Client) -> None:
    client.force_login(moderator_a)
    for seller in ("north", "south"):
        client.post(SAVE, {"name": "Mine", "kept": f"seller={seller}"})
    assert list(SavedView.objects.values_list("name", "query")) == [("Mine", "seller=south")]


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        ({"name": "", "kept": "seller=north"}, "Enter a name"),
        ({"name": "x" * 41, "kept": "seller=north"}, "Enter a name"),
        ({"name": "All", "kept": "flag=3"}, "Filter the queue first"),
        ({"name": "Long", "kept": f"seller={'x' * 1001}"}, "too long"),
    ],
)
def test_an_invalid_view_is_refused_with_the_reason(
    given: dict[str, str], detail: str, moderator_a: User, client: Client
) -> None:
    client.force_login(moderator_a)
    assert detail in client.post(SAVE, given, follow=True).content.decode()
    assert not SavedView.objects.exists()


def test_a_person_saves_at_most_12_views(moderator_a: User, client: Client) -> None:
    client.force_login(moderator_a)
    for number in range(MAX_COUNT + 1):
        client.post(SAVE, {"name": f"View {number}", "kept": f"seller=s{number}"})
    assert SavedView.objects.count() == MAX_COUNT
    client.post(SAVE, {"name": "View 0", "kept": "seller=other"})
    assert SavedView.objects.get(name="View 0").query == "seller=other"


def test_a_view_is_its_owners_alone(queue: None, moderator_a: User, platform_a: Organisation, client: Client) -> None:
    SavedView.objects.create(person=moderator_a, name="Secret plan", query="seller=north")
    colleague = UserFactory(organisation=platform_a)
    client.force_login(colleague)
    assert "Secret plan" not in client.get(QUEUE).content.decode()
    client.post(SAVE, {"name": "Secret plan", "do": "remove"})
    assert SavedView.objects.get().person == moderator_a
