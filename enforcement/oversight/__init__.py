"""The pages that regulators and operators watch: board, sending, figures, failed jobs, activity, deadline monitor."""
