"""Facts that this app announces; the apps above hear them in their receivers.py, inside the caller's transaction."""

from django.dispatch import Signal

notice_sent = Signal()
"""A notice went out, or its version was replaced by a wider one: sender Notice, `notice`."""

version_checked = Signal()
"""A version is about to go to review or to the public: sender RecallVersion, `version`. Each receiver answers with what its
writer should look at first, as sentences in the reader's language; none holds the version up."""

notice_received = Signal()
"""A notice was delivered or acknowledged (the clock may count from it): sender Notice, `notice`."""

notice_withdrawn = Signal()
"""A notice was withdrawn: sender Notice, `notice`, `actor`, `reason`."""
