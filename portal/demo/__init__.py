"""The outside world of the demo: sample data that we wrote from public facts, and a shop whose pages can be removed."""
