"""How operators' tools watch the product: health checks for those who route and restart, metrics for those who alarm."""
