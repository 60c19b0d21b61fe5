"""Readers of recall files, one per publisher, behind one function: bytes in, recalls and rejects out (`registry.read`).

Pure: they know nothing of Django or of the database.
"""
