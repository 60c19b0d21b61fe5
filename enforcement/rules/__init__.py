"""The arithmetic of deadlines, escalation ladders, checks and proof. Pure: no Django and no database."""

from enforcement.rules.calendar import NoWorkingDay, SpecialDay, WorkingCalendar, is_known_country, subdivisions
from enforcement.rules.checks import Check, agreeing, next_check, next_open_check, proves
from enforcement.rules.deadlines import CountedDay, Pause, clock_start, counted_days, due_at
from enforcement.rules.durations import duration, largest_unit
from enforcement.rules.ladder import LadderStep, ladder, next_moment, step_after
from enforcement.rules.reasons import Reason
from enforcement.rules.terms import Step, Terms, special_as_json

__all__ = [
    "Check",
    "CountedDay",
    "LadderStep",
    "NoWorkingDay",
    "Pause",
    "Reason",
    "SpecialDay",
    "Step",
    "Terms",
    "WorkingCalendar",
    "agreeing",
    "clock_start",
    "counted_days",
    "due_at",
    "duration",
    "is_known_country",
    "ladder",
    "largest_unit",
    "next_check",
    "next_moment",
    "next_open_check",
    "proves",
    "special_as_json",
    "step_after",
    "subdivisions",
]
