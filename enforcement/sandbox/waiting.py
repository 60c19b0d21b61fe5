"""What a sandbox's platform asked its regulator for, and how each is answered."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.utils.translation import gettext

from enforcement.models import Appeal, Extension
from enforcement.sandbox import regulator
from enforcement.states import AppealStatus, ExtensionStatus
from listings.models import Flag
from listings.states import FlagStatus
from portal.identity.actors import Actor

SHOWN = 25  # of each kind
FLAG, EXTENSION, APPEAL = "flag", "extension", "appeal"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A flag, an extension or an appeal, which `kind` names. `asked` says what it is in the reader's language."""

    kind: str
    row: Any
    flag: Flag
    asked: str

    def answer(self, given: dict[str, Any], actor: Actor) -> None:
        """Answer with the checked fields of its form: a note of a flag, else a decision and a reason."""
        if self.kind == FLAG:
            regulator.answer_referral(flag=self.row, note=given["note"], actor=actor)
            return
        grant, answer = given["decision"] == "grant", given["answer"]
        if self.kind == EXTENSION:
            regulator.answer_extension(extension=self.row, grant=grant, answer=answer, actor=actor)
        else:
            regulator.answer_appeal(appeal=self.row, grant=grant, answer=answer, actor=actor)


def waiting(actor: Actor, *, only: str = "") -> list[Waiting]:
    """What waits for the regulator, as far as the actor sees it, the newest of each kind first."""
    kinds = {FLAG: _flags, EXTENSION: _extensions, APPEAL: _appeals}
    return list(chain.from_iterable(find(actor) for kind, find in kinds.items() if only in {"", kind}))


def _flags(actor: Actor) -> list[Waiting]:
    rows = Flag.objects.visible_to(actor).filter(status=FlagStatus.REFERRED).select_related("listing").order_by("-pk")
    text = gettext("Escalated to the regulator: %(listing)s")
    return [Waiting(FLAG, row, row, text % {"listing": row.listing.external_id}) for row in rows[:SHOWN]]


def _extensions(actor: Actor) -> list[Waiting]:
    rows = Extension.objects.visible_to(actor).filter(status=ExtensionStatus.ASKED).order_by("-pk")
    text = gettext("Extension requested for %(listing)s: %(reason)s")
    return [
        Waiting(EXTENSION, row, row.takedown.flag, text % _said(row.takedown.flag, row.reason))
        for row in rows.select_related("takedown__flag__listing")[:SHOWN]
    ]


def _appeals(actor: Actor) -> list[Waiting]:
    rows = Appeal.objects.visible_to(actor).filter(status=AppealStatus.OPEN).order_by("-pk")
    text = gettext("Appeal for %(listing)s: %(reason)s")
    return [
        Waiting(APPEAL, row, row.takedown.flag, text % _said(row.takedown.flag, row.text))
        for row in rows.select_related("takedown__flag__listing")[:SHOWN]
    ]


def _said(flag: Flag, reason: str) -> dict[str, str]:
    return {"listing": flag.listing.external_id, "reason": reason}
