"""Counts of several querysets in one query, none counted further than anybody wants to know."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from listings.models import Listing
from portal.database.acting import PLATFORM, Principal, acting
from portal.database.row_counts import row_counts
from portal.models import Notification, Organisation, User
from tests.factories import ListingFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_each_queryset_is_counted_by_its_own_conditions_in_one_query(
    platform_a: Organisation,
    moderator_a: User,
    manager_a: User,
    moderator_b: User,
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    people = User.objects.filter(organisation=platform_a)
    asked = [
        people.filter(role="moderator", name__contains="Nia"),
        User.objects.none(),
        people.select_related("organisation").order_by("name"),
        Notification.objects.filter(organisation=platform_a),
        people.exclude(name="100%"),
    ]
    with django_assert_num_queries(1):
        assert row_counts(asked, at_most=100) == [1, 0, 2, 0, 2]


def test_nothing_is_counted_further_than_one_more_than_asked_for(platform_a: Organisation) -> None:
    for _ in range(5):
        UserFactory(organisation=platform_a)
    people = User.objects.filter(organisation=platform_a)
    assert row_counts([people, people.filter(name="Nobody")], at_most=3) == [4, 0]


def test_nothing_is_asked_where_there_is_nothing_to_count(
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    with django_assert_num_queries(0):
        assert row_counts([], at_most=3) == []


def test_rows_of_others_are_not_counted(platform_a: Organisation, platform_b: Organisation) -> None:
    for place in (platform_a, platform_b, platform_b):
        ListingFactory(platform=place)
    assert row_counts([Listing.objects.all()], at_most=10) == [3]
    with acting(Principal(PLATFORM, platform_b.pk)):
        assert row_counts([Listing.objects.all()], at_most=10) == [2]
