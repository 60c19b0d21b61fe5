"""What moved a clock and what a check found, in the reader's language and time zone."""

from django import template

from enforcement.checks.titles import title_of
from enforcement.clocks import reasons

register = template.Library()
register.filter("start_words", reasons.start_words)
register.filter("deadline_words", reasons.deadline_words)
register.filter("reason_words", reasons.reason_words)
register.filter("rule_title", title_of)
