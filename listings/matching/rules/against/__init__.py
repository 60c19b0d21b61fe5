"""Rules about what the recall leaves open or excludes, and what the listing denies."""
