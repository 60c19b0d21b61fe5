"""Why a service did nothing, in words that a page can translate."""

from collections.abc import Mapping


class Refusal(Exception):
    """Why nothing was done: in English as a string; a page translates the marked `message` and fills it in again.

    `params` are names and numbers, `states` labels of ours, which a page translates too.
    """

    def __init__(
        self, message: str, params: Mapping[str, object] | None = None, states: Mapping[str, str] | None = None
    ) -> None:
        self.message, self.params, self.states = message, dict(params or {}), dict(states or {})
        filled = self.params | {name: label.lower() for name, label in self.states.items()}
        super().__init__(message % filled if filled else message)
