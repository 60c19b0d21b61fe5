"""Escalations: the steps of the ladder, and the people who handle them."""
