"""Policies and calendars, takedowns with what moved their clocks, observations, escalations, and the watchdog's heartbeat."""

from enforcement.models.calendars import CalendarDay
from enforcement.models.policies import Policy, PolicyStep
from enforcement.models.takedowns import Escalation, Heartbeat, Observation, Takedown
from enforcement.models.timing import Extension, Pause

__all__ = [
    "CalendarDay",
    "Escalation",
    "Extension",
    "Heartbeat",
    "Observation",
    "Pause",
    "Policy",
    "PolicyStep",
    "Takedown",
]
