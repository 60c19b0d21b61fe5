"""Background work: its queues, how a sweep goes through rows, and jobs that people start."""
