"""English as it is written here: the day first, the month in letters, so that no reader takes one for the other."""
