"""Policies: how long platforms have, previewed, frozen into notices, with presets of laws and pledges."""
