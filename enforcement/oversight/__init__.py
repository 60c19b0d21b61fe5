"""What regulators and operators watch: board, sending, figures, failed jobs, activity, deadline monitor."""
