"""Tamper with evidence packs and with the audit chain, and count what verification finds and locates."""
