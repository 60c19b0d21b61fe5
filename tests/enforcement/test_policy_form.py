"""The form of a policy: lengths of time with their units, and refusals beside their fields."""

from collections.abc import Callable

import pytest
from django.test import Client

from enforcement.models import Policy
from enforcement.policies.durations import duration_text, seconds_of
from portal.models import User

TYPED = {
    "name": "Within a day", "amount": "1", "unit": "working_days", "starts_on": "sent", "start_latest_hours": "24",
    "begins": "at_once", "country": "US", "time_zone": "America/New_York", "repeat_after": "0", "repeat_amount": "0",
    "steps": "missed 0", "checks_needed": "2", "check_interval_seconds": "30 min", "rescans": "1 h, 6h, 3 d",
    "history_after": "1", "history_rescans": "90 min", "is_active": "on",
}  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (2, "2 s"), (90, "90 s"), (1800, "30 min"), (3600, "1 h"), (5400, "90 min"), (90 * 86_400, "90 d")],
)
def test_a_length_of_time_is_shown_in_its_largest_whole_unit_and_read_back(seconds: int, text: str) -> None:
    assert duration_text(seconds) == text
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "3600", "1 week", "-1 h", "1.5 h", "\u0661 h", "1 h 30 min"])
def test_a_length_of_time_without_a_known_unit_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        seconds_of(text)


@pytest.mark.django_db
def test_times_between_checks_are_typed_with_units_and_shown_with_units(
    admin: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(admin)
    assert client.post("/policies/add/", TYPED)["Location"] == "/policies/"
    policy = Policy.objects.get(name="Within a day")
    assert (policy.check_interval_seconds, policy.rescans) == (1800, [3600, 21_600, 259_200])
    assert policy.history_rescans == [5400]
    page = client.get(f"/policies/{policy.pk}/").content.decode()
    for shown in ("30 min", "1 h, 6 h, 3 d", "90 min"):
        assert f'value="{shown}"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"check_interval_seconds": "3600"}, "3600 is not a length of time."),
        ({"rescans": "1 h, 90"}, "90 is not a length of time."),
        ({"rescans": "6 h, 1 h"}, "Put the times in order"),
        ({"cut_off": "5pm"}, "5pm is not a time of day. Enter a time like 17:00."),
        ({"repeat_after": "2", "repeat_amount": "1"}, "less than the time allowed, which is 1."),
        ({"subdivision": "ZZ"}, "US has no state or region ZZ. Choose one of these: "),
        ({"name": "Taken"}, "A policy with the name Taken already exists."),
    ],
)
def test_a_policy_that_cannot_be_is_refused_beside_its_field(
    change: dict[str, str], refusal: str, admin: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(admin)
    client.post("/policies/add/", TYPED | {"name": "Taken"})
    answer = client.post("/policies/add/", TYPED | change)
    assert answer.status_code == 422
    (field,) = (name for name in change if name in answer.context["form"].errors)
    assert refusal in answer.context["form"].errors[field][0]
    assert list(Policy.objects.values_list("name", flat=True)) == ["Taken"]
