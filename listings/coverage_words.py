"""Which version of a recall no longer covers a listing, or covers it again, in words: for the log and for readers."""

import re
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

NOT_COVERED = gettext_noop("Version %(version)s of the recall no longer covers this listing.")
COVERED_AGAIN = gettext_noop("Version %(version)s of the recall covers this listing again.")
_WORDS = {"flag.not_covered": NOT_COVERED, "flag.covered_again": COVERED_AGAIN}
_NUMBER = re.compile(r"^Version (\d{1,9}) of ")


def covered_words(event: Any) -> SafeString | None:
    """The reason of such an event in the reader's language; None where it is not one of ours."""
    found = _NUMBER.match(event.reason)
    if found is None or event.action not in _WORDS:
        return None
    return escape(gettext(_WORDS[event.action]) % {"version": found[1]})
