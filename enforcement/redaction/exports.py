"""The redacted case as an export: a worker makes just what a person saw in the preview, or says that it changed."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop

from enforcement.models import Takedown
from enforcement.redaction.case import redacted_case
from enforcement.redaction.files import case_pack, stream_redacted
from enforcement.redaction.rules import Receiver
from portal.exporting.registry import Exporter, Tally, register
from portal.identity.actors import Actor

REDACTED_CASE = "redacted_case"
CHANGED = gettext_noop("The case changed since the preview. Open the preview again and read what is new.")


def _write(actor: Actor, arguments: dict[str, Any], tally: Tally) -> Iterator[bytes]:
    """`arguments`: takedown, receiver, left_out (parts that a person took out), seen (fingerprint of the preview)."""
    takedown = Takedown.objects.visible_to(actor).select_related("flag").get(pk=arguments["takedown"])
    pack = case_pack(takedown, actor)
    case = redacted_case(pack, receiver=Receiver(arguments["receiver"]), left_out=tuple(arguments["left_out"]))
    if case.document.fingerprint != arguments["seen"]:
        raise ValidationError(CHANGED)
    yield from stream_redacted(pack, case, tally)


register(
    Exporter(
        REDACTED_CASE,
        gettext_noop("Redacted case"),
        "pack.make",
        "takedowns",
        "zip",
        "application/zip",
        _write,
        "enforcement.takedown",
        "takedown",
    )
)
