"""What an import that waits for confirmation would change, for the page and for the API."""

from recalls.models import RecallImport, RecallImportRow
from recalls.services.content import content_of, from_json
from recalls.services.differences import Differences, differences
from recalls.states import ImportStatus


def preview_of(job: RecallImport, row: RecallImportRow) -> Differences | None:
    """What a row would change; None of a new recall, and after the import is stored, when the versions show it."""
    if job.status != ImportStatus.WAITING or row.recall is None or row.recall.current is None or row.content is None:
        return None
    return differences(content_of(row.recall.current), from_json(row.content))
