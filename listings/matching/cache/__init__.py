"""The index of a file of recalls, kept between runs, so that the same recalls are not read again
(docs/decisions/0023-kept-index-of-recalls.md).

    folder.py   a folder that only its owner can write to, and the few files in it
    packing.py  an index as bytes, and back, without anything that could run
    digests.py  what an index was made of: its name
"""

from listings.matching.cache.digests import digest_of
from listings.matching.cache.folder import MAX_FILES, PrivateFolder, Untrusted, default_folder
from listings.matching.cache.packing import Broken, Kept, pack, unpack

__all__ = ["MAX_FILES", "Broken", "Kept", "PrivateFolder", "Untrusted", "default_folder", "digest_of", "pack", "unpack"]
