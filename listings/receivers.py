"""Hears what happens below; one line each."""
