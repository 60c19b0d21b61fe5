"""What goes into a verdict and what comes out of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """What came back: the status, where we asked, where we ended, the headers in lower case, the page's text."""

    status: int
    url: str
    final_url: str
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class Judgement:
    """`extracted` is what was read from the page to decide, short: title, headings, availability, contradictions.

    `doubtful` says that the answer was read, but not well enough to decide: control checks may.
    """

    verdict: str
    rule: str
    detail: str
    extracted: dict[str, str] = field(default_factory=dict)
    doubtful: bool = False
