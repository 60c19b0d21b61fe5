"""Policies and calendars, takedowns with what moved their clocks, observations, escalations with letters, and the
heartbeat."""

from enforcement.models.appeals import Appeal
from enforcement.models.calendars import CalendarDay
from enforcement.models.checks import CheckPlan
from enforcement.models.controls import ControlCheck
from enforcement.models.letters import Letter, LetterTemplate, PublicListing
from enforcement.models.policies import Policy, PolicyStep
from enforcement.models.takedowns import Escalation, Heartbeat, HostPace, Observation, Takedown
from enforcement.models.timing import Extension, Pause

__all__ = [
    "Appeal",
    "CalendarDay",
    "CheckPlan",
    "ControlCheck",
    "Escalation",
    "Extension",
    "Heartbeat",
    "HostPace",
    "Letter",
    "LetterTemplate",
    "Observation",
    "Pause",
    "Policy",
    "PolicyStep",
    "PublicListing",
    "Takedown",
]
