"""The summary of an evidence pack as PDF."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from enforcement.evidence_packs.services.case import Case
from enforcement.evidence_packs.services.packs import Pack
from enforcement.models import Takedown

if TYPE_CHECKING:
    from portal.media.pdf import Paper

MAX_ROWS = 500  # of the table of takedowns: page layout takes time, and summary.html lists all of them


def summary_pdf(pack: Pack, cases: Sequence[Case], *, detailed: bool, events: int, captures: int) -> bytes:
    """The case in plain words, with the same content as summary.html."""
    from portal.media.pdf import Paper  # noqa: PLC0415  few programs need it, and each start would pay for it

    paper = Paper(f"Evidence pack: {pack.title}", pack.made_at)
    paper.heading(paper.title, 1)
    counts = f"{len(cases):,} takedowns, {events:,} events of the audit log, {captures:,} captures"
    paper.text(f"Made {_at(pack.made_at)} UTC by {pack.actor.label}. {counts}.")
    paper.text(
        "All times are UTC. Statuses are from the time this pack was made. The proof is in chain.jsonl and captures/ "
        "(see README.txt)."
    )
    if len(cases) > 1:
        header = ("Takedown", "Listing", "Platform", "Recall", "Started", "Deadline", "Removed", "Status")
        paper.table(header, (_row(case.takedown) for case in cases[:MAX_ROWS]))
        if len(cases) > MAX_ROWS:
            paper.text(f"{len(cases) - MAX_ROWS:,} more takedowns are in summary.html.")
    if not detailed:
        paper.text("The decisions and checks of each takedown are in decisions.csv and captures/.")
    for case in cases if detailed else ():
        _add_case(paper, case)
    return paper.render()


def _row(takedown: Takedown) -> tuple[str, ...]:
    flag = takedown.flag
    return (
        str(takedown.pk), f"{flag.listing.external_id}: {_title(takedown)}", str(takedown.platform), flag.recall.number,
        _at(takedown.started_at), _at(takedown.due_at), _at(takedown.met_at), _status(takedown),
    )  # fmt: skip


def _add_case(paper: "Paper", case: Case) -> None:
    takedown, flag = case.takedown, case.takedown.flag
    paper.heading(f"Takedown {takedown.pk}: listing {flag.listing.external_id} on {takedown.platform}")
    relisted = f", a relisting of flag {flag.relisted_from_id}: {flag.relisted_reason}" if flag.relisted_from_id else ""
    recall = (
        f"{flag.recall.number}: {flag.notice.version.title}, notice {flag.notice_id} sent {_at(flag.notice.sent_at)}"
    )
    paper.facts(
        (
            ("Title", _title(takedown)),
            ("Recall", recall),
            ("Flag", f"{flag.pk}, {flag.get_status_display()}{relisted}"),
            ("Clock", _status(takedown)),
            ("Started", f"{_at(takedown.started_at)} because {takedown.start_reason}"),
            ("Deadline", f"{_at(takedown.due_at)}: {takedown.deadline_reason}"),
            ("Removed", _at(takedown.met_at)),
        )
    )
    if case.pictures:
        paper.heading("Pictures at the time of the last decision", 3)
        rows = ((row.of, row.address, row.missing or f"pictures/{row.sha256}.webp") for row in case.pictures)
        paper.table(("Of", "Address", "File"), rows)
    if case.comparison:
        paper.heading("Recall and listing as it was flagged", 3)
        paper.table(
            ("Field", "Recall", "Listing", "Result"),
            ((row.label, row.recall_words, row.listing_words, row.verdict) for row in case.comparison),
        )
    if case.decisions:
        paper.heading("Decisions", 3)
        paper.table(
            ("When", "Decision", "Who", "Note"),
            (
                (
                    _at(row.at),
                    row.get_kind_display() + (f" ({row.reason})" if row.reason else ""),
                    row.actor_label,
                    "\n".join(filter(None, (row.note, row.question and f"Asked the seller: {row.question}"))),
                )
                for row in case.decisions
            ),
        )
    if case.checks:
        paper.heading("Removal checks", 3)
        paper.table(
            ("When", "Verdict", "Rule", "Details", "Who", "Capture"),
            (
                (
                    _at(check.at), check.get_verdict_display(), check.rule + (f", status {check.status_code}" if check.status_code else ""),
                    check.detail, check.actor_label, f"captures/{check.pk}.json",
                )
                for check in case.checks
            ),
        )  # fmt: skip
    if case.messages:
        paper.heading("Messages", 3)
        paper.table(
            ("When", "Who", "Message", "Files", "Text"),
            (
                (
                    _at(row.at),
                    row.actor_label,
                    row.text,
                    "; ".join(f"{file.name}, SHA-256 {file.sha256}" for file in row.attachments.all()),
                    f"messages/{row.pk}.txt",
                )
                for row in case.messages
            ),
        )
    if case.escalations:
        paper.heading("Escalations", 3)
        paper.table(
            ("When", "Step", "Acknowledged by"),
            ((_at(row.raised_at), row.get_kind_display(), row.acknowledged_by or "no") for row in case.escalations),
        )


def _title(takedown: Takedown) -> str:
    return str(takedown.flag.listing_as_flagged.get("title") or takedown.flag.listing.title)


def _status(takedown: Takedown) -> str:
    return takedown.get_status_display() + (", late" if takedown.is_late else "")


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if moment else "no"
