"""Formal letters and the public listing of late platforms: what leaves only after people have said so."""
