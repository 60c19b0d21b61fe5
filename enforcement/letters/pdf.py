"""A formal letter as PDF."""

from enforcement.models import Letter


def letter_pdf(letter: Letter) -> bytes:
    """The current letter: the text that was sent, or the draft, marked as a draft."""
    from portal.media.pdf import Paper  # noqa: PLC0415  few programs need it, and each start would pay for it

    at = letter.reviewed_at or letter.drafted_at
    paper = Paper(letter.subject, at, letter.language)
    paper.heading(letter.subject, 1)
    if letter.status != "sent":
        paper.text(f"{letter.get_status_display()}: not sent.")
    paper.text(letter.body)
    return paper.render()
