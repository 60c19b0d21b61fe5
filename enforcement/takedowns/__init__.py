"""The list of takedowns, and the page of one with all that proves or delays it."""
