"""The navigation: few entries in sight, the rest in groups, and a badge where something waits."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.http.context import NavItem
from portal.http.navigation import GROUPS, MAX_ENTRIES, MAX_WAITING, NAVIGATION, register
from portal.identity.access import ROLE_PERMISSIONS, rule_for
from portal.models import User
from recalls.models import Notice
from tests.factories import FlagFactory, ListingFactory, NoticeFactory

pytestmark = pytest.mark.django_db
ROLES = ("officer", "moderator_a", "manager_a", "admin", "operator")


def navigation(client: Client) -> list[NavItem]:
    found: list[NavItem] = client.get("/account/").context["nav"]
    return found


def badge(client: Client) -> str:
    return next(item.waiting for item in navigation(client) if item.url == reverse("listings:queue"))


def flagged(notice: Notice, status: str = "open") -> None:
    listing = ListingFactory(platform=notice.platform)
    FlagFactory(notice=notice, listing=listing, status=status, due_at=timezone.now())


@pytest.mark.parametrize("who", ROLES)
def test_a_role_sees_at_most_seven_entries_and_reaches_every_page_of_its_own_through_them(
    who: str, request: pytest.FixtureRequest, sign_in: Callable[[User], Client]
) -> None:
    person: User = request.getfixturevalue(who)
    nav = navigation(sign_in(person))
    assert 2 <= len(nav) <= MAX_ENTRIES
    links = [item for entry in nav for item in (entry.items or [entry])]
    permissions = ROLE_PERMISSIONS[person.role]
    own = [reverse(entry.url_name) for entry in NAVIGATION if rule_for(entry.url_name) in permissions]
    assert sorted(item.url for item in links) == sorted(own)
    assert all(len(entry.items) != 1 for entry in nav), "a menu of one entry is that entry"
    assert [entry.label for entry in nav if entry.items] == [
        group for group in GROUPS if group in {entry.label for entry in nav}
    ], "groups stand last, always in the same order"


def test_a_role_whose_entries_are_all_in_groups_has_those_of_the_first_in_sight(
    operator: User, sign_in: Callable[[User], Client]
) -> None:
    nav = navigation(sign_in(operator))
    assert [(entry.label, bool(entry.items)) for entry in nav] == [("Audit", False), ("Health", False), ("Setup", True)]


def test_the_group_of_the_current_page_is_marked_with_it(admin: User, sign_in: Callable[[User], Client]) -> None:
    nav = sign_in(admin).get("/audit/").context["nav"]
    assert [entry.label for entry in nav if entry.current] == ["Oversight"]
    assert [item.label for entry in nav for item in entry.items if item.current] == ["Audit"]


def test_the_queue_says_how_many_flags_are_to_be_decided_and_never_those_of_another_platform(
    moderator_a: User, moderator_b: User, officer: User, admin: User, sign_in: Callable[[User], Client]
) -> None:
    notice = NoticeFactory(recall__regulator=officer.organisation, platform=moderator_a.organisation)
    for status in ("open", "second_asked", "asked_seller", "dismissed"):
        flagged(notice, status=status)
    assert badge(sign_in(officer)) == "", "what a platform has to decide waits for no officer"
    flagged(notice, status="referred")
    assert badge(sign_in(moderator_a)) == "2", "what waits for the seller waits for no moderator"
    assert badge(sign_in(officer)) == "1"
    assert badge(sign_in(moderator_b)) == ""
    assert badge(sign_in(admin)) == "", "an admin decides no flags"
    page = sign_in(moderator_a).get("/account/").content.decode()
    assert re.search(r'<b class="wb-count">2</b><span class="usa-sr-only">\s*waiting', page)


def test_more_than_a_hundred_are_not_counted_out(moderator_a: User, sign_in: Callable[[User], Client]) -> None:
    notice = NoticeFactory(platform=moderator_a.organisation)
    for _ in range(MAX_WAITING):
        flagged(notice)
    assert badge(sign_in(moderator_a)) == "99"
    for _ in range(2):
        flagged(notice)
    assert badge(sign_in(moderator_a)) == "99+"


def test_an_entry_without_a_known_group_or_a_place_of_its_own_is_refused() -> None:
    before = list(NAVIGATION)
    with pytest.raises(ValueError, match="no group Elsewhere"):
        register([(999, "Nowhere", "portal:keys")], group="Elsewhere")
    with pytest.raises(ValueError, match=r"Place 10 .* is taken"):
        register([(10, "Nowhere", "portal:keys")])
    assert before == NAVIGATION
