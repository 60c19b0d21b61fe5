"""A drill: the whole product under load while things break and hostile input arrives, and what must be true afterwards."""
