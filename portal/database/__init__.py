"""PostgreSQL beside the models: the two roles, and many rows in one statement."""
