"""Many keys are asked for as one array, and find what they find one by one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_an_array_of_keys_finds_the_rows_that_a_list_of_keys_finds() -> None:
    people = [UserFactory() for _ in range(3)]
    numbers = [people[0].pk, people[2].pk, 9_000_000_000_000, *range(-5_000, 0)]
    with CaptureQueriesContext(connection) as captured:
        found = set(User.objects.filter(pk__any_of=numbers))
    assert found == set(User.objects.filter(pk__in=numbers)) == {people[0], people[2]}
    assert captured[0]["sql"].count("ANY(") == 1


def test_no_keys_find_nothing() -> None:
    UserFactory()
    assert not User.objects.filter(pk__any_of=[]).exists()


def test_rows_beside_an_array_of_keys_are_the_others() -> None:
    one, other = UserFactory(), UserFactory()
    assert other in User.objects.exclude(pk__any_of=[one.pk])
    assert one not in User.objects.exclude(pk__any_of=[one.pk])
