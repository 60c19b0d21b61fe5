"""How tests read a page: as if it had been written without line breaks, so that templates may be laid out freely."""

import re


def tight(page: str) -> str:
    """The page with one blank for a run of whitespace, and none beside a tag."""
    return re.sub(r"(?<=>) | (?=<)", "", re.sub(r"\s+", " ", page))
