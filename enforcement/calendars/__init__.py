"""Calendars of regulators: special days, and counting the clocks again where days change."""
