"""Retention: which kinds of data are deleted after how many days, what is held, and the run that deletes."""
