"""Thousands of listings at once: what certainly matches nothing is left out by arithmetic on columns."""
