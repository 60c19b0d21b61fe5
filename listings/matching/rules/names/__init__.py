"""Rules about brands and names: how much of what the recall names is in the listing."""
