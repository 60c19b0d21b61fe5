"""A rule's page: what it means, an example that the engine really judges so, and a trial that finds what would change."""

import time
from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from listings import past_removals, services
from listings.example_fields import shown_fields
from listings.matching.rules import RULES
from listings.models import Decision, Flag, HeldMatch, Listing, RuleSwitch
from listings.rule_examples import EXAMPLES, judged_example
from listings.rule_pictures import precision_chart
from listings.rule_precision import rule_precisions
from listings.rule_words import WORDS
from listings.services import rule_trials
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from recalls.models import Notice
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory
from tests.reading import tight

ENGINE = [signal for rule in RULES for signal in rule.signals]
RULE = "media"


@pytest.mark.parametrize("signal", ENGINE)
def test_the_engine_finds_the_signal_in_its_example_and_it_changes_the_score(signal: str) -> None:
    judged = judged_example(signal)
    assert judged is not None
    assert judged.whole is not None
    assert signal in {item.signal for item in judged.whole.evidence}
    without = judged.without.score if judged.without else 0.0
    assert (without < judged.whole.score) is (judged.evidence.weight > 0)
    for fields, span in zip(shown_fields(judged), judged.evidence[2:4], strict=True):
        marked = [each.text[start:end] for each in fields for start, end in each.marks]
        assert marked == ([span.text] if span else [])


def test_every_signal_has_words_and_those_of_the_engine_an_example() -> None:
    assert EXAMPLES.keys() == set(ENGINE)
    assert set(WORDS) == set(services.SIGNALS)
    assert all(judged_example(signal) is None for signal in past_removals.WEIGHTS)


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation) -> Notice:
    """A recall of space heaters, a heater that is flagged for its title, and a film about one."""
    recall = RecallFactory(regulator=regulator, number="26001", title="Hearthline Recalls Space Heaters")
    product = recall.current.products.get()
    product.name, product.brand = "Hearthline space heaters", "Hearthline"
    product.save()
    row = NoticeFactory(recall=recall, platform=platform_a)
    ListingFactory(platform=platform_a, title="Hearthline space heater", brand="Hearthline", match_due=True)
    ListingFactory(
        platform=platform_a,
        title="Hearthline space heater HL-200R on DVD",
        brand="Hearthline",
        match_due=True,
    )
    services.match_notices_due()
    while services.match_listings_due(platform_id=platform_a.pk):
        pass
    return row


@pytest.mark.django_db
def test_what_goes_in_the_trial_is_what_the_engine_no_longer_flags_once_the_rule_is_off(
    notice: Notice, admin: User, operator: User
) -> None:
    flag = Flag.objects.get()
    going = None
    for item in flag.evidence:
        signal = item["signal"]
        trial = services.try_switch(signal=signal, actor=Actor.person(admin))
        assert trial.rises is (item["weight"] < 0)
        if item["weight"] < 0:
            continue
        services.switch_rule(signal=signal, on=False, reason="To see.", actor=Actor.person(operator))
        copy = ListingFactory(
            platform=notice.platform, title=flag.listing.title, brand=flag.listing.brand, match_due=True
        )
        services.match_listings_due(platform_id=notice.platform_id)
        flagged = Flag.objects.filter(listing=copy).exists()
        assert (trial.read, trial.is_whole, trial.flags) == (1, True, [] if flagged else [flag])
        going = going or (None if flagged else signal)
        Flag.objects.filter(listing=copy).update(status="withdrawn")  # so that the next trial has one flag again
        services.switch_rule(signal=signal, on=True, reason="Seen.", actor=Actor.person(operator))
    assert going is not None, "one of the rules is needed for the flag, or nothing is tested here"


@pytest.mark.django_db
def test_what_comes_in_the_trial_is_what_is_flagged_once_the_rule_is_off(
    notice: Notice, admin: User, operator: User
) -> None:
    film = Listing.objects.get(title__endswith=" on DVD")
    trial = services.try_switch(signal=RULE, actor=Actor.person(admin))
    assert (trial.rises, trial.changed, trial.listings) == (True, 1, [(film, notice)])
    assert trial.is_whole
    services.switch_rule(signal=RULE, on=False, reason="To see.", actor=Actor.person(operator))
    assert services.try_switch(signal=RULE, actor=Actor.person(admin)).rises is False
    Listing.objects.filter(pk=film.pk).update(match_due=True)
    services.match_listings_due(platform_id=notice.platform_id)
    assert Flag.objects.filter(listing=film).exists()
    back = services.try_switch(signal=RULE, actor=Actor.person(admin))
    assert [flag.listing for flag in back.flags] == [film]


