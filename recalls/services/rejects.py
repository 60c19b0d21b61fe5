"""The rejects of a recall import, as a table to download."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop

from portal.exporting.registry import Tally, register_table, table
from portal.identity.actors import Actor
from recalls.models import RecallImport


def write_rejects(actor: Actor, arguments: dict[str, Any], tally: Tally) -> Iterator[bytes]:
    rejects = RecallImport.objects.visible_to(actor).get(pk=arguments["import"]).rejects.all()
    rows = ((row.record, row.number, row.reason, row.content) for row in rejects.iterator())
    yield from table(["record", "recall number", "reason", "content"], rows, total=rejects.count(), tally=tally)


register_table(
    "recall_rejects",
    gettext_noop("Recall import rejects"),
    "recall.import",
    write_rejects,
    subject="recalls.recallimport",
    named="import",
)
