"""The demo's outside world: sample data written by us from public facts, and a shop whose pages can be taken down."""
