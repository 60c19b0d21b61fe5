"""Whether notices of two regulators are about one product: pure, so that it can be measured without a server.

`NoticeText` is what a notice says, `compare` scores two of them with the evidence for and against, and `LinkIndex` finds
which of many are worth comparing. It is above `recalls.importers` in nothing: it knows no publisher's format.
"""

from recalls.linking.candidates import LinkIndex
from recalls.linking.notice import NoticeReading, NoticeText
from recalls.linking.score import LEAD_FROM, Comparison, Evidence, compare

__all__ = ["LEAD_FROM", "Comparison", "Evidence", "LinkIndex", "NoticeReading", "NoticeText", "compare"]
