"""Redacted exports of a case: a file fit to be handed to the public, a court or the other party."""
