"""Evidence packs: their form, how one is made, and how one is verified from the file alone."""
