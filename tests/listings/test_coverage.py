"""A version that no longer covers a listing closes its undecided flag; a later one opens it again; nothing else is touched."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement.models import Takedown
from listings import services
from listings.models import CoverageCheck, Flag, Listing
from listings.services import coverage
from listings.states import FlagStatus
from portal import audit
from portal.identity.actors import Actor
from portal.models import Notification, Organisation, SetAside, User
from portal.transitions import IllegalTransition
from recalls import services as recalls
from recalls.models import Notice, Recall
from recalls.services import ProductContent
from recalls.services.content import content_of
from tests.factories import ListingFactory, NoticeFactory, PolicyFactory, RecallFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
HEATER = ProductContent("Hearthline Ceramic Tower Heaters", "Hearthline", ("HL-200R",))
FAN = ProductContent("Hearthline tower fans", "Hearthline", ("HL-900F",))
Publish = Callable[..., Any]


@pytest.fixture
def notices(regulator: Organisation, platform_a: Organisation, platform_b: Organisation) -> list[Notice]:
    """A recall of heaters and fans at two platforms: three heaters and two fans at Bazaarly, one heater at Market One."""
    PolicyFactory(regulator=regulator)
    recall = RecallFactory(regulator=regulator, number="26-7")
    rows = [NoticeFactory(recall=recall, platform=platform) for platform in (platform_a, platform_b)]
    for platform, heaters in ((platform_a, 3), (platform_b, 1)):
        ListingFactory.create_batch(heaters, platform=platform, match_due=True)
    ListingFactory.create_batch(2, platform=platform_a, title="Hearthline HL-900F tower fan", match_due=True)
    for platform in (platform_a, platform_b):
        while services.match_listings_due(platform_id=platform.pk):
            pass
    return rows


@pytest.fixture
def publish(notices: list[Notice], officer: User, second_officer: User) -> Publish:
    """Publish the next version of the recall, which names these products, and let the sweeps run; what was previewed."""

    def act(*products: ProductContent) -> Any:
        recall = Recall.objects.get(pk=notices[0].recall_id)
        version = recalls.revise_recall(recall=recall, actor=Actor.person(officer))
        content = replace(content_of(version), products=products, title="Hearthline products recalled", description="")
        version = recalls.edit_version(version=version, content=content, actor=Actor.person(officer))
        effects = recalls.effects_of(version=version)
        recalls.publish_version(version=version, change_note="Corrected", actor=Actor.person(second_officer))
        services.match_notices_due()
        services.check_coverage_due()
        return effects

    return act


def states(notice: Notice) -> list[str]:
    return sorted(Flag.objects.filter(notice=notice).values_list("status", flat=True))


def test_what_is_previewed_is_what_happens(
    notices: list[Notice], publish: Publish, moderator_a: User, moderator_b: User, officer: User, client: Client
) -> None:
    publish(HEATER, FAN)
    assert states(notices[0]) == ["open"] * 5
    effects = publish(FAN)
    done = CoverageCheck.objects.filter(version__version=3).order_by("notice_id")
    assert [(row.closes, row.stays, row.reopens, row.kept) for row in effects.notices] == [(3, 2, 0, 0), (1, 0, 0, 0)]
    assert [(row.closed, row.reopened, row.kept) for row in done] == [(3, 0, 0), (1, 0, 0)]
    assert states(notices[0]) == ["not_covered"] * 3 + ["open"] * 2
    assert states(notices[1]) == ["not_covered"]
    told = Notification.objects.filter(person=moderator_a, subject__contains="changes which listings").get()
    assert told.body == "Closed, as version 3 no longer covers the listing: 3 flags."
    told_too = Notification.objects.filter(subject=told.subject, body__contains="no longer covers")
    assert effects.notified == 2 == told_too.values("person__organisation").distinct().count()
    client.force_login(officer)
    page = tight(client.get(reverse("recalls:versions", args=[notices[0].recall_id])).content.decode())
    assert "4 flags were closed as no longer covered." in page
    back = publish(HEATER, FAN)
    assert (back.opens, back.closes, back.reopens) == (0, 0, 4)
    assert sum(CoverageCheck.objects.filter(version__version=4).values_list("reopened", flat=True)) == 4
    assert states(notices[0]) == ["open"] * 5


def test_a_closed_flag_ends_its_clock_and_goes_on_where_it_stopped(
    notices: list[Notice], publish: Publish, officer: User, client: Client
) -> None:
    publish(HEATER, FAN)
    flag = Flag.objects.filter(notice=notices[0], listing__title__contains="heater").earliest("pk")
    due, at = Takedown.objects.get(flag=flag).due_at, timezone.now()
    publish(FAN)
    flag.refresh_from_db()
    takedown = Takedown.objects.get(flag=flag)
    assert (flag.status, flag.covered, takedown.status) == ("not_covered", False, "cancelled")
    assert takedown.next_step_at is None
    event = audit.events_about(flag).get(action="flag.not_covered")
    assert event.reason == "Version 3 of the recall no longer covers this listing."
    client.force_login(officer)
    page = tight(client.get(reverse("listings:flag", args=[flag.pk])).content.decode())
    assert event.reason in page
    assert "no longer covered" in page
    with time_machine.travel(at + timedelta(days=2), tick=False):
        publish(HEATER, FAN)
        flag.refresh_from_db()
        takedown.refresh_from_db()
        assert (flag.status, flag.covered, flag.closed_at) == ("open", True, None)
        assert takedown.status == "running"
        assert timedelta(days=1, hours=23) < takedown.due_at - due < timedelta(days=2, minutes=1)
        assert flag.due_at == takedown.due_at
        assert takedown.pauses.get().ended_at is not None


def test_what_somebody_holds_claimed_or_decided_stays_and_is_listed_for_the_regulator(
    notices: list[Notice], publish: Publish, moderator_a: User, officer: User, client: Client
) -> None:
    publish(HEATER, FAN)
    held, claimed, dismissed = Flag.objects.filter(notice=notices[0], listing__title__contains="heater").order_by("pk")
    actor = Actor.person(moderator_a)
    services.claim_flag(flag=held, actor=actor)
    for flag, kind, reason in ((claimed, "removed", ""), (dismissed, "not_the_product", "other_model")):
        services.claim_flag(flag=flag, actor=actor)
        fresh = Flag.objects.get(pk=flag.pk)
        services.decide(flag=fresh, kind=kind, reason=reason, seen=services.seen_token(fresh), actor=actor)
    effects = publish(FAN)
    assert [(row.closes, row.kept) for row in effects.notices] == [(0, 2), (1, 0)]
    assert CoverageCheck.objects.get(notice=notices[0], version__version=3).kept == 2
    found = {flag.pk: (flag.status, flag.covered) for flag in Flag.objects.filter(notice=notices[0])}
    assert found[held.pk] == ("open", False)
    assert found[claimed.pk] == ("claimed_removed", False)
    assert found[dismissed.pk] == ("dismissed", True)
    told = Notification.objects.filter(person=officer, subject__contains="no longer covers 2 flags").get()
    client.force_login(officer)
    page = tight(client.get(told.link).content.decode())
    assert "2 of" in page or page.count("HL-200R") >= 2
    page = tight(client.get(reverse("listings:flag", args=[held.pk])).content.decode())
    assert "The version in force no longer covers this listing." in page


def test_a_seller_who_edits_the_listing_closes_nothing_by_the_next_correction(
    notices: list[Notice], publish: Publish
) -> None:
    publish(HEATER, FAN)
    flag = Flag.objects.filter(notice=notices[1]).get()
    Listing.objects.filter(pk=flag.listing_id).update(title="Garden hose, green")
    assert publish(replace(HEATER, gtins=()), FAN, ProductContent("Hearthline irons")) is not None
    flag.refresh_from_db()
    assert (flag.status, flag.covered) == ("open", True)


def test_a_rule_that_was_switched_off_is_not_the_version_s_doing(notices: list[Notice], publish: Publish) -> None:
    publish(HEATER, FAN)
    with patch.object(coverage, "switched_off", lambda: frozenset(services.SIGNALS)):
        publish(HEATER, FAN, ProductContent("Hearthline irons"))
    assert set(Flag.objects.values_list("status", flat=True)) == {"open"}


def test_one_flag_that_breaks_costs_itself_alone_and_is_judged_later(notices: list[Notice], publish: Publish) -> None:
    publish(HEATER, FAN)
    poison = Flag.objects.filter(notice=notices[0], listing__title__contains="heater").earliest("pk")
    real = coverage.listing_text

    def reading(listing: Listing) -> Any:
        if listing.pk == poison.listing_id:
            raise ValueError("unreadable")
        return real(listing)

    with patch.object(coverage, "listing_text", reading):
        publish(FAN)
    assert states(notices[0]) == ["not_covered"] * 2 + ["open"] * 3
    check = CoverageCheck.objects.get(notice=notices[0], version__version=3)
    assert (check.closed, check.done_at) == (2, None)
    kept = SetAside.objects.get(sweep=coverage.FLAGS)
    assert kept.subject_id == poison.pk
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        services.check_coverage_due()
    check.refresh_from_db()
    assert check.closed == 3
    assert check.done_at is not None
    assert states(notices[0]) == ["not_covered"] * 3 + ["open"] * 2
    assert not SetAside.objects.exists()


def test_closing_twice_or_what_is_decided_moves_nothing(notices: list[Notice], publish: Publish) -> None:
    publish(HEATER, FAN)
    publish(FAN)
    flag = Flag.objects.filter(status=FlagStatus.NOT_COVERED).earliest("pk")
    events = audit.events_about(flag).count()
    with pytest.raises(IllegalTransition):
        coverage.close_not_covered(flag=flag, version=notices[0].recall.current, actor=Actor.system("new version"))
    CoverageCheck.objects.update(done_at=None)
    services.check_coverage_due()
    assert audit.events_about(flag).count() == events
    assert CoverageCheck.objects.get(notice=flag.notice, version__version=3).closed in {1, 3}


def test_a_listing_that_matches_again_opens_its_flag_again(notices: list[Notice], publish: Publish) -> None:
    publish(HEATER, FAN)
    publish(FAN)
    flag = Flag.objects.filter(notice=notices[1]).get()
    Listing.objects.filter(pk=flag.listing_id).update(title="Hearthline HL-900F tower fan", match_due=True)
    services.match_listings_due(platform_id=notices[1].platform_id)
    flag.refresh_from_db()
    assert (flag.status, flag.listing_as_flagged["title"]) == ("open", "Hearthline HL-900F tower fan")


def test_the_board_counts_them_apart_from_the_dismissed(
    notices: list[Notice], publish: Publish, officer: User, client: Client
) -> None:
    publish(HEATER, FAN)
    publish(FAN)
    client.force_login(officer)
    page = tight(
        client.get(f"{reverse('enforcement:notice_board', args=[notices[0].pk])}?metric=not_covered").content.decode()
    )
    assert "A later version of the recall does not cover the listing." in page
    assert page.count("HL-200R") >= 3


def test_an_edit_by_mistake_that_closes_many_is_plain_before_it_is_published(
    notices: list[Notice], publish: Publish, officer: User, second_officer: User, client: Client
) -> None:
    ListingFactory.create_batch(10, platform=notices[0].platform, match_due=True)
    services.match_listings_due(platform_id=notices[0].platform_id)
    recall = Recall.objects.get(pk=notices[0].recall_id)
    version = recalls.revise_recall(recall=recall, actor=Actor.person(officer))
    content = replace(
        content_of(version), products=(ProductContent("Garden hoses", "Voltera"),), title="Hoses", description=""
    )
    recalls.edit_version(version=version, content=content, actor=Actor.person(officer))
    client.force_login(second_officer)
    page = tight(client.get(reverse("recalls:versions", args=[recall.pk])).content.decode())
    assert "14 flags are closed: this version no longer covers their listings." in page
    assert "Most undecided flags close." in page
    assert set(Flag.objects.values_list("status", flat=True)) == {"open"}
