"""Evidence packs as exports: the content of each kind, so that a worker can create it on behalf of the person."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext_noop

from enforcement.evidence_packs.services.files import stream_pack
from enforcement.evidence_packs.services.packs import Pack, start_notice_pack, start_period_pack, start_takedown_pack
from enforcement.models import Takedown
from portal.exporting.registry import Exporter, Tally, register
from portal.identity.actors import Actor
from portal.models import Organisation
from recalls.models import Notice

TAKEDOWN_PACK, NOTICE_PACK, PERIOD_PACK = "takedown_pack", "notice_pack", "period_pack"


def _of_takedown(actor: Actor, arguments: dict[str, Any]) -> Pack:
    rows = Takedown.objects.visible_to(actor).select_related("flag__listing", "platform")
    return start_takedown_pack(takedown=rows.get(pk=arguments["takedown"]), actor=actor)


def _of_notice(actor: Actor, arguments: dict[str, Any]) -> Pack:
    rows = Notice.objects.visible_to(actor).select_related("recall", "platform")
    return start_notice_pack(notice=rows.get(pk=arguments["notice"]), actor=actor)


def _of_period(actor: Actor, arguments: dict[str, Any]) -> Pack:
    first, last = (date.fromisoformat(arguments[name]) for name in ("first", "last"))
    platform = Organisation.objects.visible_to(actor).platforms().get(pk=arguments["platform"])
    return start_period_pack(platform=platform, first=first, last=last, actor=actor)


def _write(
    start: Callable[[Actor, dict[str, Any]], Pack], actor: Actor, arguments: dict[str, Any], tally: Tally
) -> Iterator[bytes]:
    yield from stream_pack(start(actor, arguments), tally)


def _register(
    kind: str, title: str, start: Callable[[Actor, dict[str, Any]], Pack], subject: str = "", named: str = ""
) -> None:
    write = partial(_write, start)
    register(Exporter(kind, title, "pack.make", "takedowns", "zip", "application/zip", write, subject, named))


_register(TAKEDOWN_PACK, gettext_noop("Evidence pack of a takedown"), _of_takedown, "enforcement.takedown", "takedown")
_register(NOTICE_PACK, gettext_noop("Evidence pack of a notice"), _of_notice, "recalls.notice", "notice")
_register(PERIOD_PACK, gettext_noop("Evidence pack of a period"), _of_period)
