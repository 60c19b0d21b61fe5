"""What the API answers about listings and flags, and what it takes."""
