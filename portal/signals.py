"""What the ground announces to the apps above it."""

from django.dispatch import Signal

home_opened = Signal()
"""Somebody opened their first page: `person`, `actor`. A receiver may answer the address of a page that comes before it."""

contact_changed = Signal()
"""An organisation has another contact address: `organisation` and the one `before`, inside the transaction of the change."""

asking_who_writes = Signal()
"""Mail to people of `organisation` does not arrive: a receiver answers the ids of the regulators that write to it."""

person_left = Signal()
"""Somebody works at an organisation no more, moved or deactivated, inside the transaction that says so: `person`,
`organisation_id` (the one left), `moved` (whether to another one), `actor`. What they held there is to be let go."""

person_away = Signal()
"""Somebody is away from now on, inside the transaction that notes it: `person`, `stand_in` (None where everybody entitled
of their organisation has to), `reason`, `key` (of the messages about it), `actor`. What they hold is to be handed over."""
