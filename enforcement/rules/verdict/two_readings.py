"""Pages that browsers read as another page than we do: their words prove nothing, and so do the controls beside them.

What we read of such a page says "removed", and its visitors see the offer.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from enforcement.rules.verdict.answer import Answer, Judgement

_NOSCRIPT = re.compile(r"(</?)noscript(?=[\s/>])", re.IGNORECASE)
_NOFRAMES = re.compile(r"<noframes(?=[\s/>])", re.IGNORECASE)
_PROVES = frozenset({"gone", "restricted"})


def read_once(answer: Answer, found: Judgement, judge: Callable[[Answer], Judgement]) -> Judgement:
    """`found`, if every browser reads the page as we do, or if it proves nothing; else "unknown", which no control check
    decides. `judge` judges the page as browsers read it."""
    if found.verdict not in _PROVES and not found.doubtful:
        return found
    if why := answer.other_text or _of_another_kind(answer) or _with_scripts(answer, found, judge):
        detail = f"Browsers may read another page than this one: {why}"
        return Judgement("unknown", "two_readings", detail, extracted=found.extracted)
    return found


def _of_another_kind(answer: Answer) -> str:
    """XML: in it, browsers end elements where HTML goes on with them (`<style/>`), and the other way round. And what
    browsers look into to find out what it is, and may show as a drawing or a document."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind:
        return "" if kind == "text/html" else f"it is {kind[:60]}, not text/html."
    start = answer.text.lstrip()[:5].lower()
    return "it does not say what it is." if start and (start[0] != "<" or start == "<?xml") else ""


def _with_scripts(answer: Answer, found: Judgement, judge: Callable[[Answer], Judgement]) -> str:
    """The text in <noscript> is markup to us. To a browser with scripts it is text up to its end tag, whatever it opens,
    like that in <noframes>, which our parser knows, in a page's head too."""
    if not _NOSCRIPT.search(answer.text):
        return ""
    if _NOFRAMES.search(answer.text):
        return "what is in <noframes> and <noscript> may end in several places."
    other = judge(replace(answer, text=_NOSCRIPT.sub(r"\1noframes", answer.text)))
    same = other.verdict == found.verdict and other.doubtful == found.doubtful
    return "" if same else "with scripts, they end <noscript> elsewhere."
