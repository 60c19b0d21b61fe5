"""The list of takedowns, and the page of one with its clock, checks, escalation steps and history."""
