"""A policy as a timeline: what would happen when, if a notice were sent now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop

from enforcement import rules
from enforcement.calendars.services.special_days import Days, special_days
from enforcement.models import Policy
from enforcement.services import freeze
from enforcement.states import StepKind
from portal.charts import TimeLine, time_line
from portal.models import Organisation
from recalls.presenters import shown_terms

MAX_ZONES = 4
_WAITED_FOR = {
    "delivered": (gettext_noop("Clock starts even without delivery"), gettext_noop("Delivery")),
    "acknowledged": (
        gettext_noop("Clock starts even without acknowledgement"),
        gettext_noop("Acknowledgement"),
    ),
}
_IN_SHORT = {
    StepKind.REMINDER: gettext_noop("Reminder"),
    StepKind.MISSED: gettext_noop("Missed"),
    StepKind.CONTACT: gettext_noop("Contact"),
    StepKind.OFFICER: gettext_noop("Regulator"),
    StepKind.LETTER: gettext_noop("Letter"),
    StepKind.NAMING: gettext_noop("Public naming"),
}
"""The short label of an escalation step on the timeline."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A policy's clock and escalation ladder for a notice sent at `sent`, received and with a listing flagged at once.

    `days` are the days until the deadline, if working days are counted. If the clock waits for the platform, `latest`
    is the latest start of the clock and `latest_due` the deadline in that case.
    """

    policy: Policy
    sent: datetime
    words: str
    due: datetime
    because: rules.Reason
    moments: list[tuple[str, datetime]]
    line: TimeLine
    days: list[rules.CountedDay]
    latest: datetime | None
    latest_due: datetime | None


def preview_of(policy: Policy, now: datetime, days: Days = special_days) -> Preview:
    return preview_of_terms(policy, freeze(policy, days), now)


def preview_of_terms(policy: Policy, frozen: dict[str, Any], now: datetime) -> Preview:
    """The effect of terms on a notice sent `now`; only the name of `policy` is used, so it can be unsaved."""
    terms = rules.Terms.from_json(frozen)
    start, _ = rules.clock_start(terms, sent_at=now, delivered_at=now, acknowledged_at=now, opened_at=now)
    due, because = rules.due_at(terms, start)
    steps = [step for step in rules.ladder(terms, due) if step.at >= start or step.at >= due]
    moments = [(gettext_noop("Notice sent"), gettext_noop("Sent"), now)]
    latest = latest_due = None
    if terms.starts_on != "sent":
        waits_until = now + timedelta(hours=terms.start_latest_hours)
        moments.append((*_WAITED_FOR[terms.starts_on], waits_until))
        latest, _ = rules.clock_start(terms, sent_at=now, delivered_at=None, acknowledged_at=None, opened_at=now)
        latest_due, _ = rules.due_at(terms, latest)
    if start > now:
        moments.append((gettext_noop("Clock starts"), gettext_noop("Start"), start))
    moments.append((gettext_noop("Deadline"), gettext_noop("Deadline"), due))
    moments += [(str(StepKind(step.kind).label), _IN_SHORT[StepKind(step.kind)], step.at) for step in steps]
    moments.sort(key=lambda moment: moment[2])
    line = time_line([(short, (at - now).total_seconds()) for _, short, at in moments], due=(due - now).total_seconds())
    return Preview(
        policy=policy,
        sent=now,
        words=shown_terms(terms.as_json()),
        due=due,
        because=because,
        moments=[(label, at) for label, _, at in moments],
        line=line,
        days=rules.counted_days(terms, start),
        latest=latest,
        latest_due=latest_due,
    )


def zones_of(own: str, platforms: Iterable[Organisation]) -> list[str]:
    """The reader's time zone, then those of the platforms, each once; at most MAX_ZONES, which a table can hold."""
    return list(dict.fromkeys([own, *sorted({each.time_zone for each in platforms})]))[:MAX_ZONES]
