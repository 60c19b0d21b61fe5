"""An attachment as an answer, the same for pages and API. The caller has decided that the reader may have it."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from listings import services
from listings.models import Attachment


def download(row: Attachment) -> HttpResponse:
    """A file to save: never shown by us, and never taken for another type than the one it was kept as."""
    response = HttpResponse(services.content_of(row), content_type=row.content_type)
    response["Content-Disposition"] = content_disposition_header(True, row.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
