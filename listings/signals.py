"""Facts that this app announces; enforcement hears them in its receivers.py, inside the caller's transaction."""

from django.dispatch import Signal

flag_opened = Signal()
"""A new flag: sender Flag, `flag`. A clock must start before the transaction ends."""

flag_changed = Signal()
"""A flag moved to another status: sender Flag, `flag`, `before` (its status before), `actor`."""

decision_final = Signal()
"""A decision can no longer be undone: sender Decision, `decision`, `flag`. What leaves because of it leaves now."""

notice_matching = Signal()
"""A catalogue is about to be looked through for a notice: sender Notice, `notice`. Raise where no flag could be opened."""
