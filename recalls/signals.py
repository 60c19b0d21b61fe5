"""Facts that this app announces; the apps above hear them in their receivers.py, inside the caller's transaction."""

from django.dispatch import Signal

notice_sent = Signal()
"""A notice went out, or its version was replaced by a wider one: sender Notice, `notice`."""

notice_received = Signal()
"""A notice was delivered or acknowledged (the clock may count from it): sender Notice, `notice`."""

notice_withdrawn = Signal()
"""A notice was withdrawn: sender Notice, `notice`, `actor`, `reason`."""
