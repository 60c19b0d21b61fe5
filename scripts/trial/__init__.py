"""A trial of production on one machine: the image's steps in a plain root folder, then several hosts made from it.

`make trial ARGS=--help` says how to run it and what it needs. What it did and what was printed stands in
docs/trial.md, which it writes.
"""
