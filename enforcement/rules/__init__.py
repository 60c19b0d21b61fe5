"""The arithmetic of deadlines, ladders, looks and proof. Pure: knows nothing of Django or of the database."""

from enforcement.rules.calendar import is_working_day
from enforcement.rules.clock import clock_start, due_at
from enforcement.rules.ladder import Rung, ladder, rung_after
from enforcement.rules.looks import Look, next_look, proves
from enforcement.rules.terms import Step, Terms

__all__ = [
    "Look",
    "Rung",
    "Step",
    "Terms",
    "clock_start",
    "due_at",
    "is_working_day",
    "ladder",
    "next_look",
    "proves",
    "rung_after",
]