@pytest.mark.django_db
def test_a_trial_writes_nothing_and_is_an_admins(
    notice: Notice, admin: User, officer: User, sign_in: Callable[[User], Client]
) -> None:
    written = [model.objects.count() for model in (AuditEvent, Flag, HeldMatch, RuleSwitch)]
    client = sign_in(admin)
    page = tight(client.get(reverse("listings:rule", args=[RULE]), {"try": "1"}).content.decode())
    assert "1 listing without a flag would match." in page
    assert "At least" not in page
    assert "Hearthline space heater HL-200R on DVD" in page
    assert sign_in(officer).get(reverse("listings:rule", args=[RULE])).status_code == 403
    with pytest.raises(PermissionDenied):
        services.try_switch(signal=RULE, actor=Actor.person(officer))
    assert [model.objects.count() for model in (AuditEvent, Flag, HeldMatch, RuleSwitch)] == written


@pytest.mark.django_db
def test_a_trial_that_ends_early_calls_its_number_the_least(
    notice: Notice, admin: User, sign_in: Callable[[User], Client]
) -> None:
    for signal in (RULE, "same_brand"):
        cut = services.try_switch(signal=signal, actor=Actor.person(admin), until=time.monotonic())
        assert (cut.read, cut.changed, cut.is_whole) == (0, 0, False)
    with patch.object(rule_trials, "MAX_READ", 0):
        page = sign_in(admin).get(reverse("listings:rule", args=[RULE]), {"try": "1"}).content.decode()
    assert "At least:" in page


@pytest.mark.django_db
def test_a_listing_that_breaks_costs_itself_alone(notice: Notice, admin: User) -> None:
    film = Listing.objects.get(title__endswith=" on DVD")
    ListingFactory(platform=notice.platform, title="Bad Hearthline space heater HL-200R on DVD", brand="Hearthline",
                   keys=film.keys, match_due=False)  # fmt: skip
    real = rule_trials.listing_text

    def text(listing: Listing) -> object:
        if listing.title.startswith("Bad"):
            raise ValueError("unreadable")
        return real(listing)

    with patch.object(rule_trials, "listing_text", text):
        trial = services.try_switch(signal=RULE, actor=Actor.person(admin))
    assert (trial.broken, trial.changed, trial.is_whole) == (1, 1, False)
    with patch.object(rule_trials, "index_of", side_effect=ValueError("unreadable")):
        for signal in (RULE, "same_brand"):
            trial = services.try_switch(signal=signal, actor=Actor.person(admin))
            assert (trial.broken, trial.changed, trial.is_whole) == (1, 0, False)


@pytest.mark.django_db
def test_the_rules_page_draws_how_often_each_was_right_the_surely_worst_first(
    operator: User, sign_in: Callable[[User], Client]
) -> None:
    for signal, kinds in (
        ("same_brand", ["removed"] * 3 + ["not_the_product"] * 9),
        ("title_fits", ["not_the_product"]),
    ):
        for kind in kinds:
            item = {"signal": signal, "weight": 2.0, "recall_span": None, "listing_span": None, "says": "…"}
            flag = FlagFactory(evidence=[item])
            Decision.objects.create(
                flag=flag, kind=kind, evidence=[item], score=0.5, actor_kind="person", actor_label="Nia"
            )
    chart = precision_chart(rule_precisions())
    assert [row[:4] for row in chart.table] == [
        ("Same brand", "12", "3", "25%"),
        ("Title matches recall", "1", "0", "0%"),
    ]
    assert [[piece.kind for piece in bar.pieces] for bar in chart.wide.bars] == [["met", "late"], ["late"]]
    page = sign_in(operator).get(reverse("listings:rules")).content.decode()
    assert "Least often right: Same brand, in 25% of 12 decided flags." in page
    assert "Show the data as a table" in page


@pytest.mark.django_db
def test_a_rule_that_there_is_not_is_not_found_and_one_of_the_past_has_no_trial(
    admin: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(admin)
    assert client.get(reverse("listings:rule", args=["nothing"])).status_code == 404
    page = client.get(reverse("listings:rule", args=["same_picture"]), {"try": "1"})
    assert page.status_code == 200
    assert page.context["trial"] is None
