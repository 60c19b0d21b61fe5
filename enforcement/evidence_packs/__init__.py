"""Evidence packs: their format, how to create one, and how to verify one from the file alone."""
