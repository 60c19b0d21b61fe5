"""A policy as moments: what would happen when, were a notice sent now."""

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
from recalls.terms import terms_in_words

MAX_ZONES = 4
_WAITED_FOR = {
    "delivered": (gettext_noop("Delivery due: without it the clock starts then"), gettext_noop("Delivery")),
    "acknowledged": (
        gettext_noop("Acknowledgement due: without it the clock starts then"),
        gettext_noop("Acknowledge"),
    ),
}
_IN_SHORT = {
    StepKind.REMINDER: gettext_noop("Reminder"),
    StepKind.MISSED: gettext_noop("Missed"),
    StepKind.CONTACT: gettext_noop("Contact"),
    StepKind.OFFICER: gettext_noop("Officer"),
    StepKind.LETTER: gettext_noop("Letter"),
    StepKind.NAMING: gettext_noop("Naming"),
}
"""What stands at the mark of a rung on the time line."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A policy's clock and ladder for a notice `sent` then, received at once, to a listing flagged at once.

    `days` are the days on the way to the deadline, where working days are counted. Where the clock waits for the
    platform, `latest` is when it starts at the latest, and `latest_due` when it is due then.
    """

    policy: Policy
    sent: datetime
    words: str
    due: datetime
    because: str
    moments: list[tuple[str, datetime]]
    line: TimeLine
    days: list[rules.CountedDay]
    latest: datetime | None
    latest_due: datetime | None


def preview_of(policy: Policy, now: datetime, days: Days = special_days) -> Preview:
    return preview_of_terms(policy, freeze(policy, days), now)


def preview_of_terms(policy: Policy, frozen: dict[str, Any], now: datetime) -> Preview:
    """What terms mean for a notice sent `now`; `policy` lends its name, and need not be stored."""
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
    moments.append((gettext_noop("Takedown due"), gettext_noop("Due"), due))
    moments += [(str(StepKind(step.kind).label), _IN_SHORT[StepKind(step.kind)], step.at) for step in steps]
    moments.sort(key=lambda moment: moment[2])
    line = time_line([(short, (at - now).total_seconds()) for _, short, at in moments], due=(due - now).total_seconds())
    return Preview(
        policy=policy,
        sent=now,
        words=terms_in_words(terms.as_json()),
        due=due,
        because=because,
        moments=[(label, at) for label, _, at in moments],
        line=line,
        days=rules.counted_days(terms, start),
        latest=latest,
        latest_due=latest_due,
    )


def zones_of(own: str, platforms: Iterable[Organisation]) -> list[str]:
    """The reader's zone, then those of the platforms, each once; at most as many as a table holds."""
    return list(dict.fromkeys([own, *sorted({each.time_zone for each in platforms})]))[:MAX_ZONES]
