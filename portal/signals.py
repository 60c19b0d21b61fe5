"""What the ground announces to the apps above it."""

from django.dispatch import Signal

home_opened = Signal()
"""Somebody opened their first page: `person`, `actor`. A receiver may answer the address of a page that comes before it."""
