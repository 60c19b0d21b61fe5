"""Clocks of takedowns: started, paused, resumed, extended and counted."""
