"""Why a clock starts and ends is data: each reader gets the sentence in their language and time zone."""

import ast
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from enforcement import checks, rules, services
from enforcement.checks.titles import title_of
from enforcement.clocks import reasons
from enforcement.models import Takedown
from enforcement.rules import verdict
from enforcement.rules.verdict import doubts
from listings.models import Flag
from portal.audit.words import reason_words
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from tests.enforcement.test_golden import CASES, moment, terms_of
from tests.factories import TERMS, FlagFactory, ListingFactory, NoticeFactory, RecallFactory

FRIDAY = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def takedown(regulator: Organisation, platform_a: Organisation) -> Takedown:
    """Six hours from Friday 15:00 UTC: paused for an hour, then extended by two."""
    with time_machine.travel(FRIDAY, tick=False) as clock:
        row = started(regulator, platform_a)
        system = Actor.system("test")
        services.pause_clock(takedown=row, reason="Strike", actor=system)
        clock.shift(HOUR)
        services.resume_clock(takedown=row, actor=system)
        row.refresh_from_db()
        terms = row.terms | {"extension_needs_second": False}
        Takedown.objects.filter(pk=row.pk).update(terms=terms)
        services.ask_extension(takedown=row, amount=2, reason="<b>Flood</b>", actor=system)
    row.refresh_from_db()
    return row


def started(regulator: Organisation, platform: Organisation, *, seller: str = "", **terms: object) -> Takedown:
    recall = RecallFactory(regulator=regulator)
    notice = NoticeFactory(recall=recall, platform=platform, sent_at=FRIDAY, terms={**TERMS, **terms})
    flag: Flag = FlagFactory(
        notice=notice, listing=ListingFactory(platform=platform, seller=seller, link=""), opened_at=FRIDAY
    )
    return services.start_clock(flag=flag)


def page_of(takedown: Takedown, reader: User, client: Client) -> str:
    client.force_login(reader)
    return client.get(reverse("enforcement:takedown", args=[takedown.pk])).content.decode()


