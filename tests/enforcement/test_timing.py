"""Pauses, extensions and calendars on running clocks: exact to the second, explained, and nothing moves by itself."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enforcement import rules, services
from enforcement.calendars.services.special_days import special_days
from enforcement.clocks.services.timing import begun, due_of
from enforcement.models import CalendarDay, Escalation, Extension, Pause, Takedown
from listings import services as listings
from listings.models import Flag
from portal import audit
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from portal.transitions import IllegalTransition
from recalls import services as recalls
from tests.factories import TERMS, FlagFactory, ListingFactory, NoticeFactory, PolicyFactory, RecallFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAYS = {"amount": 2, "unit": "working_days", "country": "DE", "time_zone": "Europe/Berlin"}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def start(regulator: Organisation, platform_a: Organisation, clock: time_machine.Traveller) -> Callable[..., Takedown]:
    """A takedown whose clock starts now, under six hours or the terms given."""

    def begin(seller: str = "", **terms: object) -> Takedown:
        recall = RecallFactory(regulator=regulator)
        sent = {"sent_at": MONDAY, "matched_at": MONDAY, "terms": {**TERMS, **terms}}
        notice = NoticeFactory(recall=recall, platform=platform_a, **sent)
        # Without an address: no check of the page is due on the way.
        listing = ListingFactory(platform=platform_a, seller=seller, link="")
        flag = FlagFactory(notice=notice, listing=listing, opened_at=datetime.now(UTC))
        return services.start_clock(flag=flag)

    return begin


def test_a_pause_moves_the_deadline_by_exactly_its_length_and_raises_no_step(
    start: Callable[..., Takedown], officer: User, clock: time_machine.Traveller
) -> None:
    takedown, actor = start(), Actor.person(officer)
    clock.shift(HOUR)
    services.pause_clock(takedown=takedown, reason="We are checking the lot numbers.", actor=actor)
    clock.shift(timedelta(hours=30, seconds=7))
    assert services.sweep_escalations() == 0
    audit.seal_events()
    assert services.watch_clocks().problem == ""
    assert not Takedown.objects.get().is_late
    services.resume_clock(takedown=takedown, actor=actor)
    takedown.refresh_from_db()
    assert takedown.due_at == MONDAY + timedelta(hours=36, seconds=7)
    assert takedown.next_step_at == takedown.due_at - 2 * HOUR
    assert takedown.flag.due_at == Flag.objects.get().due_at == takedown.due_at
    assert "paused from 02 Mar 16:00:00 to 03 Mar 22:00:07 UTC" in takedown.deadline_reason
    assert list(AuditEvent.objects.filter(subject_type="enforcement.takedown").values_list("action", flat=True).order_by("pk")) == [
        "takedown.started", "takedown.paused", "takedown.unpaused", "takedown.retimed",
    ]  # fmt: skip


def test_a_pause_of_working_days_adds_the_days_that_ended_during_it(
    start: Callable[..., Takedown], officer: User, clock: time_machine.Traveller
) -> None:
    takedown, actor = start(**DAYS), Actor.person(officer)
    assert takedown.due_at == datetime(2026, 3, 4, 23, tzinfo=UTC)
    clock.move_to(datetime(2026, 3, 3, 9, tzinfo=UTC))
    services.pause_clock(takedown=takedown, reason="Waiting.", actor=actor)
    clock.move_to(datetime(2026, 3, 4, 9, tzinfo=UTC))
    services.resume_clock(takedown=takedown, actor=actor)
    assert Takedown.objects.get().due_at == datetime(2026, 3, 5, 23, tzinfo=UTC)


@pytest.mark.parametrize("problem", ["no reason", "platform", "late", "twice", "not paused"])
def test_an_impossible_pause_is_refused_and_nothing_moves(
    problem: str, start: Callable[..., Takedown], officer: User, moderator_a: User, clock: time_machine.Traveller
) -> None:
    takedown, actor = start(), Actor.person(moderator_a if problem == "platform" else officer)
    if problem == "late":
        clock.shift(6 * HOUR)
    if problem == "twice":
        services.pause_clock(takedown=takedown, reason="Once.", actor=actor)
    before = (Takedown.objects.values().get(), Pause.objects.count(), AuditEvent.objects.count())
    act = services.resume_clock if problem == "not paused" else services.pause_clock
    with pytest.raises((ValidationError, PermissionDenied, IllegalTransition)):
        act(takedown=takedown, reason=" " if problem == "no reason" else "Why.", actor=actor)
    assert (Takedown.objects.values().get(), Pause.objects.count(), AuditEvent.objects.count()) == before


@pytest.mark.parametrize(("agreed", "hours"), [(True, 10), (False, 6)])
def test_a_flag_with_the_regulator_pauses_the_clock_where_the_policy_says_so(
    agreed: bool,
    hours: int,
    start: Callable[..., Takedown],
    officer: User,
    moderator_a: User,
    clock: time_machine.Traveller,
) -> None:
    flag = start(pauses_while_referred=agreed).flag
    clock.shift(HOUR)
    listings.decide(
        flag=flag, kind="escalate", note="Which lots?", seen=listings.seen_token(flag), actor=Actor.person(moderator_a)
    )
    assert (Takedown.objects.get().paused_at is not None) is agreed
    clock.shift(4 * HOUR)
    listings.answer_referral(flag=Flag.objects.get(), note="All of them.", actor=Actor.person(officer))
    takedown = Takedown.objects.get()
    assert (takedown.paused_at, takedown.due_at) == (None, MONDAY + hours * HOUR)


def test_a_paused_takedown_that_is_dismissed_ends_its_pause(
    start: Callable[..., Takedown], officer: User, moderator_a: User, clock: time_machine.Traveller
) -> None:
    takedown = start()
    services.pause_clock(takedown=takedown, reason="Waiting.", actor=Actor.person(officer))
    clock.shift(HOUR)
    listings.decide(
        flag=takedown.flag,
        kind="not_the_product",
        reason="accessory",
        seen=listings.seen_token(takedown.flag),
        actor=Actor.person(moderator_a),
    )
    takedown.refresh_from_db()
    assert (takedown.status, takedown.paused_at, takedown.next_step_at) == ("cancelled", None, None)
    assert Pause.objects.get().ended_at == MONDAY + HOUR


def test_an_extension_is_asked_by_one_and_granted_by_another(
    start: Callable[..., Takedown], officer: User, admin: User, moderator_a: User
) -> None:
    takedown = start()
    asked = services.ask_extension(takedown=takedown, amount=3, reason="A public holiday.", actor=Actor.person(officer))
    with pytest.raises(PermissionDenied, match="Another person"):
        services.answer_extension(extension=asked, grant=True, answer="", actor=Actor.person(officer))
    with pytest.raises(PermissionDenied):
        services.answer_extension(extension=asked, grant=True, answer="", actor=Actor.person(moderator_a))
    with pytest.raises(IllegalTransition, match="already"):
        services.ask_extension(takedown=takedown, amount=1, reason="More.", actor=Actor.person(moderator_a))
    assert (Takedown.objects.get().due_at, Extension.objects.get().status) == (MONDAY + 6 * HOUR, "asked")
    services.answer_extension(extension=asked, grant=True, answer="Fair.", actor=Actor.person(admin))
    takedown.refresh_from_db()
    assert takedown.due_at == MONDAY + 9 * HOUR
    assert takedown.deadline_reason.endswith("; extended by 3 hours")
    assert takedown.next_step_at == MONDAY + 7 * HOUR


def test_an_extension_after_the_deadline_counts_from_it_and_a_raised_step_stays_raised(
    start: Callable[..., Takedown], officer: User, moderator_a: User, clock: time_machine.Traveller
) -> None:
    takedown = start()
    clock.shift(7 * HOUR)
    while services.sweep_escalations():
        pass
    raised = list(Escalation.objects.values_list("step", flat=True).order_by("pk"))
    asked = services.ask_extension(takedown=takedown, amount=6, reason="A flood.", actor=Actor.person(moderator_a))
    assert Takedown.objects.get().status == "missed"
    services.answer_extension(extension=asked, grant=True, answer="", actor=Actor.person(officer))
    takedown.refresh_from_db()
    assert (takedown.status, takedown.missed_at, takedown.due_at) == ("running", None, MONDAY + 12 * HOUR)
    clock.shift(6 * HOUR)
    while services.sweep_escalations():
        pass
    assert Takedown.objects.get().status == "missed"
    audit.seal_events()
    assert services.watch_clocks().problem == ""
    clock.shift(24 * HOUR)
    while services.sweep_escalations():
        pass
    assert list(Escalation.objects.values_list("step", flat=True).order_by("pk")) == [*raised, 4]


def test_extensions_have_a_limit_together(start: Callable[..., Takedown], officer: User, moderator_a: User) -> None:
    """A deadline after the year 9999 can be counted by nobody."""
    takedown = start()
    asked = services.ask_extension(takedown=takedown, amount=9_999, reason="Once.", actor=Actor.person(moderator_a))
    services.answer_extension(extension=asked, grant=True, answer="", actor=Actor.person(officer))
    due = Takedown.objects.get().due_at
    with pytest.raises(ValidationError, match="together"):
        services.ask_extension(takedown=takedown, amount=2, reason="Twice.", actor=Actor.person(moderator_a))
    assert (Takedown.objects.get().due_at, Extension.objects.count()) == (due, 1)


def test_a_refused_extension_moves_nothing_and_needs_its_reason(
    start: Callable[..., Takedown], officer: User, moderator_a: User
) -> None:
    takedown = start()
    asked = services.ask_extension(takedown=takedown, amount=6, reason="A flood.", actor=Actor.person(moderator_a))
    with pytest.raises(ValidationError, match="why you refuse"):
        services.answer_extension(extension=asked, grant=False, answer=" ", actor=Actor.person(officer))
    services.answer_extension(extension=asked, grant=False, answer="There was none.", actor=Actor.person(officer))
    assert Extension.objects.get().status == "refused"
    assert (Takedown.objects.get().due_at, Takedown.objects.get().extra) == (MONDAY + 6 * HOUR, 0)


def test_where_the_policy_needs_no_second_person_the_regulator_grants_at_once_and_a_platform_never_does(
    start: Callable[..., Takedown], officer: User, moderator_a: User
) -> None:
    takedown = start(extension_needs_second=False)
    services.ask_extension(takedown=takedown, amount=1, reason="We were slow.", actor=Actor.person(officer))
    assert Takedown.objects.get().due_at == MONDAY + 7 * HOUR
    services.ask_extension(takedown=takedown, amount=1, reason="So were we.", actor=Actor.person(moderator_a))
    assert Takedown.objects.get().due_at == MONDAY + 7 * HOUR


def test_the_button_says_whether_the_deadline_moves_at_once(
    start: Callable[..., Takedown], officer: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    takedown = start(extension_needs_second=False)
    at = {name: reverse(f"enforcement:{name}", args=[takedown.pk]) for name in ("clock_extend", "takedown")}
    given = {"amount": 1, "reason": "We were slow."}
    for person, label, done in (
        (officer, "Extend the deadline", "The deadline is extended."),
        (moderator_a, "Request extension", "Extension requested. The regulator is notified."),
    ):
        client = sign_in(person)
        assert label in client.get(at["takedown"]).content.decode()
        asked = client.get(at["clock_extend"]).content.decode()
        assert f">{label}</button>" in asked
        assert ("must grant it" in asked) == (person == moderator_a)
        assert done in client.post(at["clock_extend"], given, follow=True).content.decode()
    assert Takedown.objects.get().due_at == MONDAY + 7 * HOUR
    assert "Grant or refuse" in sign_in(officer).get(at["takedown"]).content.decode()


def add_day(regulator: Organisation, admin: User, **day: object) -> CalendarDay:
    given = {"country": "DE", "day": date(2026, 3, 4), "kind": "closed", "name": "Strike day"} | day
    return services.add_calendar_day(regulator=regulator, actor=Actor.person(admin), **given)


def test_a_special_day_applies_to_new_notices_and_moves_no_running_clock_until_it_is_recounted(
    start: Callable[..., Takedown], regulator: Organisation, admin: User
) -> None:
    takedown = start(**DAYS)
    policy = PolicyFactory(regulator=regulator, **DAYS)
    assert services.freeze(policy)["calendar_version"] == 0
    add_day(regulator, admin)
    takedown.refresh_from_db()
    assert takedown.due_at == datetime(2026, 3, 4, 23, tzinfo=UTC)
    frozen = services.freeze(policy)
    assert frozen["calendar_version"] == 1
    assert start(**frozen).due_at == datetime(2026, 3, 5, 23, tzinfo=UTC)
    [moves], total = services.preview_recount(regulator=regulator, at_most=10)
    assert total == 1
    assert (moves.takedown, moves.before.day, moves.after.day) == (takedown, 4, 5)
    assert Takedown.objects.get(pk=takedown.pk).due_at.day == 4, "a preview moves nothing"
    services.recount_clocks(regulator=regulator, reason="Nobody could work.", actor=Actor.person(admin))
    takedown.refresh_from_db()
    assert takedown.due_at == datetime(2026, 3, 5, 23, tzinfo=UTC)
    assert "Wed 04 Mar is Strike day" in takedown.deadline_reason
    assert "Nobody could work." in AuditEvent.objects.filter(action="takedown.retimed").get().reason
    assert services.preview_recount(regulator=regulator, at_most=10) == ([], 0)


def test_clocks_that_are_alike_are_recounted_once_and_each_as_if_it_were_alone(
    start: Callable[..., Takedown], regulator: Organisation, admin: User, clock: time_machine.Traveller
) -> None:
    kinds: list[dict[str, object]] = [
        {}, {"cut_off": "17:00"}, {"begins": "next_working_day"}, {"time_zone": "America/Los_Angeles"}, {"amount": 9},
    ]  # fmt: skip
    for kind in kinds:
        clock.move_to(MONDAY)
        notice = start(**DAYS | kind).flag.notice
        for minutes in (1, 59, 61, 62, 600, 601, 1500):
            clock.move_to(MONDAY + timedelta(minutes=minutes))
            listing = ListingFactory(platform=notice.platform)
            services.start_clock(flag=FlagFactory(notice=notice, listing=listing, opened_at=datetime.now(UTC)))
    paused, longer = Takedown.objects.order_by("pk")[:2]
    services.pause_clock(takedown=paused, reason="Waiting.", actor=Actor.person(admin))
    clock.shift(2 * HOUR)
    services.resume_clock(takedown=paused, actor=Actor.person(admin))
    services.ask_extension(takedown=longer, amount=1, reason="More time.", actor=Actor.person(admin))
    add_day(regulator, admin)
    add_day(regulator, admin, day=date(2026, 3, 3), kind="half", closes_at=time(12), name="Carnival")
    special, version = special_days(regulator.pk, "DE", "")
    expected, stay = {}, 0
    for takedown in Takedown.objects.order_by("due_at", "pk"):
        terms = replace(rules.Terms.from_json(takedown.terms), special_days=special, calendar_version=version)
        began, _ = begun(terms, takedown.flag.notice, takedown.flag.opened_at)
        due, because = due_of(takedown, terms, began)
        if due != takedown.due_at:
            expected[takedown.pk] = (takedown.due_at, due, because)
        else:
            stay += 1
    rows, total = services.preview_recount(regulator=regulator, at_most=100)
    assert {row.takedown.pk: (row.before, row.after, row.because) for row in rows} == expected
    assert [row.takedown.pk for row in rows] == list(expected), "the next to be due first"
    assert total == len(expected) > 30
    few, of = services.preview_recount(regulator=regulator, at_most=3)
    assert ([row.takedown for row in few], of) == ([row.takedown for row in rows[:3]], total)
    assert services.recount_clocks(regulator=regulator, reason="Strike.", actor=Actor.person(admin)) == total
    assert {pk: due for pk, (_, due, _) in expected.items()} == dict(
        Takedown.objects.filter(pk__in=expected).values_list("pk", "due_at")
    )
    assert services.preview_recount(regulator=regulator, at_most=3) == ([], 0)


def test_recounting_thousands_of_clocks_that_are_alike_asks_for_no_more(
    start: Callable[..., Takedown], regulator: Organisation, admin: User
) -> None:
    first = start(**DAYS)
    add_day(regulator, admin)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            services.preview_recount(regulator=regulator, at_most=100)
        return len(asked)

    few = queries()
    for _ in range(5):
        flag = FlagFactory(
            notice=first.flag.notice, listing=ListingFactory(platform=first.platform), opened_at=datetime.now(UTC)
        )
        services.start_clock(flag=flag)
    assert queries() == few
    assert services.preview_recount(regulator=regulator, at_most=100)[1] == 6


def test_a_half_day_ends_early_and_a_part_of_a_country_has_its_own_days_before_the_countrys(
    regulator: Organisation, admin: User, clock: time_machine.Traveller
) -> None:
    add_day(regulator, admin, day=date(2026, 12, 23), kind="half", closes_at=time(12))
    add_day(regulator, admin, subdivision="BY", day=date(2026, 12, 23), kind="open", name="No half day here")
    policy = PolicyFactory(regulator=regulator, **DAYS, subdivision="BY")
    days: Any = services.freeze(policy)["special_days"]
    assert [day["kind"] for day in days] == ["open"]
    policy.subdivision = ""
    days = services.freeze(policy)["special_days"]
    assert [day["closes_at"] for day in days] == ["12:00"]


def test_what_was_removed_stays_on_record_and_counts_as_a_version(regulator: Organisation, admin: User) -> None:
    row = add_day(regulator, admin)
    with pytest.raises(ValidationError, match="already a special day"):
        add_day(regulator, admin)
    services.remove_calendar_day(row=row, actor=Actor.person(admin))
    with pytest.raises(ValidationError, match="already removed"):
        services.remove_calendar_day(row=row, actor=Actor.person(admin))
    add_day(regulator, admin, name="Again")
    assert CalendarDay.objects.of(regulator.pk, "DE", "").version() == 3
    assert CalendarDay.objects.get(pk=row.pk).removed_by == "Ines Duarte, Product Safety Authority"


@pytest.mark.parametrize(
    ("day", "field"),
    [
        ({"kind": "half"}, "closes_at"),
        ({"closes_at": time(12)}, "closes_at"),
        ({"kind": "sometimes"}, "kind"),
        ({"name": " "}, "name"),
        ({"subdivision": "ZZ"}, "subdivision"),
    ],
)
def test_a_day_that_is_not_one_is_refused_by_field(
    day: dict[str, object], field: str, regulator: Organisation, admin: User
) -> None:
    with pytest.raises(ValidationError) as refused:
        add_day(regulator, admin, **day)
    assert field in refused.value.message_dict
    assert not CalendarDay.objects.exists()


def test_the_pages_pause_extend_answer_and_change_calendars(
    start: Callable[..., Takedown],
    officer: User,
    admin: User,
    moderator_a: User,
    sign_in: Callable[[User], Client],
    clock: time_machine.Traveller,
) -> None:
    takedown = start(**DAYS)
    at = {
        name: reverse(f"enforcement:{name}", args=[takedown.pk])
        for name in ("clock_pause", "clock_resume", "clock_extend", "takedown")
    }
    assert sign_in(moderator_a).post(at["clock_pause"], {"reason": "No."}).status_code == 403
    assert sign_in(officer).post(at["clock_pause"], {"reason": ""}).status_code == 422
    assert sign_in(officer).post(at["clock_pause"], {"reason": "We are checking it."}).status_code == 302
    assert "Paused since" in sign_in(moderator_a).get(at["takedown"]).content.decode()
    assert sign_in(officer).post(at["clock_resume"]).status_code == 302
    assert sign_in(moderator_a).post(at["clock_extend"], {"amount": 0, "reason": "x"}).status_code == 422
    assert sign_in(moderator_a).post(at["clock_extend"], {"amount": 1, "reason": "Carnival."}).status_code == 302
    answer = reverse("enforcement:extension_answer", args=[Extension.objects.get().pk])
    assert sign_in(officer).post(answer, {"decision": "refuse", "answer": ""}).status_code == 422
    assert sign_in(officer).post(answer, {"decision": "grant", "answer": ""}).status_code == 302
    assert "Extension of 1 working day: granted" in sign_in(moderator_a).get(at["takedown"]).content.decode()
    given = {"country": "DE", "subdivision": "", "day": "2026-03-05", "kind": "closed", "name": "Strike day"}
    assert sign_in(officer).post(reverse("enforcement:calendar_day_add"), given).status_code == 403
    assert sign_in(admin).post(reverse("enforcement:calendar_day_add"), given | {"name": ""}).status_code == 422
    assert sign_in(admin).post(reverse("enforcement:calendar_day_add"), given).status_code == 302
    page = sign_in(officer).get(reverse("enforcement:calendars"), {"country": "DE"}).content.decode()
    assert "Strike day" in page
    assert "Good Friday" in page or "Karfreitag" in page
    assert (
        sign_in(admin).get(reverse("enforcement:calendars"), {"country": "DE", "subdivision": "ZZ"}).status_code == 200
    )
    recount = reverse("enforcement:recount")
    assert "Strike day" in sign_in(admin).get(recount).content.decode()
    assert sign_in(admin).post(recount, {"reason": "Nobody could work."}).status_code == 302
    assert "No deadlines would change" in sign_in(admin).get(recount).content.decode()


def test_a_platforms_program_requests_an_extension(start: Callable[..., Takedown], manager_a: User) -> None:
    takedown = start()
    _, secret = api_keys.create_key(
        organisation=manager_a.organisation, name="sync", scopes=["flags"], days=90, actor=Actor.person(manager_a)
    )
    client = Client(HTTP_AUTHORIZATION=f"Bearer {secret}")
    address = f"/api/v1/takedowns/{takedown.flag_id}/extension"
    assert client.post(address, {"amount": 0, "reason": "x"}, content_type="application/json").status_code == 422
    answer = client.post(address, {"amount": 2, "reason": "Our feed is down."}, content_type="application/json")
    assert answer.status_code == 201
    assert [row["status"] for row in answer.json()["extensions"]] == ["asked"]
    assert client.post(address, {"amount": 2, "reason": "Again."}, content_type="application/json").status_code == 409


@pytest.mark.parametrize(("before", "hours"), [(0, 6), (1, 6), (2, 2), (3, 2)])
def test_a_seller_who_had_listings_taken_down_before_gives_the_platform_less_time(
    before: int, hours: int, start: Callable[..., Takedown], platform_a: Organisation
) -> None:
    for number in range(before):
        FlagFactory(status="removed", platform=platform_a, listing=ListingFactory(platform=platform_a, seller="north"))
        ListingFactory(platform=platform_a, seller="north", external_id=f"never flagged {number}")
    FlagFactory(status="dismissed", platform=platform_a, listing=ListingFactory(platform=platform_a, seller="north"))
    takedown = start(seller="north", repeat_after=2, repeat_amount=2)
    assert takedown.due_at == MONDAY + hours * HOUR
    assert ("shortened from 6 because north had" in takedown.deadline_reason) is (hours == 2)


def test_a_policy_for_repeat_offenders_gives_less_time_not_more(regulator: Organisation, admin: User) -> None:
    for amount in (0, 6, 7):
        content = services.PolicyContent(name="x", amount=6, unit="hours", repeat_after=2, repeat_amount=amount)
        with pytest.raises(ValidationError, match="less than the time allowed, which is 6"):
            services.create_policy(regulator=regulator, content=content, actor=Actor.person(admin))


def test_a_step_that_was_acknowledged_is_not_the_end_when_the_listing_comes_back(
    start: Callable[..., Takedown], officer: User, moderator_a: User, system: Actor, clock: time_machine.Traveller
) -> None:
    takedown = start()
    clock.shift(7 * HOUR)
    while services.sweep_escalations():
        pass
    services.acknowledge_escalation(
        escalation=Escalation.objects.latest("pk"), note="Called.", actor=Actor.person(officer)
    )
    flag = Flag.objects.get()
    listings.decide(flag=flag, kind="removed", seen=listings.seen_token(flag), actor=Actor.person(moderator_a))
    for verdict in ("gone", "gone", "live"):
        services.record_observation(seen=services.Seen(takedown, "page", verdict, "test"), actor=system)
        clock.shift(timedelta(minutes=61))
    takedown.refresh_from_db()
    assert (takedown.status, takedown.next_step) == ("missed", 4)
    clock.shift(timedelta(days=1))
    assert services.sweep_escalations() == 1
    assert list(Escalation.objects.order_by("step").values_list("step", flat=True)) == [1, 2, 3, 4]


def test_a_takedown_with_unreadable_terms_blocks_no_other_clock_of_its_notice(
    start: Callable[..., Takedown],
    regulator: Organisation,
    admin: User,
    moderator_a: User,
    clock: time_machine.Traveller,
) -> None:
    good, poison = start(starts_on="acknowledged"), start(starts_on="acknowledged")
    Flag.objects.filter(pk=poison.flag_id).update(notice=good.flag.notice)
    Takedown.objects.filter(pk=poison.pk).update(terms={"unit": "hours"})
    clock.shift(HOUR)
    recalls.acknowledge_notice(notice=good.flag.notice, actor=Actor.person(moderator_a))
    good.refresh_from_db()
    assert good.started_at == MONDAY + HOUR
    counted, poison = start(**DAYS), start(**DAYS)
    Takedown.objects.filter(pk=poison.pk).update(terms={"unit": "working_days", "cut_off": ""})
    add_day(regulator, admin)
    moved, total = services.preview_recount(regulator=regulator, at_most=9)
    assert ([row.takedown for row in moved], total) == ([counted], 1)


def test_an_edit_of_a_dismissed_listing_makes_no_platform_late(
    regulator: Organisation, platform_a: Organisation, moderator_a: User, admin: User, clock: time_machine.Traveller
) -> None:
    recall = RecallFactory(regulator=regulator, title="Hearthline Recalls Space Heaters")
    recall.current.products.update(name="Hearthline space heaters", brand="Hearthline", model_numbers=["HL-200R"])
    NoticeFactory(recall=recall, platform=platform_a, sent_at=MONDAY, matched_at=MONDAY, terms=TERMS)
    one, other = (
        ListingFactory(platform=platform_a, title=f"Hearthline heater HL-200R {name}", match_due=True)
        for name in ("new type", "used")
    )

    def match() -> None:
        while listings.match_listings_due(platform_id=platform_a.pk):
            pass

    match()
    due = Takedown.objects.get(flag__listing=one).due_at
    clock.shift(HOUR)
    for flag in Flag.objects.all():
        listings.decide(
            flag=flag,
            kind="not_the_product",
            reason="other_model",
            seen=listings.seen_token(flag),
            actor=Actor.person(moderator_a),
        )
    clock.shift(timedelta(days=20))
    one.title, one.match_due = "Hearthline heater HL-200R", True
    one.save()
    match()
    edited = Takedown.objects.get(flag__listing=one)
    assert (edited.flag.status, edited.status, edited.due_at) == ("open", "running", due + timedelta(days=20))
    overruled = Flag.objects.get(listing=other)
    listings.overrule(flag=overruled, note="It is the product.", actor=Actor.person(admin))
    assert Takedown.objects.get(flag=overruled).due_at == due
