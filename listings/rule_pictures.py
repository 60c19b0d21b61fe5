"""How often each matching rule was right, as a picture."""

from collections.abc import Sequence

from django.utils.translation import gettext, ngettext

from listings.rule_precision import RulePrecision
from listings.signal_titles import TITLES
from portal.charts import RowChart, RowData, row_chart
from portal.http.language import shown
from portal.templatetags.offshelf import percent

MAX_DRAWN = 12
"""Rules that are drawn; the table behind the chart has all that flags were decided on."""


def precision_chart(rules: Sequence[RulePrecision]) -> RowChart:
    """The rules that decided flags carried, the worst first. Ranked by the upper end of the 95% interval, so that a rule
    with few decisions is not called bad for one of them."""
    known = [(rule, rule.share, rule.low, rule.high) for rule in rules]
    rows = [(rule, share, low, high) for rule, share, low, high in known
            if share is not None and low is not None and high is not None]  # fmt: skip
    rows.sort(key=lambda row: (row[3], row[1], row[0].signal))
    finding = gettext("No flag is decided yet.")
    if rows:
        rule, share, _, _ = rows[0]
        sentence = ngettext(
            "Least often right: %(rule)s, in %(share)s of %(decided)s decided flag.",
            "Least often right: %(rule)s, in %(share)s of %(decided)s decided flags.",
            rule.decided,
        )
        finding = sentence % {
            "rule": shown(TITLES[rule.signal]), "share": percent(share), "decided": f"{rule.decided:,}",
        }  # fmt: skip
    right, wrong = gettext("Right"), gettext("Wrong")
    drawn = []
    for rule, share, _, _ in rows[:MAX_DRAWN]:
        label = f"{shown(TITLES[rule.signal])}: {percent(share)} ({rule.right:,}/{rule.decided:,})"
        pieces = [("met", 0.0, share, "", f"{right}: {rule.right:,}")] if share else []
        if share < 1:
            pieces.append(("late", share, 1.0, "", f"{wrong}: {rule.decided - rule.right:,}"))
        drawn.append(RowData(label, pieces))
    return row_chart(
        drawn,
        title=gettext("How often each rule was right"),
        finding=finding,
        legend=(("met", right), ("late", wrong)),
        headings=(gettext("Rule"), gettext("Decided flags"), right, gettext("Share"), gettext("95 percent interval")),
        table=[
            (shown(TITLES[rule.signal]), f"{rule.decided:,}", f"{rule.right:,}", percent(share),
             f"{percent(low)} – {percent(high)}")
            for rule, share, low, high in rows
        ],
    )  # fmt: skip
