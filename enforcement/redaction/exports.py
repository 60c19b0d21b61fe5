"""The redacted case as an export: a worker makes just what a person saw in the preview, or says that it changed."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_noop

from enforcement.models import Takedown
from enforcement.redaction.case import redacted_case
from enforcement.redaction.document import ENGLISH
from enforcement.redaction.files import case_pack, stream_redacted
from enforcement.redaction.rules import Receiver
from portal.exporting.registry import Exporter, Tally, register
from portal.identity.actors import Actor

REDACTED_CASE = "redacted_case"
CHANGED = gettext_noop("The case changed since the preview. Open the preview again and read what is new.")


def _write(actor: Actor, arguments: dict[str, Any], tally: Tally) -> Iterator[bytes]:
    """`arguments`: takedown, receiver, left_out (parts that a person took out), seen (fingerprint of the preview).
    The language of who asked, if it is not English, is that of a copy to read beside the record."""
    takedown = Takedown.objects.visible_to(actor).select_related("flag").get(pk=arguments["takedown"])
    pack = case_pack(takedown, actor)
    receiver, left_out, language = Receiver(arguments["receiver"]), tuple(arguments["left_out"]), get_language()
    case = redacted_case(pack, receiver=receiver, left_out=left_out)
    if case.document.fingerprint != arguments["seen"]:
        raise ValidationError(CHANGED)
    to_read = None
    if language and language != ENGLISH:
        to_read = language, redacted_case(pack, receiver=receiver, left_out=left_out, language=language)
    yield from stream_redacted(pack, case, tally, to_read=to_read)


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
