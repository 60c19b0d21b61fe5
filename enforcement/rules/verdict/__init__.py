"""The verdict on a shop's answer about a listing: gone, live, restricted or unknown, and the rule that decided.

A page that was not read is never "gone", whatever its status: bot walls, refusals, outages and empty pages are
recognised first. A page that was read is judged by what it says about its main product. Anything unclear is unknown,
and unknown never meets a deadline; control checks (enforcement/rules/similarity.py) may decide.
"""

from collections.abc import Callable
from dataclasses import replace

from enforcement.rules.verdict.answer import Answer, Judgement
from enforcement.rules.verdict.on_sale import offered, out_of_stock, shown
from enforcement.rules.verdict.reading import Reading
from enforcement.rules.verdict.removal import contradictions, removed, restricted, sent_elsewhere, status_only
from enforcement.rules.verdict.two_readings import read_once
from enforcement.rules.verdict.unreadable import (
    PAGES,
    legal_reasons,
    nothing_read,
    out_of_order,
    refused,
    server_page,
    sign_in,
    wall,
)

__all__ = ["RULES", "Answer", "Judgement", "judge"]

# Asked in this order; the first rule with a result decides.
RULES: tuple[Callable[[Reading], Judgement | None], ...] = (
    legal_reasons,
    wall,
    refused,
    nothing_read,
    server_page,
    sign_in,
    out_of_order,
    restricted,
    removed,
    status_only,
    sent_elsewhere,
    offered,
    out_of_stock,
    shown,
)


def judge(answer: Answer, *, listing_id: str, title: str) -> Judgement:
    """The verdict on one answer, and what was read from the page for it. Never raises for the content of a page."""
    found = _judged(answer, listing_id, title)
    return read_once(answer, found, lambda other: _judged(other, listing_id, title))


def _judged(answer: Answer, listing_id: str, title: str) -> Judgement:
    reading = Reading(answer, listing_id=listing_id, title=title)
    found = next((judgement for rule in RULES if (judgement := rule(reading)) is not None), None)
    if found is None:
        detail = "The page does not show the listing, and does not say that it is gone."
        found = Judgement("unknown", "nothing_clear", detail, doubtful=True)
    if found.verdict == "gone" and answer.status not in PAGES:
        found = Judgement(
            "unknown", f"status_{answer.status}", f"An answer with status {answer.status} is not the page itself."
        )
    return replace(found, extracted=_extracted(reading, found))


def _extracted(reading: Reading, found: Judgement) -> dict[str, str]:
    page = reading.page
    read = {
        "title": page.title,
        "headings": " | ".join(block.text for block in page.main() if block.emphasised),
        "availability": reading.availability,
        "contradicts": contradictions(reading, found),
        "shop": reading.adapter.name if reading.adapter else "",
    }
    return {name: _short(text) for name, text in read.items() if text.strip()}


def _short(text: str) -> str:
    """One line of at most 300 characters that any database takes."""
    line = " ".join(text.replace("\x00", " ").split())[:300]
    return line.encode("utf-8", errors="replace").decode()
