"""The whole loop through the services: recall, notice, flag, decision, proof, escalation, relisting, audit."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile

from enforcement import services as enforcement
from enforcement.models import Escalation, Takedown
from listings import services as listings
from listings.models import CatalogueImport, Flag, Listing
from portal import audit
from portal.identity.actors import Actor
from portal.models import AuditEvent, Notification, Organisation, User
from recalls import services as recalls
from recalls.models import Notice, Recall
from recalls.services import ProductContent, RecallContent
from tests.factories import TERMS, UserFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
FEED = (
    '{"id": "A-1", "title": "Hearthline HL-200R ceramic tower heater 1500 W", "brand": "Hearthline", "seller": "northside"}\n'
    '{"id": "A-2", "title": "Cotton towel", "seller": "northside"}\n'
)
RELISTED = '{"id": "A-9", "title": "Tower heater HEARTHLINE HL200R new in box", "brand": "Hearthline", "seller": "northside"}\n'
CONTENT = RecallContent(
    title="Hearthline Recalls HL-200R Ceramic Tower Heaters Due to Fire Hazard",
    description="Hearthline ceramic tower heaters, model number HL-200R.",
    products=(ProductContent("Hearthline Ceramic Tower Heaters", "Hearthline", ("HL-200R",), ("00012345678905",)),),
)


@pytest.fixture
def clock() -> object:
    """A clock that stands until a test moves it."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def published(
    regulator: Organisation, officer: User, second_officer: User, as_actor: Callable[[User], Actor], clock: object
) -> Recall:
    actor = as_actor(officer)
    recall = recalls.create_recall(regulator=regulator, number="26117", content=CONTENT, actor=actor)
    recalls.move_recall(recall=recall, to="in_review", actor=actor)
    return recalls.move_recall(recall=recall, to="published", actor=as_actor(second_officer))


def feed(platform: Organisation, text: str, kind: str, system: Actor) -> None:
    job = listings.start_import(
        platform=platform, file=ContentFile(text.encode(), "feed.jsonl"), filename="feed.jsonl", kind=kind, actor=system
    )
    listings.run_import(job)
    while listings.match_listings_due(platform_id=platform.pk):
        pass


@pytest.fixture
def flag(
    published: Recall, platform_a: Organisation, officer: User, as_actor: Callable[[User], Actor], system: Actor
) -> Flag:
    feed(platform_a, FEED, "full", system)
    notice = recalls.send_notice(recall=published, platform=platform_a, terms=dict(TERMS), actor=as_actor(officer))
    assert listings.match_notice(notice=notice) == 1
    return Flag.objects.select_related("takedown").get()


def check(flag: Flag, verdict: str, system: Actor) -> None:
    takedown = Takedown.objects.get(flag=flag)
    enforcement.record_observation(
        seen=enforcement.Seen(takedown, "page", verdict, "test", f"seen {verdict}"), actor=system
    )


def claim_removal(flag: Flag, actor: Actor) -> None:
    flag.refresh_from_db()
    listings.decide(flag=flag, kind="removed", seen=listings.seen_token(flag), actor=actor)


def state(flag: Flag) -> tuple[str, str]:
    fresh = Flag.objects.select_related("takedown").get(pk=flag.pk)
    return fresh.status, fresh.takedown.status


def test_the_clock_starts_with_the_flag_and_ends_six_hours_later(flag: Flag) -> None:
    takedown = flag.takedown
    assert (takedown.started_at, takedown.due_at) == (MONDAY, MONDAY + timedelta(hours=6))
    assert flag.due_at == takedown.due_at
    assert (takedown.next_step, takedown.next_step_at) == (1, MONDAY + timedelta(hours=4))
    assert takedown.terms["policy"] == "Within hours"


def test_the_other_platform_gets_no_flag(flag: Flag, platform_b: Organisation) -> None:
    assert not Flag.objects.filter(platform=platform_b).exists()


def test_done_is_not_proof_until_two_looks_apart_agree(
    flag: Flag, moderator_a: User, as_actor: Callable[[User], Actor], system: Actor, clock: time_machine.Traveller
) -> None:
    claim_removal(flag, as_actor(moderator_a))
    assert state(flag) == ("claimed_removed", "running")
    check(flag, "gone", system)
    assert state(flag) == ("claimed_removed", "running")
    clock.shift(timedelta(minutes=30))
    check(flag, "gone", system)
    assert state(flag) == ("claimed_removed", "running"), "two looks half an hour apart are not apart enough"
    clock.shift(timedelta(minutes=31))
    check(flag, "gone", system)
    assert state(flag) == ("removed", "met")
    takedown = Takedown.objects.get()
    assert not takedown.is_late
    assert takedown.next_step_at is None
    assert takedown.met_at is not None
    assert takedown.check_plan.next_at == takedown.met_at + timedelta(hours=1)


