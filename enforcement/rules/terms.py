"""The terms of a notice: a frozen policy. They stay valid, whatever happens to the policy later."""

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, time
from typing import Any

from enforcement.rules.calendar import SpecialDay, WorkingCalendar

_PARTS = frozenset({"steps", "rescans", "history_rescans", "special_days"})
_FEW_HAVE = frozenset({"shortened_by", "quickened_by"})


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its number, what it does, and when: seconds after the deadline, negative before it; or, if `working_days`
    is not 0, at the end of that working day after the deadline."""

    step: int
    kind: str
    offset_seconds: int
    working_days: int = 0

    def as_json(self) -> dict[str, Any]:
        values = asdict(self)
        return values if self.working_days else {name: values[name] for name in ("step", "kind", "offset_seconds")}


@dataclass(frozen=True, slots=True)
class Terms:
    """How long (`amount` of `unit`: seconds, minutes, hours, working_days), from which event, and the escalation steps.

    `begins` is "at_once" or "next_working_day". With a `cut_off` ("HH:MM" in `time_zone`), anything later in the day,
    or on a day off, counts as the next working day. `special_days` and `calendar_version` are the regulator's special
    days at the time the notice was sent. `pauses_while_referred`: the clock is paused while the regulator owes an
    answer. Sellers who had `repeat_after` listings taken down before get `repeat_amount` (0: never); `shortened` is the
    reason (`shortened_by` is the same as data). Where `history_after` listings of the seller or under the recall came back, a confirmed removal is checked
    at the times in `history_rescans` (0: never); `quickened` is the reason (`quickened_by` listings came back). From a score of `second_person_from`
    percent (0: never) a dismissal needs a second person; `overrule_needs_second`: overruling one does.
    """

    policy: str
    amount: int
    unit: str
    starts_on: str
    start_latest_hours: int
    country: str
    time_zone: str
    checks_needed: int
    check_interval_seconds: int
    rescans: tuple[int, ...]
    steps: tuple[Step, ...]
    begins: str = "at_once"
    cut_off: str = ""
    subdivision: str = ""
    special_days: tuple[SpecialDay, ...] = ()
    calendar_version: int = 0
    pauses_while_referred: bool = False
    extension_needs_second: bool = True
    repeat_after: int = 0
    repeat_amount: int = 0
    shortened: str = ""
    shortened_by: dict[str, Any] | None = field(default=None, hash=False)
    history_after: int = 0
    history_rescans: tuple[int, ...] = ()
    quickened: str = ""
    quickened_by: int = 0
    second_person_from: int = 0
    overrule_needs_second: bool = False

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Terms":
        """Terms as a notice stores them, including those from before a field was added; raises KeyError or TypeError
        for anything else."""
        plain = {name: value for name, value in data.items() if name not in _PARTS}
        steps = tuple(Step(**step) for step in data["steps"])
        return cls(
            **plain,
            rescans=tuple(data["rescans"]),
            history_rescans=tuple(data.get("history_rescans", ())),
            steps=tuple(sorted(steps, key=lambda step: step.step)),
            special_days=tuple(special_from_json(each) for each in data.get("special_days", ())),
        )

    def as_json(self) -> dict[str, Any]:
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        # Terms are as they were written: what only few have is added only there.
        values = {name: value for name, value in values.items() if value or name not in _FEW_HAVE}
        return values | {
            "rescans": list(self.rescans),
            "history_rescans": list(self.history_rescans),
            "steps": [step.as_json() for step in self.steps],
            "special_days": [special_as_json(each) for each in self.special_days],
        }

    def for_repeat(self, seller: str, before: int) -> "Terms":
        """These terms for a listing of a seller who already had `before` listings taken down on the platform."""
        if not self.repeat_after or before < self.repeat_after or self.repeat_amount >= self.amount:
            return self
        listings = "1 listing" if before == 1 else f"{before} listings"
        reason = f"shortened from {self.amount} because {seller} had {listings} taken down before"
        data = {"amount": self.amount, "seller": seller, "listings": before}
        return replace(self, amount=self.repeat_amount, shortened=reason, shortened_by=data)

    def for_history(self, came_back: int) -> "Terms":
        """These terms after a confirmed removal, where `came_back` listings of the seller or the recall had come
        back."""
        if not self.history_after or came_back < self.history_after or not self.history_rescans or self.quickened:
            return self
        listings = "1 listing" if came_back == 1 else f"{came_back} listings"
        reason = f"checked more often because {listings} of this seller or recall came back"
        return replace(self, rescans=self.history_rescans, quickened=reason, quickened_by=came_back)

    @property
    def calendar(self) -> WorkingCalendar:
        return WorkingCalendar(self.country, self.subdivision, self.special_days)

    @property
    def place(self) -> str:
        """The country or region of the calendar, like US or DE-BY."""
        return f"{self.country}-{self.subdivision}" if self.subdivision else self.country


def special_as_json(special: SpecialDay) -> dict[str, str]:
    closes_at = f"{special.closes_at:%H:%M}" if special.closes_at is not None else ""
    return {"day": special.day.isoformat(), "kind": special.kind, "name": special.name, "closes_at": closes_at}


def special_from_json(data: dict[str, Any]) -> SpecialDay:
    closes_at = time.fromisoformat(data["closes_at"]) if data["closes_at"] else None
    return SpecialDay(date.fromisoformat(data["day"]), data["kind"], data["name"], closes_at)
