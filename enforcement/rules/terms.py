"""The terms of a notice: a policy, frozen. What stands here decides for ever, whatever becomes of the policy."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """A rung: its number, what it does, and when: seconds after the due moment, negative before it."""

    rung: int
    kind: str
    offset_seconds: int


@dataclass(frozen=True, slots=True)
class Terms:
    """How long (`amount` of `unit`: seconds, minutes, hours, working_days), from which fact, and what happens on the way."""

    policy: str
    amount: int
    unit: str
    starts_on: str
    start_latest_hours: int
    country: str
    time_zone: str
    looks_needed: int
    looks_apart_seconds: int
    rescans: tuple[int, ...]
    steps: tuple[Step, ...]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Terms":
        """Terms as a notice stores them; raises KeyError or TypeError for anything else."""
        rest = {name: value for name, value in data.items() if name not in {"steps", "rescans"}}
        steps = tuple(Step(**step) for step in data["steps"])
        return cls(**rest, rescans=tuple(data["rescans"]), steps=tuple(sorted(steps, key=lambda step: step.rung)))

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "rescans": list(self.rescans), "steps": [asdict(step) for step in self.steps]}
