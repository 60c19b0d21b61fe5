"""Checks of listings: planned, requested and control checks, what was captured, and what it proves."""