def test_unknown_never_meets_a_deadline(
    flag: Flag, moderator_a: User, as_actor: Callable[[User], Actor], system: Actor, clock: time_machine.Traveller
) -> None:
    claim_removal(flag, as_actor(moderator_a))
    waits = []
    for _ in range(4):
        check(flag, "unknown", system)
        at = Takedown.objects.get().check_plan.next_at
        assert at is not None
        waits.append(at - datetime.now(UTC))
        clock.shift(timedelta(hours=2))
    assert state(flag) == ("claimed_removed", "running")
    assert waits == [timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6)]


def test_the_platforms_own_report_alone_proves_nothing(
    flag: Flag, moderator_a: User, as_actor: Callable[[User], Actor], system: Actor, clock: time_machine.Traveller
) -> None:
    claim_removal(flag, as_actor(moderator_a))
    for _ in range(3):
        enforcement.record_api_report(
            takedown=Takedown.objects.get(), verdict="gone", note="ours", actor=as_actor(moderator_a)
        )
        clock.shift(timedelta(hours=2))
    check(flag, "gone", system)
    assert state(flag)[0] == "claimed_removed", "one moment at which the page is gone, whatever the platform says"
    clock.shift(timedelta(hours=1))
    check(flag, "gone", system)
    assert state(flag) == ("removed", "met")


def test_a_page_still_on_sale_opens_the_flag_again(
    flag: Flag, moderator_a: User, as_actor: Callable[[User], Actor], system: Actor
) -> None:
    claim_removal(flag, as_actor(moderator_a))
    check(flag, "live", system)
    assert state(flag) == ("open", "running")


def test_absence_from_a_full_feed_is_a_look_and_from_a_delta_is_none(
    flag: Flag,
    platform_a: Organisation,
    moderator_a: User,
    as_actor: Callable[[User], Actor],
    system: Actor,
    clock: time_machine.Traveller,
) -> None:
    claim_removal(flag, as_actor(moderator_a))
    clock.shift(timedelta(minutes=1))
    feed(platform_a, FEED.splitlines()[1], "delta", system)
    assert enforcement.observe_feeds_due() == 0
    clock.shift(timedelta(minutes=1))
    feed(platform_a, FEED.splitlines()[1], "full", system)
    assert enforcement.observe_feeds_due() == 0, "half a catalogue says nothing until a person confirms it"
    waiting = CatalogueImport.objects.get(status="waiting")
    manager = UserFactory(role="platform_manager", organisation=platform_a)
    listings.confirm_import(job=waiting, reason="We sell less now.", actor=as_actor(manager))
    listings.run_import(waiting)
    assert enforcement.observe_feeds_due() == 1
    assert enforcement.observe_feeds_due() == 0, "one feed is one look"
    clock.shift(timedelta(hours=1))
    check(flag, "gone", system)
    assert state(flag)[0] == "claimed_removed", "the platform's own feed is its word"
    clock.shift(timedelta(hours=1))
    check(flag, "gone", system)
    assert state(flag) == ("removed", "met")


def test_a_late_listing_climbs_every_step_once(
    flag: Flag, officer: User, moderator_a: User, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=4))
    assert [enforcement.sweep_escalations() for _ in range(2)] == [1, 0]
    assert Escalation.objects.get().kind == "reminder"
    assert Notification.objects.filter(person=moderator_a, key__startswith="escalation").exists()
    clock.shift(timedelta(hours=30))
    assert enforcement.sweep_escalations() == 1, "one rung a sweep, the next is due at once"
    assert enforcement.sweep_escalations() + enforcement.sweep_escalations() == 2
    assert enforcement.sweep_escalations() == 0
    assert list(Escalation.objects.order_by("step").values_list("kind", flat=True)) == [
        "reminder",
        "missed",
        "officer",
        "letter",
    ]
    takedown = Takedown.objects.get()
    assert (takedown.status, takedown.next_step_at) == ("missed", None)
    assert "26117" in Escalation.objects.get(kind="letter").letter.body
    assert Notification.objects.filter(person=officer, key__startswith="escalation").count() == 2


def test_a_listing_that_goes_live_again_goes_on_where_its_ladder_stood(
    flag: Flag, moderator_a: User, as_actor: Callable[[User], Actor], system: Actor, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=6, minutes=1))
    for _ in range(2):
        enforcement.sweep_escalations()
    claim_removal(flag, as_actor(moderator_a))
    check(flag, "gone", system)
    clock.shift(timedelta(minutes=61))
    check(flag, "gone", system)
    assert state(flag) == ("removed", "met")
    assert Takedown.objects.get().is_late
    clock.shift(timedelta(hours=2))
    check(flag, "live", system)
    assert state(flag) == ("open", "missed")
    assert Takedown.objects.get().next_step == 3
    enforcement.sweep_escalations()
    assert list(Escalation.objects.order_by("step").values_list("step", flat=True)) == [1, 2, 3]


