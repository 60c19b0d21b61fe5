"""Rules about product types: what kind of thing the listing is, and whether it only belongs to one."""
