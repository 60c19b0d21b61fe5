"""The guided tour: begun by hand, five stops a role, on from page to page, kept on the way and ended where one wants."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.identity.access import ROLE_PERMISSIONS, SIGNED_IN, rule_for
from portal.models import User
from portal.tour_stops import TOURS
from tests.reading import tight

pytestmark = pytest.mark.django_db


def test_every_role_has_five_stops_that_it_may_open() -> None:
    assert TOURS.keys() == ROLE_PERMISSIONS.keys()
    for role, stops in TOURS.items():
        assert len({stop.page for stop in stops}) == len(stops) == 5
        assert all(rule_for(stop.page) in ROLE_PERMISSIONS[role] | {SIGNED_IN} for stop in stops)


def test_nobody_is_shown_a_tour_that_they_did_not_begin(moderator_a: User, sign_in: Callable[[User], Client]) -> None:
    page = sign_in(moderator_a).get(reverse("listings:queue")).content.decode()
    assert 'id="tour"' not in page
    assert "tour.js" not in page


@pytest.mark.parametrize("who", ["officer", "moderator_a", "manager_a", "admin", "operator"])
def test_the_tour_leads_from_getting_started_over_five_pages_and_ends(
    who: str, request: pytest.FixtureRequest, sign_in: Callable[[User], Client]
) -> None:
    person = request.getfixturevalue(who)
    client = sign_in(person)
    assert 'href="?tour=1"' in client.get(reverse("enforcement:getting_started")).content.decode()
    address = f"{reverse('enforcement:getting_started')}?tour=1"
    for number, stop in enumerate(TOURS[person.role], 1):
        answer = client.get(address)
        assert answer["Location"] == f"{reverse(stop.page)}#tour"
        page = client.get(reverse(stop.page))
        place = page.context["tour"]
        assert (place.number, place.stop, place.is_here) == (number, stop, True)
        shown = tight(page.content.decode())
        assert f"Stop {number} of 5: {stop.title}" in shown
        assert ("Previous stop" in shown) is (number > 1)
        address = place.onward
    assert address == ""
    assert "Finish tour" in shown
    ended = client.get(place.end)
    assert ended["Location"] == reverse(stop.page)
    assert 'id="tour"' not in client.get(ended["Location"]).content.decode()


def test_the_tour_keeps_its_place_on_other_pages_and_leads_back(
    moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(moderator_a)
    client.get("/?tour=2")
    page = client.get(reverse("portal:account"))
    place = page.context["tour"]
    assert (place.number, place.is_here, place.address) == (2, False, f"{reverse('listings:queue')}?tour=2")
    assert "Return to this stop" in page.content.decode()


def test_ending_the_tour_keeps_the_rest_of_the_address(moderator_a: User, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(moderator_a)
    client.get("/?tour=1")
    page = client.get(reverse("portal:guide"), {"q": "a & b"})
    assert client.get(page.context["tour"].end)["Location"] == f"{reverse('portal:guide')}?q=a+%26+b"


@pytest.mark.parametrize("given", ["6", "-1", "", "٣", "1e0", "one", "01"])
def test_a_stop_that_there_is_not_begins_nothing(
    given: str, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    page = sign_in(moderator_a).get(reverse("portal:guide"), {"tour": given})
    assert page.status_code == 200
    assert page.context["tour"] is None


def test_the_tour_opens_no_page_and_needs_a_sign_in(
    client: Client, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    assert "/sign-in/" in client.get("/guide/?tour=1")["Location"]
    assert "tour" not in client.session
    reader = sign_in(moderator_a)
    assert reader.get("/policies/add/?tour=1").status_code == 403
    assert reader.get(f"{reverse('api:docs')}?tour=1").status_code == 200, "programs are led nowhere"
    assert "tour" not in reader.session


def test_the_guide_lists_the_stops_as_links(moderator_a: User, sign_in: Callable[[User], Client]) -> None:
    page = sign_in(moderator_a).get(reverse("portal:guide")).content.decode()
    for stop in TOURS["moderator"]:
        assert f'<a href="{reverse(stop.page)}">{stop.title}</a>' in page