def test_the_same_goods_under_another_id_are_caught_and_linked(
    flag: Flag,
    platform_a: Organisation,
    moderator_a: User,
    as_actor: Callable[[User], Actor],
    system: Actor,
    clock: time_machine.Traveller,
) -> None:
    claim_removal(flag, as_actor(moderator_a))
    check(flag, "gone", system)
    clock.shift(timedelta(hours=1))
    check(flag, "gone", system)
    feed(platform_a, RELISTED, "delta", system)
    relisted = Flag.objects.get(listing__external_id="A-9")
    assert relisted.relisted_from == flag
    assert "same seller" in relisted.relisted_reason
    assert relisted.takedown.started_at == datetime.now(UTC)


def test_a_withdrawn_notice_stops_its_clocks(flag: Flag, officer: User, as_actor: Callable[[User], Actor]) -> None:
    notice = Notice.objects.select_related("recall", "platform").get()
    recalls.withdraw_notice(notice=notice, reason="sent by mistake", actor=as_actor(officer))
    assert state(flag) == ("withdrawn", "cancelled")
    assert Takedown.objects.get().next_step_at is None


def test_an_overruled_dismissal_goes_on_with_the_same_deadline(
    flag: Flag, moderator_a: User, admin: User, as_actor: Callable[[User], Actor], clock: time_machine.Traveller
) -> None:
    due = flag.due_at
    listings.decide(
        flag=flag,
        kind="not_the_product",
        reason="other_model",
        seen=listings.seen_token(flag),
        actor=as_actor(moderator_a),
    )
    assert state(flag) == ("dismissed", "cancelled")
    clock.shift(timedelta(hours=1))
    flag.refresh_from_db()
    listings.overrule(flag=flag, note="It is the model.", actor=as_actor(admin))
    assert state(flag) == ("open", "running")
    assert Takedown.objects.get().due_at == due


def test_matching_finds_the_same_flags_whichever_comes_first(
    published: Recall,
    platform_a: Organisation,
    platform_b: Organisation,
    officer: User,
    as_actor: Callable[[User], Actor],
    system: Actor,
) -> None:
    feed(platform_a, FEED, "full", system)
    for platform in (platform_a, platform_b):
        notice = recalls.send_notice(recall=published, platform=platform, terms=dict(TERMS), actor=as_actor(officer))
        listings.match_notice(notice=notice)
    feed(platform_b, FEED, "full", system)
    first, second = (Flag.objects.get(platform=platform) for platform in (platform_a, platform_b))
    assert first.listing.external_id == second.listing.external_id == "A-1"
    assert (first.score, [item["signal"] for item in first.evidence]) == (
        second.score,
        [item["signal"] for item in second.evidence],
    )


def test_reading_the_catalogue_again_matches_only_what_changed(
    flag: Flag, platform_a: Organisation, system: Actor
) -> None:
    before = dict(Listing.objects.values_list("external_id", "changed_at"))
    job = listings.start_import(
        platform=platform_a,
        file=ContentFile((FEED + RELISTED).encode(), "f.jsonl"),
        filename="f",
        kind="full",
        actor=system,
    )
    job = listings.run_import(job)
    assert (job.added, job.changed, job.unchanged) == (1, 0, 2)
    assert list(Listing.objects.filter(match_due=True).values_list("external_id", flat=True)) == ["A-9"]
    assert {
        name: at for name, at in Listing.objects.values_list("external_id", "changed_at") if name != "A-9"
    } == before


def test_the_audit_tells_the_whole_story_and_its_chain_holds(
    flag: Flag, moderator_a: User, as_actor: Callable[[User], Actor], system: Actor
) -> None:
    claim_removal(flag, as_actor(moderator_a))
    told = list(audit.events_about(flag, flag.notice, flag.takedown).values_list("action", flat=True))
    assert told == ["notice.sent", "flag.opened", "takedown.started", "notice.matched", "flag.claimed_removed"]
    assert AuditEvent.objects.get(action="flag.claimed_removed").user == moderator_a
    audit.seal_events()
    assert audit.verify_chain().problem == ""


def test_a_widened_version_is_matched_again_and_a_redated_one_is_not(
    published: Recall,
    platform_a: Organisation,
    officer: User,
    second_officer: User,
    as_actor: Callable[[User], Actor],
) -> None:
    actor = as_actor(officer)
    notice = recalls.send_notice(recall=published, platform=platform_a, terms=dict(TERMS), actor=actor)
    listings.match_notice(notice=notice)
    version = recalls.revise_recall(recall=published, actor=actor)
    wider = RecallContent(
        **{
            **{name: getattr(CONTENT, name) for name in RecallContent.__slots__},
            "products": (*CONTENT.products, ProductContent("Hearthline Fan Heaters", "Hearthline", ("FH-9000",))),
        }
    )
    recalls.edit_version(version=version, content=wider, actor=actor)
    version = recalls.publish_version(version=version, change_note="A second product", actor=as_actor(second_officer))
    notice.refresh_from_db()
    assert (version.widens, notice.version_id, notice.matched_at) == (True, version.pk, None)