def clock_of(page: str) -> str:
    found = re.search(r">(?:Clock|Fristlauf)</h2>\s*<p>\s*(.*?)</p>", page, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.django_db
def test_a_reader_sees_every_moment_of_a_reason_in_one_zone(takedown: Takedown, officer: User, client: Client) -> None:
    for zone, name in (("Europe/Berlin", "CET"), ("Asia/Shanghai", "UTC+8")):
        User.objects.filter(pk=officer.pk).update(time_zone=zone)
        shown = clock_of(page_of(takedown, User.objects.get(pk=officer.pk), client))
        moments = re.findall(r"<time [^>]*>([^<]*)</time>", shown)
        assert len(moments) == 5  # the start, the deadline, what it is counted from, and both ends of the pause
        assert all(each.endswith(f" {name}") for each in moments)
        assert "UTC" not in re.sub(r"<[^>]*>", "", shown).replace(" UTC+8", "")
        assert 'lang="en"' not in shown


@pytest.mark.django_db
def test_a_german_page_counts_in_german_and_the_stored_sentence_stays_english(
    takedown: Takedown, officer: User, client: Client
) -> None:
    User.objects.filter(pk=officer.pk).update(language="de")
    page = page_of(takedown, User.objects.get(pk=officer.pk), client)
    assert "6 Stunden" in clock_of(page)
    assert "2 Stunden" in clock_of(page)
    assert "6 hours" not in clock_of(page)
    assert takedown.deadline_reason == (
        "6 hours after Fri 06 Mar 2026 15:00:00 UTC; extended by 2 hours; paused from 06 Mar 15:00:00 to 06 Mar 16:00:00 UTC"
    )
    assert takedown.deadline_data == {
        "kind": "after", "from": "2026-03-06T15:00:00+00:00", "amount": 6, "unit": "hours", "extended": 2,
        "paused": [["2026-03-06T15:00:00+00:00", "2026-03-06T16:00:00+00:00"]],
    }  # fmt: skip
    assert takedown.start_data == {"kind": "sent", "at": "2026-03-06T15:00:00+00:00"}


@pytest.mark.django_db
def test_activity_says_what_moved_a_clock_with_the_same_words(
    takedown: Takedown, officer: User, client: Client
) -> None:
    User.objects.filter(pk=officer.pk).update(time_zone="Europe/Berlin")
    page = page_of(takedown, User.objects.get(pk=officer.pk), client)
    activity = re.sub(r"<[^>]*>", "", page[page.index("<h2>Activity</h2>") :])
    assert "The clock was paused from 06 Mar 2026, 16:00:00 CET to 06 Mar 2026, 17:00:00 CET." in activity
    assert "The clock started: the notice was sent. Deadline: 6 hours after 06 Mar 2026, 16:00:00 CET." in activity
    assert "Extended: &lt;b&gt;Flood&lt;/b&gt; Deadline: 6 hours after" in activity
    assert "<b>Flood</b>" not in page
    assert " UTC" not in activity


def test_a_missed_deadline_is_said_in_the_readers_zone_and_language() -> None:
    event = AuditEvent(
        action="takedown.missed", actor_kind="system", reason="The deadline was 06 Mar 2026 21:00:00 UTC."
    )
    with timezone.override(ZoneInfo("Europe/Berlin")), translation.override("en"):
        said = re.sub(r"<[^>]*>", "", reason_words(event))
    assert said == "Deadline: 06 Mar 2026, 22:00 CET."
    with timezone.override(ZoneInfo("Etc/GMT-3")), translation.override("en"):
        assert re.sub(r"<[^>]*>", "", reason_words(event)) == "Deadline: end of Fri 6 Mar 2026 UTC+3."
    other = AuditEvent(action="takedown.missed", actor_kind="system", reason="<i>Set back</i>")
    assert "&lt;i&gt;Set back" in reason_words(other)


@pytest.mark.django_db
def test_rows_from_before_show_their_english_sentence_marked_as_english(
    takedown: Takedown, officer: User, client: Client
) -> None:
    Takedown.objects.filter(pk=takedown.pk).update(start_data=None, deadline_data=None)
    shown = clock_of(page_of(takedown, officer, client))
    assert '<span lang="en" dir="ltr">the notice was sent</span>' in shown
    assert f'<span lang="en" dir="ltr">{takedown.deadline_reason}</span>' in shown


@pytest.mark.django_db
@pytest.mark.parametrize("data", [{"kind": "nonsense"}, {"kind": "after"}, ["x"], "x", 7, {"kind": "after", "from": 3}])
def test_data_that_cannot_be_read_shows_the_english_sentence(takedown: Takedown, data: Any) -> None:
    takedown.start_data = takedown.deadline_data = data
    assert reasons.start_words(takedown) == '<span lang="en" dir="ltr">the notice was sent</span>'
    assert reasons.deadline_words(takedown).startswith('<span lang="en" dir="ltr">6 hours after')
    event = AuditEvent(action="takedown.started", reason="<i>", after={"start_data": data, "deadline_data": data})
    assert reasons.started_words(event) == '<span lang="en" dir="ltr">&lt;i&gt;</span>'


@pytest.mark.django_db
def test_the_name_of_a_repeat_seller_is_text_whatever_is_in_it(
    regulator: Organisation, platform_a: Organisation
) -> None:
    terms = {"repeat_after": 1, "repeat_amount": 2}
    earlier = started(regulator, platform_a, seller="<script>%(x)s", **terms)
    Flag.objects.filter(pk=earlier.flag_id).update(status="removed")
    shown = reasons.deadline_words(started(regulator, platform_a, seller="<script>%(x)s", **terms))
    assert "shortened from 6 because 1 listing of &lt;script&gt;%(x)s was taken down before" in shown


@pytest.mark.parametrize("case", CASES[::7], ids=lambda case: f"{case.place} {case.start}, {case.time}")
def test_every_kind_of_reason_is_written_from_its_data(case: Any) -> None:
    zone, terms = ZoneInfo(case.zone), terms_of(case)
    fact = moment(case.start, zone)
    start, because = rules.clock_start(terms, sent_at=fact, delivered_at=None, acknowledged_at=None, opened_at=fact)
    due, why = rules.due_at(terms, start, extra=1)
    row = Takedown(start_reason=because.text, start_data=because.data, deadline_reason=why.text, deadline_data=why.data)
    with timezone.override("Asia/Tokyo"), translation.override("en"):
        shown = f"{reasons.start_words(row)} {reasons.deadline_words(row)}"
    assert due > start
    assert 'lang="en"' not in shown
    assert str(terms.amount) in shown
    assert all(each.endswith("JST") for each in re.findall(r"<time [^>]*>([^<]*)</time>", shown))


@pytest.mark.parametrize(
    ("starts_on", "sentence"),
    [
        ("delivered", "the notice was not delivered within 24 hours"),
        ("acknowledged", "the notice was not acknowledged within 24 hours"),
    ],
)
def test_a_start_without_delivery_or_acknowledgement_is_said(starts_on: str, sentence: str) -> None:
    terms = rules.Terms.from_json({**TERMS, "starts_on": starts_on})
    _, because = rules.clock_start(terms, sent_at=FRIDAY, delivered_at=None, acknowledged_at=None, opened_at=FRIDAY)
    assert reasons.start_words(Takedown(start_reason=because.text, start_data=because.data)) == sentence


def test_after_the_cut_off_both_moments_are_in_the_readers_zone() -> None:
    terms = rules.Terms.from_json({**TERMS, "cut_off": "12:00", "time_zone": "America/New_York"})
    late = FRIDAY + 3 * HOUR
    _, because = rules.clock_start(terms, sent_at=late, delivered_at=None, acknowledged_at=None, opened_at=late)
    with timezone.override("Europe/Berlin"):
        shown = reasons.start_words(Takedown(start_reason=because.text, start_data=because.data))
    assert re.sub(r"<[^>]*>", "", shown) == (
        "the notice was sent (06 Mar 2026, 19:00:00 CET), after the cut-off at 06 Mar 2026, 18:00:00 CET: "
        "this counts as the next working day"
    )


def test_every_rule_of_a_check_has_a_title() -> None:
    found: set[str] = set()
    for package in (verdict, checks):
        for path in Path(package.__path__[0]).rglob("*.py"):
            calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
            for call in (
                each for each in calls if getattr(each.func, "id", "") in {"Judgement", "Seen", "_unknown", "_live"}
            ):
                constants = (each.value for each in call.args if isinstance(each, ast.Constant))
                found |= {text for text in constants if isinstance(text, str) and re.fullmatch(r"[a-z0-9_]+", text)}
    found -= {"gone", "live", "unknown", "restricted"}
    found |= {rule for rule, _ in doubts._DOUBTS}
    assert len(found) > 20
    assert sorted(rule for rule in found if not title_of(rule)) == []
    assert title_of("status_404_unread") != title_of("status_403") != ""
    assert title_of("a_rule_that_was") == ""
