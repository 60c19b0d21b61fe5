"""A publisher's file as the import reads it."""

import json
from typing import Any

from recalls.importers import registry
from recalls.importers.records import ImportedRecall, Reading


def read(content: Any) -> Reading:
    return registry.read(content.encode() if isinstance(content, str) else json.dumps(content).encode())


def recalls(content: Any) -> list[ImportedRecall]:
    found = read(content).rows
    assert all(isinstance(row, ImportedRecall) for row in found), found
    return [row for row in found if isinstance(row, ImportedRecall)]
