"""Facts that this app announces. Enforcement receives them in its receivers, inside the caller's transaction."""

from django.dispatch import Signal

flag_opened = Signal()
"""New flags: sender Flag, `flags`. Their clocks must start before the transaction ends."""

flag_changed = Signal()
"""A flag moved to another status: sender Flag, `flag`, `before` (its status before), `actor`."""

decision_final = Signal()
"""A decision can no longer be undone: sender Decision, `decision`, `flag`. Its effects (mail, letters, checks) start
now."""

notice_matching = Signal()
"""A catalogue is about to be searched for a notice: sender Notice, `notice`. Raise where no flag could be opened."""

listing_off_sale = Signal()
"""A platform said that one listing is off sale: sender Listing, `listing`, `actor`. A claim, which proves no removal."""

listing_on_sale = Signal()
"""A platform said that a listing which was off sale is on sale again: sender Listing, `listing`, `actor`."""
