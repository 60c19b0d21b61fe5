"""Requests in and out: middleware, limits, cursors, languages, and the one client that asks the internet."""
