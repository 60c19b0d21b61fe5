"""Offshelf on one machine: embedded servers and the programs that are kept running."""
