"""Recall files of every publisher, as texts for the matching engine, which does not know their formats."""

from collections.abc import Iterator
from pathlib import Path

from listings.matching.files import UnreadableFile, UnreadableRecord
from listings.matching.texts import ProductText, RecallText
from portal import gtin
from recalls import importers
from recalls.importers import records
from recalls.importers.records import ImportedRecall, Reject

SOURCES = (Path(__file__), Path(gtin.__file__), *map(Path, importers.__path__))
"""The files and folders of the code that reads a file of recalls: what was read by other code may differ."""


def read_recalls(path: Path) -> Iterator[RecallText | UnreadableRecord]:
    """The recalls of a file of any known publisher, or of a table whose columns are known. Raises UnreadableFile."""
    from recalls.importers import registry  # noqa: PLC0415  takes long to load, and runs with kept recalls read none

    try:
        reading = registry.read(path.read_bytes())
    except records.UnreadableFile as error:
        raise UnreadableFile(str(error)) from error
    for row in reading.rows:
        yield UnreadableRecord(row.record, row.reason) if isinstance(row, Reject) else recall_text(row)


def recall_text(recall: ImportedRecall) -> RecallText:
    return RecallText(
        number=recall.number,
        title=recall.title,
        description=recall.description,
        products=tuple(
            ProductText(
                product.name, product.brand, product.model_numbers, product.gtins, product.sizes, product.description
            )
            for product in recall.products
        ),
        firms=recall.firms,
        sold_at=recall.sold_at,
    )
