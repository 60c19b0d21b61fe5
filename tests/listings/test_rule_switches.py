"""Rules as admins see them: how often each was right, and the switch."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from listings import past_removals, services
from listings.matching.rules.base import WEIGHTS
from listings.models import Decision, Flag, Listing, RuleSwitch
from listings.pictures import HASH_LENGTH, Seen
from listings.rule_precision import rule_precisions, wilson
from listings.signal_titles import TITLES
from portal.database.acting import SYSTEM, begin
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
ALL = WEIGHTS | past_removals.WEIGHTS


def carried(signal: str, *kinds: str, flag: Flag | None = None) -> Flag:
    """A flag with this one signal, decided so, one decision after the other."""
    item = {"signal": signal, "weight": ALL[signal], "recall_span": None, "listing_span": None, "says": "…"}
    flag = flag or FlagFactory(evidence=[item])
    for kind in kinds:
        Decision.objects.create(
            flag=flag, kind=kind, evidence=[item], score=0.5, actor_kind="person", actor_label="Nia"
        )
    return flag


def test_a_rule_for_a_match_is_right_where_the_flag_was_upheld_and_one_against_where_it_was_dismissed() -> None:
    for kinds in (["removed"], ["geo_restricted"], ["not_the_product"], ["ask_seller"], []):
        carried("same_brand", *kinds)
    carried("accessory", "not_the_product")
    carried("seller_before", "removed")
    found = {row.signal: row for row in rule_precisions()}
    assert (found["same_brand"].right, found["same_brand"].decided) == (2, 3)
    assert (found["accessory"].right, found["accessory"].decided) == (1, 1)
    assert (found["media"].decided, found["media"].share) == (0, None)
    assert (found["seller_before"].right, found["seller_before"].decided) == (1, 1)
    assert found.keys() == ALL.keys() - {"prior"}


def test_the_last_decision_on_the_same_evidence_counts_and_none_that_was_overruled() -> None:
    twice = carried("same_brand", "removed", "ask_seller", "removed")
    overruled = carried("same_brand", "not_the_product")
    Decision.objects.create(
        flag=overruled,
        kind="overrule",
        score=0.5,
        actor_kind="person",
        actor_label="Ines",
        overrides=overruled.decisions.get(),
    )
    carried("same_product_type", "not_the_product", flag=twice)  # edited since: judged again, on other evidence
    found = {row.signal: row for row in rule_precisions()}
    assert (found["same_brand"].right, found["same_brand"].decided) == (1, 1)
    assert (found["same_product_type"].right, found["same_product_type"].decided) == (0, 1)


def test_the_interval_is_wide_where_little_was_decided() -> None:
    assert wilson(1, 1) == (pytest.approx(0.207, abs=0.001), 1.0)
    low, high = wilson(90, 100)
    assert (low, high) == (pytest.approx(0.826, abs=0.001), pytest.approx(0.945, abs=0.001))


def test_a_rule_that_is_off_counts_in_no_match(
    regulator: Organisation, platform_a: Organisation, operator: User
) -> None:
    recall = RecallFactory(regulator=regulator, number="26001", title="Hearthline Recalls Space Heaters")
    product = recall.current.products.get()
    product.name, product.brand = "Hearthline space heaters", "Hearthline"
    product.save()
    NoticeFactory(recall=recall, platform=platform_a)
    services.switch_rule(signal="title_fits", on=False, reason="Wrong too often.", actor=Actor.person(operator))
    ListingFactory(platform=platform_a, title="Hearthline space heater", brand="Hearthline", match_due=True)
    services.match_listings_due(platform_id=platform_a.pk)
    signals = {item["signal"] for flag in Flag.objects.all() for item in flag.evidence}
    assert "title_fits" not in signals
    services.switch_rule(signal="title_fits", on=True, reason="Fixed.", actor=Actor.person(operator))
    ListingFactory(platform=platform_a, title="Hearthline space heater", brand="Hearthline", match_due=True)
    services.match_listings_due(platform_id=platform_a.pk)
    assert any("title_fits" in {item["signal"] for item in flag.evidence} for flag in Flag.objects.all())
    assert list(
        AuditEvent.objects.filter(action__startswith="rule.").values_list("action", flat=True).order_by("pk")
    ) == [
        "rule.switched_off",
        "rule.switched_on",
    ]


def test_a_switch_needs_an_admin_a_known_rule_a_reason_and_a_change(operator: User, officer: User) -> None:
    with pytest.raises(PermissionDenied):
        services.switch_rule(signal="media", on=False, reason="I would not.", actor=Actor.person(officer))
    for signal, on, reason in (("nothing", False, "Why."), ("media", False, " "), ("media", True, "It is on.")):
        with pytest.raises(ValidationError):
            services.switch_rule(signal=signal, on=on, reason=reason, actor=Actor.person(operator))
    assert not RuleSwitch.objects.exists()


def test_the_page_asks_for_a_reason_before_it_switches(client: Client, operator: User) -> None:
    client.force_login(operator)
    address = reverse("listings:rule_switch", args=["media"])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert not RuleSwitch.objects.exists()
    assert client.post(address, {"reason": "Too strict."}).status_code == 302
    assert "Too strict." in client.get(reverse("listings:rules")).content.decode()
    assert client.get(reverse("listings:rule_switch", args=["nothing"])).status_code == 404


def test_every_rule_has_a_title_and_the_page_shows_it(client: Client, operator: User) -> None:
    assert set(TITLES) == set(services.SIGNALS)
    client.force_login(operator)
    page = client.get(reverse("listings:rules")).content.decode()
    assert "Title mentions something else" in page
    asked = client.get(reverse("listings:rule_switch", args=["media"])).content.decode()
    assert "Switch off: Book, manual or media" in asked


def test_evidence_of_earlier_removals_can_be_switched_off_too(
    regulator: Organisation, platform_a: Organisation, operator: User
) -> None:
    recall = RecallFactory(regulator=regulator, number="26001")
    notice = NoticeFactory(recall=recall, platform=platform_a)
    gone = FlagFactory(
        notice=notice, status="removed", listing__seller="north", listing__picture_hash="f" * HASH_LENGTH
    )
    for signal in ("seller_before", "same_picture"):
        services.switch_rule(signal=signal, on=False, reason="Too many resellers.", actor=Actor.person(operator))
    ListingFactory(platform=platform_a, seller="north", match_due=True)
    services.match_listings_due(platform_id=platform_a.pk)
    flag = Flag.objects.exclude(pk=gone.pk).get()
    assert "seller_before" not in {item["signal"] for item in flag.evidence}
    lookalike = ListingFactory(platform=platform_a, title="Nothing like it", seller="south")
    assert services.record_picture(listing=lookalike, seen=Seen("f" * HASH_LENGTH), actor=Actor.system("test")) is None
    services.switch_rule(signal="same_picture", on=True, reason="Fixed.", actor=Actor.person(operator))
    assert (
        services.record_picture(listing=lookalike, seen=Seen("f" * HASH_LENGTH), actor=Actor.system("test")) is not None
    )
    assert Listing.objects.get(pk=lookalike.pk).picture_hash == "f" * HASH_LENGTH


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_switch_at_the_same_moment_switch_once(operator: User) -> None:
    outcomes = []

    def switch() -> None:
        begin(SYSTEM)
        try:
            services.switch_rule(signal="media", on=False, reason="Too strict.", actor=Actor.person(operator))
            outcomes.append("done")
        except ValidationError as error:
            outcomes.append(str(error.messages[0]))
        finally:
            connection.close()

    threads = [threading.Thread(target=switch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", *["media is already off."] * 3]
    assert RuleSwitch.objects.count() == AuditEvent.objects.filter(action="rule.switched_off").count() == 1
