"""A moment names its zone so that no reader takes it for another."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from portal.http.moments import deadline_words, moment_words, zone_label

WINTER, SUMMER = datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        ("Europe/Berlin", "CET"),
        ("America/New_York", "EST"),
        ("UTC", "UTC"),
        ("America/Chicago", "UTC-6"),
        ("Asia/Shanghai", "UTC+8"),
        ("Asia/Manila", "UTC+8"),
        ("America/Los_Angeles", "UTC-8"),
        ("Asia/Kolkata", "UTC+5:30"),
        ("America/Sao_Paulo", "UTC-3"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("Pacific/Marquesas", "UTC-9:30"),
    ],
)
def test_an_abbreviation_is_used_only_where_it_means_one_zone(zone: str, label: str) -> None:
    assert zone_label(WINTER.astimezone(ZoneInfo(zone))) == label


def test_a_zone_is_named_in_one_way_in_winter_and_summer() -> None:
    labels = [zone_label(moment.astimezone(ZoneInfo("America/Chicago"))) for moment in (WINTER, SUMMER)]
    assert labels == ["UTC-6", "UTC-5"]


def test_a_moment_and_a_deadline_name_the_zone_alike() -> None:
    with timezone.override("Asia/Shanghai"):
        assert moment_words(WINTER) == "15 Jan 2026, 20:00 UTC+8"
        assert deadline_words(datetime(2026, 1, 15, 16, tzinfo=UTC)) == "end of Thu 15 Jan 2026 UTC+8"
