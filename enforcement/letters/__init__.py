"""Formal letters and the public listing of late platforms: nothing is sent or published until people approve it."""
