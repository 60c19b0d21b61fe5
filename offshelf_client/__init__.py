"""The `offshelf` command: what a platform does with Offshelf from its own machine, through the API.

It runs where the catalogue is. Of this project it uses the matching engine and the readers of catalogues, which are
pure; it knows nothing of Django, of a database, or of the server's apps. docs/integrate.md shows how it is used.
"""
