"""The form of a policy: lengths of time with their units, and refusals beside their fields."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from enforcement.models import Policy
from enforcement.policies.durations import duration_text, seconds_of
from portal.models import User
from tests.reading import tight

TYPED = {
    "name": "Within a day", "amount": "1", "unit": "working_days", "starts_on": "sent", "start_latest_hours_0": "1", "start_latest_hours_1": "days",
    "begins": "at_once", "country": "US", "time_zone": "America/New_York", "repeat_after": "0", "repeat_amount": "0",
    "steps-TOTAL_FORMS": "1", "steps-INITIAL_FORMS": "0", "steps-0-kind": "missed", "steps-0-unit": "hours", "steps-0-when": "at",
    "checks_needed": "2", "check_interval_seconds_0": "30", "check_interval_seconds_1": "minutes", "rescans": "1 h, 6h, 3 d",
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
    there = client.post("/policies/add/", TYPED)["Location"]
    policy = Policy.objects.get(name="Within a day")
    assert there == f"/policies/?saved={policy.pk}#policy-{policy.pk}"
    assert (policy.check_interval_seconds, policy.rescans) == (1800, [3600, 21_600, 259_200])
    assert policy.history_rescans == [5400]
    assert policy.start_latest_hours == 24
    page = client.get(f"/policies/{policy.pk}/").content.decode()
    for shown in ("30", "1 h, 6 h, 3 d", "90 min"):
        assert f'value="{shown}"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"check_interval_seconds_1": "weeks"}, "Select a valid choice. weeks is not one of the available choices."),
        ({"check_interval_seconds_0": ""}, "Enter a number and choose its unit."),
        ({"start_latest_hours_0": "x"}, "Enter a whole number."),
        ({"country": "ZZ"}, "ZZ is not one of the available choices."),
        ({"time_zone": "Mars/Olympus"}, "Mars/Olympus is not one of the available choices."),
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
    typed = {name.removesuffix("_0").removesuffix("_1") for name in change}
    (field,) = (name for name in typed if name in answer.context["form"].errors)
    assert refusal in answer.context["form"].errors[field][0]
    assert list(Policy.objects.values_list("name", flat=True)) == ["Taken"]


def typed_steps(*rows: tuple[str, str, str, str]) -> dict[str, str]:
    """Rows of steps as a browser sends them: kind, number, unit, when."""
    sent = {"steps-TOTAL_FORMS": str(len(rows)), "steps-INITIAL_FORMS": "0"}
    for place, row in enumerate(rows):
        sent |= {
            f"steps-{place}-{name}": value for name, value in zip(("kind", "amount", "unit", "when"), row, strict=True)
        }
    return sent


@pytest.mark.django_db
def test_steps_are_rows_in_any_order_and_come_back_as_rows(admin: User, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(admin)
    rows = typed_steps(
        ("letter", "2", "working_days", "after"),
        ("", "9", "hours", "after"),
        ("missed", "", "hours", "at"),
        ("officer", "90", "minutes", "after"),
        ("reminder", "4", "hours", "before"),
    )
    assert client.post("/policies/add/", TYPED | rows)["Location"].startswith("/policies/?saved=")
    policy = Policy.objects.get()
    steps = list(policy.steps.values_list("step", "kind", "offset_seconds", "working_days"))
    assert steps == [(1, "reminder", -14_400, 0), (2, "missed", 0, 0), (3, "officer", 5400, 0), (4, "letter", 0, 2)]
    shown = client.get(f"/policies/{policy.pk}/").context["rows"]
    assert [tuple(row.initial.values()) for row in shown] == [
        ("reminder", 4, "hours", "before"), ("missed", 0, "hours", "at"), ("officer", 90, "minutes", "after"),
        ("letter", 2, "working_days", "after"),
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        (("reminder", "", "hours", "before"), "Enter a number."),
        (("reminder", "-1", "hours", "before"), "Ensure this value is greater than or equal to 0."),
        (("reminder", "1", "working_days", "before"), "Working days are counted after the deadline only."),
        (("reminder", "1", "fortnights", "before"), "fortnights is not one of the available choices."),
        (("telegram", "1", "hours", "before"), "telegram is not one of the available choices."),
    ],
)
def test_a_step_that_cannot_be_is_refused_in_its_row(
    row: tuple[str, str, str, str], refusal: str, admin: User, sign_in: Callable[[User], Client]
) -> None:
    answer = sign_in(admin).post("/policies/add/", TYPED | typed_steps(("missed", "", "hours", "at"), row))
    assert answer.status_code == 422
    (errors,) = (each for each in answer.context["rows"].errors if each)
    assert refusal in str(errors)
    assert not Policy.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"steps-TOTAL_FORMS": "9999"},
        {"steps-TOTAL_FORMS": "x"},
        {"steps-0-kind": ""},
        {"steps-0-amount": "367", "steps-0-unit": "working_days", "steps-0-when": "after"},
        {"steps-0-amount": "99999999999", "steps-0-when": "after"},
    ],
)
def test_rows_nobody_can_enter_save_nothing(
    change: dict[str, str], admin: User, sign_in: Callable[[User], Client]
) -> None:
    assert sign_in(admin).post("/policies/add/", TYPED | change).status_code == 422
    assert not Policy.objects.exists()


@pytest.mark.django_db
def test_a_new_policy_begins_with_a_preset_in_the_regulators_place(
    admin: User, sign_in: Callable[[User], Client]
) -> None:
    page = sign_in(admin).get("/policies/add/?from=day")
    assert (page.context["form"]["amount"].value(), page.context["form"]["unit"].value()) == (24, "hours")
    assert page.context["form"]["time_zone"].value() == "America/New_York"
    assert page.context["preview"].due is not None
    assert b'value="seconds"' not in page.content
    assert sign_in(admin).get("/policies/add/?from=nothing").status_code == 200


@pytest.mark.django_db
def test_preview_and_another_row_keep_what_is_entered_and_save_nothing(
    admin: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(admin)
    seen = client.post("/policies/add/", TYPED | {"preview": "yes"})
    assert seen.context["preview"].policy.name == "Within a day"
    more = client.post("/policies/add/", TYPED | {"name": "", "another": "step"})
    assert (more.status_code, more.context["rows"].total_form_count()) == (200, 2)
    assert not more.context["form"].errors
    drawn = client.post("/policies/add/", TYPED, headers={"HX-Request": "true"}).content.decode()
    assert "<svg" in drawn
    assert "<h1" not in drawn
    wrong = client.post("/policies/add/", TYPED | {"amount": ""}, headers={"HX-Request": "true"}).content.decode()
    assert "Time allowed: This field is required." in wrong
    assert not Policy.objects.exists()


def test_a_checkbox_is_named_beside_it_and_never_called_optional(
    admin: User, sign_in: Callable[[User], Client]
) -> None:
    page = tight(sign_in(admin).get(reverse("enforcement:policy_add")).content.decode())
    label = re.search(r'<label class="wb-check" for="id_is_active">(.*?)</label>', page)
    assert label is not None
    assert label[1].endswith("<span>In use</span>")
    assert "(optional)" not in label[1]


@pytest.mark.django_db
def test_the_states_of_the_chosen_country_are_suggested(admin: User, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(admin)
    begun = client.get("/policies/add/").content.decode()
    assert 'list="regions"' in begun
    for country, suggested, name in (("DE", "BY", "Bayern (BY)"), ("CA", "ON", "Ontario (ON)")):
        drawn = client.post("/policies/add/", TYPED | {"country": country}, headers={"hx-request": "true"})
        assert f'<option value="{suggested}">{name}</option>' in drawn.content.decode()
    nowhere = client.post("/policies/add/", TYPED | {"country": "ZZ"}, headers={"hx-request": "true"})
    assert "<option" not in nowhere.content.decode().partition("</datalist>")[0]
    assert '<option value="TX">Texas (TX)</option>' in client.get("/calendars/?country=US").content.decode()


@pytest.mark.django_db
def test_a_saved_policy_is_in_sight_and_stands_out_in_the_list(admin: User, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(admin)
    client.post("/policies/add/", TYPED | {"name": "Another"})
    for address, name in (("/policies/add/", "Within a day"), (f"/policies/{Policy.objects.get().pk}/", "Others")):
        page = tight(client.post(address, TYPED | {"name": name}, follow=True).content.decode())
        marked = page.partition("Just saved")[0]
        assert page.count("Just saved") == 1
        assert marked.rpartition('<section class="wb-card" id="policy-')[2].count(name) == 1
    for wrong in ("", "?saved=x", f"?saved={10**30}"):
        assert "Just saved" not in client.get(f"/policies/{wrong}").content.decode()
