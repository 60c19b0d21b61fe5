"""Pages that only scripts draw, seen in a headless Chromium: off unless BROWSER_CHECKS is on.

A page is an adversary that runs programs. It runs in a process of its own (`program.py`) without the settings, the database
or any credential, which is killed with everything that it started when its time or memory is used up (`process.py`). The
browser itself has no way to any network: each of its requests is answered by the product's HTTP client (`network.py`).
"""
