"""Who acts and what they may see: actors, access, tenancy, API keys, sessions, limits on guessing."""
