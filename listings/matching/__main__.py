"""python -m listings.matching: the one place where the engine meets the formats in which publishers write recalls."""

import sys
from pathlib import Path

import recalls.importers
from listings import recall_files
from listings.matching import command
from portal import gtin

# what the reading of a file of recalls depends on beside the engine itself
SOURCES = [Path(recall_files.__file__), Path(gtin.__file__), *map(Path, recalls.importers.__path__)]

if __name__ == "__main__":
    sys.exit(command.main(recall_files.read_recalls, SOURCES))
