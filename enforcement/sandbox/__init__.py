"""A platform's sandbox: test data of its own, on which its engineers try the whole API."""
