"""Policies, takedowns, observations, escalations, and the watchdog's heartbeat."""

from enforcement.models.policies import Policy, PolicyStep
from enforcement.models.takedowns import Escalation, Heartbeat, Observation, Takedown

__all__ = ["Escalation", "Heartbeat", "Observation", "Policy", "PolicyStep", "Takedown"]
