"""The input and the result of a verdict."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """An answer of a shop: its status, the requested and the final address, the headers in lower case, the page's
    text. `truncated`: the page was longer than what was kept. `drawn`: a browser ran its scripts, so the text is what
    they made of it. `other_text`: why browsers may read other text from the same bytes (decoding.py)."""

    status: int
    url: str
    final_url: str
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    truncated: bool = False
    drawn: bool = False
    other_text: str = ""


@dataclass(frozen=True)
class Judgement:
    """`extracted` is a short form of what was read from the page: title, headings, availability, contradictions.

    `doubtful`: the answer was read, but is not clear enough to decide; control checks may decide.
    """

    verdict: str
    rule: str
    detail: str
    extracted: dict[str, str] = field(default_factory=dict)
    doubtful: bool = False
