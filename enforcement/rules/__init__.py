"""The arithmetic of deadlines, ladders, looks and proof. Pure: knows nothing of Django or of the database."""

from enforcement.rules.calendar import NoWorkingDay, SpecialDay, WorkingCalendar, is_known_country, subdivisions
from enforcement.rules.checks import Look, next_look, next_open_check, proves
from enforcement.rules.deadlines import CountedDay, Pause, clock_start, counted_days, due_at
from enforcement.rules.ladder import Rung, ladder, rung_after
from enforcement.rules.terms import Step, Terms, special_as_json

__all__ = [
    "CountedDay",
    "Look",
    "NoWorkingDay",
    "Pause",
    "Rung",
    "SpecialDay",
    "Step",
    "Terms",
    "WorkingCalendar",
    "clock_start",
    "counted_days",
    "due_at",
    "is_known_country",
    "ladder",
    "next_look",
    "next_open_check",
    "proves",
    "rung_after",
    "special_as_json",
    "subdivisions",
]
