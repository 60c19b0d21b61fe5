"""The seller's door: what a seller without an account sees of one case through a link, and what they can do there."""
