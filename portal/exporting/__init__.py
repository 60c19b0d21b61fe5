"""What can be exported, and tables as CSV."""
