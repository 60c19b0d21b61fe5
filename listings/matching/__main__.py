"""python -m listings.matching: the one place where the engine meets the formats in which publishers write recalls."""

import sys

from listings.matching import command
from listings.recall_files import SOURCES, read_recalls

if __name__ == "__main__":
    sys.exit(command.main(read_recalls, SOURCES))
