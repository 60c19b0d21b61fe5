"""Readers of recall files, one per source. Pure: they know nothing of Django or of the database."""
