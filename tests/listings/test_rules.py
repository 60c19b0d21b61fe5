"""Rules as admins see them: how often each was right, and the switch."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from listings import services
from listings.matching.rules.base import WEIGHTS
from listings.models import Flag, RuleSwitch
from listings.precision import rule_precisions, wilson
from portal.actors import Actor
from portal.models import AuditEvent, Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db


def carried(signal: str, status: str) -> Flag:
    item = {"signal": signal, "weight": WEIGHTS[signal], "recall_span": None, "listing_span": None, "says": "…"}
    return FlagFactory(status=status, evidence=[item])


def test_a_rule_for_a_match_is_right_where_the_flag_was_upheld_and_one_against_where_it_was_dismissed() -> None:
    for status in ("removed", "claimed_removed", "dismissed", "open"):
        carried("brand_equal", status)
    carried("accessory", "dismissed")
    found = {row.signal: row for row in rule_precisions()}
    assert (found["brand_equal"].right, found["brand_equal"].decided) == (2, 3)
    assert (found["accessory"].right, found["accessory"].decided) == (1, 1)
    assert (found["media"].decided, found["media"].share) == (0, None)
    assert found.keys() == WEIGHTS.keys() - {"prior"}


def test_the_interval_is_wide_where_little_was_decided() -> None:
    assert wilson(1, 1) == (pytest.approx(0.207, abs=0.001), 1.0)
    low, high = wilson(90, 100)
    assert (low, high) == (pytest.approx(0.826, abs=0.001), pytest.approx(0.945, abs=0.001))


def test_a_rule_that_is_off_counts_in_no_match(regulator: Organisation, platform_a: Organisation, admin: User) -> None:
    recall = RecallFactory(regulator=regulator, number="26001", title="Hearthline Recalls Space Heaters")
    product = recall.current.products.get()
    product.name, product.brand = "Hearthline space heaters", "Hearthline"
    product.save()
    NoticeFactory(recall=recall, platform=platform_a)
    services.switch_rule(signal="title_fits", on=False, reason="Wrong too often.", actor=Actor.person(admin))
    ListingFactory(platform=platform_a, title="Hearthline space heater", brand="Hearthline", match_due=True)
    services.match_listings_due(platform_id=platform_a.pk)
    signals = {item["signal"] for flag in Flag.objects.all() for item in flag.evidence}
    assert "title_fits" not in signals
    services.switch_rule(signal="title_fits", on=True, reason="Mended.", actor=Actor.person(admin))
    ListingFactory(platform=platform_a, title="Hearthline space heater", brand="Hearthline", match_due=True)
    services.match_listings_due(platform_id=platform_a.pk)
    assert any("title_fits" in {item["signal"] for item in flag.evidence} for flag in Flag.objects.all())
    assert list(
        AuditEvent.objects.filter(action__startswith="rule.").values_list("action", flat=True).order_by("pk")
    ) == [
        "rule.switched_off",
        "rule.switched_on",
    ]


def test_a_switch_needs_an_admin_a_known_rule_a_reason_and_a_change(admin: User, officer: User) -> None:
    with pytest.raises(PermissionDenied):
        services.switch_rule(signal="media", on=False, reason="I would not.", actor=Actor.person(officer))
    for signal, on, reason in (("nothing", False, "Why."), ("media", False, " "), ("media", True, "It is on.")):
        with pytest.raises(ValidationError):
            services.switch_rule(signal=signal, on=on, reason=reason, actor=Actor.person(admin))
    assert not RuleSwitch.objects.exists()


def test_the_page_asks_for_a_reason_before_it_switches(client: Client, admin: User) -> None:
    client.force_login(admin)
    address = reverse("listings:rule_switch", args=["media"])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert not RuleSwitch.objects.exists()
    assert client.post(address, {"reason": "Too strict."}).status_code == 302
    assert "Too strict." in client.get(reverse("listings:rules")).content.decode()
    assert client.get(reverse("listings:rule_switch", args=["nothing"])).status_code == 404
