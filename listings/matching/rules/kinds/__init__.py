"""Rules about product types: which product type the listing is, and whether it only belongs to one."""
