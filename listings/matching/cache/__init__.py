"""The index of a file of recalls, kept between runs, so that the same recalls are not read again
(docs/decisions/0023-kept-index-of-recalls.md).

    folder.py   a folder that only its owner can write to, and the few files in it
    making.py   an index out of the texts of recalls, in several processes
    packing.py  an index as bytes, and back
    postings.py  candidate keys in columns that are looked up as they are
    shelf.py    values as bytes that are read one by one, without anything that could run
    digests.py  what an index was made of: its name
"""

from listings.matching.cache.digests import digest_of
from listings.matching.cache.folder import MAX_FILES, PrivateFolder, Untrusted, default_folder
from listings.matching.cache.making import made
from listings.matching.cache.packing import Kept, pack, unpack
from listings.matching.cache.shelf import Broken

__all__ = [
    "MAX_FILES",
    "Broken",
    "Kept",
    "PrivateFolder",
    "Untrusted",
    "default_folder",
    "digest_of",
    "made",
    "pack",
    "unpack",
]
