"""What an imported recall would change: nothing, a new recall or an existing one; or why it is refused. Changes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from recalls.importers.records import ImportedRecall
from recalls.linking import NoticeReading, compare
from recalls.linking.published import notice_of
from recalls.models import Recall, RecallImport, RecallVersion
from recalls.services.content import RecallContent, content_of, recorded_of
from recalls.states import RecallStatus

CLOSED = frozenset({RecallStatus.IN_REVIEW, RecallStatus.EMBARGOED})
_CONTENT = ("current__products", "current__pictures")
ANOTHER_BELOW = 0.01
"""Of linking.compare. Two notices that say nothing of what they are about have 0.011, and none of 9,360 recalls has less
than 0.0198 with itself; of two at random, 97 in 100 have less than this."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One recall of a file, its content, and the result: `outcome` is new, changed, unchanged or refused.

    `recall` is the stored one, `pending` its unpublished version.
    """

    row: ImportedRecall
    content: RecallContent
    outcome: str
    reason: str = ""
    recall: Recall | None = None
    pending: RecallVersion | None = None


def judge(job: RecallImport, rows: Iterable[ImportedRecall], *, hold: bool = False) -> Iterator[Judged]:
    """Compare rows with what is stored, in as many queries for all of them as for one. `hold` locks the stored recalls for a change."""
    rows = list(rows)
    recalls = Recall.objects.filter(regulator=job.regulator, number__in=[row.number for row in rows])
    if hold:
        recalls = recalls.select_for_update(of=("self",))
    stored = {
        recall.number: recall for recall in recalls.select_related("current").prefetch_related(*_CONTENT).order_by("pk")
    }
    unpublished = {
        version.recall_id: version
        for version in RecallVersion.objects.filter(recall__in=stored.values(), published_at=None).select_related(
            "created_by", "recall"
        )
    }
    for row in rows:
        recall = stored.get(row.number)
        if recall is None:
            yield Judged(row, content_in(row), "new")
            continue
        pending = unpublished.get(recall.pk)
        content = content_in(row, recorded_of(pending or recall.current))
        outcome, reason = _against(recall, pending, row, content)
        yield Judged(row, content, outcome, reason, recall, pending)


def _against(
    recall: Recall, pending: RecallVersion | None, row: ImportedRecall, content: RecallContent
) -> tuple[str, str]:
    current = recall.current
    if current is None:
        return "refused", f"recall {recall.number} has no version: open and complete it first"
    ours, theirs = current.facts.get("publisher"), content.facts.get("publisher")
    if ours and theirs and ours != theirs:
        return (
            "refused",
            f"the number {recall.number} already belongs to a recall of another publisher ({ours}): check the number",
        )
    if row.partial or recall.status == RecallStatus.WITHDRAWN or _says(current, row, content):
        return "unchanged", ""
    if pending is not None and pending.pk != current.pk and _says(pending, row, content):
        return "unchanged", ""
    if reason := _another_product(recall, current, row) or _closed_reason(recall, pending, current):
        return "refused", reason
    return "changed", ""


def _another_product(recall: Recall, current: RecallVersion, row: ImportedRecall) -> str:
    """Why a file does not change a recall: it gives its number to something else. A publisher that numbers its recalls again
    must not turn that of a stroller into that of a lamp, which would close all flags of the stroller."""
    if recall.status != RecallStatus.PUBLISHED:
        return ""
    said = (
        notice_of(each, number=row.number, country="", on=None, products=products)
        for each, products in ((current, current.products.all()), (row, row.products))
    )
    one, other = (NoticeReading(replace(notice, text="", on=None)) for notice in said)
    compared = compare(one, other)
    if compared.score >= ANOTHER_BELOW or any(each.weight > 0 for each in compared.evidence):
        return ""  # one fact that is the same is enough for a correction of all others
    return (
        f"the number {row.number} belongs to another product here ({current.title[:100]}): check the number. "
        "If it is right, edit that recall by hand"
    )


def _closed_reason(recall: Recall, pending: RecallVersion | None, current: RecallVersion) -> str:
    """Why an import must not change a recall now: someone is working on it."""
    if pending is not None and pending.pk != current.pk and pending.imported_by_id is None:
        writer = pending.created_by.name if pending.created_by else "someone else"
        return (
            f"version {pending.version} of recall {recall.number} is being edited by {writer}: "
            "publish it first, then import again"
        )
    if recall.status in CLOSED:
        status = recall.get_status_display().lower()
        return f"recall {recall.number} is {status}: publish it or return it to draft, then import again"
    return ""


def _says(version: RecallVersion, row: ImportedRecall, content: RecallContent) -> bool:
    """Whether a version says what the file says. A field that is read out of a publisher's words, and that the version does
    not have as it was imported before the field was read, makes no new version: the words are what they were."""
    if _has_content(version, content):
        return True
    if not row.recorded or not row.facts.get("publisher"):
        return False
    stored = recorded_of(version)
    known = {name: value for name, value in row.recorded.items() if name in stored}
    return known != row.recorded and _has_content(version, content_in(replace(row, recorded=known), stored))


def _has_content(version: RecallVersion, content: RecallContent) -> bool:
    """Whether a version has the content of the file; its stored digest may come from an older algorithm."""
    return version.digest == content.digest or content_of(version).digest == content.digest


def content_in(row: ImportedRecall, kept: dict[str, Any] | None = None) -> RecallContent:
    """What a row says; and of the fields of importers.safety that the file does not speak about, what is `kept`."""
    return RecallContent(
        title=row.title,
        description=row.description,
        hazard=row.hazard,
        remedy=row.remedy,
        sold_at=row.sold_at,
        firms=row.firms,
        url=row.url,
        units=row.units,
        recalled_on=row.recalled_on,
        products=row.products,
        pictures=row.pictures,
        source=row.source,
        facts=row.facts,
        **{**(kept or {}), **row.recorded},
    )
