"""Facts that this app announces; enforcement hears them in its receivers.py, inside the caller's transaction."""

from django.dispatch import Signal

flag_opened = Signal()
"""A new flag: sender Flag, `flag`. A clock must start before the transaction ends."""

flag_changed = Signal()
"""A flag moved to another status: sender Flag, `flag`, `before` (its status before), `actor`."""
