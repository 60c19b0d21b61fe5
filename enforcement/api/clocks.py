"""What a regulator does to a running clock: pause, resume, answer a request for more time."""

from rest_framework.exceptions import ValidationError

from enforcement import services
from enforcement.api.takedowns import TakedownDetail
from enforcement.models import Extension, Takedown
from enforcement.states import ExtensionStatus
from portal.api.acts import Act
from portal.api.serializers import AnswerSerializer, ReasonSerializer
from portal.identity.actors import Actor


class ClockPause(Act):
    """Pause a running clock. No escalation step is raised until it is resumed."""

    shows, takes = TakedownDetail, ReasonSerializer

    def act(self, row: Takedown, actor: Actor, *, reason: str) -> None:
        services.pause_clock(takedown=row, reason=reason, actor=actor)


class ClockResume(Act):
    """Resume a paused clock. The deadline moves by the length of the pause."""

    shows, takes = TakedownDetail, ReasonSerializer

    def act(self, row: Takedown, actor: Actor, *, reason: str) -> None:
        services.resume_clock(takedown=row, reason=reason, actor=actor)


class ExtensionAnswer(Act):
    """Grant or refuse the extension that is requested. Where the policy needs a second person, whoever requested it
    cannot answer, nor can a key of theirs."""

    shows, takes = TakedownDetail, AnswerSerializer

    def act(self, row: Takedown, actor: Actor, *, grant: bool, answer: str) -> None:
        services.answer_extension(extension=asked_extension(row), grant=grant, answer=answer, actor=actor)


def asked_extension(row: Takedown) -> Extension:
    """The extension that is requested for a takedown. Raises ValidationError where none is."""
    extension = row.extensions.filter(status=ExtensionStatus.ASKED).first()
    if extension is None:
        raise ValidationError({"request": ["No extension is requested."]})
    return extension
