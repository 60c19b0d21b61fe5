"""Clocks and ladders in cases that are rare and matter: outages, clocks set back, pauses that meet, appeals that are won."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from enforcement import rules, services
from enforcement.letters.services import seen_of
from enforcement.models import Escalation, Letter, Pause, PublicListing, Takedown
from listings import services as listings
from listings.models import Exclusion, Flag
from listings.services.flags import change_status
from portal import audit
from portal import services as portal
from portal.identity.actors import Actor
from portal.models import AuditEvent, Notification, Organisation, User
from portal.transitions import IllegalTransition
from tests.factories import TERMS, FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DAYS = {"amount": 2, "unit": "working_days", "country": "DE", "time_zone": "Europe/Berlin"}
LADDER = (("reminder", -2 * HOUR), ("missed", 0 * HOUR), ("contact", HOUR / 2), ("officer", HOUR), ("letter", DAY), ("naming", 2 * DAY))  # fmt: skip
Start = Callable[..., Takedown]


def steps(*ladder: tuple[str, timedelta]) -> list[dict[str, object]]:
    return [
        {"step": number, "kind": kind, "offset_seconds": int(after.total_seconds())}
        for number, (kind, after) in enumerate(ladder, 1)
    ]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def start(regulator: Organisation, platform_a: Organisation, clock: time_machine.Traveller) -> Start:
    """A takedown whose clock starts now, under six hours or the terms given."""

    def begin(*, link: str = "", **terms: object) -> Takedown:
        now = datetime.now(UTC)
        sent = {"sent_at": now, "matched_at": now, "terms": {**TERMS, **terms}}
        notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, **sent)
        flag = FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a, link=link), opened_at=now)
        return services.start_clock(flag=flag)

    return begin


def decide(takedown: Takedown, person: User, kind: str, **given: str) -> None:
    flag = Flag.objects.get(pk=takedown.flag_id)
    listings.decide(flag=flag, kind=kind, seen=listings.seen_token(flag), actor=Actor.person(person), **given)


def see(takedown: Takedown, *verdicts: str, system: Actor, clock: time_machine.Traveller) -> None:
    """Checks of the page with these verdicts, each an hour and a minute before the next."""
    for verdict in verdicts:
        clock.shift(61 * MINUTE)
        services.record_observation(seen=services.Seen(takedown, "page", verdict, "test"), actor=system)
    takedown.refresh_from_db()


def sweep() -> None:
    while services.sweep_escalations():
        pass


def test_a_start_after_a_half_day_names_the_end_of_the_half_day() -> None:
    """The English sentence and the data behind the pages give the same moment."""
    half = [{"day": "2026-12-24", "kind": "half", "name": "Christmas Eve", "closes_at": "12:00"}]
    terms = rules.Terms.from_json({**TERMS, **DAYS, "cut_off": "17:00", "special_days": half})
    at = datetime(2026, 12, 24, 12, tzinfo=UTC)
    _, because = rules.clock_start(terms, sent_at=at, delivered_at=None, acknowledged_at=None, opened_at=at)
    assert because.text.endswith("Thu 24 Dec 13:00, after the cut-off at 12:00: this counts as the next working day")
    assert because.data["cut_off"] == "2026-12-24T11:00:00+00:00"


def test_time_that_two_pauses_share_stands_still_once() -> None:
    pauses = [rules.Pause(MONDAY + a * HOUR, MONDAY + b * HOUR) for a, b in ((1, 4), (2, 3), (3, 5), (5, 6), (6, 6))]
    due, because = rules.due_at(rules.Terms.from_json(TERMS), MONDAY, pauses=pauses)
    assert due == MONDAY + 11 * HOUR
    assert because.text.endswith(
        "; paused from 02 Mar 16:00:00 to 02 Mar 20:00:00 UTC, 02 Mar 20:00:00 to 02 Mar 21:00:00 UTC"
    )


def test_a_clock_set_back_during_a_pause_ends_the_pause_and_takes_no_time(
    start: Start, officer: User, moderator_a: User, clock: time_machine.Traveller
) -> None:
    by_hand, dismissed = start(), start()
    for takedown in (by_hand, dismissed):
        services.pause_clock(takedown=takedown, reason="Waiting.", actor=Actor.person(officer))
    clock.shift(-2 * MINUTE)
    services.resume_clock(takedown=by_hand, actor=Actor.person(officer))
    decide(dismissed, moderator_a, "not_the_product", reason="accessory")
    by_hand.refresh_from_db()
    assert (by_hand.paused_at, by_hand.due_at) == (None, MONDAY + 6 * HOUR)
    assert "paused" not in by_hand.deadline_reason
    assert {(pause.started_at, pause.ended_at) for pause in Pause.objects.all()} == {(MONDAY, MONDAY)}
    assert Takedown.objects.get(pk=dismissed.pk).status == "cancelled"


def test_a_persons_pause_goes_on_when_the_regulator_answers_a_question(
    start: Start, officer: User, moderator_a: User, clock: time_machine.Traveller
) -> None:
    takedown = start(pauses_while_referred=True)
    services.pause_clock(takedown=takedown, reason="We are checking the lot numbers.", actor=Actor.person(officer))
    decide(takedown, moderator_a, "escalate", note="Which lots?")
    clock.shift(HOUR)
    listings.answer_referral(flag=Flag.objects.get(), note="All of them.", actor=Actor.person(officer))
    takedown.refresh_from_db()
    assert (takedown.flag.status, takedown.paused_at) == ("open", MONDAY)
    clock.shift(HOUR)
    services.resume_clock(takedown=takedown, actor=Actor.person(officer))
    assert Takedown.objects.get().due_at == MONDAY + 8 * HOUR


@pytest.mark.parametrize("kind", ["removed", "not_the_product"])
def test_a_decision_that_is_undone_lets_the_clock_wait_for_the_regulator_again(
    kind: str, start: Start, officer: User, moderator_a: User, settings: Any, clock: time_machine.Traveller
) -> None:
    settings.UNDO_SECONDS = 20
    takedown = start(pauses_while_referred=True)
    decide(takedown, moderator_a, "escalate", note="Which lots?")
    clock.shift(HOUR)
    decide(takedown, moderator_a, kind, **({"reason": "accessory"} if kind == "not_the_product" else {}))
    clock.shift(timedelta(seconds=2))
    listings.undo_last(flag=Flag.objects.get(), actor=Actor.person(moderator_a))
    takedown.refresh_from_db()
    assert takedown.flag.status == "referred"
    assert takedown.paused_at == MONDAY + HOUR + timedelta(seconds=2)
    clock.shift(HOUR)
    listings.answer_referral(flag=Flag.objects.get(), note="All of them.", actor=Actor.person(officer))
    assert Takedown.objects.get().due_at == MONDAY + 8 * HOUR


def test_an_appeal_that_is_won_after_the_proof_leaves_the_time_since_the_proof_out(
    start: Start, officer: User, moderator_a: User, system: Actor, clock: time_machine.Traveller
) -> None:
    """Dismissed and opened again before, so that an older end of the clock is on record too."""
    takedown = start(amount=24)
    decide(takedown, moderator_a, "not_the_product", reason="accessory")
    clock.shift(HOUR)
    listings.overrule(flag=Flag.objects.get(), note="It is the product.", actor=system)
    decide(takedown, moderator_a, "removed")
    see(takedown, "gone", "gone", system=system, clock=clock)
    assert takedown.status == "met"
    met_at = takedown.met_at
    assert met_at is not None
    appeal = services.make_appeal(takedown=takedown, side="platform", text="Another.", actor=Actor.person(moderator_a))
    clock.shift(DAY)
    services.answer_appeal(appeal=appeal, grant=True, answer="It is HL-300.", actor=Actor.person(officer))
    clock.shift(30 * DAY)
    flag = Flag.objects.get()
    assert Exclusion.objects.get(withdrawn_at=None).holds
    change_status(flag, "open", actor=system, reason="The listing was edited and matches again.")
    takedown.refresh_from_db()
    assert takedown.status == "running"
    assert takedown.due_at - datetime.now(UTC) == MONDAY + DAY - met_at, "what was left when the removal was confirmed"
    sweep()
    assert not Escalation.objects.exists()


def test_what_was_won_on_appeal_and_is_overruled_goes_on_with_its_deadline(
    start: Start, officer: User, moderator_a: User, system: Actor, clock: time_machine.Traveller
) -> None:
    takedown = start(amount=24)
    decide(takedown, moderator_a, "removed")
    see(takedown, "gone", "gone", system=system, clock=clock)
    appeal = services.make_appeal(takedown=takedown, side="platform", text="Another.", actor=Actor.person(moderator_a))
    services.answer_appeal(appeal=appeal, grant=True, answer="It is HL-300.", actor=Actor.person(officer))
    listings.overrule(flag=Flag.objects.get(), note="It is not.", actor=system)
    takedown.refresh_from_db()
    assert (takedown.status, takedown.due_at) == ("running", MONDAY + DAY)


def test_a_special_day_of_long_ago_is_not_forgotten_by_a_recount(
    start: Start, regulator: Organisation, admin: User, clock: time_machine.Traveller
) -> None:
    given = {"regulator": regulator, "country": "DE", "kind": "closed", "actor": Actor.person(admin)}
    services.add_calendar_day(day=date(2026, 3, 4), name="Strike", **given)
    special = [{"day": "2026-03-04", "kind": "closed", "name": "Strike", "closes_at": ""}]
    takedown = start(**DAYS, special_days=special, calendar_version=1)
    due = datetime(2026, 3, 5, 23, tzinfo=UTC)
    assert takedown.due_at == due
    clock.shift(60 * DAY)
    sweep()
    before = Takedown.objects.values().get()
    assert services.preview_recount(regulator=regulator, at_most=9) == ([], 0), "nothing was changed"
    assert services.recount_clocks(regulator=regulator, reason="Why not.", actor=Actor.person(admin)) == 0
    assert Takedown.objects.values().get() == before


def test_a_missed_deadline_that_a_recount_moves_ahead_runs_again(
    start: Start, regulator: Organisation, admin: User, clock: time_machine.Traveller
) -> None:
    takedown = start(**DAYS)
    clock.move_to(datetime(2026, 3, 5, 9, tzinfo=UTC))
    sweep()
    assert Takedown.objects.get().status == "missed"
    for day in (3, 4):
        services.add_calendar_day(
            regulator=regulator, country="DE", day=date(2026, 3, day), kind="closed", name="Strike", actor=Actor.person(admin)
        )  # fmt: skip
    assert services.recount_clocks(regulator=regulator, reason="Strike.", actor=Actor.person(admin)) == 1
    takedown.refresh_from_db()
    assert takedown.due_at == datetime(2026, 3, 6, 23, tzinfo=UTC)
    assert (takedown.status, takedown.missed_at, takedown.is_late) == ("running", None, False)
    clock.move_to(takedown.due_at)
    sweep()
    assert Takedown.objects.get().status == "missed"
    assert Escalation.objects.filter(kind="missed").count() == 1


@pytest.mark.parametrize(
    ("after", "status", "event"), [(-1, "met", "takedown.met"), (0, "met", "takedown.met"), (1, "met", "takedown.met_late")]
)  # fmt: skip
@pytest.mark.parametrize("sweeping", [True, False])
def test_a_removal_is_in_time_or_late_by_the_deadline_and_not_by_the_sweep(
    sweeping: bool, after: int, status: str, event: str, start: Start, officer: User, system: Actor, clock: time_machine.Traveller
) -> None:  # fmt: skip
    """One second before the deadline, at it, and one second after it; with the worker running or stopped all the time."""
    takedown = start(checks_needed=1)
    clock.move_to(takedown.due_at + after * timedelta(seconds=1))
    if sweeping and after:
        sweep()
    services.record_observation(seen=services.Seen(takedown, "page", "gone", "test"), actor=system)
    clock.shift(8 * DAY)
    sweep()
    takedown.refresh_from_db()
    assert takedown.status == status
    assert takedown.is_late is (after > 0)
    assert [row.action for row in AuditEvent.objects.filter(action__startswith="takedown.met")] == [event]
    found = services.figures(actor=Actor.person(officer), days=30)
    record = services.platform_record(actor=Actor.person(officer), platform=takedown.platform, days=30)
    assert (found.total("proved"), found.total("in_time")) == (1, int(after <= 0))
    assert (record.outcome.in_time, record.outcome.late) == (int(after <= 0), int(after > 0))
    assert [count for _, count in found.missed] == [0] * 10 + [int(after > 0), 0], "the week of the deadline"


def test_a_deadline_is_missed_when_it_passes_whatever_the_ladder_does_then(
    start: Start, clock: time_machine.Traveller
) -> None:
    late_ones = [
        start(steps=steps(("reminder", -2 * HOUR), ("missed", HOUR))),
        start(steps=steps(("missed", HOUR))),
        start(steps=steps(("reminder", -2 * HOUR), ("reminder", -HOUR), ("missed", 2 * HOUR))),
    ]
    clock.shift(6 * HOUR)
    sweep()
    assert {Takedown.objects.get(pk=row.pk).status for row in late_ones} == {"missed"}
    assert set(Escalation.objects.values_list("kind", flat=True)) == {"reminder"}
    audit.seal_events()
    assert services.watch_clocks().problem == ""
    clock.shift(2 * HOUR)
    sweep()
    assert Escalation.objects.filter(kind="missed").count() == 3
    assert not Takedown.objects.filter(ladder_done=False).exists()


def test_only_reminders_come_before_the_deadline(regulator: Organisation, admin: User) -> None:
    """A step that says "deadline missed" to people has to be true."""
    for kind in ("missed", "contact", "officer", "letter", "naming"):
        content = services.PolicyContent(name="x", amount=6, unit="hours", steps=((kind, -60), ("missed", 0)))
        with pytest.raises(ValidationError, match="Only reminders can come before the deadline"):
            services.create_policy(regulator=regulator, content=content, actor=Actor.person(admin))


@pytest.mark.parametrize("outage", [HOUR, 7 * DAY, 365 * DAY])
def test_after_an_outage_each_step_comes_once_in_order_marked_late_and_floods_nobody(
    outage: timedelta, start: Start, regulator: Organisation, moderator_a: User, manager_a: User, officer: User,
    clock: time_machine.Traveller,
) -> None:  # fmt: skip
    first = start(steps=steps(*LADDER))
    for _ in range(11):
        flag = FlagFactory(
            notice=first.flag.notice, listing=ListingFactory(platform=first.platform, link=""), opened_at=MONDAY
        )
        services.start_clock(flag=flag)
    clock.shift(6 * HOUR + outage)
    sweep()
    reached = [kind for kind, after in LADDER if after <= outage]
    for takedown in Takedown.objects.all():
        raised = list(takedown.escalations.order_by("pk"))
        assert [row.kind for row in raised] == reached
        assert [row.due_at - takedown.due_at for row in raised] == [after for kind, after in LADDER if kind in reached]
        assert all(row.raised_at > row.due_at for row in raised if row.due_at < datetime.now(UTC))
    for person in (moderator_a, manager_a, officer):
        subjects = list(Notification.objects.filter(person=person).values_list("subject", flat=True))
        assert len(subjects) <= len(reached), "one message for each step, however many listings there are"
        assert all(subject.startswith("Late: ") for subject in subjects)
    assert services.sweep_escalations() == 0
    clock.shift(-3 * HOUR)  # and the machine's clock is put right
    assert services.sweep_escalations() == 0
    audit.seal_events()
    assert services.watch_clocks().problem == ""


def test_a_reminder_in_time_is_not_late(start: Start, moderator_a: User, clock: time_machine.Traveller) -> None:
    start()
    clock.shift(4 * HOUR)
    assert services.sweep_escalations() == 1
    assert Notification.objects.get(person=moderator_a).subject.startswith("Reminder to moderators: ")


def test_steps_that_fall_together_come_in_their_order(start: Start, clock: time_machine.Traveller) -> None:
    takedown = start(
        steps=steps(("reminder", 0 * HOUR), ("missed", 0 * HOUR), ("contact", 0 * HOUR), ("officer", HOUR))
    )
    clock.move_to(takedown.due_at)
    sweep()
    assert list(Escalation.objects.order_by("pk").values_list("kind", flat=True)) == ["reminder", "missed", "contact"]
    assert Takedown.objects.get().status == "missed"


@pytest.fixture
def threatened(start: Start, clock: time_machine.Traveller, officer: User, second_officer: User) -> Takedown:
    """Late through the whole ladder: a letter is drafted, and two people have agreed to the public listing."""
    takedown = start(steps=steps(*LADDER), extension_needs_second=False)
    clock.shift(3 * DAY)
    sweep()
    for person in (officer, second_officer):
        listing = PublicListing.objects.get()
        services.agree_to_public_listing(public_listing=listing, reason="Late.", actor=Actor.person(person))
    return takedown


def test_whose_deadline_was_moved_ahead_is_neither_written_to_nor_named(
    threatened: Takedown, officer: User, client: Client, clock: time_machine.Traveller
) -> None:
    public = reverse("enforcement:late_platforms")
    assert "Bazaarly" in client.get(public).content.decode()
    services.ask_extension(takedown=threatened, amount=240, reason="A flood.", actor=Actor.person(officer))
    threatened.refresh_from_db()
    assert (threatened.status, threatened.is_late) == ("running", False)
    assert "Bazaarly" not in client.get(public).content.decode()
    letter = Letter.objects.get()
    with pytest.raises(IllegalTransition, match="has not passed"):
        services.send_letter(letter=letter, seen=seen_of(letter), actor=Actor.person(officer))
    assert Letter.objects.get().status == "draft"
    assert not Notification.objects.filter(key=f"letter:{letter.pk}").exists()
    clock.move_to(threatened.due_at + HOUR)
    sweep()
    assert "Bazaarly" in client.get(public).content.decode()
    services.send_letter(letter=letter, seen=seen_of(letter), actor=Actor.person(officer))
    assert Letter.objects.get().status == "sent"


def test_a_public_listing_is_not_agreed_to_while_the_deadline_lies_ahead(
    start: Start, officer: User, clock: time_machine.Traveller
) -> None:
    takedown = start(steps=steps(*LADDER), extension_needs_second=False)
    clock.shift(3 * DAY)
    sweep()
    services.ask_extension(takedown=takedown, amount=240, reason="A flood.", actor=Actor.person(officer))
    with pytest.raises(IllegalTransition, match="has not passed"):
        services.agree_to_public_listing(
            public_listing=PublicListing.objects.get(), reason="Late.", actor=Actor.person(officer)
        )
    assert PublicListing.objects.get().status == "proposed"


def test_the_time_that_takedowns_took_leaves_pauses_out_as_the_deadline_does(
    start: Start, officer: User, moderator_a: User, platform_a: Organisation, system: Actor, clock: time_machine.Traveller
) -> None:  # fmt: skip
    """One without a pause, and one that the regulator paused for five days, both decided after one hour of their clocks."""
    plain, paused = start(checks_needed=1), start(checks_needed=1)
    actor = Actor.person(officer)
    services.pause_clock(takedown=paused, reason="We are checking the lot numbers.", actor=actor)
    clock.shift(HOUR)
    decide(plain, moderator_a, "removed")
    see(plain, "gone", system=system, clock=clock)
    clock.move_to(MONDAY + 5 * DAY)
    services.resume_clock(takedown=paused, actor=actor)
    clock.shift(HOUR)
    decide(paused, moderator_a, "removed")
    see(paused, "gone", system=system, clock=clock)
    assert not paused.is_late
    took = HOUR + 61 * MINUTE
    found = services.figures(actor=actor, days=30)
    (row,) = found.platforms
    assert (row.quarter, row.median, row.three_quarters, found.median) == (took, took, took, took)
    assert found.took == [0, 2, 0, 0, 0, 0]
    record = services.platform_record(actor=actor, platform=platform_a, days=30)
    assert (record.quarter, record.median, record.three_quarters) == (took, took, took)
    assert (record.to_decide, record.to_confirm) == (HOUR, 61 * MINUTE)


def test_a_removal_before_the_clock_starts_took_no_time(
    start: Start, officer: User, moderator_a: User, platform_a: Organisation, system: Actor, clock: time_machine.Traveller
) -> None:  # fmt: skip
    """The clock starts with the acknowledgement, which never comes: 24 hours later. It does not count as 22 hours."""
    takedown = start(starts_on="acknowledged", checks_needed=1)
    assert takedown.started_at == MONDAY + DAY
    clock.shift(HOUR)
    decide(takedown, moderator_a, "removed")
    see(takedown, "gone", system=system, clock=clock)
    record = services.platform_record(actor=Actor.person(officer), platform=platform_a, days=30)
    assert (record.median, record.to_decide) == (timedelta(), timedelta())
    assert services.figures(actor=Actor.person(officer), days=30).median == timedelta()


@pytest.mark.parametrize("who", ["officer", "moderator_a"])
def test_a_paused_clock_is_late_on_no_page(
    who: str, start: Start, officer: User, sign_in: Callable[[User], Client], request: pytest.FixtureRequest,
    clock: time_machine.Traveller,
) -> None:  # fmt: skip
    takedown = start()
    clock.shift(HOUR)
    services.pause_clock(takedown=takedown, reason="We are checking the lot numbers.", actor=Actor.person(officer))
    clock.shift(2 * DAY)
    client, flag = sign_in(request.getfixturevalue(who)), takedown.flag
    pages = {
        "queue": f"{reverse('listings:queue')}?view=undecided",
        "flag": reverse("listings:flag", args=[flag.pk]),
        "bulk": f"{reverse('listings:bulk')}?flags={flag.pk}",
        "takedowns": reverse("enforcement:takedowns"),
        "takedown": reverse("enforcement:takedown", args=[takedown.pk]),
        "board": reverse("enforcement:board"),
        "wallboard": reverse("enforcement:wallboard"),
        "notice": reverse("enforcement:notice_board", args=[flag.notice_id]),
        "product": reverse("enforcement:product", args=[flag.product_id]),
        "platform": reverse("enforcement:platform", args=[takedown.platform_id]),
    }
    wrong = {}
    for name, address in pages.items():
        answer = client.get(address)
        assert answer.status_code in {200, 403}, name
        page = answer.content.decode()
        said = [text for text in (" h late", " min late", "wb-due is-late", "wb-clock is-late") if text in page]
        if said or (answer.status_code == 200 and name != "platform" and "aused" not in page):
            wrong[name] = said
    assert wrong == {}
    refused = {name for name, address in pages.items() if client.get(address).status_code == 403}
    assert refused == ({"bulk"} if who == "officer" else {"board", "wallboard", "notice"})


def test_a_request_for_more_time_and_its_answer_reach_the_other_side(
    start: Start, officer: User, second_officer: User, moderator_a: User, manager_a: User, moderator_b: User
) -> None:
    """The officer is away, so that whoever stands in for them hears of it, too."""
    away = {"starts_at": MONDAY - HOUR, "ends_at": MONDAY + DAY, "deputy": second_officer}
    portal.add_absence(person=officer, actor=Actor.person(officer), **away)
    takedown = start()
    asked = services.ask_extension(takedown=takedown, amount=3, reason="A flood.", actor=Actor.person(moderator_a))
    (message,) = Notification.objects.filter(person=second_officer, subject__startswith="Extension requested: ")
    assert message.body.startswith(f"Listing {takedown.flag.listing.external_id} on Bazaarly, recall ")
    assert "Deadline: 02 Mar 2026 21:00 UTC. Status: open." in message.body
    assert message.body.endswith("\n\nA flood.")
    assert message.link == reverse("enforcement:takedown", args=[takedown.pk])
    services.answer_extension(extension=asked, grant=True, answer="", actor=Actor.person(officer))
    for person in (moderator_a, manager_a):
        told = Notification.objects.get(person=person, subject__startswith="Extension granted: ")
        assert "Deadline: 03 Mar 2026 00:00 UTC." in told.body
    asked = services.ask_extension(takedown=takedown, amount=3, reason="Again.", actor=Actor.person(moderator_a))
    services.answer_extension(extension=asked, grant=False, answer="Once is enough.", actor=Actor.person(officer))
    refused = Notification.objects.get(person=moderator_a, subject__startswith="Extension refused: ")
    assert refused.body.endswith("\n\nOnce is enough.")
    assert not Notification.objects.filter(person=moderator_b).exists()


@pytest.mark.parametrize("hours", [1, 7])
def test_a_listing_that_comes_back_is_checked_more_often_whether_its_first_removal_was_in_time_or_late(
    hours: int, start: Start, system: Actor, clock: time_machine.Traveller
) -> None:
    takedown = start(checks_needed=1, history_after=1, history_rescans=[900, 3600])
    clock.shift(hours * HOUR)
    sweep()
    see(takedown, "gone", system=system, clock=clock)
    assert (takedown.is_late, takedown.terms["quickened"]) == (hours > 6, "")
    see(takedown, "live", "gone", system=system, clock=clock)
    assert takedown.terms["quickened"].startswith("checked more often because 1 listing")
